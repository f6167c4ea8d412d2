"""Askers who are paused by leads, askers who ask too much at once, and the log of who did what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.moderation.gate import Limits
from bot.moderation.orders import Order, Whom, order_in, whom_in
from bot.storage.tables import audit, keys, restrictions
from tests.stories.test_privacy import everything
from tests.world import Person, World

QUESTION = "how much does hsct cost in mexico?"
DANGER = "I want to end my life tonight"


async def muted(world: World, anna: Person, words: str = "1 1d insults volunteers", command: str = "mute") -> Person:
    lou = world.lead("lou")
    await anna.commands("person", "does the clinic have wifi")
    await lou.commands_desk(command, words)
    return lou


async def test_a_muted_asker_gets_one_kind_message_in_private_and_then_nothing(world: World) -> None:
    anna = world.asker("anna")
    await muted(world, anna)
    (told,) = await anna.asks(QUESTION)
    assert told.to == anna.dm
    assert "until 24 Nov 2026, 12:00 UTC" in told.text()
    assert "insults" not in told.text()
    assert await anna.asks(QUESTION) == []
    assert await anna.commands("person", "are you there") == []
    async with world.app.store.transaction() as tx:
        assert len(await tx.escalations.open_ones()) == 1


async def test_what_a_muted_asker_writes_is_neither_passed_on_nor_kept(world: World) -> None:
    anna = world.asker("anna")
    await muted(world, anna)
    await anna.asks("zebedee is an idiot", private=True)
    assert "zebedee" not in await everything(world)


async def test_the_mute_ends_by_itself(world: World) -> None:
    anna = world.asker("anna")
    await muted(world, anna)
    world.clock.pass_(days=1)
    (answer,) = await anna.asks(QUESTION)
    assert world.app.live.knowledge.entries["cost-mexico"].short in answer.text()


@pytest.mark.parametrize("command", ["mute", "block"])
async def test_a_call_for_help_is_answered_and_told_to_volunteers_all_the_same(world: World, command: str) -> None:
    anna = world.asker("anna")
    await muted(world, anna, command=command)
    (help_,) = await anna.asks(DANGER)
    assert "Volunteers have been told (#2)" in help_.text()
    assert world.card(2).page
    (again,) = await anna.commands("ask", DANGER, private=True)
    assert "until" not in again.text()


async def test_a_muted_asker_still_sees_and_deletes_their_data(world: World) -> None:
    anna = world.asker("anna")
    await muted(world, anna)
    assert "All that I keep about you" in (await anna.commands("mydata", private=True))[0].text()
    await anna.commands("forgetme", private=True)
    await anna.presses("Delete everything about me")
    assert "Done." in world.telegram.sent[-2].message.text()


async def test_forgetme_ends_a_mute_and_leaves_no_word_of_it(world: World) -> None:
    anna = world.asker("anna")
    await muted(world, anna)
    await anna.commands("forgetme", private=True)
    await anna.presses("Delete everything about me")
    assert "insults" not in await everything(world)
    assert len(await anna.asks(QUESTION)) == 1


async def test_a_block_outlives_forgetme_as_a_hash_without_words(world: World) -> None:
    anna = world.asker("anna")
    lou = await muted(world, anna, "1 30d threatens volunteers", "block")
    await anna.commands("forgetme", private=True)
    await anna.presses("Delete everything about me")
    rest = await everything(world)
    assert "threatens" not in rest
    assert "anna" not in rest.lower()
    (told,) = await anna.asks(QUESTION)
    assert "do not answer or pass on your messages" in told.text()
    world.clock.pass_(days=30)
    assert len(await anna.asks(QUESTION)) == 1
    assert "Nobody is muted or blocked" in (await lou.commands_desk("unblock"))[0].text()


async def test_another_installation_cannot_tell_who_was_blocked(world: World) -> None:
    await muted(world, world.asker("anna"), "1 30d threatens volunteers", "block")
    async with world.app.store.transaction() as tx:
        (key,) = (await tx.connection.execute(select(keys.c.value))).scalars()
        (hash_,) = (await tx.connection.execute(select(restrictions.c.hash))).scalars()
    assert len(key) == 64
    assert len(hash_) == 64
    assert "telegram" not in hash_


async def test_a_block_that_lost_its_name_is_ended_from_the_list(world: World) -> None:
    anna = world.asker("anna")
    lou = await muted(world, anna, "1 30d threatens volunteers", "block")
    await anna.commands("forgetme", private=True)
    await anna.presses("Delete everything about me")
    await lou.commands("unblock", private=True)
    (ended,) = await lou.presses("End the block of a deleted account (1)")
    assert "is answered again" in ended.text()
    assert len(await anna.asks(QUESTION)) == 1


async def test_an_asker_is_named_by_number_by_pseudonym_or_by_the_thread(world: World) -> None:
    anna, lou = world.asker("anna"), world.lead("lou")
    await anna.commands("person", "does the clinic have wifi")
    async with world.app.store.transaction() as tx:
        known = await tx.people.find(anna.id)
    assert known
    for argument in ("#1 1h rude", f"{known.pseudonym} 1h rude"):
        (done, *_) = await lou.commands_desk("mute", argument)
        assert f"{known.pseudonym} is muted until" in done.text()
        (ended,) = await lou.commands_desk("unblock", argument.rsplit(" ", 2)[0])
        assert "is answered again" in ended.text()
    await lou.at_desk(1, command="mute", argument="2h rude")
    assert "has set a mute on this asker" in world.on_desk(1, "telegram")[-1].text()
    assert "rude" in world.on_desk(1, "telegram")[-1].text()


@pytest.mark.parametrize("argument", ["", "1", "1 1d", "1 rude", "1 0d rude", "1 900d rude"])
async def test_a_mute_needs_a_time_and_a_reason(world: World, argument: str) -> None:
    await world.asker("anna").commands("person", "does the clinic have wifi")
    (told,) = await world.lead("lou").commands_desk("mute", argument)
    assert "for example: /mute 12 1d" in told.text()


async def test_nobody_is_muted_by_a_wrong_number(world: World) -> None:
    (told,) = await world.lead("lou").commands_desk("mute", "7 1d rude")
    assert "I do not know whom you mean" in told.text()


@pytest.mark.parametrize("name", ["mute", "block", "unblock", "audit"])
async def test_volunteers_who_are_no_leads_are_refused(world: World, name: str) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.commands("person", "does the clinic have wifi")
    (told,) = await ben.commands_desk(name, "1 1d rude")
    assert "Only leads can do that" in told.text()
    assert len(await anna.asks(QUESTION)) == 1


def test_orders_are_read() -> None:
    assert order_in("12 1d rude  words") == Order(Whom(12), timedelta(days=1), "rude  words")
    assert order_in("- 3 days 12 people complained") == Order(Whom(), timedelta(days=3), "12 people complained")
    assert order_in("Blue Poppy 41 2 weeks spam") == Order(Whom(None, "Blue Poppy 41"), timedelta(weeks=2), "spam")
    assert order_in("30m slow down") == Order(Whom(), timedelta(minutes=30), "slow down")
    assert whom_in(" #12 ") == Whom(12)
    assert whom_in("") is None


# Too much at once


async def test_too_many_questions_are_paused_with_one_message_and_go_on_later(world: World) -> None:
    world.app.intake._routing._gate._limits = Limits(2, 100, timedelta(minutes=10))
    anna = world.asker("anna")
    for _ in range(2):
        assert "Mexico" in (await anna.asks(QUESTION))[0].text()
    (pause,) = await anna.asks(QUESTION)
    assert "Please ask again in 10 minutes" in pause.text()
    assert await anna.asks(QUESTION) == []
    assert await anna.commands("faq") == []
    world.clock.pass_(minutes=10)
    assert "Mexico" in (await anna.asks(QUESTION))[0].text()


@pytest.mark.parametrize("words", [DANGER, "my temperature is 39.5 one week after my transplant", "I cannot bear this pain any more"])  # fmt: skip
async def test_calls_for_help_are_never_paused(world: World, words: str) -> None:
    world.app.intake._routing._gate._limits = Limits(1, 1, timedelta(minutes=10))
    anna = world.asker("anna")
    for _ in range(3):
        await anna.asks(QUESTION)
    assert any("#1" in message.text() for message in await anna.asks(words))


async def test_a_group_is_paused_while_a_private_chat_is_not(world: World) -> None:
    world.app.intake._routing._gate._limits = Limits(100, 2, timedelta(minutes=10))
    for name in ("anna", "dora"):
        await world.asker(name).asks(QUESTION)
    eve = world.asker("eve")
    (pause,) = await eve.asks(QUESTION)
    assert "I take a break in this group for 10 minutes" in pause.text()
    (answer,) = await eve.asks(QUESTION, private=True)
    assert "Mexico" in answer.text()


async def test_words_to_a_volunteer_are_not_counted(world: World) -> None:
    world.app.intake._routing._gate._limits = Limits(1, 100, timedelta(minutes=10))
    anna = world.asker("anna")
    await anna.commands("person", "does the clinic have wifi", private=True)
    for number in range(4):
        await anna.asks(f"i forgot to say that we are {number} people.", private=True)
    assert "we are 3 people" in world.on_desk(1)[-1].text()


# Who did what


async def test_leads_read_who_did_what_and_when(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    lou = await muted(world, anna)
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, press="Note")
    await ben.at_desk(1, "a secret note")
    (log,) = await lou.commands("audit", private=True)
    lines = log.body[1].text.splitlines()
    assert [line.split(" · ")[1:4] for line in lines[:2]] == [["Ben", "note", "#1"], ["Ben", "claim", "#1"]]
    assert lines[2].startswith("23 Nov 12:00 · Lou · mute · #1 · ")
    assert lines[2].endswith(" · insults volunteers")
    assert "secret" not in log.text()
    (one,) = await lou.commands("audit", "1", private=True)
    assert "Lou · mute · #1" in one.text(), "it was given by that number"
    (table,) = await lou.commands("audit", "csv", private=True)
    rows = table.attachments[0].ref.splitlines()
    assert [row.split(",")[1:4] for row in rows[1:3]] == [["Ben", "note", "1"], ["Ben", "claim", "1"]]


async def test_what_was_refused_is_not_said_to_be_done(world: World) -> None:
    await world.asker("anna").commands("person", "does the clinic have wifi")
    ben, cara = world.volunteer("ben"), world.volunteer("cara", "telegram")
    await ben.at_desk(1, press="Claim")
    await cara.at_desk(1, command="close")
    (log,) = await world.lead("lou").commands("audit", "1", private=True)
    assert "Cara" not in log.text()


async def test_the_log_keeps_the_act_without_the_person_who_was_forgotten(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    lou = await muted(world, anna)
    await ben.at_desk(1, press="Claim")
    await ben.commands("forgetme", private=True)
    await ben.presses("Delete everything about me")
    (log,) = await lou.commands("audit", "1", private=True)
    assert "somebody who has been forgotten · claim · #1" in log.text()


async def test_the_log_loses_its_words_after_the_retention_time_and_its_acts_after_a_year(world: World) -> None:
    lou = await muted(world, world.asker("anna"))
    for days, words, acts in ((29, 1, 1), (2, 0, 1), (340, 0, 0)):
        world.clock.pass_(days=days)
        await world.app.privacy.purge(world.app.store, world.clock())
        async with world.app.store.transaction() as tx:
            rows = (await tx.connection.execute(select(audit))).all()
        assert (sum(row.note is not None for row in rows), len(rows)) == (words, acts), days
    assert "Nothing has been done yet" in (await lou.commands_desk("audit"))[0].text()


async def test_at_the_desk_the_log_is_sent_to_the_lead_alone(world: World) -> None:
    lou = await muted(world, world.asker("anna"))
    (told,) = await lou.commands_desk("audit")
    assert "in private" in told.text()
    assert "insults" not in told.text()
    assert "insults volunteers" in lou.got()[-1].text()


async def test_a_reassignment_names_the_volunteer_until_they_are_forgotten(world: World) -> None:
    anna, ben, cara, lou = world.asker("anna"), world.volunteer("ben"), world.volunteer("cara"), world.lead("lou")
    await anna.commands("person", "does the clinic have wifi")
    for volunteer in (ben, cara):
        await volunteer.commands_desk("desk")
    await ben.at_desk(1, press="Claim")
    await lou.commands_desk("reassign", "1 Cara")
    (log,) = await lou.commands("audit", "1", private=True)
    assert "Lou · reassign · #1 · Cara" in log.text()
    await cara.commands("forgetme", private=True)
    await cara.presses("Delete everything about me")
    (log,) = await lou.commands("audit", "1", private=True)
    assert "Lou · reassign · #1" in log.text()
    assert "Cara" not in log.text()
