"""A question counts as answered only while words of a volunteer are there that its asker has got."""

from __future__ import annotations

from tests.world import DESPAIR, Person, World

STRANGE = "does the hospital in Puebla have wifi in the rooms"


async def claimed(world: World) -> tuple[Person, Person, Person]:
    anna, ben, lea = world.asker("anna"), world.volunteer("ben"), world.lead("lea")
    await lea.commands_desk("desk")
    await anna.commands("person", STRANGE, private=True)
    await ben.at_desk(1, press="Claim")
    return anna, ben, lea


async def refuses(world: World, person: Person, words: str) -> None:
    """The platform refuses this one reply for good."""
    world.telegram.goes_down("the asker has blocked the bot", permanent=True)
    await person.at_desk(1, words)
    world.telegram.comes_back()


async def test_a_reply_that_was_refused_is_no_answer(world: World) -> None:
    anna, ben, _ = await claimed(world)
    await refuses(world, ben, "Yes, it has.")
    await world.learn_people()
    failed = next(message for message in world.on_desk(1) if "Not delivered" in message.text())
    assert failed.pages == (world.people[ben.id],)
    await ben.at_desk(1, press="Close")
    assert "has had no answer yet" in ben.got_at_desk(1)
    before = len(anna.got())
    await world.time_passes(hours=4)
    assert "is still open" in anna.got()[before].text()
    await world.time_passes(hours=19)
    await world.time_passes(hours=1)
    assert "waiting" in world.card(1).text(), "the claim ends as if nothing had been written"


async def test_sent_again_it_is_an_answer(world: World) -> None:
    anna, ben, _ = await claimed(world)
    await refuses(world, ben, "Yes, it has.")
    failed = next(message for message in world.on_desk(1) if "Not delivered" in message.text())
    await ben.at_desk(1, button=failed.buttons[0])
    assert "Yes, it has." in anna.got()[-1].text()
    await ben.at_desk(1, press="Close")
    assert "closed" in world.card(1).text()


async def test_a_reply_that_arrived_after_the_refused_one_stays_an_answer(world: World) -> None:
    anna, ben, _ = await claimed(world)
    world.telegram.goes_down("connection lost")
    await ben.at_desk(1, "Yes, it has.")
    await ben.at_desk(1, "I was there in 2024.")
    refused = world.telegram.send
    world.telegram.comes_back()

    async def refuses_the_first(delivery):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        world.telegram.goes_down("too long", permanent=True) if "Yes, it has." in delivery.message.text() else None
        try:
            return await refused(delivery)
        finally:
            world.telegram.comes_back()

    world.telegram.send = refuses_the_first  # type: ignore[method-assign]
    await world.time_passes(minutes=10)
    assert "I was there in 2024." in anna.got()[-1].text()
    await ben.at_desk(1, press="Close")
    assert "closed" in world.card(1).text()


async def test_what_was_closed_before_its_only_reply_failed_is_open_again(world: World) -> None:
    _, ben, _ = await claimed(world)
    world.telegram.goes_down("connection lost")
    await ben.at_desk(1, "Yes, it has.")
    await ben.at_desk(1, press="Close")
    assert "closed" in world.card(1).text()
    world.telegram.goes_down("the asker has blocked the bot", permanent=True)
    await world.time_passes(minutes=10)
    assert any("Not delivered" in message.text() for message in world.on_desk(1))
    assert "with Ben" in world.card(1).text(), "nothing is closed unanswered"
    await ben.at_desk(1, press="Close")
    assert "has had no answer yet" in ben.got_at_desk(1)


async def test_a_reply_that_has_not_left_yet_follows_its_asker_into_private(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.commands("person", STRANGE)
    await ben.at_desk(1, press="Claim")
    world.telegram.goes_down("connection lost")
    await ben.at_desk(1, "Yes, it has.")
    await anna.presses("Reply in private")
    world.telegram.comes_back()
    await world.time_passes(minutes=10)
    reply = next(message for message in anna.got() if "Yes, it has." in message.text())
    assert reply.to == anna.dm


async def test_what_did_not_help_is_not_closed_without_another_word(world: World) -> None:
    anna, ben, _ = await claimed(world)
    await ben.at_desk(1, "Yes, it has.")
    await ben.at_desk(1, press="Close")
    await anna.presses("This did not help")
    await ben.at_desk(1, press="Close")
    assert "with Ben" in world.card(1).text()
    assert "waits for words of yours" in ben.got_at_desk(1)
    await ben.at_desk(1, "It is free, and reaches the rooms on the second floor.")
    await ben.at_desk(1, press="Close")
    assert "closed" in world.card(1).text()


async def test_a_lead_may_close_it_all_the_same(world: World) -> None:
    anna, ben, lea = await claimed(world)
    await ben.at_desk(1, "Yes, it has.")
    await ben.at_desk(1, press="Close")
    await anna.presses("This did not help")
    await lea.at_desk(1, press="Close")
    assert "closed" in world.card(1).text()


async def test_nobody_answers_their_own_question_and_the_desk_does_not_learn_whose_it_is(world: World) -> None:
    vera, lea = world.volunteer("vera", "telegram"), world.lead("lea", "telegram")
    await vera.commands("person", STRANGE, private=True)
    await vera.at_desk(1, press="Claim")
    assert "waiting" in world.card(1, "telegram").text()
    assert "You asked #1 yourself" in vera.got()[-1].text()
    assert vera.got()[-1].to == vera.dm
    assert "yourself" not in vera.got_at_desk(1)
    await lea.at_desk(1, command="reassign", argument="@vera")
    assert "Vera cannot take this one" in lea.got_at_desk(1)
    await vera.at_desk(1, command="reply", argument="my own answer")
    assert "my own answer" not in "".join(message.text() for message in vera.got())


async def test_who_cannot_be_written_to_in_private_is_named_at_the_desk(world: World) -> None:
    anna, ben, lea = world.asker("anna"), world.volunteer("ben", "telegram"), world.lead("lea")
    await lea.commands_desk("desk")
    await anna.asks(DESPAIR, private=True)
    await ben.at_desk(1, press="Claim")
    world.discord.goes_down("they take no messages", permanent=True)
    await ben.at_desk(1, command="check", argument="You are not alone.")
    told = [message.text() for message in world.on_desk(1, "telegram")]
    assert "Lea could not be written to in private: they take no messages" in told
    assert not any("Not delivered" in text for text in told)
