"""Processes on one PostgreSQL: one leads, another takes over when it is gone, nobody is robbed while it lives."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.domain.messages import Address, Block, OutgoingMessage
from bot.storage import postgres as postgres_side
from bot.storage.clashes import is_away
from bot.storage.deliveries import Served
from bot.storage.peers import ALIVE, RETURN_WITHIN
from bot.storage.store import Store
from tests.clock import START
from tests.postgres import DISCONNECT, SHARED, Server
from tests.processes import bot_process

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

    async def comes_back(self) -> None:
        self._presence = asyncio.create_task(self.store.peers.run(self._wake))
        await until(lambda: self.store.peers.present)

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


async def being_sent(process: Process, now: datetime = START) -> None:
    """Let a process take a message that is never done."""
    async with process.store.transaction() as tx:
        await tx.outbox.add(OutgoingMessage(Address("telegram", "dm:anna"), (Block("hello"),)), now)
    async with process.store.transaction() as tx:
        assert len(await tx.deliveries.take_due(now, 10, HERE)) == 1


async def look(process: Process, now: datetime = LATER) -> int:
    """Look as the outbox does for what others have left behind; give how many are put back."""
    async with process.store.transaction() as tx:
        dead = process.store.peers.dead(await tx.deliveries.missing(HERE))
        return await tx.deliveries.recover(now, HERE, dead=dead)


async def test_a_living_process_is_not_robbed_and_a_dead_one_is_helped_out(
    two: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.peers.RETURN_WITHIN", 0.0)
    first, second = two
    await being_sent(first)
    assert await look(second) == 0
    await first.loses_its_connection()
    assert await look(second) == 1


@dataclass
class Seconds:
    """The clock of the processes' presence, in place of the module `time`."""

    now: float = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Seconds:
    clock = Seconds()
    monkeypatch.setattr("bot.storage.peers.time", clock)
    return clock


async def test_who_loses_its_connection_for_a_moment_is_not_robbed_of_what_takes_long(
    seconds: Seconds, two: tuple[Process, Process]
) -> None:
    first, second = two
    await being_sent(first)
    seconds.now += 60
    for _ in range(2):
        await first.loses_its_connection()
        assert await look(second) == 0, "it goes on sending, and is on its way back"
        seconds.now += 4
        assert await look(second) == 0
        await first.comes_back()
        assert await look(second) == 0
        seconds.now += 60
    await first.loses_its_connection()
    assert await look(second) == 0, "how long it was away before does not count"
    seconds.now += RETURN_WITHIN
    assert await look(second) == 1


async def test_after_an_outage_nobody_is_taken_for_dead_at_once(
    seconds: Seconds, two: tuple[Process, Process], postgres: Server
) -> None:
    first, second = two
    await being_sent(first)
    await first.loses_its_connection()
    assert await look(second) == 0
    await postgres.run(SHARED, DISCONNECT)
    await until(lambda: not second.store.peers.present)
    seconds.now += 60
    await until(lambda: second.store.peers.present)
    assert await look(second) == 0, "it may be on its way"
    seconds.now += RETURN_WITHIN
    assert await look(second) == 1


@pytest.mark.parametrize("ahead", [timedelta(hours=7), timedelta(days=-7)])
async def test_what_a_dead_process_took_by_a_clock_that_was_wrong_is_put_back(
    two: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch, ahead: timedelta
) -> None:
    monkeypatch.setattr("bot.storage.peers.RETURN_WITHIN", 0.0)
    first, second = two
    await being_sent(first, START + ahead)
    await first.loses_its_connection()
    assert await look(second) == 1


