"""Buttons, menus and forms, used on a virtual Discord in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from simcord.results import InteractionResult, ResponseMessage

from bot.domain.messages import Button, ButtonPressed, CommandGiven
from tests.adapters.discord.simulated import Simulated, simulated


@pytest.fixture
async def place() -> AsyncIterator[Simulated]:
    async with simulated() as made:
        yield made


def message(result: InteractionResult) -> ResponseMessage:
    """Give the answer to an interaction."""
    assert result.response
    return result.response


async def test_a_press_carries_action_and_subject(place: Simulated) -> None:
    place.core.answers("Here.", Button("More", "more", "cost-mexico:3"))
    shown = await place.anna.slash(place.lounge, "help")
    pressed = await place.anna.click(message(shown), label="More")
    event = place.core.events[-1]
    assert isinstance(event, ButtonPressed)
    assert (event.action, event.subject) == ("more", "cost-mexico:3")
    assert pressed.followups[0].ephemeral


async def test_of_many_buttons_one_is_chosen_from_a_menu(place: Simulated) -> None:
    place.core.answers("Choose.", *(Button(f"Entry {number}", "show", f"entry-{number}") for number in range(9)))
    shown = await place.anna.slash(place.lounge, "faq")
    await place.anna.select(message(shown), ["v1:show:entry-7"])
    event = place.core.events[-1]
    assert isinstance(event, ButtonPressed)
    assert (event.action, event.subject) == ("show", "entry-7")


@pytest.mark.parametrize(
    ("action", "command", "words", "argument"),
    [
        ("reply", "reply", "It is open.", "12 It is open."),
        ("note", "note", "She is tired.", "12 She is tired."),
        ("hand_back", "handback", "", "12 -"),
        ("send_entry", "canned", "cost mexico", "12 cost mexico"),
    ],
)
async def test_a_volunteers_button_opens_a_form_that_means_a_command(
    place: Simulated, action: str, command: str, words: str, argument: str
) -> None:
    place.core.answers("Card.", Button("Press", action, "12"))
    shown = await place.kim.slash(place.lounge, "desk")
    form = await place.kim.click(message(shown), label="Press")
    await place.kim.submit_modal(form, {"words": words} if words else {})
    event = place.core.events[-1]
    assert isinstance(event, CommandGiven)
    assert (event.name, event.argument, event.hidden) == (command, argument, True)


async def test_a_stranger_gets_no_form_but_the_cores_refusal(place: Simulated) -> None:
    place.core.answers("Card.", Button("Reply", "reply", "12"))
    shown = await place.anna.slash(place.lounge, "help")
    place.core.answers("Only volunteers can do that.")
    pressed = await place.anna.click(message(shown), label="Reply")
    assert pressed.modal is None
    assert pressed.followups[0].content.startswith("Only volunteers")


async def test_person_without_words_asks_for_them_in_a_form(place: Simulated) -> None:
    form = await place.anna.slash(place.lounge, "person")
    assert form.modal
    assert not place.core.events
    await place.anna.submit_modal(form, {"words": "Who has been to Riga?"})
    assert isinstance(place.given, CommandGiven)
    assert (place.given.name, place.given.argument) == ("person", "Who has been to Riga?")


async def test_buttons_work_on_in_the_next_process(place: Simulated) -> None:
    place.core.answers("Here.", Button("More", "more", "cost-mexico:3"))
    shown = await place.anna.slash(place.lounge, "help")
    await place.env.restart_bot(place.core.adapter.client_for(place.core.accept))
    await place.anna.click(message(shown), label="More")
    assert isinstance(place.core.events[-1], ButtonPressed)
