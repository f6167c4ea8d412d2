"""Who is on duty: hours in one's own zone, past midnight, holidays, the days on which the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.roster import DAY, Holiday, Schedule, Span, Switch
from bot.duty.schedule import next_on, off_at, on_duty

LONDON = "Europe/London"
EVENINGS = Schedule(LONDON, (Span((0, 1, 2, 3, 4), 19 * 60, 23 * 60),))
NIGHTS = Schedule(LONDON, (Span((4,), 22 * 60, 2 * 60),))
ZONES = ("UTC", LONDON, "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Auckland")


def london(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(LONDON))


def test_on_duty_within_the_hours_and_not_outside() -> None:
    assert not on_duty(EVENINGS, london(23, 18, 59))
    assert on_duty(EVENINGS, london(23, 19))
    assert on_duty(EVENINGS, london(23, 22, 59))
    assert not on_duty(EVENINGS, london(23, 23))
    assert not on_duty(EVENINGS, london(28, 20)), "a Saturday"


def test_hours_past_midnight_belong_to_the_day_they_begin_on() -> None:
    assert on_duty(NIGHTS, london(27, 23)), "Friday night"
    assert on_duty(NIGHTS, london(28, 1, 59)), "it is Saturday by now"
    assert not on_duty(NIGHTS, london(28, 2))
    assert not on_duty(NIGHTS, london(28, 23)), "Saturday night"


def test_the_clock_on_the_wall_counts_in_summer_and_in_winter() -> None:
    assert on_duty(EVENINGS, datetime(2026, 7, 6, 18, 30, tzinfo=UTC)), "19:30 in London"
    assert not on_duty(EVENINGS, datetime(2026, 12, 7, 18, 30, tzinfo=UTC)), "18:30 in London"


def test_a_shift_over_the_change_of_the_clocks_is_an_hour_shorter_or_longer() -> None:
    saturday = Schedule(LONDON, (Span((5,), 22 * 60, 6 * 60),))
    spring = off_at(saturday, london(28, 23, month=3))
    autumn = off_at(saturday, london(24, 23, month=10))
    assert spring == datetime(2026, 3, 29, 5, tzinfo=UTC), "6:00 in summer time"
    assert autumn == datetime(2026, 10, 25, 6, tzinfo=UTC), "6:00 in winter time"


def test_no_shift_begins_on_a_day_off() -> None:
    away = Schedule(LONDON, NIGHTS.spans, (Holiday(date(2026, 11, 27), date(2026, 11, 28)),))
    assert not on_duty(away, london(27, 23))
    before = Schedule(LONDON, NIGHTS.spans, (Holiday(date(2026, 11, 28), date(2026, 11, 28)),))
    assert on_duty(before, london(28, 1)), "it began before the day off"


def test_what_is_switched_by_hand_wins_until_its_end() -> None:
    on = Schedule(LONDON, EVENINGS.spans, (), Switch(on=True, until=london(23, 12)))
    assert on_duty(on, london(23, 11, 59))
    assert not on_duty(on, london(23, 12)), "the hours count again"
    off = Schedule(LONDON, EVENINGS.spans, (), Switch(on=False))
    assert not on_duty(off, london(23, 20))
    assert next_on(off, london(23, 20)) is None
    assert off_at(Schedule(LONDON, (), (), Switch(on=True)), london(23, 20)) is None, "no end in sight"


def test_the_next_shift_skips_weekends_and_days_off() -> None:
    away = Schedule(LONDON, EVENINGS.spans, (Holiday(date(2026, 11, 30), date(2026, 12, 6)),))
    assert next_on(away, london(27, 23)) == london(7, 19, month=12)
    assert next_on(Schedule(LONDON), london(27, 23)) is None


def test_hours_that_follow_on_each_other_are_one_stretch_of_duty() -> None:
    two = Schedule(LONDON, (Span((0,), 19 * 60, 24 * 60), Span((1,), 0, 60)))
    assert off_at(two, london(23, 20)) == london(24, 1)
    always = Schedule(LONDON, (Span(tuple(range(7)), 0, DAY),))
    assert off_at(always, london(23, 20)) is None


spans = st.builds(
    Span,
    st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    st.integers(0, DAY - 1),
    st.integers(0, DAY),
)
schedules = st.builds(Schedule, st.sampled_from(ZONES), st.lists(spans, max_size=4).map(tuple))
moments = st.integers(0, 2 * 365 * DAY).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def by_the_wall_clock(schedule: Schedule, at: datetime) -> bool:
    """The rule as a person would say it: the clock shows a time between start and end."""
    local = at.astimezone(ZoneInfo(schedule.zone))
    minute = local.hour * 60 + local.minute
    for span in schedule.spans:
        today, yesterday = local.weekday() in span.days, (local.weekday() - 1) % 7 in span.days
        over_night = span.end <= span.start
        if today and minute >= span.start and (over_night or minute < span.end):
            return True
        if over_night and yesterday and minute < span.end:
            return True
    return False


def near_a_change_of_the_clocks(schedule: Schedule, at: datetime) -> bool:
    zone = ZoneInfo(schedule.zone)
    offsets = {(at + timedelta(hours=hours)).astimezone(zone).utcoffset() for hours in range(-3, 4)}
    return len(offsets) > 1


@given(schedules, moments)
def test_duty_is_what_the_wall_clock_says(schedule: Schedule, at: datetime) -> None:
    if not near_a_change_of_the_clocks(schedule, at):
        assert on_duty(schedule, at) == by_the_wall_clock(schedule, at)


@given(schedules, moments)
def test_the_next_shift_is_one_and_none_comes_before_it(schedule: Schedule, at: datetime) -> None:
    begins = next_on(schedule, at)
    assert (begins is None) == (not schedule.spans), "hours of some day of the week come within two months"
    if begins is not None:
        assert on_duty(schedule, begins)
        assert begins >= at
        between = [at + (begins - at) * part / 50 for part in range(50)]
        assert begins == at or not any(on_duty(schedule, moment) for moment in between)


@given(schedules, moments)
def test_duty_lasts_until_its_end(schedule: Schedule, at: datetime) -> None:
    end = off_at(schedule, at)
    if end is not None:
        assert not on_duty(schedule, end)
        assert all(on_duty(schedule, at + (end - at) * part / 20) for part in range(20) if end > at)