async def test_what_was_taken_a_moment_ago_is_left_to_whom_does_not_know_yet_that_nobody_sees_it(
    two: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.peers.RETURN_WITHIN", 0.0)
    first, second = two
    await first.loses_its_connection()
    await being_sent(first)
    assert await look(second, START + timedelta(seconds=4)) == 0


async def test_it_comes_back_while_the_server_has_not_noticed_that_its_last_connection_is_cut(url: str) -> None:
    ghost, process = await Store.open(url), Process(await Store.open(url))
    await until(lambda: process.store.peers.present)
    await process.loses_its_connection()
    async with ghost.engine.connect() as connection:
        await connection.execute(text(f"SELECT pg_advisory_lock_shared({ALIVE}, {process.store.process})"))
        await process.comes_back()
        assert process.store.peers.present
    await process.ends()
    await ghost.close()


async def test_a_process_that_gives_no_sign_of_life_makes_room_for_another_leader(
    two: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Frozen, it would hold its locks for ever: its machine goes on answering for it."""
    first, second = two
    monkeypatch.setattr(postgres_side, "FROZEN_AFTER", 1)
    monkeypatch.setattr(first.store.peers, "_stay", lambda _driver, lost: lost.wait())
    await first.loses_its_connection()
    await first.comes_back()
    first.wants_to_lead("gateway")
    await until(lambda: first.leads)
    second.wants_to_lead("gateway")
    await until(lambda: second.leads)


async def test_a_unit_of_work_that_is_frozen_gives_its_address_to_the_others(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_side, "FROZEN_AFTER", 1)
    frozen, other = await Store.open(url), await Store.open(url)

    async def is_frozen() -> None:
        async with frozen.transaction() as here:
            await here.alone_at("telegram:dm:anna")
            async with asyncio.timeout(WITHIN), other.transaction() as there:
                await there.alone_at("telegram:dm:anna")
            await here.inbox.record("e1", START)

    with pytest.raises(DBAPIError) as raised:
        await is_frozen()
    assert is_away(raised.value), "it comes again, and is no mistake of ours"
    await frozen.close()
    await other.close()


async def test_a_machine_that_is_off_is_noticed_by_either_side(url: str, postgres: Server) -> None:
    """Here over TCP, as servers are reached; the server's side is a Unix socket, which has the settings and no use for them."""
    async with over_tcp(postgres) as port:
        store = await Store.open(f"postgresql+asyncpg://postgres@127.0.0.1:{port}/{SHARED}?ssl=disable")
        async with store.transaction() as tx:
            here = (await tx.connection.get_raw_connection()).driver_connection._transport.get_extra_info("socket")  # type: ignore[union-attr]
            assert here.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            assert here.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 40_000
            query = "SELECT name FROM pg_settings WHERE source = 'session' AND name LIKE 'tcp%' ORDER BY name"
            names = (await tx.connection.execute(text(query))).scalars().all()
            assert names == [
                "tcp_keepalives_count", "tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_user_timeout",
            ]  # fmt: skip
        await store.close()


@asynccontextmanager
async def over_tcp(server: Server) -> AsyncIterator[int]:
    """Give a port at which the server's Unix socket is reached."""

    async def passes_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_unix_connection(f"{server.folder}/.s.PGSQL.5432")
        await asyncio.gather(pumps(reader, there[1]), pumps(there[0], writer))

    listening = await asyncio.start_server(passes_on, "127.0.0.1", 0)
    async with listening:
        yield listening.sockets[0].getsockname()[1]


async def pumps(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while some := await reader.read(65536):
        writer.write(some)
        await writer.drain()
    writer.close()


@pytest.fixture
def new(postgres: Server) -> Iterator[str]:
    """A database without tables."""
    with postgres.new() as url:
        yield url


OPENS = """
import asyncio, pathlib, time
import alembic.command
from bot.storage.store import Store
print("ready", flush=True)
while not pathlib.Path("go").exists():
    time.sleep(0.001)
asyncio.run(Store.open({url!r}))
"""


async def test_processes_that_start_together_make_the_tables_once(new: str, tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        code = OPENS.format(url=new)
        three = [await stack.enter_async_context(bot_process(folder=tmp_path, code=code)) for _ in range(3)]
        for one in three:
            await one.logs("ready")
        (tmp_path / "go").touch()
        assert [await one.process.wait() for one in three] == [0, 0, 0], [one.log for one in three]


async def test_a_server_that_may_only_be_read_is_one_that_cannot_be_used(new: str, postgres: Server) -> None:
    """As after a fail-over, when the name still leads to the one that has been put down to following."""
    store = await Store.open(new)
    await store.answers()
    await store.engine.dispose()
    name = store.engine.url.database
    await postgres.run("postgres", f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    with pytest.raises(DBAPIError) as raised:
        await store.answers()
    assert is_away(raised.value)
    await store.close()


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
