"""What is counted while the bot works; this meter counts nothing, `metrics.py` has the one that does."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from bot.domain.messages import Delivery, Event


class Result(StrEnum):
    """What became of an attempt to send."""

    SENT = "sent"  # the platform has taken it
    RETRIED = "retried"  # it failed and is tried again
    WAITED = "waited"  # the platform asked to wait
    GAVE_UP = "gave_up"  # it failed for good


class Meter:
    """Hears what was handled and sent; no method may fail or wait."""

    def handled(self, event: Event, outcome: str | None, seconds: float) -> None:
        """Hear of an event: its outcome as the inbox keeps it, None for one that had been handled before."""

    def delivered(self, delivery: Delivery, result: Result, now: datetime) -> None:
        """Hear of an attempt to send."""
