"""After the first cry for help: nobody who may be in danger is left with one sleeping volunteer, a mute, or a bare word."""

from __future__ import annotations

import pytest

from bot.domain.escalation import Escalation, Reason, Status
from bot.domain.messages import OutgoingMessage
from bot.triage.decision import HandOff
from bot.triage.triage import Triage
from tests.world import DESPAIR, Person, World, a_world

STRANGE = "does the hospital in Puebla have wifi in the rooms"
CRY = "I want to kill myself"
AGAIN = "I have taken all my pills, I want to die"


async def heard(world: World) -> tuple[Person, Person]:
    """Ben has taken Anna's cry and written to her; nobody has named hours."""
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.asks(CRY, private=True)
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, "I am here.")
    await world.time_passes(minutes=12)
    return anna, ben


async def get(world: World, number: int) -> Escalation:
    async with world.app.store.transaction() as tx:
        found = await tx.escalations.get(number)
    assert found
    return found


def pages(world: World, platform: str = "discord") -> list[OutgoingMessage]:
    return [message for message in world.on_desk(1, platform) if message.page]


def hint(world: World) -> str:
    """One of the hints that `safety.yaml` lists, too vague for an alarm by itself."""
    worry = world.app.live.knowledge.safety.worry
    assert worry
    return next(text for text in worry.trips if world.app.live.triage.decide(text).decision == HandOff(Reason.WORRY))


async def test_what_may_be_a_cry_for_help_goes_to_a_person_who_is_told_so(world: World) -> None:
    anna = world.asker("anna")
    await anna.asks(hint(world), private=True)
    assert "#1" in anna.got()[-1].text(), "she hears that somebody will write"
    assert "may be a cry for help, or nothing" in world.card(1).text()
    assert (await get(world, 1)).status is Status.WAITING


async def test_who_may_mean_more_than_they_say_is_told_whom_to_call_below_whatever_is_said(world: World) -> None:
    anna = world.asker("anna")
    await anna.asks("I have been counting my tablets again. How much does HSCT cost in Mexico?", private=True)
    last = anna.got()[-1].text()
    assert "Samaritans" in last or "findahelpline.com" in last
    assert last.index("Mexico") < last.index("Perhaps I read too much into your words")
    await anna.asks("How much does HSCT cost in Mexico?", private=True)
    assert "Perhaps I read" not in anna.got()[-1].text()


