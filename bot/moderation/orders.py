"""What a lead means by `/mute 12 1d rude to volunteers` (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.escalation import number_in

LONGEST = timedelta(days=366)
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_ORDER = re.compile(
    r"(?:#?(?P<number>\d+)\s+|(?P<name>[A-Za-z]+ [A-Za-z]+ \d+)\s+)?"
    r"(?P<many>\d{1,4})\s?(?P<unit>[mhdw])[a-z]*\s+(?P<reason>\S.*)",
    re.DOTALL | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Whom:
    """The asker of an escalation, or the one of a pseudonym; neither: the asker of the thread it was said in."""

    number: int | None = None
    pseudonym: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """Whom to restrict, how long and why."""

    whom: Whom
    time: timedelta
    reason: str


def order_in(words: str) -> Order | None:
    """Read an order; None when the time or the reason is missing, or the time is none."""
    found = _ORDER.fullmatch(words.strip().removeprefix("- "))
    if found is None:
        return None
    time = timedelta(**{_UNITS[found["unit"].lower()]: int(found["many"])})
    if not timedelta() < time <= LONGEST:
        return None
    number = number_in(found["number"]) if found["number"] else None
    return Order(Whom(number, found["name"]), time, found["reason"].strip())


def whom_in(words: str) -> Whom | None:
    """Read `12`, `#12` or a pseudonym; None for no words."""
    words = words.strip().removeprefix("- ")
    if not words:
        return None
    number = number_in(words.removeprefix("#"))
    return Whom(number) if number is not None else Whom(pseudonym=words)
