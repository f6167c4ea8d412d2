"""Everything about one person, across all tables: given, and deleted."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Table, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.escalation import Status, Voice
from bot.domain.messages import Address
from bot.storage.restrictions import Kind
from bot.storage.tables import audit, escalations, metadata, outbox, people, restrictions, said
from bot.storage.traces import DeskThread, shown_in_private, threads_of


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
                kept = [dict(row) for row in rows if _for_their_eyes(table, row, person)]
                found |= {table.name: kept} if kept else {}
        return found

    async def threads(self, person: int) -> list[DeskThread]:
        """Give the desk threads of a person's escalations."""
        return await threads_of(self._connection, escalations.c.asker_id == person)

    async def shown_in_private(self, person: int) -> list[tuple[Address, str]]:
        """Give what volunteers were sent in private about a person's escalations."""
        return await shown_in_private(self._connection, escalations.c.asker_id == person)

    async def owned(self, person: int) -> list[int]:
        """Give the escalations that a volunteer has."""
        query = select(escalations.c.id).where(
            escalations.c.owner_id == person, escalations.c.status == Status.CLAIMED, escalations.c.asker_id != person
        )
        return list((await self._connection.execute(query)).scalars())

    async def forget(self, person: int) -> None:
        """Delete a person; what is about them goes along (ON DELETE CASCADE).

        What they wrote as a volunteer to others stays with those, without their name; what they had goes back to the
        queue. A block stays as a hash, the audit log keeps acts: both lose their words.
        """
        theirs = (escalations.c.owner_id == person) & (escalations.c.status == Status.CLAIMED)
        back = {"status": Status.WAITING, "owner_id": None, "claimed_at": None}
        await self._connection.execute(update(escalations).where(theirs).values(**back))
        mine = select(escalations.c.id).where(escalations.c.asker_id == person)
        await self._connection.execute(delete(said).where(said.c.escalation_id.in_(mine)))
        muted = (restrictions.c.person_id == person) & (restrictions.c.kind == Kind.MUTE)
        await self._connection.execute(delete(restrictions).where(muted))
        await self._connection.execute(update(restrictions).where(restrictions.c.person_id == person).values(reason=""))
        acts = (audit.c.person_id == person) | (audit.c.about_id == person)
        await self._connection.execute(update(audit).where(acts).values(note=None))
        await self._connection.execute(delete(people).where(people.c.id == person))


def _for_their_eyes(table: Table, row: RowMapping, person: int) -> bool:
    """Leave out what volunteers say among themselves, and copies of what was shown of this before."""
    if table is said:
        return bool(row["by"] != Voice.NOTE)
    if table is outbox and row["person_id"] not in (None, person):
        return False
    return table is not outbox or not (row["content"].get("on_desk") or row["content"].get("shows_all"))


def _about(table: Table, person: int) -> ColumnElement[bool] | None:
    """Give the condition for rows about a person: their own row, theirs by key, or within their escalations."""
    if table.name == "people":
        return table.c.id == person
    clauses: list[ColumnElement[bool]] = [
        table.c[name] == person for name in ("person_id", "asker_id", "about_id") if name in table.c
    ]
    if "escalation_id" in table.c:
        clauses.append(table.c.escalation_id.in_(select(escalations.c.id).where(escalations.c.asker_id == person)))
    return or_(*clauses) if clauses else None
