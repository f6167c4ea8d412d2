"""The database: opened once, used as `async with store.transaction() as tx`."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import AsyncAdaptedQueuePool, Connection, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import ConfigError, StorageError
from bot.storage.conversations import Conversations
from bot.storage.counters import Counters
from bot.storage.escalations import Escalations
from bot.storage.inbox import Inbox
from bot.storage.migrate import upgrade
from bot.storage.outbox import OutboxRows
from bot.storage.people import People
from bot.storage.personal import Personal

BUSY_TIMEOUT = 15_000  # milliseconds SQLite waits for a writer in another process
POOL_TIMEOUT = 60  # seconds a transaction waits for its turn


class Transaction:
    """One unit of work: everything in it is stored together, or nothing is."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self.inbox = Inbox(connection)
        self.outbox = OutboxRows(connection)
        self.people = People(connection)
        self.personal = Personal(connection)
        self.conversations = Conversations(connection)
        self.escalations = Escalations(connection)
        self.counters = Counters(connection)


class Store:
    """The engine and its transactions."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    @classmethod
    async def open(cls, database_url: str) -> Store:
        """Open the database and bring its tables up to date.

        Raises:
            ConfigError: the address cannot be used.
            StorageError: the database cannot be opened or changed.
        """
        url = _checked(database_url)
        try:
            engine = _engine(url)
        except ModuleNotFoundError as error:
            raise ConfigError(f"`database_url` needs the package {error.name}, which is not installed.") from None
        try:
            async with engine.begin() as connection:
                await connection.run_sync(upgrade)
        except (DBAPIError, OSError) as error:  # OSError: a server that cannot be reached
            await engine.dispose()
            raise StorageError(_why(url, getattr(error, "orig", error))) from None
        except StorageError:
            await engine.dispose()
            raise
        return cls(engine)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Begin; commit at the end, roll back on an error.

        Beginning goes on even if the task is cancelled meanwhile, and gives the connection back: a connection lost
        half-way would be the only one there is.
        """
        begun = asyncio.ensure_future(self._begin())
        try:
            connection = await asyncio.shield(begun)
        except asyncio.CancelledError:
            with suppress(Exception):
                await (await begun).close()
            raise
        try:
            yield Transaction(connection)
            await connection.commit()
        finally:
            await connection.close()  # rolls back what is not committed

    async def _begin(self) -> AsyncConnection:
        connection = await self.engine.connect()
        try:
            await connection.begin()
        except BaseException:
            await connection.close()
            raise
        return connection

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


def _checked(database_url: str) -> URL:
    try:
        url = make_url(database_url)
        url.get_dialect()
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"`database_url` needs the package {error.name}, which is not installed. Install it."
        ) from None
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise ConfigError(
            "`database_url` cannot be used. Write it like sqlite+aiosqlite:///data/bot.db "
            "or postgresql+asyncpg://user:password@host/name."
        ) from None
    if url.get_backend_name() == "sqlite" and url.drivername != "sqlite+aiosqlite":
        raise ConfigError("`database_url`: write sqlite+aiosqlite:/// in front of the file's path.")
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        _make_folder(url.database)
        _try_file(url, url.database)
    return url


def _make_folder(file: str) -> None:
    folder = Path(file).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise StorageError(
            f"The folder {folder} for the database cannot be made ({error}). "
            "Make it by hand, give it to this user, or set `database_url` to another place."
        ) from None


def _try_file(url: URL, file: str) -> None:
    """Write nothing to the file, but in earnest: the driver's thread would die untidily on one it cannot use."""
    try:
        with closing(sqlite3.connect(file, timeout=BUSY_TIMEOUT / 1000, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except (sqlite3.Error, ValueError) as error:
        raise StorageError(_why(url, error)) from None


def _why(url: URL, error: BaseException | None) -> str:
    shown = url.render_as_string(hide_password=True)
    check = (
        "that its folder exists, that this user may write there and that the disk has room"
        if url.get_backend_name() == "sqlite"
        else "that the server runs and that host, port, name, user and password in `database_url` are right"
    )
    return f"The database {shown} cannot be used ({error}). Check {check}."


def _engine(url: URL) -> AsyncEngine:
    return _sqlite_engine(url) if url.get_backend_name() == "sqlite" else create_async_engine(url, hide_parameters=True)


def _sqlite_engine(url: URL) -> AsyncEngine:
    """Give an engine of one connection: SQLite has one writer at a time, and waiting here is fair and quick.

    Transactions are taken out of the driver's hands: BEGIN IMMEDIATE, write-ahead log, foreign keys on.
    """
    engine = create_async_engine(
        # Parameters hold people's words: they stay out of error messages, and so out of logs.
        url,
        hide_parameters=True,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:  # noqa: ANN401
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA secure_delete = ON")  # what /forgetme deletes is overwritten, not just unlinked
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
