"""Bringing the tables up to date at start, with Alembic."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.errors import StorageError
from bot.sparing import undecorated

HEAD = "0008"  # the newest file in migrations/versions; a test keeps it true
_FOLDER = Path(__file__).parent / "migrations"
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(0x68736373)")  # SQLite's transactions are that by themselves


def upgrade(connection: Connection) -> None:
    """Run the migrations that are missing; Alembic is imported only when there are any.

    Processes that start at the same moment wait for the first of them.

    Raises:
        StorageError: the database was written by a newer version of the bot, or files of this one are missing.
    """
    if version(connection) == HEAD:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(_ONE_AT_A_TIME)
    current = version(connection)
    if current == HEAD:
        return
    with undecorated():
        from alembic import command
        from alembic.config import Config
        from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        if current is None:
            raise StorageError(f"The tables cannot be made ({error}). Install the bot again.") from None
        raise StorageError(
            f"The database has version {current}, which this program does not know. "
            "It was written by a newer one: update the bot, or restore an older backup."
        ) from None


def version(connection: Connection) -> str | None:
    """Give the version the database has, or None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found
