"""Processes on one PostgreSQL: one leads, another takes over when it is gone, nobody is robbed while it lives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from bot.domain.messages import Address, Block, OutgoingMessage
from bot.storage.deliveries import Served
from bot.storage.store import Store
from tests.clock import START
from tests.postgres import DISCONNECT, SHARED, Server

HERE = [Served("telegram")]
WITHIN = 20.0  # seconds
LATER = START + timedelta(seconds=30)


class Process:
    """A store with its presence, as a process has one."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.woken = 0
        self.leads: list[str] = []
        self._presence = asyncio.create_task(store.peers.run(self._wake))
        self._jobs: list[asyncio.Task[None]] = []

    def _wake(self) -> None:
        self.woken += 1

    def wants_to_lead(self, job: str) -> None:
        async def work() -> None:
            self.leads.append(job)
            try:
                await asyncio.Event().wait()
            finally:
                self.leads.remove(job)

        self._jobs.append(asyncio.create_task(self.store.peers.as_leader(job, work)))

    async def loses_its_connection(self) -> None:
        self._presence.cancel()
        with suppress(asyncio.CancelledError):
            await self._presence

    async def ends(self) -> None:
        for task in (*self._jobs, self._presence):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await self.store.close()


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(WITHIN):
        while not condition():  # noqa: ASYNC110 - the server is another process
            await asyncio.sleep(0.02)


@pytest.fixture
def url(postgres: Server) -> str:
    return postgres.emptied()


@pytest.fixture
async def two(url: str) -> AsyncIterator[tuple[Process, Process]]:
    first, second = Process(await Store.open(url)), Process(await Store.open(url))
    await until(lambda: first.store.peers.present and second.store.peers.present)
    yield first, second
    await first.ends()
    await second.ends()


async def test_one_leads_and_the_other_takes_over_when_it_is_gone(two: tuple[Process, Process]) -> None:
    first, second = two
    first.wants_to_lead("gateway")
    await until(lambda: first.leads)
    second.wants_to_lead("gateway")
    await asyncio.sleep(1.5)
    assert not second.leads
    await first.loses_its_connection()
    await until(lambda: second.leads)
    assert not first.leads, "who cannot be seen any more has stopped"


async def test_different_jobs_have_different_leaders(two: tuple[Process, Process]) -> None:
    first, second = two
    first.wants_to_lead("gateway")
    second.wants_to_lead("timers")
    await until(lambda: first.leads and second.leads)


async def test_what_one_process_stores_wakes_the_other(two: tuple[Process, Process]) -> None:
    first, second = two
    before = first.woken, second.woken
    first.store.peers.tell()
    await until(lambda: second.woken > before[1])
    assert first.woken == before[0], "it knows already"


async def test_a_living_process_is_not_robbed_and_a_dead_one_is_helped_out(two: tuple[Process, Process]) -> None:
    first, second = two
    async with first.store.transaction() as tx:
        await tx.outbox.add(OutgoingMessage(Address("telegram", "dm:anna"), (Block("hello"),)), START)
    async with first.store.transaction() as tx:
        assert len(await tx.deliveries.take_due(START, 10, HERE)) == 1
    async with second.store.transaction() as tx:
        assert await tx.deliveries.recover(LATER, HERE) == 0
    await first.loses_its_connection()
    async with second.store.transaction() as tx:
        assert await tx.deliveries.recover(LATER, HERE) == 1


async def test_after_an_outage_nobody_is_taken_for_dead_at_once(
    two: tuple[Process, Process], postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.peers.RETURN_WITHIN", 2.0)
    first, second = two
    await until(lambda: first.store.peers.sees_all)
    await postgres.run(SHARED, DISCONNECT)
    await until(lambda: not first.store.peers.present)
    await until(lambda: first.store.peers.present)
    assert not first.store.peers.sees_all, "the others may be on their way"
    await until(lambda: first.store.peers.sees_all)
    assert second.store.peers.present, "by then they are there"


async def test_two_processes_never_take_the_same_message_and_keep_a_lane_in_order(two: tuple[Process, Process]) -> None:
    async with two[0].store.transaction() as tx:
        for number in range(40):
            await tx.outbox.add(OutgoingMessage(Address("telegram", f"dm:{number % 20}"), (Block("hello"),)), START)

    async def take(process: Process) -> list[int]:
        async with process.store.transaction() as tx:
            return [delivery.number for delivery in await tx.deliveries.take_due(START, 7, HERE)]

    taken = await asyncio.gather(*(take(process) for process in two * 5))
    numbers = [number for some in taken for number in some]
    assert len(numbers) == len(set(numbers))
    assert set(numbers) <= set(range(1, 21)), "the second message of a lane waits for the first"


async def test_one_address_at_a_time_across_processes(two: tuple[Process, Process]) -> None:
    order: list[str] = []
    inside = asyncio.Event()

    async def first() -> None:
        async with two[0].store.transaction() as tx:
            await tx.alone_at("telegram:dm:anna")
            inside.set()
            await asyncio.sleep(0.3)
            order.append("first")

    async def second(address: str) -> None:
        await inside.wait()
        async with two[1].store.transaction() as tx:
            await tx.alone_at(address)
            order.append(address)

    await asyncio.gather(first(), second("telegram:dm:anna"), second("telegram:dm:ben"))
    assert order == ["telegram:dm:ben", "first", "telegram:dm:anna"]


async def test_a_connection_that_was_cut_comes_back(two: tuple[Process, Process], postgres: Server) -> None:
    first, _ = two
    first.wants_to_lead("gateway")
    await until(lambda: first.leads)
    await postgres.run(SHARED, DISCONNECT)
    await until(lambda: not first.leads)
    await until(lambda: first.leads)
