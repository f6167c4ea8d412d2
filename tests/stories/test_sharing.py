"""What only its asker saw becomes public by their own press, and by nothing else."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.messages import Button, OutgoingMessage, Place
from tests.world import Person, World


async def asks_unseen(person: Person, text: str) -> list[OutgoingMessage]:
    """Ask so that the group sees neither question nor answer, as a slash command does."""
    before = len(person.got())
    hidden = replace(person.message(text, private=True), room=person.group, place=Place.PRIVATE)
    await person.world.happens(hidden)
    return person.got()[before:]


async def in_group(world: World) -> list[str]:
    return [one.message.text() for one in world.telegram.sent if one.message.to.chat == "group"]


def share_of(world: World, message: OutgoingMessage) -> Button:
    """The button as an adapter makes it."""
    number = next(one.number for one in world.telegram.sent if one.message is message)
    return Button("Share with the group", "share", str(number))


async def presses(person: Person, message: OutgoingMessage, button: Button) -> None:
    await person.presses(button.label, replace(message, buttons=(button,)))


async def test_an_answer_that_only_the_asker_saw_is_shared_once_by_their_press(world: World) -> None:
    anna = world.asker("anna")
    (answer,) = await asks_unseen(anna, "What is HSCT?")
    assert answer.shareable
    assert await in_group(world) == []
    share = share_of(world, answer)
    await presses(anna, answer, share)
    await presses(anna, answer, share)
    shared = [one for one in world.telegram.sent if one.message.to == anna.group]
    assert "shares the answer" in shared[0].message.text()
    assert shared[0].message.person is None
    assert {button.action for button in shared[0].message.buttons} <= {"more", "show"}
    assert shared[1].replaces == world.telegram.ids[shared[0].number], "the second press posts nothing new"


async def test_typing_the_words_shares_as_well(world: World) -> None:
    anna = world.asker("anna")
    await asks_unseen(anna, "What is HSCT?")
    await asks_unseen(anna, "share with the group")
    assert len(await in_group(world)) == 1


async def test_nobody_else_can_share_what_somebody_was_told(world: World) -> None:
    anna, carl = world.asker("anna"), world.asker("carl")
    (answer,) = await asks_unseen(anna, "What is HSCT?")
    await carl.commands("help", private=True)
    await presses(carl, replace(answer, to=carl.dm), share_of(world, answer))
    assert await in_group(world) == []


async def test_what_was_asked_in_private_has_no_group_to_be_shared_with(world: World) -> None:
    anna = world.asker("anna")
    (answer,) = await anna.asks("What is HSCT?", private=True)
    await presses(anna, answer, share_of(world, answer))
    assert await in_group(world) == []
    assert "no group" in anna.got()[-1].text()


async def test_what_volunteers_say_is_not_shareable(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    told = await asks_unseen(anna, "Does the hospital shop sell gluten free bread?")
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, "Ask the shuttle.")
    assert "Ask the shuttle." in anna.got()[-1].text()
    assert not any(one.shareable for one in [*told, *anna.got()])
    await presses(anna, anna.got()[-1], share_of(world, anna.got()[-1]))
    assert await in_group(world) == []


async def test_a_copy_is_given_in_private_and_to_its_owner_alone(world: World) -> None:
    anna, carl = world.asker("anna"), world.asker("carl")
    (answer,) = await asks_unseen(anna, "What is HSCT?")
    copy = replace(share_of(world, answer), label="Copy", action="copy")
    await presses(anna, answer, copy)
    assert anna.got()[-1].body == answer.body
    await presses(carl, replace(answer, to=carl.dm), copy)
    assert carl.got()[-1].body != answer.body


async def test_answers_in_a_group_are_marked_for_the_askers_eyes_and_cries_for_help_are_not(world: World) -> None:
    anna = world.asker("anna")
    (answer,) = await anna.asks("What is HSCT?")
    assert (answer.discreet, answer.shareable) == (True, True)
    for text in ("I want to kill myself", "I want to kill myself"):
        assert not any(one.discreet for one in await anna.asks(text))


async def test_the_next_stage_takes_the_place_of_the_one_shown(world: World) -> None:
    anna, carl = world.asker("anna"), world.asker("carl")
    (stage,) = await anna.commands("stages", "2")
    assert stage.in_place_of is None
    first = world.telegram.ids[world.telegram.sent[-1].number]
    step = next(button for button in stage.buttons if button.label == "Next")
    for person, place in ((anna, first), (carl, None)):
        event = person.button_pressed(step, stage, message_id=first)
        await world.happens(event)
        assert world.telegram.sent[-1].message.in_place_of == place
