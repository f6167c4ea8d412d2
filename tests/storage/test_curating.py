"""Proposals: the database settles who was first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.curating import Kind, Proposal, State
from bot.domain.messages import Sender
from bot.domain.people import PersonId, Role
from bot.storage.store import Store
from tests.clock import START

WORDS = {"id": "slippers", "question": "May I bring slippers?"}


@pytest.fixture(params=["sqlite", "postgres"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that several processes can use, of each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    address: str = request.getfixturevalue("url")
    return address


@pytest.fixture
async def stores(shared: str) -> AsyncIterator[tuple[Store, Store]]:
    """Two processes on one database."""
    both = await Store.open(shared), await Store.open(shared)
    yield both
    for store in both:
        await store.close()


async def somebody(store: Store, name: str) -> int:
    async with store.transaction() as tx:
        return (await tx.people.known(Sender(PersonId("telegram", name), name, Role.LEAD), START)).number


async def an_open_one(store: Store) -> Proposal:
    author = await somebody(store, "ben")
    async with store.transaction() as tx:
        number = await tx.curating.add(Kind.NEW, "slippers", WORDS, author, START, basis="", leads=False)
        seen = await tx.curating.get(number)
        assert seen
        assert await tx.curating.propose(seen, START)
        found = await tx.curating.get(number)
    assert found
    return found


async def test_two_leads_at_the_same_moment_are_two_and_publish_once(stores: tuple[Store, Store]) -> None:
    seen = await an_open_one(stores[0])
    leads = [await somebody(stores[0], name) for name in ("lea", "luc")]

    async def approves(store: Store, lead: int) -> int | None:
        async with store.transaction() as tx:
            count = await tx.curating.approve(seen, lead, START)
            return await tx.curating.publish(seen, WORDS, START) if count == 2 else None

    changes = await asyncio.gather(*(approves(store, lead) for store, lead in zip(stores, leads, strict=True)))
    assert sorted(map(str, changes)) == ["1", "None"]
    async with stores[0].transaction() as tx:
        (change,) = await tx.curating.live()
    assert change.fields == WORDS


async def test_the_same_lead_counts_once(stores: tuple[Store, Store]) -> None:
    seen, lea = await an_open_one(stores[0]), await somebody(stores[0], "lea")
    for store in stores:
        async with store.transaction() as tx:
            assert await tx.curating.approve(seen, lea, START) == 1


async def test_of_two_writers_the_second_is_told(stores: tuple[Store, Store]) -> None:
    seen = await an_open_one(stores[0])

    async def writes(store: Store, words: str) -> bool:
        async with store.transaction() as tx:
            return await tx.curating.change(
                seen, "slippers", {**WORDS, "short": words}, (seen.author or 0, False), START
            )

    assert sorted(await asyncio.gather(writes(stores[0], "one"), writes(stores[1], "other"))) == [False, True]


async def test_writing_takes_approvals_back(stores: tuple[Store, Store]) -> None:
    seen, lea = await an_open_one(stores[0]), await somebody(stores[0], "lea")
    async with stores[0].transaction() as tx:
        await tx.curating.approve(seen, lea, START)
        await tx.curating.change(seen, "slippers", WORDS, (lea, True), START)
        found = await tx.curating.get(seen.id)
    assert found
    assert (found.state, found.approvals, found.revision) == (State.DRAFT, 0, 2)
    assert (found.author, found.author_leads) == (lea, True), "whoever wrote last"


async def test_the_latest_change_that_is_not_undone_counts_and_every_process_sees_it(
    stores: tuple[Store, Store],
) -> None:
    here, there = stores
    for question in ("first", "second"):
        seen = await an_open_one(here)
        async with here.transaction() as tx:
            await tx.curating.publish(seen, {**WORDS, "question": question}, START)
    async with there.transaction() as tx:
        before = await tx.curating.version()
        assert [one.fields for one in await tx.curating.live()] == [{**WORDS, "question": "second"}]
        assert await tx.curating.undo(2, START)
        assert not await tx.curating.undo(2, START)
    async with here.transaction() as tx:
        assert await tx.curating.version() != before
        assert [one.fields for one in await tx.curating.live()] == [{**WORDS, "question": "first"}]
        assert await tx.curating.undo(1, START)
        assert await tx.curating.live() == []


async def test_a_published_change_names_nobody(stores: tuple[Store, Store]) -> None:
    seen, lea = await an_open_one(stores[0]), await somebody(stores[0], "lea")
    async with stores[0].transaction() as tx:
        await tx.curating.approve(seen, lea, START)
        await tx.curating.publish(seen, WORDS, START)
        found = await tx.curating.get(seen.id)
        assert found
        assert (found.author, found.approvals, found.fields) == (None, 0, {})
