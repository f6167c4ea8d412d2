"""A volunteer's schedule in words (pure): what was understood, and what it means now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.messages import Block
from bot.domain.roster import DAY, Holiday, Schedule, Span
from bot.duty.schedule import next_on, off_at, on_duty
from bot.texts import Texts


def shown(texts: Texts, schedule: Schedule, now: datetime) -> tuple[Block, ...]:
    """Give a schedule: on duty or off, the hours and days off with their numbers, the zone."""
    zone = ZoneInfo(schedule.zone)
    local = now.astimezone(zone)
    hours = [f"{place}. {_span(texts, span)}" for place, span in enumerate(schedule.spans, 1)]
    coming = [one for one in schedule.holidays if one.last >= local.date()]
    days_off = [f"{place}. {_holiday(texts, one)}" for place, one in enumerate(coming, 1)]
    blocks = [
        Block(_state(texts, schedule, now)),
        Block("\n".join([texts("duty.hours"), *hours]) if hours else texts("duty.hours_none")),
        *([Block("\n".join([texts("duty.holidays"), *days_off]))] if days_off else []),
        Block(texts("duty.zone", zone=schedule.zone, time=f"{local:%H:%M}")),
    ]
    return tuple(blocks)


def _state(texts: Texts, schedule: Schedule, now: datetime) -> str:
    """Say whether somebody is on duty, and until when."""
    if on_duty(schedule, now):
        end = off_at(schedule, now)
        return texts("duty.on_until", when=at_clock(end, schedule.zone, now)) if end else texts("duty.on_always")
    begins = next_on(schedule, now)
    if begins:
        return texts("duty.off_until", when=at_clock(begins, schedule.zone, now))
    return texts("duty.off_now" if schedule.is_set else "duty.never_set")


def at_clock(moment: datetime, zone: str, now: datetime) -> str:
    """Give a moment as a clock shows it, with the day if that is not today."""
    local, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%a} {local.day} {local:%b}, {local:%H:%M}"


def _span(texts: Texts, span: Span) -> str:
    end = f"{span.end // 60:02}:{span.end % 60:02}"
    key = "duty.span_next_day" if span.end <= span.start and span.end < DAY else "duty.span"
    return texts(key, days=_days(texts, span.days), start=f"{span.start // 60:02}:{span.start % 60:02}", end=end)


def _days(texts: Texts, days: Sequence[int]) -> str:
    if len(days) == len(range(7)):
        return texts("duty.every_day")
    names = texts("duty.days").split()
    in_a_row = len(days) > 2 and days[-1] - days[0] == len(days) - 1
    shown = [names[days[0]], names[days[-1]]] if in_a_row else [names[day] for day in days]
    return texts("duty.days_to", first=shown[0], last=shown[1]) if in_a_row else ", ".join(shown)


def _holiday(texts: Texts, holiday: Holiday) -> str:
    if holiday.first == holiday.last:
        return _date(holiday.first)
    return texts("duty.days_to", first=_date(holiday.first), last=_date(holiday.last))


def _date(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"
