"""The bot is not sure, and asks which one was meant."""

from __future__ import annotations

import pytest

from bot.domain.messages import Addressed, OutgoingMessage
from tests.world import Person, World

UNSURE = "mexico"


async def unsure(anna: Person) -> OutgoingMessage:
    (asked_back,) = await anna.asks(UNSURE)
    assert [button.action for button in asked_back.buttons][-1] == "none"
    return asked_back


async def test_two_or_three_choices_and_a_person(world: World) -> None:
    asked_back = await unsure(world.asker("anna"))
    assert 2 <= len(asked_back.buttons) <= 4
    for number, button in enumerate(asked_back.buttons[:-1], 1):
        assert f"{number}. {button.label}" in asked_back.text()


@pytest.mark.parametrize("typed", ["2", "the second one", "number 2 please"])
async def test_a_choice_can_be_typed_as_a_number(world: World, typed: str) -> None:
    anna = world.asker("anna")
    second = (await unsure(anna)).buttons[1]
    (answer,) = await anna.asks(typed)
    entry = world.app.live.knowledge.entries[second.subject.split(":")[0]]
    assert entry.short in [block.text for block in answer.body]


@pytest.mark.parametrize("private", [True, False])
async def test_a_number_that_no_choice_has_is_told_so(world: World, private: bool) -> None:
    anna = world.asker("anna")
    (choice,) = await anna.asks(UNSURE, private=private)
    (told,) = await anna.asks("9", private=private)
    assert f"Type one from 1 to {len(choice.buttons)}" in told.text()
    (answer,) = await anna.asks("1", private=private)
    assert world.app.live.knowledge.entries[choice.buttons[0].subject.split(":")[0]].short in answer.text()


async def test_a_number_said_to_others_in_a_channel_for_questions_is_theirs(world: World) -> None:
    anna = world.asker("anna")
    await unsure(anna)
    assert await anna.asks("9", addressed=Addressed.ASK_CHANNEL) == []


async def test_none_of_these_gets_a_person_with_the_question_as_asked(world: World) -> None:
    anna = world.asker("anna")
    await unsure(anna)
    (told,) = await anna.asks("none of these")
    assert "#1" in told.text()
    assert UNSURE in world.card(1).text()


async def test_asking_something_new_simply_drops_the_choice(world: World) -> None:
    anna = world.asker("anna")
    await unsure(anna)
    (answer,) = await anna.asks("is hsct approved by the fda for ms?")
    assert world.app.live.knowledge.entries["fda-status"].short in [block.text for block in answer.body]


async def test_not_what_i_meant_offers_the_next_best_and_then_a_person(world: World) -> None:
    anna = world.asker("anna")
    await anna.asks("how much does hsct cost in mexico?")
    (others,) = await anna.presses("Not what I meant")
    assert all(not button.subject.startswith("cost-mexico:") for button in others.buttons)
    (told,) = await anna.presses("None of these, ask a person")
    assert "#1" in told.text()


async def test_a_second_press_hands_nothing_over_twice(world: World) -> None:
    anna = world.asker("anna")
    await anna.asks("how much does hsct cost in mexico?")
    await anna.presses("Ask a person")
    await anna.presses("Ask a person")
    async with world.app.store.transaction() as tx:
        assert len(await tx.escalations.open_ones()) == 1


async def test_somebody_elses_button_is_not_theirs(world: World) -> None:
    anna, eve = world.asker("anna"), world.asker("eve")
    (answer,) = await anna.asks("how much does hsct cost in mexico?")
    (told,) = await eve.presses("Ask a person", on=answer)
    assert "type your question" in told.text()
    async with world.app.store.transaction() as tx:
        assert await tx.escalations.open_ones() == []


async def test_in_an_ask_channel_a_yes_or_no_among_people_is_no_button(world: World) -> None:
    anna = world.asker("anna")
    await anna.asks("how much does hsct cost in mexico?", addressed=Addressed.ASK_CHANNEL)
    assert await anna.asks("yes", addressed=Addressed.ASK_CHANNEL) == []
    assert len(await anna.asks("More", addressed=Addressed.ASK_CHANNEL)) == 1
    world.clock.pass_(hours=2)
    got = await anna.asks("More", addressed=Addressed.ASK_CHANNEL)
    assert not any(message.buttons for message in got)


async def test_a_good_night_is_not_the_question_that_was_waited_for(world: World) -> None:
    anna = world.asker("anna")
    await anna.commands("person")
    assert await anna.asks("thanks everyone, good night!") == []
    (told,) = await anna.asks("does the clinic have wifi in the rooms?")
    assert "#1" in told.text()


async def test_the_buttons_of_an_earlier_message_still_work_as_text(world: World) -> None:
    anna = world.asker("anna")
    await anna.asks("how much does hsct cost in mexico?")
    await anna.commands("person", "does the clinic have wifi")
    (full,) = await anna.asks("more")
    assert world.app.live.knowledge.entries["cost-mexico"].full in [block.text for block in full.body]


async def test_a_buttons_words_with_no_such_button_never_open_an_escalation(world: World) -> None:
    (told,) = await world.asker("anna").asks("Not what I meant")
    assert "type your question" in told.text()
