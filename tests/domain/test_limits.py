"""Every input has a bound, and whatever characters it holds, it is handled and kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain import limits
from bot.domain.limits import bounded, clean
from bot.domain.messages import Attachment, ButtonPressed, CommandGiven, Event, FileKind, MessageReceived, Place
from bot.domain.people import Role
from tests.world import Person, World

LONG = "x" * 1_000_000
HARD = ["\x00", "half \ud800 a character", "\udfff\udbff", "a\x00b\ud83d", "\u202e\u0000\u2066", "😀" * 200_000]
anything = st.text(max_size=300)  # surrogates and NUL among it
in_one_world = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def somebody(world: World, role: Role) -> Person:
    return Person(world, f"anna-{role}", "telegram", role)


def press(
    world: World, action: str, subject: str, place: Place = Place.PRIVATE, role: Role = Role.ASKER
) -> ButtonPressed:
    anna = somebody(world, role)
    return ButtonPressed(
        event_id=world.next_id(), at=world.clock(), sender=anna._sender(), address=anna.dm, place=place,
        action=action, subject=subject,
    )  # fmt: skip


def command(world: World, name: str, argument: str, role: Role = Role.ASKER) -> CommandGiven:
    anna = somebody(world, role)
    return CommandGiven(
        event_id=world.next_id(), at=world.clock(), sender=anna._sender(), address=anna.dm, place=Place.PRIVATE,
        name=name, argument=argument,
    )  # fmt: skip


async def test_what_is_longer_is_cut(world: World) -> None:
    message = world.asker("anna").message(LONG)
    file = Attachment("telegram", LONG, FileKind.PHOTO, LONG)
    cut = bounded(replace(message, attachments=(file,) * 50, sender=replace(message.sender, name=LONG)))
    assert isinstance(cut, MessageReceived)
    assert (len(cut.text), len(cut.attachments)) == (limits.TEXT, limits.FILES)
    assert len(cut.attachments[0].name) == len(cut.sender.name) == limits.NAME
    pressed, given_one = bounded(press(world, LONG, LONG)), bounded(command(world, LONG, LONG))
    assert isinstance(pressed, ButtonPressed)
    assert isinstance(given_one, CommandGiven)
    assert (len(pressed.action), len(pressed.subject)) == (limits.ACTION, limits.SUBJECT)
    assert (len(given_one.name), len(given_one.argument)) == (limits.NAME, limits.ARGUMENT)


@given(anything, st.integers(1, 50))
def test_a_clean_text_can_be_stored_anywhere(text: str, most: int) -> None:
    cleaned = clean(text, most)
    assert len(cleaned) <= most
    assert "\x00" not in cleaned
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert clean(cleaned, most) == cleaned


@pytest.mark.parametrize("text", HARD)
async def test_a_message_is_handled_whatever_characters_it_holds(world: World, text: str) -> None:
    anna = world.asker("anna")
    message = anna.message(f"does the basin take {text} caps?", private=True)
    await world.happens(replace(message, sender=replace(message.sender, name=text)))
    assert anna.got()
    async with world.app.store.transaction() as tx:
        person = await tx.people.find(anna.id)
        assert person is not None
        assert await tx.conversations.recent_turns(person.number, 1)


ours = st.sampled_from(
    "more show person not_this cancel in_private claim reply close resend note to_volunteer share lift copy about_me "
    "stage faq fill helped choose pick none".split()
)
subjects = (
    anything | st.integers().map(str) | st.tuples(st.integers(), st.integers()).map(lambda two: f"{two[0]}:{two[1]}")
)


@in_one_world
@given(action=ours | anything, subject=subjects, place=st.sampled_from(list(Place)), role=st.sampled_from(list(Role)))
async def test_a_press_with_anything_in_it_is_answered(
    world: World, action: str, subject: str, place: Place, role: Role
) -> None:
    await no_failure(world, press(world, action, subject, place, role))


names = st.sampled_from(
    "ask faq stages person mine help start privacy mydata forgetme country language desk claim handback close pass "
    "note reply canned reopen duty mute block unblock audit".split()
)


@in_one_world
@given(name=names | anything, argument=subjects, role=st.sampled_from(list(Role)))
async def test_a_command_with_anything_in_it_is_answered(world: World, name: str, argument: str, role: Role) -> None:
    await no_failure(world, command(world, name, argument, role))


async def no_failure(world: World, event: Event) -> None:
    """The event is handled at the first try: nothing in it makes a handler fail."""
    failed: list[Event] = []

    async def last_resort(_tx: object, event: Event, *_: object) -> None:
        failed.append(event)
        raise AssertionError("a handler failed")

    world.app.intake._routing.last_resort = last_resort  # type: ignore[method-assign, assignment]
    await world.app.intake.accept(event)
    assert not failed
