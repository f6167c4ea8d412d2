"""Who is on duty at a moment, and who is next (pure): hours in each volunteer's own zone, past midnight, holidays.

A shift belongs to the day on which it begins: hours past midnight go on into a holiday, and none begin on it. Where the
clocks change, a time that does not exist or exists twice is taken so that the shift is the longer one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.roster import DAY, Schedule, Volunteer

LOOKS_AHEAD = 60  # days in which the next shift is looked for: a longer absence is told as "nobody"
MOST_IN_A_ROW = 20  # shifts that follow on each other without a break before it is called no end
Shift = tuple[datetime, datetime]


def on_duty(schedule: Schedule, at: datetime) -> bool:
    """Tell whether somebody is on duty at a time."""
    if schedule.switch and _is_switched(schedule, at):
        return schedule.switch.on
    return any(start <= at < end for start, end in _shifts(schedule, at, days=1))


def off_at(schedule: Schedule, at: datetime) -> datetime | None:
    """Give when duty ends; the time itself for somebody who is off duty; None if there is no end in sight."""
    end = at
    for _ in range(MOST_IN_A_ROW):
        if not on_duty(schedule, end):
            return end
        if schedule.switch and _is_switched(schedule, end):
            if schedule.switch.until is None:
                return None
            end = schedule.switch.until
        else:
            end = max(stop for start, stop in _shifts(schedule, end, days=1) if start <= end < stop)
    return None


def next_on(schedule: Schedule, at: datetime) -> datetime | None:
    """Give when somebody is next on duty: now, if they are; None if that is not in sight."""
    after = at
    if schedule.switch and _is_switched(schedule, at) and not schedule.switch.on:
        if schedule.switch.until is None:
            return None
        after = schedule.switch.until
    if on_duty(schedule, after):
        return after
    return min((start for start, _ in _shifts(schedule, after, days=LOOKS_AHEAD) if start >= after), default=None)


def of_these(volunteers: Sequence[Volunteer], at: datetime) -> list[Volunteer]:
    """Give those who are on duty at a time."""
    return [one for one in volunteers if on_duty(one.schedule, at)]


def _is_switched(schedule: Schedule, at: datetime) -> bool:
    switch = schedule.switch
    return switch is not None and (switch.until is None or at < switch.until)


def _shifts(schedule: Schedule, around: datetime, *, days: int) -> Iterator[Shift]:
    """Give the shifts that begin from the day before a time to some days after it."""
    zone = ZoneInfo(schedule.zone)
    today = around.astimezone(zone).date()
    for day in range(-1, days + 1):
        begins = today + timedelta(days=day)
        if any(holiday.first <= begins <= holiday.last for holiday in schedule.holidays):
            continue
        for span in schedule.spans:
            if begins.weekday() in span.days:
                end = span.end if span.end > span.start else span.end + DAY
                yield min(_instants(begins, span.start, zone)), max(_instants(begins, end, zone))


def _instants(day: date, minutes: int, zone: ZoneInfo) -> Shift:
    """Give the two readings of a wall clock's time: they differ only where the clocks are changed."""
    later, minute = divmod(minutes, DAY)
    wall = datetime.combine(day, datetime.min.time()) + timedelta(days=later, minutes=minute)
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first, second
