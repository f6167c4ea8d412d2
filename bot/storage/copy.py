"""Everything from one database into an empty one, of either kind; a backup is such a copy, always a SQLite file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Table, func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StorageError
from bot.storage.migrate import HEAD
from bot.storage.postgres import take_your_time
from bot.storage.sqlite import make_private
from bot.storage.store import Store
from bot.storage.tables import metadata

CHUNK = 500  # rows at a time
BESIDE = ("-wal", "-shm", "-journal")  # files that SQLite keeps beside a database

Counts = dict[str, int]


async def copy(source: Store, target: Store) -> Counts:
    """Copy every row as it stands at one moment; give how many there were, by table.

    Numbers that were given once are not given again in the copy either.

    Raises:
        StorageError: the target is not empty, cannot be written, or holds another number of rows in the end; nothing is
            kept then.
    """
    if source.file and target.file and source.file.samefile(target.file):
        raise StorageError(f"{target.file} is the same file. Name a new one to copy to.")
    try:
        return await _copy_all(source, target)
    except (DBAPIError, OSError) as error:  # OSError: a server that has gone away
        why = str(getattr(error, "orig", error)).partition("\n")[0]  # further lines may quote a row
        raise StorageError(
            f"The copy could not be made ({why}). Nothing was kept of it. Check that the disk has room, that both "
            "databases can be used and that nothing else writes there."
        ) from None


async def _copy_all(source: Store, target: Store) -> Counts:
    async with _at_one_moment(source) as old, target.engine.begin() as new:
        await take_your_time(new)
        await _check_empty(new)
        counts = {table.name: await _copy_table(old, new, table) for table in metadata.sorted_tables}
        for table, last in (await _last_numbers(old)).items():
            await _go_on_after(new, table, last)
        if await _counts(new) != counts:
            raise StorageError(
                "The copy does not hold as many rows as the original. Nothing was kept of it; try again."
            )
    return counts


@asynccontextmanager
async def _at_one_moment(source: Store) -> AsyncIterator[AsyncConnection]:
    async with source.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execution_options(isolation_level="REPEATABLE READ")
        async with connection.begin():
            await take_your_time(connection)
            yield connection


async def _check_empty(connection: AsyncConnection) -> None:
    filled = [name for name, count in (await _counts(connection)).items() if count]
    if filled:
        raise StorageError(
            f"The database to copy to is not empty ({', '.join(filled)}). Name a new one: nothing is overwritten."
        )


async def _counts(connection: AsyncConnection) -> Counts:
    query = select(func.count())
    return {
        table.name: (await connection.execute(query.select_from(table))).scalar_one()
        for table in metadata.sorted_tables
    }


async def _copy_table(old: AsyncConnection, new: AsyncConnection, table: Table) -> int:
    rows = await old.stream(select(table).order_by(*table.primary_key.columns))
    count = 0
    async for chunk in rows.mappings().partitions(CHUNK):
        await new.execute(insert(table), [dict(row) for row in chunk])
        count += len(chunk)
    return count


def _numbered() -> list[Table]:
    return [table for table in metadata.sorted_tables if table.autoincrement_column is not None]


async def _last_numbers(connection: AsyncConnection) -> Counts:
    """Give the last number that each table has given, purged rows included where the database remembers them."""
    if connection.dialect.name == "sqlite":
        kept = {
            str(name): int(last)
            for name, last in await connection.execute(text("SELECT name, seq FROM sqlite_sequence"))
        }
        tables = {table.name: table for table in _numbered()}
        query = {name: select(func.max(table.c.id)) for name, table in tables.items() if name not in kept}
        found = {name: (await connection.execute(one)).scalar() or 0 for name, one in query.items()}
        return {name: last for name, last in (found | kept).items() if last and name in tables}
    query_all = text("SELECT relname, pg_sequence_last_value(pg_class.oid) FROM pg_class WHERE relkind = 'S'")
    last = {str(name): number for name, number in await connection.execute(query_all)}
    numbers = {table.name: last.get(f"{table.name}_id_seq") for table in _numbered()}
    return {name: int(number) for name, number in numbers.items() if number}


async def _go_on_after(connection: AsyncConnection, table: str, last: int) -> None:
    values = {"table": table, "last": last}
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT setval(CAST(:table || '_id_seq' AS regclass), :last)"), values)
        return
    changed = await connection.execute(text("UPDATE sqlite_sequence SET seq = :last WHERE name = :table"), values)
    if not changed.rowcount and metadata.tables[table].dialect_options["sqlite"]["autoincrement"]:
        await connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :last)"), values)


async def backup(source: Store, file: Path) -> Counts:
    """Write a file that holds everything as it stands at one moment, while the bot goes on; give the counts.

    Raises:
        StorageError: the file is there already or cannot be written, or a server's tables are of another version.
    """
    if source.engine.dialect.name != "sqlite" and (found := await source.version()) != HEAD:
        raise StorageError(
            f"The tables have version {found}, this program writes backups of version {HEAD}. Take the backup with the "
            "version of the bot that runs, or run `hsct-bot db upgrade` first."
        )
    _make(file)
    try:
        if source.engine.dialect.name == "sqlite":
            _online_backup(str(source.engine.url.database), file)
        else:
            await _copy_to_file(source, file)
        return check(file)
    except BaseException:
        _remove(file)
        raise


async def _copy_to_file(source: Store, file: Path) -> None:
    target = await Store.open(f"sqlite+aiosqlite:///{file}")
    try:
        await copy(source, target)
    finally:
        await target.close()


async def restore(file: Path, target: Store) -> Counts:
    """Fill an empty database from a backup, which stays as it is; give the counts.

    Raises:
        StorageError: the file is no sound backup, or the database is not empty.
    """
    check(file)
    with TemporaryDirectory(dir=_room(file, target)) as folder:
        working = Path(folder) / "backup.db"
        _online_backup(str(file), working)
        source = await Store.open(f"sqlite+aiosqlite:///{working}")  # brings the tables of an older one up to date
        try:
            return await copy(source, target)
        finally:
            await source.close()


def _remove(file: Path) -> None:
    """Leave no half of a backup: it must not be taken for one, nor stand in the way of the next."""
    for part in ("", *BESIDE):
        Path(f"{file}{part}").unlink(missing_ok=True)


def _room(file: Path, target: Store) -> Path | None:
    """Give where a copy of the backup has room: the system's own place (None) is memory in many a container."""
    places = [place.parent for place in (target.file, file) if place]
    return next((place for place in places if os.access(place, os.W_OK)), None)


