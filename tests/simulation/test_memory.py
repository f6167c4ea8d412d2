"""As many messages as the bot can take, for as long as they come: its memory stays what it was (`make soak` for long)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.world import ROOT

MESSAGES = int(os.environ.get("HSCTBOT_SOAK_STEADY", "1000"))
AT_MOST = 1.1  # of the memory after the first tenth


def test_memory_stays_what_it_was_after_the_first_tenth(tmp_path: Path) -> None:
    command = (
        sys.executable,
        "-m",
        "tests.simulation.steady",
        f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}",
        str(MESSAGES),
    )
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    lines: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    first, last = next(line for line in lines if line["messages"] >= MESSAGES // 10), lines[-1]
    print(f"{first}\n{last}\n{last['messages'] / last['seconds']:.0f} messages a second")  # noqa: T201
    assert last["messages"] == MESSAGES
    assert last["answered"] > MESSAGES // 100, "volunteers answer meanwhile"
    assert last["sent"] > MESSAGES * 0.9
    assert last["MiB"] <= first["MiB"] * AT_MOST
