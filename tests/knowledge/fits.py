"""What the tests of live reload fit to a knowledge base, in the other process: quick, and importable by name."""

from __future__ import annotations

import os
import time
from pathlib import Path

from bot.knowledge.base import KnowledgeBase


def ids(knowledge: KnowledgeBase) -> list[str]:
    """Give the ids; enough to tell what was fitted to."""
    return sorted(knowledge.entries)


def chatty(knowledge: KnowledgeBase) -> list[str]:
    """Print something by mistake; it must not end up among the frames."""
    print("fitting", flush=True)  # noqa: T201
    return ids(knowledge)


def dying(_knowledge: KnowledgeBase) -> None:
    """End as a process does that has run out of memory."""
    os._exit(9)


def when_told(knowledge: KnowledgeBase, sign: str) -> list[str]:
    """Wait for a file, as one that takes long."""
    while not Path(sign).exists():
        time.sleep(0.01)
    return ids(knowledge)
