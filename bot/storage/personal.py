"""Everything about one person, across all tables: given, and deleted."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Table, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import escalations, metadata, people, said


class Personal:
    """Reads and deletes by person; goes by the columns, so a new table is not forgotten."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def export(self, person: int) -> dict[str, list[dict[str, Any]]]:
        """Give every row of every table that is about a person, by table."""
        found: dict[str, list[dict[str, Any]]] = {}
        for table in metadata.sorted_tables:
            clause = _about(table, person)
            if clause is not None:
                rows = (await self._connection.execute(select(table).where(clause))).mappings().all()
                found |= {table.name: [dict(row) for row in rows]} if rows else {}
        return found

    async def forget(self, person: int) -> None:
        """Delete a person; what is about them goes along (ON DELETE CASCADE).

        What they wrote as a volunteer to others stays with those, without their name.
        """
        mine = select(escalations.c.id).where(escalations.c.asker_id == person)
        await self._connection.execute(delete(said).where(said.c.escalation_id.in_(mine)))
        await self._connection.execute(delete(people).where(people.c.id == person))


def _about(table: Table, person: int) -> ColumnElement[bool] | None:
    """Give the condition for rows about a person: their own row, theirs by key, or within their escalations."""
    if table.name == "people":
        return table.c.id == person
    clauses: list[ColumnElement[bool]] = [
        table.c[name] == person for name in ("person_id", "asker_id") if name in table.c
    ]
    if "escalation_id" in table.c:
        clauses.append(table.c.escalation_id.in_(select(escalations.c.id).where(escalations.c.asker_id == person)))
    return or_(*clauses) if clauses else None
