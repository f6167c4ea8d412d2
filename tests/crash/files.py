"""What the platform of files was told, by processes that are killed at any instant, so that a line may be torn.

Each line begins on a new one, whatever was left before it. A torn one never came through: a kill stops writing where a
page of the file ends.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

SENT, CONFIRMED = "sent.jsonl", "confirmed"


def sent(folder: Path) -> list[dict[str, Any]]:
    """Give what the platform has taken, in order."""
    return [json.loads(line) for line in _lines(folder / SENT) if line.endswith("}")]


def confirmed(folder: Path) -> list[tuple[str, datetime]]:
    """Give the updates that were confirmed, and when."""
    pairs = (line.split() for line in _lines(folder / CONFIRMED) if line.endswith("+00:00"))
    return [(event_id, datetime.fromisoformat(at)) for event_id, at in pairs]


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line] if file.exists() else []