async def test_what_is_passed_on_to_a_volunteer_and_may_mean_more_names_somebody_to_call(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.asks(STRANGE, private=True)
    await ben.at_desk(1, press="Claim")
    before = len(anna.got())
    await anna.asks(hint(world), private=True)
    told = [message.text() for message in anna.got()[before:]]
    assert any("Perhaps I read too much" in text for text in told)
    assert hint(world) in world.on_desk(1)[-1].text()


async def leaves(world: World, volunteer: Person) -> None:
    """They are seen at the desk's place without a role there."""
    await world.asker(volunteer.name, volunteer.platform).at_desk(1, "bye")


async def test_a_further_cry_calls_everybody_when_nobody_is_on_duty(world: World) -> None:
    anna, _ = await heard(world)
    await anna.asks(AGAIN, private=True)
    for platform in ("telegram", "discord"):
        last = world.on_desk(1, platform)[-1]
        assert (last.page, last.pages) == (True, ()), "everybody, not its owner alone"


async def test_a_further_cry_pages_again_and_again_until_its_owner_writes(world: World) -> None:
    anna, ben = await heard(world)
    await anna.asks(AGAIN, private=True)
    before = len(pages(world))
    await world.time_passes(minutes=11)
    assert "Ben has #1. The asker cried for help again 11 minutes ago" in pages(world)[-1].text()
    await world.time_passes(minutes=21)
    assert len(pages(world)) == before + 2
    await ben.at_desk(1, "I was asleep. I am with you now.")
    await world.time_passes(minutes=55)
    assert len(pages(world)) == before + 2


async def test_words_that_are_no_cry_page_nobody_while_somebody_has_it(world: World) -> None:
    anna, _ = await heard(world)
    before = len(pages(world))
    await anna.asks("I am sitting in the kitchen", private=True)
    await world.time_passes(minutes=25)
    assert len(pages(world)) == before


async def test_who_is_muted_is_heard_as_long_as_their_cry_is_open(world: World) -> None:
    anna, ben, lea = world.asker("anna"), world.volunteer("ben"), world.lead("lea")
    await anna.commands("person", STRANGE, private=True)
    await lea.at_desk(1, command="mute", argument="2d insults")
    assert "does not get here" not in world.card(1).text()
    await anna.asks("you are all idiots", private=True)
    assert "idiots" not in world.on_desk(1)[-1].text()
    await anna.asks(CRY, private=True)
    assert "Leads have paused this asker until" in world.card(2).text()
    await ben.at_desk(2, press="Claim")
    await ben.at_desk(2, "Are you alone?")
    await anna.asks("yes I am alone", private=True)
    assert "yes I am alone" in world.on_desk(2)[-1].text()
    await ben.at_desk(2, "Please call 116 123 now. I stay here.")
    await ben.at_desk(2, press="Close")
    before = len(world.discord.sent)
    await anna.asks("you are all idiots", private=True)
    assert world.discord.sent[before:] == [], "then they are paused again"


async def test_who_is_muted_may_cancel_and_is_promised_nothing(world: World) -> None:
    anna, lea = world.asker("anna"), world.lead("lea")
    await anna.commands("person", STRANGE, private=True)
    await lea.at_desk(1, command="mute", argument="2d insults")
    before = len(anna.got())
    await world.time_passes(hours=5)
    assert anna.got()[before:] == []
    await anna.presses("Cancel")
    assert (await get(world, 1)).status is Status.CLOSED


async def test_what_waited_through_a_mute_is_promised_after_it(world: World) -> None:
    anna, lea = world.asker("anna"), world.lead("lea")
    await anna.commands("person", STRANGE, private=True)
    await lea.at_desk(1, command="mute", argument="6h insults")
    await world.time_passes(hours=5)
    before = len(anna.got())
    await world.time_passes(hours=2)
    assert "still open" in anna.got()[before].text()


async def test_a_reopened_cry_pages_and_goes_to_nobody_who_has_left(world: World) -> None:
    anna, ben = await heard(world)
    await ben.at_desk(1, press="Close")
    await leaves(world, ben)
    world.clock.pass_(days=3)
    before = len(pages(world))
    await anna.presses("This did not help")
    assert (await get(world, 1)).status is Status.WAITING
    assert (pages(world)[-1].page, pages(world)[-1].pages) == (True, ())
    await world.time_passes(minutes=11)
    assert "Nobody has taken #1 yet" in pages(world)[-1].text()
    assert len(pages(world)) == before + 2


async def test_a_reopened_cry_pages_until_its_volunteer_writes(world: World) -> None:
    anna, ben = await heard(world)
    await ben.at_desk(1, press="Close")
    world.clock.pass_(days=3)
    await anna.presses("This did not help")
    assert (await get(world, 1)).status is Status.CLAIMED
    before = len(pages(world))
    await world.time_passes(minutes=11)
    assert len(pages(world)) == before + 1
    await ben.at_desk(1, "I am here again.")
    await world.time_passes(minutes=40)
    assert len(pages(world)) == before + 1


async def test_a_reopened_question_mentions_its_volunteer(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.commands("person", STRANGE, private=True)
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, "Yes, it has.")
    await ben.at_desk(1, press="Close")
    await anna.presses("This did not help")
    told = next(one for one in reversed(world.on_desk(1)) if "did not help" in one.text())
    assert told.pages == (world.people[ben.id],)
    assert not told.page


async def test_a_reopened_question_of_somebody_who_left_is_for_everybody(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.commands("person", STRANGE, private=True)
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, "Yes, it has.")
    await ben.at_desk(1, press="Close")
    await leaves(world, ben)
    await anna.presses("This did not help")
    assert (await get(world, 1)).owner is None
    assert [button.label for button in world.card(1).buttons][:1] == ["Claim"]


async def test_a_lead_who_answers_a_cry_has_it_and_nobody_is_paged_on(world: World) -> None:
    anna, lea = world.asker("anna"), world.lead("lea")
    await anna.asks(CRY, private=True)
    await lea.at_desk(1, command="reply", argument="1 I am here with you. Lea")
    assert (await get(world, 1)).owner == world.people[lea.id]
    before = len(pages(world))
    for _ in range(4):
        await world.time_passes(minutes=30)
    assert len(pages(world)) == before
    assert "I am here with you" in anna.got()[-1].text()


async def test_after_a_cry_in_a_group_the_reply_can_come_in_private(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    (safety,) = await anna.asks(CRY)
    assert safety.buttons == (), "the safety text stands alone"
    await ben.at_desk(1, press="Claim")
    assert anna.got()[-1].to == anna.group
    await anna.presses("Reply in private")
    await ben.at_desk(1, "Please stay. Shall I phone?")
    assert anna.got()[-1].to == anna.dm


async def test_a_cry_in_a_group_can_be_moved_from_mine(world: World) -> None:
    anna = world.asker("anna")
    await anna.asks(CRY)
    await anna.commands("mine", private=True)
    await anna.presses("Reply to #1 in private")
    assert (await get(world, 1)).private


@pytest.mark.parametrize("words", [CRY, DESPAIR])
async def test_without_a_desk_nobody_is_said_to_have_been_told(triage: Triage, words: str) -> None:
    async with a_world(triage, desks=()) as world:
        (told, *_) = await world.asker("anna").asks(words, private=True)
        assert told.text().endswith("No volunteer can read this here yet, so please do not wait for us.")
        assert "olunteers have been told" not in told.text()
        assert "I have also asked a volunteer" not in told.text()


@pytest.mark.parametrize(
    "cry",
    ["i wany to ddie", "I wwish I wass dead", "iwant to die", "i ca't brathe", "he ont wake yp", "Im goig to emd it"],
)
async def test_a_cry_is_heard_through_slips_of_the_fingers_in_short_words(world: World, cry: str) -> None:
    anna = world.asker("anna")
    await anna.asks(cry)
    assert (await get(world, 1)).status is Status.WAITING
    assert world.card(1).page
