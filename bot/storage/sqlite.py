"""SQLite: one connection, which units of work take in turn; those that wait together are stored by one commit.

SQLite has one writer at a time anyway, and waiting in the event loop is fair and quick.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy import AsyncAdaptedQueuePool, Connection, event
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import StorageError

BUSY_TIMEOUT = 15_000  # milliseconds SQLite waits for a writer in another process
ROW_CHUNK = 64  # rows that aiosqlite fetches at a time when it is iterated over
PRAGMAS = (
    f"busy_timeout = {BUSY_TIMEOUT}",
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",  # what /forgetme deletes is overwritten, not just unlinked
)


class LoopConnection(aiosqlite.Connection):
    """A connection whose statements run in the event loop; only what may wait for disk or lock runs in its thread.

    A statement takes microseconds within a transaction. A thread's turn takes up to five milliseconds while the loop
    is busy, because it has to wait for the interpreter's lock.
    """

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        within = self._connection is not None and self._connection.in_transaction
        if within and fn != self._conn.commit:
            return fn(*args, **kwargs)
        return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]


def _connect(*args: Any, **kwargs: Any) -> LoopConnection:  # noqa: ANN401
    """Open a file; transactions are taken out of the driver's hands (`isolation_level`)."""
    options = {**kwargs, "check_same_thread": False, "isolation_level": None}
    connection = LoopConnection(lambda: sqlite3.connect(*args, **options), ROW_CHUNK)
    connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does for one of aiosqlite
    return connection


def sqlite_engine(url: URL) -> AsyncEngine:
    """Give an engine of one connection; its transactions begin with BEGIN IMMEDIATE.

    Parameters hold people's words: they stay out of error messages, and so out of logs.
    """
    engine = create_async_engine(
        url,
        hide_parameters=True,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1,
        max_overflow=0,
        connect_args={"async_creator_fn": _connect},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:  # noqa: ANN401
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


class Group:
    """One database transaction, shared by units of work that are a savepoint in it each."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.begun = asyncio.create_task(self._begin())
        self.stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.stored.add_done_callback(asyncio.Future.exception)  # heard, even if every unit has gone away

    async def _begin(self) -> tuple[AsyncConnection, aiosqlite.Connection]:
        connection = await self._engine.connect()
        try:
            await connection.begin()
            driver: aiosqlite.Connection = (await connection.get_raw_connection()).driver_connection  # type: ignore[assignment]
        except BaseException:
            await connection.close()
            raise
        return connection, driver

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[AsyncConnection]:
        """Do what is within, or nothing of it; it is safe only when `stored` is done."""
        connection, driver = await asyncio.shield(self.begun)
        await driver.execute("SAVEPOINT unit")
        try:
            yield connection
        except BaseException:
            if driver.in_transaction:
                await driver.execute("ROLLBACK TO unit")
                await driver.execute("RELEASE unit")
            raise
        await driver.execute("RELEASE unit")

    def is_lost(self) -> bool:
        """Tell whether it could not begin, or SQLite has rolled all of it back by itself (a full disk)."""
        if not self.begun.done():
            return False
        return self.begun.cancelled() or self.begun.exception() is not None or not self.begun.result()[1].in_transaction

    async def end(self, error: BaseException | None = None) -> None:
        """Commit, or give everything up because of an error; those who wait for `stored` hear which."""
        if self.stored.done():
            return
        try:
            connection, driver = await self.begun
            try:
                if error:
                    raise error
                await connection.commit()
            finally:
                if driver.in_transaction:  # a commit that failed leaves it open
                    await driver.rollback()
                await connection.close()
        except BaseException as failure:  # noqa: BLE001 - raised in every unit
            self.stored.set_exception(failure)
        else:
            self.stored.set_result(None)


class SharedCommits:
    """Lets units of work take turns; those that wait while another one is at work share its commit.

    A commit waits for the disk, which takes a thousand times as long as a statement.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._turn = asyncio.Lock()
        self._group: Group | None = None
        self._storing: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[AsyncConnection]:
        """Store what is done within, or nothing of it; at the end it is safe on disk."""
        async with self._turn:
            group = self._group or self._open()
            try:
                async with group.unit() as connection:
                    yield connection
            except BaseException as error:
                if group.is_lost():
                    self._group = None
                    await group.end(error)
                raise
        await asyncio.shield(group.stored)

    def _open(self) -> Group:
        group = self._group = Group(self._engine)
        storing = asyncio.create_task(self._store(group))
        self._storing.add(storing)
        storing.add_done_callback(self._storing.discard)
        return group

    async def _store(self, group: Group) -> None:
        """Wait in line: who is in it already shares this commit, who comes later has to wait for it."""
        await asyncio.wait([group.begun])
        async with self._turn:
            if self._group is group:
                self._group = None
            await group.end()

    async def close(self) -> None:
        """Wait for what is being stored."""
        while self._storing:
            await asyncio.wait(self._storing)


def make_private(file: str | Path) -> None:
    """Make an empty file that this user alone may read: it will hold people's words.

    SQLite gives what it keeps beside a database the same rights.

    Raises:
        FileExistsError: it is there already; its rights stay as they are.
        OSError: it cannot be made.
    """
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def try_file(file: str) -> None:
    """Write nothing to the file, but in earnest: the driver's thread would die untidily on one it cannot use.

    Raises:
        StorageError: the folder cannot be made.
        OSError, sqlite3.Error: the file cannot be made, or cannot be used.
    """
    folder = Path(file).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise StorageError(
            f"The folder {folder} for the database cannot be made ({error}). "
            "Make it by hand, give it to this user, or set `database_url` to another place."
        ) from None
    with suppress(FileExistsError):
        make_private(file)
    with closing(sqlite3.connect(file, timeout=BUSY_TIMEOUT / 1000, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
