"""`/duty` as people type it: forgiving, never guessing, and shown back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.roster import Holiday, Schedule, Span, Switch
from bot.duty.hours import NotUnderstood
from bot.duty.shown import shown
from bot.duty.words import changed
from bot.texts import texts_in
from tests.clock import START

WORKDAYS, DAILY = (0, 1, 2, 3, 4), tuple(range(7))
LONDON = Schedule("Europe/London")


@pytest.mark.parametrize(
    ("words", "spans"),
    [
        ("add mon-fri 19:00-23:00", [Span(WORKDAYS, 1140, 1380)]),
        ("mon-fri 19:00-23:00", [Span(WORKDAYS, 1140, 1380)]),
        ("Add Weekdays 7pm to 11pm", [Span(WORKDAYS, 1140, 1380)]),
        ("add Monday to Friday 7-11pm", [Span(WORKDAYS, 1140, 1380)]),
        ("add from mon to fri from 19.00 until 23.00", [Span(WORKDAYS, 1140, 1380)]),
        ("add 19\u201323 weekdays", [Span(WORKDAYS, 1140, 1380)]),
        ("add daily 22-2", [Span(DAILY, 1320, 120)]),
        ("add every day 11pm-2am", [Span(DAILY, 1380, 120)]),
        ("add 10pm-2am", [Span(DAILY, 1320, 120)]),
        ("add fri-mon 9-12", [Span((0, 4, 5, 6), 540, 720)]),
        ("add sat, sun and tues 10-2pm", [Span((1, 5, 6), 600, 840)]),
        ("add mon-fri 19:00-23:00, sat 10-12 14-16", [Span(WORKDAYS, 1140, 1380), Span((5,), 600, 720),
                                                      Span((5,), 840, 960)]),
        ("add weekends 0-24", [Span((5, 6), 0, 1440)]),
        ("add Thursdays 9-5pm", [Span((3,), 540, 1020)]),
    ],
)  # fmt: skip
def test_hours_are_understood(words: str, spans: list[Span]) -> None:
    assert list(changed(LONDON, words, START).spans) == spans


@pytest.mark.parametrize(
    "words",
    ["add", "add mon-fri", "add 25:00-26:00", "add blursday 19-23", "tomorrow", "add mon 19-23 perhaps", "remove",
     "remove 1", "until", "until 30:00", "on please", "holiday", "holiday 31 Feb", "holiday 2 Jan 2020",
     "holiday christmas", "zone Atlantis", "holiday 24 Dec 2026 - 1 Dec 2026", "until 13pm"],
)  # fmt: skip
def test_what_is_not_understood_is_refused_with_a_word_on_what_to_type(words: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        changed(LONDON, words, START)
    assert texts_in()(refused.value.key, **refused.value.values)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_understood_or_refused(words: str) -> None:
    told = ""
    try:
        told = shown(texts_in(), changed(LONDON, words, START), START)[0].text
    except NotUnderstood as refused:
        told = texts_in()(refused.key, **refused.values)
    assert told


def test_until_a_time_is_on_the_volunteers_own_clock() -> None:
    paris = Schedule("Europe/Paris")
    assert changed(paris, "until 22:00", START).switch == Switch(True, datetime(2026, 11, 23, 21, tzinfo=UTC))
    assert changed(paris, "off until 8am", START).switch == Switch(False, datetime(2026, 11, 24, 7, tzinfo=UTC))
    assert changed(paris, "on until tomorrow 20:00", START).switch == Switch(
        True, datetime(2026, 11, 24, 19, tzinfo=UTC)
    )


def test_on_and_off_by_hand_and_back_to_the_hours() -> None:
    assert changed(LONDON, "on", START).switch == Switch(on=True)
    assert changed(LONDON, "off", START).switch == Switch(on=False)
    assert changed(changed(LONDON, "off", START), "hours", START).switch is None


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("24 Dec - 2 Jan", date(2026, 12, 24), date(2027, 1, 2)),
        ("Dec 24 to January 2nd", date(2026, 12, 24), date(2027, 1, 2)),
        ("24-31 Dec", date(2026, 12, 24), date(2026, 12, 31)),
        ("24.12. - 2.1.", date(2026, 12, 24), date(2027, 1, 2)),
        ("24/12 to 2/1", date(2026, 12, 24), date(2027, 1, 2)),
        ("2026-12-24 to 2027-01-02", date(2026, 12, 24), date(2027, 1, 2)),
        ("2026-12-24 - 2027-01-02", date(2026, 12, 24), date(2027, 1, 2)),
        ("2 Jan", date(2027, 1, 2), date(2027, 1, 2)),
        ("29 feb", date(2028, 2, 29), date(2028, 2, 29)),
        ("tomorrow", date(2026, 11, 24), date(2026, 11, 24)),
        ("today - 30 Nov", date(2026, 11, 23), date(2026, 11, 30)),
    ],
)
def test_days_off_are_understood(words: str, first: date, last: date) -> None:
    assert changed(LONDON, f"holiday {words}", START).holidays == (Holiday(first, last),)


def test_hours_and_days_off_are_removed_by_the_number_shown() -> None:
    schedule = changed(LONDON, "add mon 9-10, tue 9-10, wed 9-10", START)
    assert [span.days for span in changed(schedule, "remove 2", START).spans] == [(0,), (2,)]
    assert changed(schedule, "remove all", START).spans == ()
    away = changed(changed(schedule, "holiday 24 Dec", START), "holiday 1 Dec", START)
    assert [one.first.day for one in away.holidays] == [1, 24], "in order"
    assert [one.first.day for one in changed(away, "holiday remove 1", START).holidays] == [24]


@pytest.mark.parametrize(
    ("words", "zone"),
    [("Europe/London", "Europe/London"), ("london", "Europe/London"), ("UK", "Europe/London"), ("new york",
     "America/New_York"), ("germany", "Europe/Berlin"), ("utc", "UTC"), ("Auckland", "Pacific/Auckland")],
)  # fmt: skip
def test_zones_are_found_by_city_and_country(words: str, zone: str) -> None:
    assert changed(LONDON, f"zone {words}", START).zone == zone


def test_a_misspelt_zone_is_answered_with_those_like_it() -> None:
    with pytest.raises(NotUnderstood) as refused:
        changed(LONDON, "zone lodnon", START)
    assert "Europe/London" in str(refused.value.values["like"])


def test_what_was_understood_is_shown() -> None:
    schedule = changed(LONDON, "mon-fri 19:00-23:00, sat 22-2", START)
    schedule = changed(schedule, "holiday 24 Dec - 2 Jan", START)
    text = "\n".join(block.text for block in shown(texts_in(), schedule, START))
    assert "You are off duty. You are next on duty at 19:00." in text
    assert "1. Mon to Fri, 19:00 to 23:00" in text
    assert "2. Sat, 22:00 to 02:00 on the next day" in text
    assert "1. Thu 24 Dec 2026 to Sat 2 Jan 2027" in text
    assert "Europe/London, where it is 12:00 now" in text


@pytest.mark.parametrize("words", ["add mon-fri 9-5", "add daily 10 to 6", "add sat 9:30-5:30"])
def test_hours_that_most_mean_by_day_and_a_clock_reads_over_night_are_asked_about(words: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        changed(LONDON, words, START)
    assert refused.value.key == "duty.which_half"


@pytest.mark.parametrize("words", ["add daily 9am-5pm", "add daily 09:00-05:00", "add daily 9-17", "add daily 21-5"])
def test_hours_that_can_be_read_in_one_way_only_are_taken(words: str) -> None:
    assert changed(LONDON, words, START).spans
