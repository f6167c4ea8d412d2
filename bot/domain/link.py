"""Whether a part that the bot depends on works: a platform, the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class Trouble(StrEnum):
    """Why a part does not work; the reader of an alert is told the cure by it."""

    STARTING = "starting"  # not reached since the start
    UNREACHABLE = "unreachable"  # no answer, or an error on its side
    REVOKED = "revoked"  # it refuses our token: only an operator can mend that
    UNUSABLE = "unusable"  # the database takes nothing: a full disk, or a server that is away
    FULL = "full"  # the disk is nearly full
    WRONG = "wrong"  # the clock differs from the platforms' by more than a day
    BEHIND = "behind"  # something that was said there has not been handled for long
    UNSERVED = "unserved"  # no process is connected to a part of a platform


@dataclass(frozen=True, slots=True)
class Down:
    """A part does not work, since when and why."""

    trouble: Trouble
    since: datetime


def _now() -> datetime:
    return datetime.now(UTC)


class Link:
    """Kept by whoever uses a part, read by the health report and the alerts."""

    def __init__(self, clock: Callable[[], datetime] = _now) -> None:
        self._clock = clock
        self._down: Down | None = Down(Trouble.STARTING, clock())
        self.worked = False  # at any time since the start

    @property
    def state(self) -> Down | None:
        """Give what is wrong; None when it works."""
        return self._down

    def up(self) -> None:
        """Note that it works."""
        self._down = None
        self.worked = True

    def accepted(self) -> None:
        """Note that our token is taken again; of any other trouble that says nothing."""
        if self._down and self._down.trouble is Trouble.REVOKED:
            self._down = None

    def down(self, trouble: Trouble = Trouble.UNREACHABLE) -> None:
        """Note that it does not; the time of the first failure stays, a worse kind takes the place of a lesser."""
        since = self._down.since if self._down else self._clock()
        revoked = self._down is not None and self._down.trouble is Trouble.REVOKED
        self._down = Down(Trouble.REVOKED if revoked else trouble, since)
