"""Units of work that PostgreSQL ends because they were in each other's way: done again, and nobody notices."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from unittest.mock import patch

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.domain.messages import Event, Handled
from bot.domain.people import Person
from bot.routing.routing import Routing
from bot.storage.clashes import TRIES, through_clashes
from bot.storage.store import Store, Transaction
from bot.triage.triage import Triage
from tests.world import World, a_world

RAISE = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{}'; END $$"
ADD = "INSERT INTO counters (name, day, value) VALUES (:name, '2026-11-23', 0)"
COUNT_UP = "UPDATE counters SET value = value + 1 WHERE name = :name"


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    opened = await Store.open(url)
    yield opened
    await opened.close()


@pytest.fixture
async def world(triage: Triage, url: str) -> AsyncIterator[World]:
    async with a_world(triage, url) as made:
        yield made


async def test_of_two_that_wait_for_each_other_both_are_stored_in_the_end(store: Store) -> None:
    async with store.transaction() as tx:
        for name in ("left", "right"):
            await tx.connection.execute(text(ADD), {"name": name})
    met, tries = asyncio.Barrier(2), 0

    async def counts_up(*names: str) -> None:
        nonlocal tries
        tries += 1
        async with store.transaction() as tx:
            await tx.connection.execute(text(COUNT_UP), {"name": names[0]})
            if tries <= 2:
                await met.wait()
            await tx.connection.execute(text(COUNT_UP), {"name": names[1]})

    await asyncio.gather(
        through_clashes(lambda: counts_up("left", "right")), through_clashes(lambda: counts_up("right", "left"))
    )
    assert tries == 3, "one of them was ended, and done again"
    async with store.transaction() as tx:
        assert (await tx.connection.execute(text("SELECT value FROM counters"))).scalars().all() == [2, 2]


@pytest.mark.parametrize("clash", ["40001", "40P01"])
async def test_a_question_whose_unit_of_work_clashes_is_answered_and_not_handed_over(world: World, clash: str) -> None:
    route, failures = Routing.route, iter([clash] * (TRIES - 1))

    async def clashing(self: Routing, tx: Transaction, event: Event, person: Person, now: object) -> Handled:
        handled = await route(self, tx, event, person, now)  # type: ignore[arg-type]
        if code := next(failures, None):
            await tx.connection.execute(text(RAISE.format(code)))
        return handled

    with patch.object(Routing, "route", clashing):
        [answer] = await world.asker("anna").asks("How much does HSCT cost in Mexico?")
    assert "Puebla" in answer.text()


async def test_any_other_error_is_not_tried_again(store: Store) -> None:
    tries = 0

    async def fails() -> None:
        nonlocal tries
        tries += 1
        async with store.transaction() as tx:
            await tx.connection.execute(text(RAISE.format("23505")))

    with pytest.raises(DBAPIError):
        await through_clashes(fails)
    assert tries == 1
