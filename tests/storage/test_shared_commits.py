"""SQLite's units of work: those that wait together share a commit, and each stands for itself."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from bot.storage.store import Store
from tests.clock import START

MANY = 50


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


@pytest.fixture
async def store(file: Path) -> AsyncIterator[Store]:
    opened = await Store.open(f"sqlite+aiosqlite:///{file}")
    yield opened
    await opened.close()


def commits(store: Store) -> list[None]:
    """Give a list that grows with every commit."""
    seen: list[None] = []
    event.listen(store.engine.sync_engine, "commit", lambda _: seen.append(None))
    return seen


async def record(store: Store, event_id: str) -> None:
    async with store.transaction() as tx:
        assert await tx.inbox.record(event_id, START)


def stored(file: Path) -> set[str]:
    with sqlite3.connect(file) as connection:
        return {event_id for (event_id,) in connection.execute("SELECT event_id FROM inbox")}


async def test_units_that_wait_together_are_stored_by_few_commits(store: Store, file: Path) -> None:
    seen = commits(store)
    await asyncio.gather(*(record(store, f"e{number}") for number in range(MANY)))
    assert stored(file) == {f"e{number}" for number in range(MANY)}
    assert len(seen) <= 3


async def test_what_has_ended_is_on_disk(store: Store, file: Path) -> None:
    for number in range(3):
        await record(store, f"e{number}")
        assert f"e{number}" in stored(file)


async def test_one_that_fails_takes_nothing_of_the_others_with_it(store: Store, file: Path) -> None:
    async def fails(number: int) -> None:
        async with store.transaction() as tx:
            await tx.inbox.record(f"failed{number}", START)
            raise LookupError

    both = [work for number in range(MANY) for work in (record(store, f"e{number}"), fails(number))]
    results = await asyncio.gather(*both, return_exceptions=True)
    assert sum(isinstance(result, LookupError) for result in results) == MANY
    assert stored(file) == {f"e{number}" for number in range(MANY)}


async def test_nobody_is_told_that_it_is_stored_when_the_commit_fails(store: Store, file: Path) -> None:
    def fail(_: object) -> None:
        raise OperationalError("COMMIT", {}, sqlite3.OperationalError("database or disk is full"))

    event.listen(store.engine.sync_engine, "commit", fail)
    results = await asyncio.gather(*(record(store, f"e{number}") for number in range(MANY)), return_exceptions=True)
    event.remove(store.engine.sync_engine, "commit", fail)
    assert all(isinstance(result, OperationalError) for result in results)
    assert stored(file) == set()
    await record(store, "afterwards")


async def test_a_full_disk_fails_those_it_hits_and_the_next_one_works_again(store: Store, file: Path) -> None:
    async def fills_the_disk() -> None:
        async with store.transaction() as tx:
            pages = (await tx.connection.execute(text("PRAGMA page_count"))).scalar()
            await tx.connection.execute(text(f"PRAGMA max_page_count = {pages}"))
            try:
                for number in range(10_000):
                    await tx.inbox.record(f"{'x' * 150}{number}", START)
            finally:
                await tx.connection.execute(text("PRAGMA max_page_count = 1000000"))

    results = await asyncio.gather(
        record(store, "before"), fills_the_disk(), record(store, "after"), return_exceptions=True
    )
    assert isinstance(results[1], OperationalError)
    told = {name for name, result in zip(("before", "", "after"), results, strict=True) if result is None}
    assert stored(file) == told, "exactly what was said to be stored is stored"
    await record(store, "afterwards")


async def test_cancelled_tasks_hold_up_nobody(store: Store, file: Path) -> None:
    async def slow(number: int) -> None:
        async with store.transaction() as tx:
            await tx.inbox.record(f"slow{number}", START)
            await asyncio.sleep(0)

    for pause in range(12):
        tasks = [asyncio.create_task(slow(10 * pause + number)) for number in range(3)]
        for _ in range(pause):
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks)
        async with asyncio.timeout(5):
            await record(store, f"e{pause}")
    assert {f"e{pause}" for pause in range(12)} <= stored(file)


async def test_closing_waits_for_what_is_being_stored(file: Path) -> None:
    store = await Store.open(f"sqlite+aiosqlite:///{file}")
    within = asyncio.Event()

    async def work() -> None:
        async with store.transaction() as tx:
            within.set()
            await tx.inbox.record("e1", START)

    task = asyncio.create_task(work())
    await within.wait()
    await store.close()
    await task
    assert stored(file) == {"e1"}
