"""The purge of a big group: a batch to a transaction, and a crash between two of them falsifies no number."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from bot.domain.escalation import Reason, Status
from bot.privacy import BATCH, ROWS_IN_ONE
from bot.storage.store import Store, Transaction
from bot.storage.tables import counters, desk_threads, escalations, inbox, metadata, outbox, people, turns
from tests.clock import START
from tests.world import World

MANY = 2 * BATCH + 7  # of each kind of row
OUTCOMES = ("answer cost-mexico", "not_meant cost-mexico", "silent")
THREADS = ("telegram", "discord")
LONG_AFTER = timedelta(days=40)


class Crash(Exception):
    """The process died."""


class Watched(Store):
    """The store, which counts what each transaction takes away, and may die at the end of one of them."""

    def __init__(self, store: Store, dies_at: int | None = None) -> None:
        self._of = store
        self._dies_at = dies_at
        self.most_gone = 0  # rows of one table, in one transaction
        self.transactions = 0

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        async with self._of.transaction() as tx:
            before = await sizes(tx)
            yield tx
            after = await sizes(tx)
            self.transactions += 1
            self.most_gone = max(self.most_gone, *(before[name] - after[name] for name in before))
            if self.transactions == self._dies_at:
                raise Crash


async def sizes(tx: Transaction) -> dict[str, int]:
    counts = [select(func.count()).select_from(table).scalar_subquery() for table in metadata.sorted_tables]
    found = (await tx.connection.execute(select(*counts))).one()
    return {table.name: count for table, count in zip(metadata.sorted_tables, found, strict=True)}


async def a_big_group(world: World) -> None:
    """Many people who have asked once, on two days: each has an event, a question and a closed escalation."""
    many = range(1, MANY + 1)
    times = [START - timedelta(days=number % 2) for number in many]
    async with world.app.store.transaction() as tx:
        await fill(tx, people, [_person(number) for number in many])
        await fill(tx, turns, [_turn(number, at) for number, at in zip(many, times, strict=True)])
        await fill(tx, escalations, [_escalation(number, at) for number, at in zip(many, times, strict=True)])
        threads = [{"escalation_id": number, "platform": where} for number in many for where in THREADS]
        await fill(tx, desk_threads, [{**one, "chat": "desk", "thread": str(one["escalation_id"])} for one in threads])
        events = [(f"e{number}", at, OUTCOMES[number % 3]) for number, at in zip(many, times, strict=True)]
        rows = [{"event_id": name, "received_at": at, "outcome": word} for name, at, word in events]
        await fill(tx, inbox, rows)


async def fill(tx: Transaction, table: Any, rows: list[dict[str, Any]]) -> None:  # noqa: ANN401
    await tx.connection.execute(insert(table), rows)


def _person(number: int) -> dict[str, Any]:
    named = {"user": f"u{number}", "name": f"Name {number}", "pseudonym": f"Poppy {number}"}
    return {"id": number, "platform": "telegram", "created_at": START, **named}


def _turn(number: int, at: Any) -> dict[str, Any]:  # noqa: ANN401
    asked = {"question": "which?", "decision": f"handoff {Reason.UNKNOWN}", "considered": ["cost-mexico"]}
    return {"person_id": number, "address": f"telegram:dm:u{number}", "at": at, "private": True, **asked}


def _escalation(number: int, at: Any) -> dict[str, Any]:  # noqa: ANN401
    asked = {"question": "which?", "reason": str(Reason.NONE_FITS), "considered": ["cost-uk"]}
    place = {"platform": "telegram", "chat": f"dm:u{number}", "private": True}
    times = {"opened_at": at, "active_at": at, "closed_at": at}
    return {"id": number, "asker_id": number, "urgent": False, "status": Status.CLOSED, **asked, **place, **times}


async def numbers(world: World) -> Counter[str]:
    """What is left of purged rows, over all days."""
    query = select(counters.c.name, func.sum(counters.c.value)).group_by(counters.c.name)
    async with world.app.store.transaction() as tx:
        return Counter({name: int(value) for name, value in (await tx.connection.execute(query)).all()})


async def removed_threads(world: World) -> Counter[tuple[str, str]]:
    query = select(outbox.c.platform, outbox.c.thread)
    async with world.app.store.transaction() as tx:
        return Counter((row.platform, row.thread) for row in (await tx.connection.execute(query)).all())


async def gaps(world: World) -> tuple[Counter[str], Counter[str], Counter[str]]:
    async with world.app.store.transaction() as tx:
        found = await tx.gaps.count((START - timedelta(days=2)).date())
    return found.unanswered, found.none_fitted, found.not_meant


async def all_is_gone(world: World) -> None:
    async with world.app.store.transaction() as tx:
        left = await sizes(tx)
    assert {name for name, count in left.items() if count} == {"counters", "outbox"}
    assert await removed_threads(world) == Counter(
        {(where, str(number)): 1 for number in range(1, MANY + 1) for where in THREADS}
    ), "each thread on a desk is removed, and once"


async def test_no_transaction_takes_more_than_a_batch(world: World) -> None:
    await a_big_group(world)
    watched = Watched(world.app.store)
    purged = await world.app.privacy.purge(watched, world.clock() + LONG_AFTER)
    assert watched.most_gone == BATCH
    assert watched.transactions > 3 * MANY / BATCH + ROWS_IN_ONE * MANY / BATCH
    assert {name: count for name, count in purged.items() if count} == dict.fromkeys(
        ("escalations", "turns", "inbox", "people"), MANY
    )
    await all_is_gone(world)


@pytest.mark.parametrize("dies_at", [1, 30, 46, 56, 60])
async def test_a_crash_in_a_batch_counts_nothing_twice_and_forgets_nothing(world: World, dies_at: int) -> None:
    await a_big_group(world)
    before, events = await gaps(world), Counter(OUTCOMES[number % 3].split()[0] for number in range(1, MANY + 1))
    with pytest.raises(Crash):
        await world.app.privacy.purge(Watched(world.app.store, dies_at), world.clock() + LONG_AFTER)
    async with world.app.store.transaction() as tx:
        left = await sizes(tx)
    assert left["inbox"] + (await numbers(world))["purged inbox"] == MANY
    assert await gaps(world) == before
    await world.app.privacy.purge(world.app.store, world.clock() + LONG_AFTER)
    await all_is_gone(world)
    counted = await numbers(world)
    assert {word: counted[f"event {word}"] for word in events} == events
    assert {counted[f"purged {name}"] for name in ("escalations", "turns", "inbox", "people")} == {MANY}
    assert await gaps(world) == before