def _make(file: Path) -> None:
    try:
        make_private(file)
    except FileExistsError:
        raise StorageError(f"{file} is there already. Name a new file: nothing is overwritten.") from None
    except OSError as error:
        raise StorageError(f"{file} cannot be written ({error}). Check the folder and its permissions.") from None


def _online_backup(database: str, file: Path) -> None:
    try:
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(file)) as target:
            source.backup(target)
    except sqlite3.Error as error:
        raise StorageError(f"The backup could not be written ({error}). Check that the disk has room.") from None


def check(file: Path) -> Counts:
    """Check that a backup is sound; give its counts.

    Raises:
        StorageError: it is not, or there is none.
    """
    if not file.exists():
        raise StorageError(f"{file}: there is no such file. Check the path.")
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            problems = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            problems += [
                f"a row of {row[0]} without its row in {row[2]}"
                for row in connection.execute("PRAGMA foreign_key_check")
            ]
            names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            known = [name for name in names if name in metadata.tables]
            counts = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in known}  # noqa: S608
    except sqlite3.Error as error:
        raise StorageError(f"{file} is no backup of this bot ({error}). Take another one.") from None
    if problems or "alembic_version" not in names:
        raise StorageError(
            f"{file} is not sound ({problems[0] if problems else 'no tables of this bot'}). Take another one."
        )
    return counts
