"""The processes that share a database: who is alive, who does what only one may do, and waking each other.

All of it rests on locks that PostgreSQL takes away with a connection, so it knows at once when a process has died.
SQLite belongs to one process, which does everything itself.
"""

from __future__ import annotations

import asyncio
import random
import time
import zlib
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any

import structlog
from sqlalchemy import Integer, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.sql.expression import TextualSelect

from bot.storage import postgres

ALIVE = 0x68736374  # the first half of the locks that say that a process is alive; its number is the other half
LEADER = ALIVE + 1  # the same for what one process does for all
CHANNEL = "hsct_bot"  # of NOTIFY
TRY_AGAIN = 1.0  # seconds between tries to take over from another process, or to connect
SPREAD = 0.5  # of that time, by which it is shortened at random: after an outage processes do not come all at once
RETURN_WITHIN = 5.0  # seconds that another process has to come back, before it is taken for dead
TELL_EVERY = 0.05  # seconds: PostgreSQL lets one transaction with a notice commit at a time, so there are few of them
CHECK_EVERY = 10.0  # seconds between looks whether the connection still answers
Work = Callable[[], Awaitable[None]]


def held(kind: int) -> TextualSelect:
    """Give the query for the second halves of the locks of a kind that are held in this database."""
    return (
        text(
            "SELECT CAST(CAST(objid AS bigint) AS integer) AS number FROM pg_locks "
            "WHERE locktype = 'advisory' AND granted AND classid = :kind "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        .bindparams(bindparam("kind", kind, literal_execute=True))
        .columns(number=Integer)
    )


_DONE = held(LEADER)
log = structlog.get_logger()


def _nothing() -> None:
    """Do nothing."""


class Alone:
    """The only process."""

    present = True
    several = False

    async def run(self, wake: Callable[[], None]) -> None:
        """There is nobody to hear from."""

    async def as_leader(
        self, job: str, work: Callable[[], Awaitable[None]], *, waits: Callable[[], None] = _nothing
    ) -> None:
        """Do it."""
        await work()

    async def as_one_of(
        self, jobs: Sequence[str], work: Callable[[int], Awaitable[None]], *, waits: Callable[[], None] = _nothing
    ) -> None:
        """Do the first; several jobs are for several processes."""
        await work(0)

    async def undone(self, jobs: Sequence[str]) -> list[str]:
        """Give none: several jobs are for several processes."""
        return []

    def dead(self, missing: Collection[int]) -> list[int]:
        """Give all of them: they were this one's predecessors."""
        return list(missing)

    def tell(self) -> None:
        """There is nobody to tell."""


class Peers:
    """One of several processes on a PostgreSQL, with a connection of its own for this."""

    several = True

    def __init__(self, engine: AsyncEngine, number: int) -> None:
        self._engine = engine
        self._number = number
        self._driver: Any = None  # asyncpg's connection, while there is one
        self._turn = asyncio.Lock()  # a connection does one thing at a time
        self._since = 0.0  # when it was made, by the monotonic clock
        self._lost = asyncio.Event()
        self._news = asyncio.Event()
        self._missing: dict[int, float] = {}  # processes that are not seen, and since when by the monotonic clock

    @property
    def present(self) -> bool:
        """Tell whether the others can see this process: only then may it take messages to send."""
        return self._driver is not None

    def dead(self, missing: Collection[int]) -> list[int]:
        """Give those that have not been seen for long; to be called at each look, with all that are not seen then.

        One that has lost its connection for a moment goes on sending meanwhile, and comes back. When the database was
        away nobody could be seen, so all have their time from when this one came back.
        """
        now = time.monotonic()
        self._missing = {number: max(self._missing.get(number, now), self._since) for number in missing}
        return [number for number, since in self._missing.items() if self.present and now - since >= RETURN_WITHIN]

    async def run(self, wake: Callable[[], None]) -> None:
        """Stay connected; `wake` is called when another process has stored something to be sent."""
        while True:
            try:
                async with self._engine.connect() as connection:
                    await self._be_present(connection, wake)
            except Exception as error:  # noqa: BLE001 - whatever the driver says, it is tried again
                log.warning("peers.away", error=type(error).__name__)
            await asyncio.sleep(TRY_AGAIN * (1 - SPREAD * random.random()))  # noqa: S311

    async def _be_present(self, connection: AsyncConnection, wake: Callable[[], None]) -> None:
        raw = await connection.get_raw_connection()
        driver: Any = raw.driver_connection
        lost = asyncio.Event()
        driver.add_termination_listener(lambda _: lost.set())

        def heard(_driver: object, sender: int, _channel: str, _words: str) -> None:
            if sender != driver.get_server_pid():
                wake()

        try:
            await driver.execute(postgres.set_for_session({"idle_session_timeout": postgres.FROZEN_AFTER * 1000}))
            # Shared, so that nothing has to be waited for: PostgreSQL may not have noticed that the last one is cut.
            await driver.execute(f"SELECT pg_advisory_lock_shared({ALIVE}, {self._number})", timeout=CHECK_EVERY)
            await driver.add_listener(CHANNEL, heard)
            self._driver, self._lost, self._since = driver, lost, time.monotonic()
            wake()  # what was stored while nobody listened
            await self._stay(driver, lost)
        finally:
            self._driver = None
            lost.set()
            await connection.invalidate()  # its locks and its listening go with it

    async def _stay(self, driver: Any, lost: asyncio.Event) -> None:  # noqa: ANN401 - asyncpg has no types
        while not lost.is_set():
            news = await _first(self._news.wait(), lost.wait(), within=CHECK_EVERY)
            self._news.clear()
            if lost.is_set():
                return
            async with self._turn:
                await driver.execute(f"NOTIFY {CHANNEL}" if news else "SELECT 1", timeout=CHECK_EVERY)
            await asyncio.sleep(TELL_EVERY)

    def tell(self) -> None:
        """Have the other processes look for something to send, in a moment."""
        self._news.set()

    async def as_leader(
        self, job: str, work: Callable[[], Awaitable[None]], *, waits: Callable[[], None] = _nothing
    ) -> None:
        """Do what only one process may do, once this one is chosen, for as long as it is; `waits` is called before.

        It is stopped when the connection is lost, because another process may be chosen then.
        """
        await self.as_one_of((job,), lambda _: work(), waits=waits)

    async def as_one_of(
        self, jobs: Sequence[str], work: Callable[[int], Awaitable[None]], *, waits: Callable[[], None] = _nothing
    ) -> None:
        """Do one of several jobs, each of which only one process may do: the first that is free, by its place."""
        while True:
            waits()
            place, lost = await self._chosen(jobs)
            job = jobs[place]
            doing = asyncio.ensure_future(work(place))
            losing = asyncio.ensure_future(lost.wait())
            try:
                await asyncio.wait((doing, losing), return_when=asyncio.FIRST_COMPLETED)
                if doing.done():
                    await self._let_go(job)
                    return doing.result()
                log.warning("peers.no_longer_leader", job=job)
            finally:
                losing.cancel()
                doing.cancel()
                await asyncio.wait((doing, losing))

    async def _chosen(self, jobs: Sequence[str]) -> tuple[int, asyncio.Event]:
        """Wait until this process is chosen for a job; give its place, and what is set when it no longer is."""
        while True:
            for place, job in enumerate(jobs):
                driver, lost = self._driver, self._lost
                if driver is not None and await self._ask(
                    driver, f"SELECT pg_try_advisory_lock({LEADER}, {_key(job)})"
                ):
                    log.info("peers.leader", job=job)
                    return place, lost
            await asyncio.sleep(TRY_AGAIN)

    async def undone(self, jobs: Sequence[str]) -> list[str]:
        """Give the jobs that no process does at this moment.

        Raises:
            Exception: the database did not answer; nothing is known then.
        """
        async with self._engine.connect() as connection:
            done = set((await connection.execute(_DONE)).scalars())
        return [job for job in jobs if _key(job) not in done]

    async def _let_go(self, job: str) -> None:
        if self._driver is not None:
            await self._ask(self._driver, f"SELECT pg_advisory_unlock({LEADER}, {_key(job)})")

    async def _ask(self, driver: Any, question: str) -> bool:  # noqa: ANN401
        try:
            async with self._turn:
                return bool(await driver.fetchval(question, timeout=CHECK_EVERY))
        except Exception as error:  # noqa: BLE001 - whatever the driver says, it is tried again
            log.warning("peers.away", error=type(error).__name__)
            return False


def _key(job: str) -> int:
    return zlib.crc32(job.encode()) >> 1  # a positive 32-bit number


async def _first(*waits: Awaitable[object], within: float) -> bool:
    """Wait for the first of several, but not for ever; tell whether it was the first one named."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        done, _ = await asyncio.wait(tasks, timeout=within, return_when=asyncio.FIRST_COMPLETED)
        return tasks[0] in done
    finally:
        for task in tasks:
            task.cancel()
