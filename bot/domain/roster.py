"""The volunteers as the desk knows them: when they are on duty, what they cover, how much they take at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from bot.domain.people import PersonId, Role

DAY = 24 * 60  # minutes


@dataclass(frozen=True, slots=True)
class Span:
    """Hours on some days of the week (Monday is 0), in minutes after midnight; an end before the start is next day."""

    days: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days off, the first and the last one included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Switch:
    """On or off duty by hand, whatever the hours say; without an end until it is changed."""

    on: bool
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a volunteer is on duty: hours in their own time zone, days off, and what they switched by hand."""

    zone: str = "UTC"
    spans: tuple[Span, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    switch: Switch | None = None

    @property
    def is_set(self) -> bool:
        """Tell whether this volunteer has said anything about duty."""
        return bool(self.spans or self.switch)


@dataclass(frozen=True, slots=True)
class Covers:
    """What a volunteer knows best; nothing named of a kind means all of it."""

    topics: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Volunteer:
    """Somebody who has worked at a desk; `number` is that of `people`, `role` the last one seen there."""

    number: int
    id: PersonId
    name: str
    role: Role
    schedule: Schedule
    covers: Covers = field(default_factory=Covers)
    most_at_once: int | None = None
    hard_topics: bool = True
