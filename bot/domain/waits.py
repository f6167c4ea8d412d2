"""What has been said because time went by, so that each is said once and a restart forgets nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

PUT_BACK = timedelta(minutes=5)  # what lies further ahead than the clocks of several machines differ


def is_over(since: datetime, wait: timedelta, now: datetime) -> bool:
    """Tell whether a wait is over.

    A beginning that lies ahead was noted before the clock was put back. It counts as long ago: said too early is better
    than not said for as long as the clock was wrong.
    """
    return now - since >= wait or since - now > PUT_BACK


class Kind(StrEnum):
    """What is said when something has waited for long."""

    PAGE = "page"  # an urgent one that nobody has taken: volunteers are called
    LEADS = "leads"  # one that waits too long: leads are called
    STILL_WAITING = "still_waiting"  # to its asker: it is not forgotten
    WARNING = "warning"  # to its owner: it will go back to the queue
    DRAFT = "draft"  # a reply that a lead is to read: leads are called
    BACK = "back"  # to its asker: it is in the queue again; place 0 at night, when it is not said yet, 1 by day
    EXPIRY = "expiry"  # it goes back to the queue


@dataclass(frozen=True, slots=True)
class Nudge:
    """One thing to say about one escalation: the `place`th of its kind in the wait that began at `since`."""

    escalation: int
    kind: Kind
    since: datetime
    place: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """What has been said about one escalation, and when."""

    at: Mapping[Nudge, datetime] = field(default_factory=dict)

    def times(self, kind: Kind, since: datetime) -> dict[int, datetime]:
        """Give what was said of a kind in a wait: when, by place."""
        return {nudge.place: at for nudge, at in self.at.items() if (nudge.kind, nudge.since) == (kind, since)}

    def latest(self, kind: Kind) -> datetime | None:
        """Give the beginning of the newest wait in which something of a kind was said."""
        return max((nudge.since for nudge in self.at if nudge.kind is kind), default=None)
