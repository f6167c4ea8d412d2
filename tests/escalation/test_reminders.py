"""Who is due a nudge: pure decisions with times passed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.escalation import Escalation, Reason, Status
from bot.domain.messages import Address
from bot.domain.waits import Kind, Nudge, Said, is_over
from bot.escalation.reminders import Times, due, may_keep
from tests.clock import START

TIMES = Times()
WAITING = Escalation(
    id=1, asker=1, asker_name="Blue Fox 12", question="is there wifi", reason=Reason.UNKNOWN, status=Status.WAITING,
    reply_to=Address("telegram", "group"), private=False, message_id="m1", considered=(), opened_at=START,
    waiting_since=START, owed_since=START,
)  # fmt: skip
CLAIMED = replace(WAITING, status=Status.CLAIMED, owner=2, owner_name="Ben", claimed_at=START, held_at=START)
URGENT = replace(WAITING, reason=Reason.CRISIS)


def said_over(
    escalation: Escalation, hours: float, step: timedelta = timedelta(minutes=1), begun: datetime = START
) -> list[tuple[str, int]]:
    """Look again and again until some hours after the start; give what was said, with the minutes after it."""
    said: dict[Nudge, datetime] = {}
    found = []
    now = begun
    while now <= START + timedelta(hours=hours):
        for nudge in due(escalation, Said(said), now, TIMES):
            said[nudge] = now
            found.append((str(nudge.kind), round((now - START).total_seconds() / 60)))
        now += step
    return found


def of_kind(kind: Kind, found: list[tuple[str, int]]) -> list[int]:
    return [minutes for name, minutes in found if name == kind]


def test_an_urgent_one_pages_until_somebody_takes_it_each_time_later() -> None:
    pages = of_kind(Kind.PAGE, said_over(URGENT, 6))
    assert pages == [0, 10, 30, 70, 130, 190, 250, 310]
    assert of_kind(Kind.PAGE, said_over(replace(URGENT, status=Status.CLAIMED, held_at=START), 6)) == []


def test_one_that_can_wait_goes_to_the_leads_after_a_while_and_on_each_next_day() -> None:
    assert of_kind(Kind.LEADS, said_over(WAITING, 40)) == [12 * 60, 36 * 60]
    assert of_kind(Kind.LEADS, said_over(CLAIMED, 40)) == [36 * 60], "an owner has their own time before that"
    assert of_kind(Kind.LEADS, said_over(replace(CLAIMED, owed_since=None), 40)) == []


def test_the_leads_wait_counts_since_the_asker_waits_whoever_had_it_meanwhile() -> None:
    handed_back = replace(WAITING, waiting_since=START + timedelta(hours=11))
    assert of_kind(Kind.LEADS, said_over(handed_back, 13)) == [12 * 60]
    kept = replace(CLAIMED, held_at=START + timedelta(hours=35))
    assert of_kind(Kind.LEADS, said_over(kept, 40)) == [36 * 60]


def test_a_reply_that_nobody_reads_is_brought_to_the_leads_an_urgent_one_soon() -> None:
    waits = replace(CLAIMED, draft_since=START, owed_since=None)
    assert of_kind(Kind.DRAFT, said_over(waits, 30)) == [60, 25 * 60]
    assert of_kind(Kind.DRAFT, said_over(replace(waits, reason=Reason.CRISIS), 3)) == [10, 70, 130]


def test_the_asker_hears_after_4_and_after_24_hours_that_it_is_not_forgotten() -> None:
    assert of_kind(Kind.STILL_WAITING, said_over(WAITING, 48)) == [4 * 60, 24 * 60]
    assert of_kind(Kind.STILL_WAITING, said_over(CLAIMED, 24)) == [4 * 60, 24 * 60]


def test_nothing_is_said_at_night_where_the_asker_lives() -> None:
    in_new_zealand = replace(WAITING, country="New Zealand")  # noon in UTC is 1:00 there
    assert of_kind(Kind.STILL_WAITING, said_over(in_new_zealand, 48)) == [7 * 60, (24 + 7) * 60]
    in_the_us = replace(WAITING, country="US")  # from 8:00 in Los Angeles to 22:00 in New York
    assert of_kind(Kind.STILL_WAITING, said_over(in_the_us, 12)) == [4 * 60]


def test_after_a_long_stop_the_asker_hears_it_once() -> None:
    late = START + timedelta(hours=30)
    (nudge,) = [one for one in due(WAITING, Said(), late, TIMES) if one.kind is Kind.STILL_WAITING]
    assert nudge.place == 1
    said = Said({nudge: late})
    assert [one for one in due(WAITING, said, late, TIMES) if one.kind is Kind.STILL_WAITING] == []


def test_an_answered_asker_waits_for_nothing() -> None:
    assert said_over(replace(CLAIMED, owed_since=None), 72) == []


def test_a_claim_is_let_go_after_a_warning() -> None:
    found = said_over(CLAIMED, 26)
    assert of_kind(Kind.WARNING, found) == [23 * 60]
    assert of_kind(Kind.EXPIRY, found)[0] == 24 * 60


def test_a_warning_that_came_late_leaves_as_much_time_as_any_other() -> None:
    late = START + timedelta(hours=40)
    warning = Nudge(1, Kind.WARNING, START)
    assert warning in due(CLAIMED, Said(), late, TIMES), "the process was not running before"
    warned = Said({warning: late})
    assert Nudge(1, Kind.EXPIRY, START) not in due(CLAIMED, warned, late + timedelta(minutes=59), TIMES)
    assert Nudge(1, Kind.EXPIRY, START) in due(CLAIMED, warned, late + timedelta(minutes=60), TIMES)


def test_a_sign_of_life_starts_the_time_anew_and_the_askers_words_do_not() -> None:
    held = START + timedelta(hours=20)
    assert of_kind(Kind.WARNING, said_over(replace(CLAIMED, held_at=held), 48, begun=held)) == [43 * 60]
    asked = START + timedelta(hours=10)
    answered_then_asked = replace(CLAIMED, held_at=START, owed_since=asked)
    assert of_kind(Kind.WARNING, said_over(answered_then_asked, 48, begun=asked)) == [33 * 60]


def test_signs_of_life_alone_keep_a_question_for_three_times_as_long_at_the_most() -> None:
    for held in (47, 48, 60, 71):  # hours
        kept = replace(CLAIMED, held_at=START + timedelta(hours=held))
        ends = 24 + min(held, 48)
        found = said_over(kept, 80, begun=START + timedelta(hours=held))
        assert of_kind(Kind.WARNING, found) == [max(ends - 1, held) * 60]
        assert may_keep(kept, START + timedelta(hours=held), TIMES) == (held < 48)
    begun = START + timedelta(hours=70)  # it had waited for long before this one took it
    taken_late = replace(CLAIMED, claimed_at=begun, held_at=begun)
    assert of_kind(Kind.WARNING, said_over(taken_late, 95, begun=begun)) == [93 * 60]
    assert may_keep(replace(CLAIMED, owed_since=None), START + timedelta(days=9), TIMES)


def test_a_wait_that_begins_ahead_was_noted_before_the_clock_was_put_back() -> None:
    now = START + timedelta(minutes=1)
    ahead, in_step = START + timedelta(hours=3), START + timedelta(minutes=4)
    assert is_over(ahead, timedelta(hours=1), now), "said too early is better than not said for hours"
    assert not is_over(in_step, timedelta(hours=1), now), "clocks of two machines differ a little"
    last = {Nudge(1, Kind.LEADS, START): ahead, Nudge(1, Kind.LEADS, START, 1): now}
    assert not of_kind_due(Kind.LEADS, Said(last), now), "and it is said once"


def of_kind_due(kind: Kind, said: Said, now: datetime) -> list[Nudge]:
    return [nudge for nudge in due(WAITING, said, now, TIMES) if nudge.kind is kind]


def test_an_urgent_claim_is_let_go_within_the_hour() -> None:
    found = said_over(replace(CLAIMED, reason=Reason.CRISIS), 2)
    assert (of_kind(Kind.WARNING, found), of_kind(Kind.EXPIRY, found)[0]) == ([30], 60)


@pytest.mark.parametrize("status", list(Status))
def test_spam_and_what_is_closed_is_left_alone(status: Status) -> None:
    assert said_over(replace(WAITING, reason=Reason.SPAM, status=status), 48, timedelta(hours=1)) == []
    assert said_over(replace(WAITING, status=Status.CLOSED), 48, timedelta(hours=1)) == []
