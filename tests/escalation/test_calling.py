"""Whom a question calls, and in which order a volunteer sees the queue (pure)."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.escalation import Reason
from bot.domain.messages import Address, Block, OutgoingMessage
from bot.domain.people import PersonId, Role
from bot.domain.roster import Covers, Schedule, Switch, Volunteer
from bot.escalation import suiting
from bot.escalation.calling import Call, called, for_leads, for_new, for_urgent
from bot.escalation.suiting import Subject
from tests.clock import START
from tests.escalation.test_reminders import URGENT, WAITING

ON, OFF = Schedule("UTC", switch=Switch(on=True)), Schedule("UTC", switch=Switch(on=False))
COSTS = Subject(frozenset({"costs"}), "UK")


def somebody(
    number: int, schedule: Schedule = ON, role: Role = Role.VOLUNTEER, platform: str = "discord", **more: object
) -> Volunteer:
    made = Volunteer(number, PersonId(platform, f"u{number}"), f"Name {number}", role, schedule)
    return replace(made, **more)  # type: ignore[arg-type]


def numbers(call: Call) -> list[int]:
    return [one.number for one in call.people]


def test_an_urgent_one_calls_those_on_duty_then_leads_then_everybody() -> None:
    volunteers = [somebody(11), somebody(12, OFF), somebody(13, OFF, Role.LEAD)]
    assert numbers(for_urgent(volunteers, URGENT, (), 0, START)) == [11]
    assert numbers(for_urgent(volunteers, URGENT, (), 1, START)) == [11, 13]
    assert for_urgent(volunteers, URGENT, (), 2, START).everybody


def test_where_nobody_is_on_duty_everybody_is_called_at_once() -> None:
    assert for_urgent([somebody(12, OFF)], URGENT, (), 0, START).everybody
    assert for_urgent([], URGENT, (), 0, START).everybody


def test_who_has_passed_it_or_wants_no_hard_ones_is_not_called_by_name() -> None:
    volunteers = [somebody(11), somebody(12, hard_topics=False), somebody(13)]
    assert numbers(for_urgent(volunteers, URGENT, {13}, 0, START)) == [11]


def test_nobody_is_called_for_their_own_cry() -> None:
    assert numbers(for_urgent([somebody(1), somebody(2)], URGENT, (), 0, START)) == [2]


def test_a_new_one_is_told_to_those_who_cover_it_and_have_room_least_busy_first() -> None:
    covers = Covers(topics=("costs",))
    volunteers = [
        somebody(11, covers=covers), somebody(12, covers=covers), somebody(13, covers=Covers(topics=("risks",))),
        somebody(14), somebody(15, OFF, covers=covers), somebody(16, covers=covers, most_at_once=1),
        somebody(17, covers=Covers(topics=("costs",), countries=("US",))),
    ]  # fmt: skip
    call = for_new(volunteers, COSTS, {11: 2, 16: 1}, 5, START)
    assert numbers(call) == [12, 11]
    assert not call.alarm


def test_at_most_three_are_told_of_one_that_can_wait() -> None:
    volunteers = [somebody(number, covers=Covers(countries=("UK",))) for number in range(10, 20)]
    assert len(for_new(volunteers, COSTS, {}, 5, START).people) == 3


def test_leads_off_duty_are_spared_while_another_one_is_there() -> None:
    leads = [somebody(11, OFF, Role.LEAD), somebody(12, ON, Role.LEAD), somebody(13, Schedule(), Role.LEAD)]
    assert numbers(for_leads(leads, START)) == [12]
    assert numbers(for_leads([leads[0], leads[2]], START)) == [13], "who has said nothing of hours"
    assert numbers(for_leads([leads[0]], START)) == [11], "somebody has to hear of it"


def test_a_desk_calls_those_on_its_own_platform() -> None:
    message = OutgoingMessage(Address("telegram", "desk"), (Block("look"),))
    call = Call((somebody(11), somebody(12, platform="telegram")), alarm=True)
    assert (called(message, call).page, called(message, call).pages) == (True, (12,))
    elsewhere = called(message, Call((somebody(11),), alarm=True))
    assert not elsewhere.alerts, "nobody of this platform is meant"
    assert called(message, Call(everybody=True, alarm=True)).page


def test_the_queue_is_ordered_and_never_shortened() -> None:
    subjects = {1: Subject(frozenset({"risks"})), 2: COSTS, 3: Subject(hard=True), 4: Subject()}
    waiting = [replace(WAITING, id=number) for number in (1, 2)]
    waiting += [replace(WAITING, id=3, reason=Reason.DISTRESS), replace(URGENT, id=4)]
    volunteer = somebody(11, covers=Covers(topics=("costs",)), hard_topics=False)
    ordered = suiting.order(volunteer, waiting, lambda one: subjects[one.id])
    assert [one.id for one in ordered] == [4, 2, 1, 3]


def test_a_language_that_nobody_has_named_counts_for_nobody() -> None:
    german = Covers(languages=("de",))
    assert suiting.fits(german, Subject(language=None)) == 0
    assert suiting.fits(german, Subject(language="de")) == 1
    assert suiting.fits(german, Subject(language="pl")) == -1


def test_who_named_only_languages_is_told_of_new_ones_in_them() -> None:
    english, german = (somebody(11, covers=Covers(languages=("en",))), somebody(12, covers=Covers(languages=("de",))))
    assert numbers(for_new([english, german], COSTS, {}, 5, START)) == [11], "English is what nobody has to say"
    assert numbers(for_new([english, german], replace(COSTS, language="de"), {}, 5, START)) == [12]
