"""Danger comes first and alone; despair gets a warm line and a person; scams get nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.messages import Addressed
from tests.world import World


@pytest.mark.parametrize(
    "text",
    [
        "i had my transplant 9 days ago and my temp is 38.6 what do i do",
        "my wife is shivering and confused since last night, day 12 after hsct",
    ],
)
async def test_an_emergency_gets_the_safety_text_first_and_pages_the_volunteers(world: World, text: str) -> None:
    anna = world.asker("anna")
    (told,) = await anna.asks(text)
    assert "transplant" in told.body[0].text.lower() or "emergency" in told.body[0].text.lower()
    assert "They are not an emergency service." in told.text()
    assert told.buttons == (), "nothing to choose from now"
    for platform in ("telegram", "discord"):
        card = world.card(1, platform)
        assert card.page
        assert "URGENT" in card.text()


async def test_the_number_to_call_is_the_one_of_the_askers_country(world: World) -> None:
    anna = world.asker("anna")
    await anna.commands("country", "Australia")
    (told,) = await anna.asks("i cant breathe properly and my chest hurts")
    assert "000" in told.body[0].text


async def test_a_crisis_is_seen_in_the_midst_of_an_escalation(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.commands("person", "does the hospital have wifi", private=True)
    await ben.at_desk(1, press="Claim")
    got = await anna.asks("i dont want to live any more", private=True)
    assert any("not an emergency service" in message.text() for message in got)
    assert world.card(2).page


async def test_a_second_cry_goes_to_the_same_urgent_escalation_and_pages_again(world: World) -> None:
    anna = world.asker("anna")
    await anna.asks("i want to die")
    (again,) = await anna.asks("i want to end my life tonight")
    assert "Volunteers have been told (#1)." in again.text()
    async with world.app.store.transaction() as tx:
        assert len(await tx.escalations.open_ones()) == 1
    assert world.on_desk(1)[-1].page
    assert "end my life tonight" in world.on_desk(1)[-1].text()


async def test_asking_for_a_person_with_a_cry_for_help_gets_the_safety_text(world: World) -> None:
    anna = world.asker("anna")
    (told,) = await anna.commands("person", "i want to kill myself")
    assert "not an emergency service" in told.text()


async def test_despair_gets_a_warm_line_and_a_person_who_can_be_declined(world: World) -> None:
    anna = world.asker("anna")
    got = await anna.asks(
        "i am in so much pain all the time i would do anything to make it stop. are there any grants or other funding to help pay for hsct?"
    )
    assert "Press Cancel if you would rather not." in got[0].text()
    assert any(button.label == "Cancel" for button in got[0].buttons)
    assert world.app.live.knowledge.entries["funding-overview"].short in got[1].text()
    assert not world.card(1).page


@pytest.mark.parametrize("text", ["this fatigue is killing me", "what temperature counts as a fever after hsct?"])
async def test_idioms_and_questions_about_it_trip_nothing(world: World, text: str) -> None:
    got = await world.asker("anna").asks(text)
    assert not any("emergency service" in message.text() for message in got)


async def test_spam_is_not_answered_and_the_desk_gets_a_quiet_note(world: World) -> None:
    eve = world.asker("eve")
    spam = "Dr Omar cured my MS completely with herbs, whatsapp him on +234 801 234 5678"
    assert await eve.asks(spam, addressed=Addressed.ASK_CHANNEL) == []
    assert "looks like spam" in world.card(1).text()
    assert not world.card(1).page
    ben = world.volunteer("ben")
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, press="Close")
    assert eve.got() == [], "never a word to the spammer"


async def test_personal_advice_goes_to_a_person_with_the_general_entry_marked_as_general(world: World) -> None:
    got = await world.asker("anna").asks("should i stop tysabri next week before my hsct?")
    assert "Only your MS team or transplant team can answer it." in got[-1].text()
    assert world.card(1)


async def test_danger_at_the_end_of_a_very_long_message_is_seen(world: World) -> None:
    anna = world.asker("anna")
    (told,) = await anna.asks("My story is long. " * 400 + "I have had enough and i want to kill myself")
    assert "not an emergency service" in told.text()


async def test_danger_in_an_edit_is_seen(world: World) -> None:
    anna = world.asker("anna")
    asked = anna.message("how much is it in mexico?", event_id="q1")
    await world.happens(asked)
    words = "i had my transplant 3 weeks ago and have a fever of 39.5 and am shaking"
    await world.happens(replace(asked, text=words, event_id="q1-edit", edited=True))
    assert "not an emergency service" in anna.got()[-1].text()


async def test_despair_is_heard_even_beside_an_advertisement(world: World) -> None:
    anna = world.asker("anna")
    got = await anna.asks("I cannot bear it any more. Dr Omar on WhatsApp +234 801 234 5678 cured MS with herbs")
    assert any("Press Cancel if you would rather not." in message.text() for message in got)
