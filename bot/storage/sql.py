"""The few statements that SQLite and PostgreSQL spell alike but SQLAlchemy keeps apart."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def _insert(dialect: str, table: Table) -> Any:  # noqa: ANN401 - the two dialects' classes have no common parent
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@cache
def _insert_new(dialect: str, table: Table) -> Any:  # noqa: ANN401
    return _insert(dialect, table).on_conflict_do_nothing()


async def insert_new(connection: AsyncConnection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless one with the same unique key is there; tell whether it was inserted."""
    return (await connection.execute(_insert_new(connection.dialect.name, table), dict(values))).rowcount == 1


@cache
def _insert_or_update(dialect: str, table: Table, key: tuple[str, ...], values: tuple[str, ...]) -> Any:  # noqa: ANN401
    statement = _insert(dialect, table)
    return statement.on_conflict_do_update(
        index_elements=list(key), set_={name: statement.excluded[name] for name in values}
    )


async def insert_or_update(
    connection: AsyncConnection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]
) -> None:
    """Insert a row, or give new values to the one with this key."""
    statement = _insert_or_update(connection.dialect.name, table, tuple(key), tuple(values))
    await connection.execute(statement, {**key, **values})


@cache
def _insert_or_add(dialect: str, table: Table, key: tuple[str, ...], number: str) -> Any:  # noqa: ANN401
    statement = _insert(dialect, table)
    added = {number: table.c[number] + statement.excluded[number]}
    return statement.on_conflict_do_update(index_elements=list(key), set_=added)


async def insert_or_add(connection: AsyncConnection, table: Table, key: Mapping[str, Any], **number: int) -> None:
    """Insert a row with a number, or add the number to that of the row with this key."""
    ((name, value),) = number.items()
    statement = _insert_or_add(connection.dialect.name, table, tuple(key), name)
    await connection.execute(statement, {**key, name: value})


async def delete_some(connection: AsyncConnection, key: Column[Any], most: int, *old: ColumnElement[bool]) -> int:
    """Delete the first rows of the key's table to which all of this applies, so many at the most; tell how many."""
    some = select(key).where(*old).order_by(key).limit(most)
    return (await connection.execute(delete(key.table).where(key.in_(some)))).rowcount
