"""The database: opened once, used as `async with store.transaction() as tx`."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import ConfigError, StorageError
from bot.storage.audit import Audit
from bot.storage.care import Care
from bot.storage.claims import Claims
from bot.storage.conversations import Conversations
from bot.storage.counters import Counters
from bot.storage.curating import Curating
from bot.storage.deliveries import Deliveries
from bot.storage.drafts import Drafts
from bot.storage.escalations import Escalations
from bot.storage.gaps import Gaps
from bot.storage.inbox import Inbox
from bot.storage.migrate import upgrade, version
from bot.storage.moves import Moves
from bot.storage.nudges import Nudges
from bot.storage.outbox import OutboxRows
from bot.storage.peers import Alone, Peers
from bot.storage.people import People
from bot.storage.personal import Personal
from bot.storage.postgres import OwnConnections, postgres_engine, take_your_time
from bot.storage.restrictions import Paces, Restrictions
from bot.storage.roster import Roster
from bot.storage.said import SaidWords
from bot.storage.sqlite import SharedCommits, sqlite_engine, try_file

_ALONE_AT = text("SELECT pg_advisory_xact_lock(hashtextextended(:address, 0))")
_WRITES_NOTHING_NEW = text("PRAGMA user_version = 0")
_WRITES_A_LOCK = text("SELECT version_num FROM alembic_version FOR NO KEY UPDATE SKIP LOCKED")


class Transaction:
    """One unit of work: everything in it is stored together, or nothing is."""

    def __init__(self, connection: AsyncConnection, process: int) -> None:
        self.connection = connection
        self.inbox = Inbox(connection)
        self.outbox = OutboxRows(connection)
        self.deliveries = Deliveries(connection, process)
        self.people = People(connection)
        self.personal = Personal(connection)
        self.conversations = Conversations(connection)
        self.curating = Curating(connection)
        self.gaps = Gaps(connection)
        self.escalations = Escalations(connection)
        self.said = SaidWords(connection)
        self.counters = Counters(connection)
        self.roster = Roster(connection)
        self.audit = Audit(connection)
        self.care = Care(connection)
        self.drafts = Drafts(connection)
        self.restrictions = Restrictions(connection)
        self.paces = Paces(connection)
        self.moves = Moves(connection)
        self.nudges = Nudges(connection)
        self.claims = Claims(connection)

    async def alone_at(self, address: str) -> None:
        """Let other processes wait that have something to do at this address, until this is stored."""
        if self.connection.dialect.name == "postgresql":
            await self.connection.execute(_ALONE_AT, {"address": address})


class Store:
    """The engine and its transactions."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.process = secrets.randbelow(2**31)  # tells the processes on one database apart
        alone = engine.dialect.name == "sqlite"
        self._units = SharedCommits(engine) if alone else OwnConnections(engine)
        self.peers: Alone | Peers = Alone() if alone else Peers(engine, self.process)

    @classmethod
    async def open(cls, database_url: str, *, existing: bool = False, as_it_is: bool = False) -> Store:
        """Open the database, make it where there is none, and bring its tables up to date.

        `existing`: make none, for who means one that is there; `as_it_is`: nor change its tables, which is for backups
        alone.

        Raises:
            ConfigError: the address cannot be used.
            StorageError: the database cannot be opened or changed, or is not there.
        """
        url, existing = _checked(database_url, existing=existing or as_it_is), existing or as_it_is
        try:
            engine = sqlite_engine(url) if url.get_backend_name() == "sqlite" else postgres_engine(url)
        except ModuleNotFoundError as error:
            raise ConfigError(f"`database_url` needs the package {error.name}, which is not installed.") from None
        try:
            async with engine.begin() as connection:
                await take_your_time(connection)
                if existing and await connection.run_sync(version) is None:
                    raise _not_there(url)
                if not as_it_is:
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
        """Store what is done within at the end, or nothing of it on an error."""
        async with self._units.unit() as connection:
            yield Transaction(connection, self.process)

    @property
    def file(self) -> Path | None:
        """Give the file of a SQLite database; None for one in memory or on a server."""
        url = self.engine.url
        is_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
        return Path(str(url.database)) if is_file else None

    async def version(self) -> str | None:
        """Give the version of the tables."""
        async with self.transaction() as tx:
            return await tx.connection.run_sync(version)

    async def answers(self) -> None:
        """Take part in the traffic for a moment; raises whatever keeps the database from being used.

        Reading still works on a full disk and on a server that only follows another one, so something is written: a
        number of SQLite's that nobody uses, or a lock on a row.
        """
        async with self.transaction() as tx:
            await tx.connection.execute(_WRITES_NOTHING_NEW if self.engine.dialect.name == "sqlite" else _WRITES_A_LOCK)

    async def close(self) -> None:
        """Close every connection, when what is being stored is stored."""
        await self._units.close()
        await self.engine.dispose()


def _checked(database_url: str, *, existing: bool) -> URL:
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
        if existing and not Path(url.database).exists():
            raise _not_there(url)
        try:
            try_file(url.database)
        except (sqlite3.Error, OSError, ValueError) as error:
            raise StorageError(_why(url, error)) from None
    return url


def _not_there(url: URL) -> StorageError:
    shown = (
        Path(url.database or "").absolute()
        if url.get_backend_name() == "sqlite"
        else url.render_as_string(hide_password=True)
    )
    return StorageError(
        f"There is no database of this bot at {shown}. Run the command in the folder where the bot runs, correct "
        "`database_url`, or name the right settings with --config."
    )


def _why(url: URL, error: BaseException | None) -> str:
    shown = url.render_as_string(hide_password=True)
    check = (
        "that its folder exists, that this user may write there and that the disk has room"
        if url.get_backend_name() == "sqlite"
        else "that the server runs and that host, port, name, user and password in `database_url` are right"
    )
    return f"The database {shown} cannot be used ({error}). Check {check}."
