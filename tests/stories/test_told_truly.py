"""What is told is true: who reads a question, what became of it, and by day what happened in the night."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.messages import CommandGiven, Place
from tests.world import Person, World

STRANGE = "does the hospital in Puebla have wifi in the rooms"


async def claimed(world: World, *, private: bool = True) -> tuple[Person, Person]:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.commands("person", STRANGE, private=private)
    await ben.at_desk(1, press="Claim")
    return anna, ben


async def test_who_can_read_a_question_depends_on_where_it_stands(world: World) -> None:
    anna, bea = world.asker("anna"), world.asker("bea")
    (in_group,) = await anna.commands("person", STRANGE)
    assert "Your question stands in the group, where everybody can read it." in in_group.text()
    assert "Only the volunteers" not in in_group.text()
    (in_private,) = await bea.commands("person", STRANGE, private=True)
    assert "Only the volunteers can read it." in in_private.text()


async def test_a_question_that_comes_back_at_night_is_told_in_the_morning(world: World) -> None:
    anna = world.asker("anna")
    await anna.commands("country", "UK", private=True)
    world.clock.pass_(hours=14.5)
    _, ben = await claimed(world)
    before = len(anna.got())
    await ben.at_desk(1, command="handback", argument="1 sorry")
    await world.time_passes(hours=1)
    assert anna.got()[before:] == []
    while not anna.got()[before:]:
        await world.time_passes(hours=1)
    assert world.clock().hour == 8
    assert "#1 is with the volunteers again" in anna.got()[-1].text()


async def test_a_claim_that_ends_at_night_wakes_nobody_either(world: World) -> None:
    anna = world.asker("anna")
    await anna.commands("country", "UK", private=True)
    world.clock.pass_(hours=14.5)
    await claimed(world)
    for _ in range(48):
        before = len(anna.got())
        await world.time_passes(hours=1)
        assert 8 <= world.clock().hour < 22 or anna.got()[before:] == []
    assert any("#1 is with the volunteers again" in message.text() for message in anna.got())


async def test_who_was_taken_up_again_in_the_night_is_told_nothing_old(world: World) -> None:
    anna = world.asker("anna")
    await anna.commands("country", "UK", private=True)
    world.clock.pass_(hours=14.5)
    _, ben = await claimed(world)
    await ben.at_desk(1, command="handback", argument="1 sorry")
    await world.volunteer("cara").at_desk(1, press="Claim")
    for _ in range(9):
        await world.time_passes(hours=1)
    assert not any("with the volunteers again" in message.text() for message in anna.got())


async def test_a_spammer_hears_nothing_when_a_volunteer_is_forgotten(world: World) -> None:
    eve, ben = world.asker("eve"), world.volunteer("ben")
    await eve.asks("Dr Okoro cured my MS with herbs, WhatsApp him on +234 803 555 0199", private=True)
    await ben.at_desk(1, press="Claim")
    await ben.commands("forgetme", private=True)
    await ben.presses("Delete everything about me")
    assert eve.got() == []


async def test_an_edit_reaches_the_desk_after_the_answer_was_moved_to_private(world: World) -> None:
    anna = world.asker("anna")
    asked = CommandGiven(
        event_id=world.next_id(), at=world.clock(), sender=anna.message("").sender, address=anna.group,
        place=Place.GROUP, name="person", argument="is there wifi in Puebla, I take 20 mg of x", message_id="q1",
    )  # fmt: skip
    await world.happens(asked)
    await anna.presses("Reply in private")
    words = "is there wifi in Puebla, I take 200 mg of x"
    await world.happens(replace(asked, event_id=world.next_id(), edited=True, argument=words))
    assert "200 mg" in world.on_desk(1)[-1].text()


async def test_the_number_of_a_message_in_a_group_names_none_in_private(world: World) -> None:
    anna = world.asker("anna")
    await anna.commands("person", "are there plants in Puebla", private=True, message_id="7")
    await anna.commands("person", "is there wifi in Puebla", message_id="7")
    await anna.presses("Reply in private")
    await anna.commands("person", "are there flowers in Puebla", private=True, message_id="7", edited=True)
    assert "flowers" in world.card(1).text()
    assert "wifi" in world.card(2).text()


async def test_a_name_that_was_shown_can_be_hidden_again(world: World) -> None:
    anna, _ = await claimed(world)
    await anna.presses("Show my name")
    assert "Anna asks (" in world.card(1).text()
    (told,) = await anna.presses("Hide my name")
    assert "Anna" not in world.card(1).text()
    assert "Anna" not in world.on_desk(1)[-1].text()
    assert "Who has read your name before may remember it." in told.text()
    await anna.presses("Show my name", told)
    assert "Anna asks (" in world.card(1).text()


async def test_what_a_lead_closes_unanswered_is_not_asked_to_be_rated(world: World) -> None:
    anna, lea = world.asker("anna"), world.lead("lea")
    await anna.commands("person", STRANGE, private=True)
    await lea.at_desk(1, command="close")
    told = anna.got()[-1]
    assert "#1 is closed. A volunteer closed it without an answer to you here." in told.text()
    assert told.buttons == ()


async def test_cancel_on_what_was_answered_and_closed_says_so(world: World) -> None:
    anna, ben = await claimed(world)
    await ben.at_desk(1, "Yes, it has.")
    await ben.at_desk(1, press="Close")
    (told,) = await anna.presses("Cancel")
    assert told.text() == "#1 is closed already."


async def test_a_rating_without_an_owner_thanks_nobody_by_name(world: World) -> None:
    anna, ben = await claimed(world)
    await ben.at_desk(1, "Yes, it has.")
    await ben.at_desk(1, press="Close")
    closed = anna.got()[-1]
    await ben.commands("forgetme", private=True)
    await ben.presses("Delete everything about me")
    await anna.presses("This helped", closed)
    assert world.on_desk(1)[-1].text().endswith("says that it helped. Thank you.")
