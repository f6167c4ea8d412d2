"""The tables of databases in memory, made by the migrations once a session: running all of them takes longer than many a story."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from sqlalchemy import Connection, text

from bot.storage import store
from bot.storage.migrate import HEAD, upgrade
from bot.storage.tables import metadata

MADE = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
VERSION = f"INSERT INTO alembic_version VALUES ('{HEAD}')"  # noqa: S608 - ours


@contextmanager
def made_once() -> Iterator[None]:
    """Give each further database in memory the tables that the first one got; files are migrated as ever."""
    statements: list[str] = []

    def made(connection: Connection) -> None:
        if connection.engine.url.database != ":memory:":
            upgrade(connection)
        elif statements:
            for statement in statements:
                connection.exec_driver_sql(statement)
        else:
            upgrade(connection)
            statements.extend([*connection.execute(text(MADE)).scalars(), VERSION])
            rows = [name for name in metadata.tables if connection.execute(text(f'SELECT 1 FROM "{name}"')).first()]  # noqa: S608
            assert not rows, f"migrations write rows into {rows}, which are not among these statements"

    with patch.object(store, "upgrade", made):
        yield
