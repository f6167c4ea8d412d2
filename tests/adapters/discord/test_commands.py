"""Commands and context menus, given on a virtual Discord in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.adapters.discord.commands import ASKERS, VOLUNTEERS, Slash
from bot.domain.messages import ButtonPressed, CommandGiven
from bot.domain.people import Role
from tests.adapters.discord.simulated import Simulated, simulated

WITH_A_FORM = "person"  # without words it opens one


@pytest.fixture
async def place() -> AsyncIterator[Simulated]:
    async with simulated() as made:
        yield made


def options(slash: Slash, *, all_of_them: bool) -> dict[str, str | int]:
    """What somebody fills in."""
    given: dict[str, str | int] = {}
    if slash.option and (slash.required or all_of_them):
        given[slash.option] = "some words"
    if slash.numbered and all_of_them:
        given["number"] = 12
    return given


@pytest.mark.parametrize("slash", ASKERS, ids=lambda slash: slash.name)
async def test_askers_commands_reach_the_core_and_are_answered_for_them_alone(place: Simulated, slash: Slash) -> None:
    answered = await place.anna.slash(place.lounge, slash.name, **options(slash, all_of_them=True))
    assert isinstance(place.given, CommandGiven)
    assert (place.given.name, place.given.argument) == (slash.name, "some words" if slash.option else "")
    assert place.given.sender.role is Role.ASKER
    assert answered.acknowledged
    assert answered.response
    assert answered.response.ephemeral
    assert "Done by the core." in answered.response.content


@pytest.mark.parametrize("slash", VOLUNTEERS, ids=lambda slash: slash.name)
async def test_volunteers_commands_reach_the_core_with_number_and_words(place: Simulated, slash: Slash) -> None:
    await place.kim.slash(place.lounge, slash.name, **options(slash, all_of_them=True))
    assert isinstance(place.given, CommandGiven)
    expected = [*(["12"] if slash.numbered else []), *(["some words"] if slash.option else [])]
    assert (place.given.name, place.given.argument) == (slash.name, " ".join(expected))
    assert place.given.sender.role is Role.VOLUNTEER


@pytest.mark.parametrize("slash", [one for one in (*ASKERS, *VOLUNTEERS) if not one.required], ids=lambda one: one.name)
async def test_what_is_optional_may_be_left_out(place: Simulated, slash: Slash) -> None:
    given = await place.kim.slash(place.lounge, slash.name)
    if slash.name == WITH_A_FORM:
        assert given.modal
        return
    assert isinstance(place.given, CommandGiven)
    assert (place.given.name, place.given.argument) == (slash.name, "")


async def test_the_volunteers_commands_are_shown_to_volunteers_only(place: Simulated) -> None:
    for_all = {slash.name for slash in ASKERS}
    assert for_all <= set(place.anna.available_commands(place.lounge))
    assert not {slash.name for slash in VOLUNTEERS} & set(place.anna.available_commands(place.lounge))
    assert {slash.name for slash in (*ASKERS, *VOLUNTEERS)} <= set(place.kim.available_commands(place.lounge))


async def test_what_is_typed_is_completed_and_what_was_chosen_is_shown(place: Simulated) -> None:
    choices = await place.anna.autocomplete(place.lounge, "ask", "question", "mexico")
    assert [one["name"] for one in choices] == ["How much is it in Mexico?", "And in Russia?"]
    await place.anna.slash(place.lounge, "ask", question=choices[0]["value"])
    assert isinstance(place.given, ButtonPressed)
    assert (place.given.action, place.given.subject) == ("show", "cost-mexico")


async def test_stages_are_completed_by_their_names(place: Simulated) -> None:
    choices = await place.anna.autocomplete(place.lounge, "stages", "stage", "engr")
    assert [one["value"] for one in choices] == ["engraftment"]


@pytest.mark.parametrize(("menu", "name"), [("Find an answer", "ask"), ("Ask the volunteers", "person")])
async def test_a_context_menu_hands_in_the_words_of_the_message(place: Simulated, menu: str, name: str) -> None:
    message = await place.kim.send(place.lounge, "how much is it in mexico?")
    await place.anna.context_menu(place.lounge, menu, message)
    assert isinstance(place.given, CommandGiven)
    assert (place.given.name, place.given.argument) == (name, "how much is it in mexico?")
    assert place.given.sender.id.user == str(place.anna.id)


async def test_a_number_at_the_start_of_the_words_is_not_taken_for_an_escalations(place: Simulated) -> None:
    await place.kim.slash(place.lounge, "handback", text="3 others know more")
    assert isinstance(place.given, CommandGiven)
    assert place.given.argument == "- 3 others know more"
