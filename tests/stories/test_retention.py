"""The daily purge, table by table: whoever adds a table says here what becomes of its rows, and fills it below."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from bot.domain.curating import Kind, State
from bot.domain.messages import Address
from bot.domain.people import PersonId
from bot.privacy import INBOX_DAYS, PACES_DAYS
from bot.storage.tables import approvals, chores, keys, metadata, proposals, volunteers
from tests.world import Person, World

RETENTION, AUDIT = 30, 365  # days, the settings' defaults
GOES_AFTER = {  # table -> days after its row was last of use
    "escalations": RETENTION, "said": RETENTION, "passes": RETENTION, "desk_threads": RETENTION, "drafts": RETENTION,
    "nudges": RETENTION, "conversations": RETENTION, "turns": RETENTION, "outbox": RETENTION, "proposals": RETENTION,
    "approvals": RETENTION, "restrictions": RETENTION, "inbox": INBOX_DAYS, "paces": PACES_DAYS, "audit": AUDIT,
    "volunteers": AUDIT, "people": AUDIT,
}  # fmt: skip
STAYS = {
    "counters": "numbers by day, of nobody",
    "keys": "a key, of nobody",
    "chores": "when something was last done",
    "published": "answers for everybody, without their authors' names",
}
BY_THE_PURGE = {"counters"}  # filled by what it deletes


async def rows(world: World) -> dict[str, int]:
    async with world.app.store.transaction() as tx:
        counts = {}
        for table in metadata.sorted_tables:
            counts[table.name] = (await tx.connection.execute(select(func.count()).select_from(table))).scalar_one()
        return counts


async def purge(world: World) -> None:
    await world.app.privacy.purge(world.app.store, world.clock())
    await world.app.outbox.settle()


async def a_life(world: World) -> Person:
    """Put a row into every table; all that can be closed is closed."""
    anna, ben, lou = world.asker("anna"), world.volunteer("ben"), world.lead("lou")
    await lou.commands_desk("desk")
    await anna.commands("country", "UK")
    await anna.asks("how much does hsct cost in mexico?")
    await anna.commands("person", "does the clinic have wifi")
    await world.time_passes(hours=5)  # she is told that it still waits
    await ben.at_desk(1, press="Pass")
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, command="check", argument="Yes, I think so.")
    await ben.at_desk(1, "Yes, it has.")
    await ben.at_desk(1, press="Close")
    await lou.commands_desk("mute", "1 1d rude")
    await anna.commands("ask")
    await lou.commands_desk("kb", "reviewed cost-mexico")
    await world.learn_people()
    await a_proposal(world, State.DECLINED)
    async with world.app.store.transaction() as tx:
        await tx.connection.execute(insert(keys).values(name="test", value="x"))
        await tx.connection.execute(insert(chores).values(name="test", done_at=world.clock()))
    return anna


async def a_proposal(world: World, state: State) -> int:
    """Leave one of Ben's from Anna's question with a lead's yes, waiting or declined."""
    anna, ben, lou = (
        world.people[PersonId(*who)] for who in (("telegram", "anna"), ("discord", "ben"), ("discord", "lou"))
    )
    now = world.clock()
    async with world.app.store.transaction() as tx:
        number = await tx.curating.add(Kind.NEW, "wifi", {"question": "x"}, ben, now, basis="", leads=False, asker=anna)
        one = await tx.curating.get(number)
        assert one
        assert await tx.curating.propose(one, now)
        assert await tx.curating.approve(one, lou, now) == 1
        if state is not State.OPEN:
            assert await tx.curating.drop(one, state, now)
    return number


def test_every_table_has_a_rule() -> None:
    """A table nobody thought of here would be kept for ever."""
    named = GOES_AFTER.keys() | STAYS.keys()
    assert named == set(metadata.tables), "say in GOES_AFTER or STAYS what becomes of it, and let privacy.py do it"


async def test_every_table_is_filled_so_that_the_purge_has_something_to_do(world: World) -> None:
    await a_life(world)
    counts = await rows(world)
    assert {name for name, count in counts.items() if not count} <= BY_THE_PURGE


@pytest.mark.parametrize("days", sorted(set(GOES_AFTER.values())))
async def test_what_has_had_its_time_is_gone_and_the_rest_is_not(world: World, days: int) -> None:
    await a_life(world)
    before = await rows(world)
    world.clock.pass_(days=days, minutes=1)
    await purge(world)
    after = await rows(world)
    for name, limit in GOES_AFTER.items():
        if name == "outbox":
            continue  # the removal of the threads has just been stored in it
        if limit <= days:
            assert after[name] == 0 or (name == "people" and days < AUDIT), name
        elif name not in ("people", "restrictions"):
            assert after[name] == before[name], name
    for name in STAYS:
        assert after[name] >= before[name]


