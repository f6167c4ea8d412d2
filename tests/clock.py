"""A clock for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Clock:
    """Time stands still unless a story moves it."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        """Give the time."""
        return self.now

    def pass_(self, **span: float) -> None:
        """Let time pass: `clock.pass_(hours=3)`."""
        self.now += timedelta(**span)
