"""The asker's side: where a question stands, adding to it, its name and place, thanks, ratings, and coming back."""

from __future__ import annotations

import pytest

from tests.world import Person, World

STRANGE = "does the hospital in Puebla have wifi in the rooms"


async def answered(world: World, *, private: bool = False) -> tuple[Person, Person]:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.commands("person", STRANGE, private=private)
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, "Yes, it has.")
    return anna, ben


async def closed(world: World, *, private: bool = False) -> tuple[Person, Person]:
    anna, ben = await answered(world, private=private)
    await ben.at_desk(1, press="Close")
    return anna, ben


def on_desk(world: World) -> str:
    return world.on_desk(1, "telegram")[-1].text()


async def test_mine_says_where_it_stands_who_has_it_and_where_the_answer_comes(world: World) -> None:
    anna, _ = await answered(world)
    world.clock.pass_(hours=3)
    (told,) = await anna.commands("mine", private=True)
    assert "#1: with Ben. does the hospital" in told.text()
    assert "Asked 3 hours ago. The answer will come where you asked." in told.text()
    assert [button.label for button in told.buttons] == ["Add to #1", "Cancel #1"]


async def test_something_is_added_by_button_or_by_reply(world: World) -> None:
    anna, _ = await answered(world)
    await anna.commands("mine", private=True)
    await anna.presses("Add to #1")
    await anna.asks("how fast is it?", private=True)
    assert "how fast is it?" in on_desk(world)
    last = [
        one.number for one in world.telegram.sent if not one.message.on_desk and "Yes, it has." in one.message.text()
    ]
    await anna.asks("and does it cost anything?", reply_to=world.telegram.ids[last[-1]])
    assert "and does it cost anything?" in on_desk(world)


async def test_cancelled_from_mine(world: World) -> None:
    anna, _ = await answered(world)
    await anna.commands("mine", private=True)
    await anna.presses("Cancel #1")
    assert "#1 is cancelled" in anna.got()[-1].text()


async def test_volunteers_see_a_made_up_name_until_the_asker_shows_theirs(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.commands("person", STRANGE)
    assert "Anna" not in world.card(1).text()
    await anna.presses("Show my name")
    assert "Anna asks (" in world.card(1).text()
    assert "now see your name: Anna" in anna.got()[-1].text()
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, "Hello Anna.")
    assert any("Delivered to Anna." in message.text() for message in world.on_desk(1))


async def test_nobody_shows_somebody_elses_name(world: World) -> None:
    anna, eve = world.asker("anna"), world.asker("eve")
    (opened,) = await anna.commands("person", STRANGE)
    await eve.presses("Show my name", opened)
    assert "Anna" not in world.card(1).text()


async def test_the_answer_moves_to_private_and_back_to_the_group(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.commands("person", STRANGE)
    await anna.presses("Reply in private")
    await ben.at_desk(1, press="Claim")
    assert anna.got()[-1].to == anna.dm
    await anna.presses("Reply in the group")
    await ben.at_desk(1, "Yes, it has.")
    assert anna.got()[-1].to == anna.group


async def test_what_was_asked_in_private_is_never_moved_to_a_group(world: World) -> None:
    anna = world.asker("anna")
    (opened,) = await anna.commands("person", STRANGE, private=True)
    labels = {button.label for button in opened.buttons}
    assert labels == {"Cancel", "Show my name"}


async def test_a_line_after_a_rating_is_passed_on_and_opens_nothing(world: World) -> None:
    anna, _ = await closed(world)
    await anna.presses("This helped")
    assert any("says that it helped. Thank you, Ben." in one.text() for one in world.on_desk(1, "telegram"))
    await anna.asks("that took a load off my mind, you are kind")
    assert "you are kind" in on_desk(world)
    assert "needs no answer" in on_desk(world)
    assert world.card(1).buttons[0].label == "Reopen"


async def test_a_line_after_this_did_not_help_says_what_is_missing(world: World) -> None:
    anna, _ = await closed(world)
    await anna.presses("This did not help")
    await anna.asks("i meant the new building")
    assert "i meant the new building" in on_desk(world)


async def test_a_question_after_a_rating_is_a_question(world: World) -> None:
    anna, _ = await closed(world)
    await anna.presses("This helped")
    (answer,) = await anna.asks("how much does hsct cost in mexico?")
    assert world.app.live.knowledge.entries["cost-mexico"].short in answer.text()


@pytest.mark.parametrize("private", [True, False])
async def test_thanks_after_the_end_are_passed_on_and_open_nothing(world: World, private: bool) -> None:
    anna, _ = await closed(world, private=private)
    last = [one.number for one in world.telegram.sent if not one.message.on_desk][-1]
    reply_to = None if private else world.telegram.ids[last]
    (told,) = await anna.asks("thank you so much!", private=private, reply_to=reply_to)
    assert "I have passed it on" in told.text()
    assert "thank you so much!" in on_desk(world)
    assert world.card(1).buttons[0].label == "Reopen"


async def test_writing_again_in_private_within_14_days_opens_it_again(world: World) -> None:
    anna, _ = await closed(world, private=True)
    world.clock.pass_(days=13)
    await anna.asks("the office told me today that they have moved to another building.", private=True)
    assert "moved to another building" in on_desk(world)
    assert world.card(1).buttons[0].label == "Reply"


async def test_after_14_days_it_stays_closed(world: World) -> None:
    anna, _ = await closed(world, private=True)
    world.clock.pass_(days=15)
    await anna.asks("the office told me today that they have moved to another building.", private=True)
    assert "moved to another building" not in on_desk(world)


async def test_a_new_question_in_private_leaves_the_closed_one_closed(world: World) -> None:
    anna, _ = await closed(world, private=True)
    (answer,) = await anna.asks("how much does hsct cost in mexico?", private=True)
    assert world.app.live.knowledge.entries["cost-mexico"].short in answer.text()
    assert world.card(1).buttons[0].label == "Reopen"


# After care


async def hard_ones(world: World, ben: Person, first: int, count: int) -> None:
    for number in range(first, first + count):
        await world.asker(f"asker{number}").asks("I want to end my life tonight")
        await ben.at_desk(number, press="Claim")
        await ben.at_desk(number, "I am here.")
        world.clock.pass_(minutes=5)


def cared_for(ben: Person) -> int:
    return sum("several hard questions in a row" in message.text() for message in ben.got() if message.to == ben.dm)


async def test_after_three_hard_ones_in_a_row_a_gentle_word_at_most_once_a_week(world: World) -> None:
    ben = world.volunteer("ben")
    await hard_ones(world, ben, 1, 2)
    await world.time_passes(minutes=1)
    assert cared_for(ben) == 0
    await hard_ones(world, ben, 3, 1)
    await world.time_passes(minutes=1)
    await world.time_passes(minutes=1)
    assert cared_for(ben) == 1
    world.clock.pass_(days=6)
    await hard_ones(world, ben, 4, 1)
    await world.time_passes(minutes=1)
    assert cared_for(ben) == 1
    world.clock.pass_(days=1)
    await hard_ones(world, ben, 5, 1)
    await world.time_passes(minutes=1)
    assert cared_for(ben) == 2


async def test_an_easy_one_in_between_breaks_the_row(world: World) -> None:
    ben = world.volunteer("ben")
    await hard_ones(world, ben, 1, 2)
    await world.asker("dora").commands("person", STRANGE)
    await ben.at_desk(3, press="Claim")
    await ben.at_desk(3, "Yes.")
    world.clock.pass_(minutes=5)
    await hard_ones(world, ben, 4, 1)
    await world.time_passes(minutes=1)
    assert cared_for(ben) == 0