@pytest.mark.parametrize("days", sorted(set(GOES_AFTER.values())))
async def test_what_was_stored_by_a_clock_far_ahead_has_its_time_from_when_that_is_noticed(
    world: World, days: int
) -> None:
    right = world.clock()
    world.clock.pass_(days=3650)
    await a_life(world)
    world.clock.now = right
    await purge(world)
    kept = await rows(world)
    assert kept["escalations"]
    assert kept["restrictions"]
    world.clock.pass_(days=days, minutes=1)
    await purge(world)
    after = await rows(world)
    for name, limit in GOES_AFTER.items():
        if name != "outbox" and limit <= days:
            assert after[name] == 0 or (name == "people" and days < AUDIT), name


async def test_what_waits_for_the_leads_goes_on_waiting_but_not_whose_question_it_was(world: World) -> None:
    await a_life(world)
    number = await a_proposal(world, State.OPEN)
    world.clock.pass_(days=RETENTION, minutes=1)
    await purge(world)
    async with world.app.store.transaction() as tx:
        query = select(proposals.c.id, proposals.c.asker_id)
        assert [tuple(row) for row in await tx.connection.execute(query)] == [(number, None)]
        assert (await tx.connection.execute(select(func.count()).select_from(approvals))).scalar_one() == 1


async def test_a_day_before_its_time_nothing_of_a_question_is_gone(world: World) -> None:
    await a_life(world)
    before = await rows(world)
    world.clock.pass_(days=RETENTION - 1)
    await purge(world)
    after = await rows(world)
    for name in ("escalations", "said", "turns", "drafts", "passes", "desk_threads", "people"):
        assert after[name] == before[name], name


async def test_the_desks_threads_of_a_purged_question_are_removed(world: World) -> None:
    await a_life(world)
    world.clock.pass_(days=RETENTION, minutes=1)
    await purge(world)
    for adapter in (world.telegram, world.discord):
        assert [one.message.to for one in adapter.sent if one.message.deletes_thread] == [
            Address(adapter.platform, "desk", "thread-1")
        ]
    world.clock.pass_(days=RETENTION, minutes=1)
    await purge(world)
    assert sum(one.message.deletes_thread for one in world.discord.sent) == 1, "once is enough"


async def test_what_leads_got_in_private_of_a_purged_question_is_gone_too(world: World) -> None:
    await a_life(world)
    lou = world.lead("lou")
    draft = next(
        one for one in world.discord.sent if one.message.to == lou.dm and "Yes, I think so." in one.message.text()
    )
    world.clock.pass_(days=RETENTION, minutes=1)
    await purge(world)
    instead = [one.message for one in world.discord.sent if one.replaces == world.discord.ids[draft.number]]
    assert [one.text() for one in instead] == [
        "This question is closed, and its time is over. What stood here is gone."
    ]
    assert instead[0].buttons == ()


async def test_the_outbox_keeps_nothing_of_it_either(world: World) -> None:
    await a_life(world)
    for _ in range(2):
        world.clock.pass_(days=RETENTION, minutes=1)
        await purge(world)
    assert (await rows(world))["outbox"] == 0


async def test_who_works_at_the_desk_is_known_for_as_long_as_they_come(world: World) -> None:
    await a_life(world)
    lou = world.lead("lou")
    for _ in range(3):
        world.clock.pass_(days=200)
        await lou.commands_desk("desk")
        await purge(world)
    async with world.app.store.transaction() as tx:
        kept = (await tx.connection.execute(select(func.count()).select_from(volunteers))).scalar_one()
    assert kept == 1


async def test_it_runs_by_itself_and_goes_by_the_clock_it_is_given(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[timedelta] = []
    start = world.clock()

    async def purge_(store: object, now: Any) -> dict[str, int]:  # noqa: ANN401
        asked.append(now - start)
        world.clock.pass_(days=1)
        if len(asked) == 3:
            raise KeyboardInterrupt
        return {}

    async def no_sleep(_seconds: float) -> None:
        return

    monkeypatch.setattr(world.app.privacy, "purge", purge_)
    monkeypatch.setattr("bot.purging.asyncio.sleep", no_sleep)
    with pytest.raises(KeyboardInterrupt):
        await world.app.purge.run()
    assert [one.days for one in asked] == [0, 1, 2]
