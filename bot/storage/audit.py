"""The audit log: who did what at the desk, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.people import Role
from bot.storage.sql import delete_some
from bot.storage.tables import audit, people

_actors = people.alias("actors")
_about = people.alias("about")

# Askers are named by their pseudonym; a volunteer to whom a lead gave a question by name.
_whom = case((audit.c.act == "reassign", _about.c.name), else_=_about.c.pseudonym)


@dataclass(frozen=True, slots=True)
class Act:
    """One act; `name` and `pseudonym` are None where the person has been forgotten, or nobody was meant."""

    at: datetime
    name: str | None
    act: str
    number: int | None
    pseudonym: str | None
    note: str | None


class Audit:
    """Rows of `audit`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self,
        person: int,
        role: Role,
        act: str,
        now: datetime,
        *,
        number: int | None = None,
        about: int | None = None,
        note: str | None = None,
    ) -> None:
        """Keep an act; `number` is an escalation's, `about` the asker whom it concerns."""
        values = {"at": now, "person_id": person, "role": role, "act": act, "number": number}
        await self._connection.execute(insert(audit).values(**values, about_id=about, note=note))

    async def last(self, limit: int, *, number: int | None = None) -> list[Act]:
        """Give the last acts, newest first; with a number those on that escalation."""
        query = (
            select(audit, _actors.c.name, _whom.label("pseudonym"))
            .outerjoin(_actors, _actors.c.id == audit.c.person_id)
            .outerjoin(_about, _about.c.id == audit.c.about_id)
        )
        if number is not None:
            query = query.where(audit.c.number == number)
        rows = (await self._connection.execute(query.order_by(audit.c.id.desc()).limit(limit))).all()
        return [Act(row.at, row.name, row.act, row.number, row.pseudonym, row.note) for row in rows]

    async def purge_words(self, before: datetime, most: int) -> int:
        """Take out of acts before a time what was said, and of whom."""
        worded = audit.c.note.is_not(None) | audit.c.about_id.is_not(None)
        some = select(audit.c.id).where(audit.c.at < before, worded).order_by(audit.c.id).limit(most)
        statement = update(audit).where(audit.c.id.in_(some)).values(note=None, about_id=None)
        return (await self._connection.execute(statement)).rowcount

    async def purge(self, before: datetime, most: int) -> int:
        """Delete acts before a time."""
        return await delete_some(self._connection, audit.c.id, most, audit.c.at < before)
