"""Whether a platform is read on, by what is kept of each part of it for the next start (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

BEHIND = 3600.0  # seconds within reach, without another time that is kept: something is stuck


class Progress:
    """Compares what is kept of a part from look to look, in whichever process looks."""

    def __init__(self, every: float) -> None:
        self._every = every  # seconds between looks
        self._kept: datetime | None = None
        self._stood = 0.0  # seconds, of those in which it was within reach
        self._known = False  # a first look can compare nothing

    def is_stuck(self, kept: datetime | None, *, reached: bool) -> bool | None:
        """Tell whether it has stood still for long; None before that can be said.

        While the platform is away it moves on nowhere, and that is told by itself.
        """
        if kept != self._kept:
            self._known, self._kept, self._stood = self._kept is not None, kept, 0.0
        elif kept and reached:
            self._stood += self._every
        if self._stood >= BEHIND:
            self._known = True
            return True
        return False if self._known else None


def is_any_stuck(parts: Sequence[bool | None]) -> bool | None:
    """Tell whether any part of a platform is stuck; None before that can be said of each."""
    if True in parts:
        return True
    return None if None in parts else False
