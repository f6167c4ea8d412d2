"""`/duty` in words (pure): what a volunteer typed, as a changed schedule.

Forgiving, and never guessing: what is not understood is refused with an example, what is understood is shown back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.domain.roster import DAY, Schedule, Switch
from bot.duty import zones
from bot.duty.dates import holiday_in
from bot.duty.hours import TIME, NotUnderstood, minutes, spans_in

MOST_KEPT = 20  # spans, and holidays, of one volunteer
DASHES = re.compile("[\u2010-\u2015\u2212]")
_Kept = TypeVar("_Kept")
SHOW = frozenset({"", "show", "list", "?"})


def changed(schedule: Schedule, words: str, now: datetime) -> Schedule:
    """Give the schedule as these words change it.

    Raises:
        NotUnderstood: they have no clear meaning.
    """
    typed = " ".join(DASHES.sub("-", words.casefold()).split())
    if typed in SHOW:
        return schedule
    verb, _, rest = typed.partition(" ")
    change = _VERBS.get(verb)
    return change(schedule, rest, now) if change else _add(schedule, typed, now)


def _on(schedule: Schedule, rest: str, now: datetime) -> Schedule:
    return replace(schedule, switch=Switch(on=True, until=_until(schedule, rest, now)))


def _off(schedule: Schedule, rest: str, now: datetime) -> Schedule:
    return replace(schedule, switch=Switch(on=False, until=_until(schedule, rest, now)))


def _on_until(schedule: Schedule, rest: str, now: datetime) -> Schedule:
    return _on(schedule, f"until {rest}", now)


def _by_hours(schedule: Schedule, rest: str, now: datetime) -> Schedule:
    return _add(schedule, rest, now) if rest else replace(schedule, switch=None)


def _add(schedule: Schedule, rest: str, _now: datetime) -> Schedule:
    spans = tuple(dict.fromkeys((*schedule.spans, *spans_in(rest))))
    if len(spans) > MOST_KEPT:
        raise NotUnderstood("duty.too_many", most=MOST_KEPT)
    return replace(schedule, spans=spans)


def _remove(schedule: Schedule, rest: str, _now: datetime) -> Schedule:
    return replace(schedule, spans=_without(schedule.spans, rest, "remove"))


def _holiday(schedule: Schedule, rest: str, now: datetime) -> Schedule:
    today = now.astimezone(ZoneInfo(schedule.zone)).date()
    coming = tuple(one for one in schedule.holidays if one.last >= today)
    verb, _, numbers = rest.partition(" ")
    if verb in ("remove", "delete", "none", "clear"):
        return replace(schedule, holidays=_without(coming, numbers or "all", "holiday remove"))
    holidays = sorted({*coming, holiday_in(rest, today)}, key=lambda one: one.first)
    if len(holidays) > MOST_KEPT:
        raise NotUnderstood("duty.too_many", most=MOST_KEPT)
    return replace(schedule, holidays=tuple(holidays))


def _zone(schedule: Schedule, rest: str, _now: datetime) -> Schedule:
    found = zones.zone_named(rest)
    if found is None:
        like = zones.zones_like(rest) or ["Europe/London", "America/New_York"]
        raise NotUnderstood("duty.no_zone", words=rest[:40], like=", ".join(like))
    return replace(schedule, zone=found)


_VERBS: dict[str, Callable[[Schedule, str, datetime], Schedule]] = {
    "on": _on, "off": _off, "until": _on_until, "till": _on_until, "hours": _by_hours, "auto": _by_hours,
    "add": _add, "remove": _remove, "delete": _remove, "holiday": _holiday, "holidays": _holiday, "away": _holiday,
    "zone": _zone, "timezone": _zone,
}  # fmt: skip


def _without(kept: tuple[_Kept, ...], rest: str, verb: str) -> tuple[_Kept, ...]:
    """Give what is left without the numbers named; numbers are those that were shown."""
    if rest == "all":
        return ()
    numbers = {int(one) for one in re.findall(r"\d{1,3}", rest)}
    if not numbers or not numbers <= set(range(1, len(kept) + 1)):
        raise NotUnderstood("duty.which_number", verb=verb)
    return tuple(one for place, one in enumerate(kept, 1) if place not in numbers)


def _until(schedule: Schedule, rest: str, now: datetime) -> datetime | None:
    """Give the next moment at which the volunteer's clock shows a time; tomorrow's if that is said."""
    words = re.sub(r"^(?:until|till)\b\s*", "", rest)
    if not words and not rest:
        return None
    found = re.fullmatch(TIME, words.replace("tomorrow", "").strip())
    if not found:
        raise NotUnderstood("duty.no_time", words=words[:40])
    local = now.astimezone(ZoneInfo(schedule.zone))
    hour, minute = divmod(minutes(found.groups()) % DAY, 60)
    until = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if "tomorrow" in words or until <= local:
        until += timedelta(days=1)
    return until.astimezone(UTC)
