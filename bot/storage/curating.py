"""Curating: proposals, the leads' approvals, and what was published over the files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.curating import Kind, Proposal, Published, State
from bot.storage.sql import delete_some, insert_new
from bot.storage.tables import approvals, proposals, published

UNDECIDED = (State.DRAFT, State.OPEN)


class Curating:
    """Rows of `proposals`, `approvals` and `published`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self,
        kind: Kind,
        entry_id: str,
        fields: Mapping[str, Any],
        author: int,
        now: datetime,
        *,
        basis: str,
        leads: bool,
        asker: int | None = None,
    ) -> int:
        """Keep a draft; `asker` is whose question it came from, `leads` whether its author is a lead."""
        values = {"kind": kind, "state": State.DRAFT, "entry_id": entry_id, "fields": dict(fields), "basis": basis}
        people = {"person_id": author, "author_leads": leads, "asker_id": asker}
        statement = insert(proposals).values(**values, **people, changed_at=now).returning(proposals.c.id)
        return int((await self._connection.execute(statement)).scalar_one())

    async def get(self, number: int) -> Proposal | None:
        """Give a proposal, unless it has been purged."""
        row = (await self._connection.execute(_proposals().where(proposals.c.id == number))).first()
        return _proposal(row) if row else None

    async def undecided(self) -> list[Proposal]:
        """Give the drafts and what waits for the leads, oldest first."""
        query = _proposals().where(proposals.c.state.in_(UNDECIDED)).order_by(proposals.c.id)
        return [_proposal(row) for row in (await self._connection.execute(query)).all()]

    async def change(
        self, seen: Proposal, entry_id: str, fields: Mapping[str, Any], author: tuple[int, bool], now: datetime
    ) -> bool:
        """Put other words in, by their author (and whether it is a lead); it is a draft again, its approvals are gone.

        False: somebody was first.
        """
        statement = update(proposals).where(*_as_seen(seen), proposals.c.state.in_(UNDECIDED))
        values = {"entry_id": entry_id, "fields": dict(fields), "state": State.DRAFT, "changed_at": now}
        values |= {"person_id": author[0], "author_leads": author[1]}
        changed = await self._connection.execute(statement.values(**values, revision=proposals.c.revision + 1))
        if changed.rowcount:
            await self._connection.execute(delete(approvals).where(approvals.c.proposal_id == seen.id))
        return changed.rowcount == 1

    async def propose(self, seen: Proposal, now: datetime) -> bool:
        """Give a draft to the leads."""
        return await self._move(seen, State.DRAFT, state=State.OPEN, changed_at=now)

    async def drop(self, seen: Proposal, state: State, now: datetime) -> bool:
        """End an undecided one: declined or withdrawn; its words and people are forgotten."""
        gone = {"state": state, "changed_at": now, "fields": {}, "person_id": None, "asker_id": None}
        return await self._move(seen, *UNDECIDED, **gone)

    async def approve(self, seen: Proposal, lead: int, now: datetime) -> int | None:
        """Count a lead's yes once; give how many there are, None if it no longer stands as seen.

        The row is changed first: of two leads at the same moment the second waits here, and then counts both.
        """
        if not await self._move(seen, State.OPEN, changed_at=now):
            return None
        await insert_new(self._connection, approvals, {"proposal_id": seen.id, "person_id": lead})
        count = select(func.count()).select_from(approvals).where(approvals.c.proposal_id == seen.id)
        return int((await self._connection.execute(count)).scalar_one())

    async def publish(self, seen: Proposal, fields: Mapping[str, Any] | None, now: datetime) -> int | None:
        """Publish an open one, without its people; give the number of the change, None if somebody was first."""
        gone = {"state": State.PUBLISHED, "changed_at": now, "fields": {}, "person_id": None, "asker_id": None}
        if not await self._move(seen, State.OPEN, **gone):
            return None
        await self._connection.execute(delete(approvals).where(approvals.c.proposal_id == seen.id))
        values = {"kind": seen.kind, "entry_id": seen.entry_id, "fields": dict(fields) if fields else None, "at": now}
        statement = insert(published).values(**values).returning(published.c.id)
        return int((await self._connection.execute(statement)).scalar_one())

    async def _move(self, seen: Proposal, *states: State, **values: object) -> bool:
        statement = update(proposals).where(*_as_seen(seen), proposals.c.state.in_(states)).values(**values)
        return (await self._connection.execute(statement)).rowcount == 1

    async def change_of(self, number: int) -> Published | None:
        """Give a published change."""
        row = (await self._connection.execute(select(published).where(published.c.id == number))).first()
        return _published(row) if row else None

    async def undo(self, number: int, now: datetime) -> bool:
        """Take a change back; False: it is undone already, there is none, or a newer one of its entry counts."""
        newer = published.alias("newer")
        over_it = select(newer.c.id).where(
            newer.c.entry_id == published.c.entry_id, newer.c.id > number, newer.c.undone_at.is_(None)
        )
        statement = update(published).where(
            published.c.id == number, published.c.undone_at.is_(None), ~over_it.exists()
        )
        return (await self._connection.execute(statement.values(undone_at=now))).rowcount == 1

    async def live(self) -> list[Published]:
        """Give the change that counts for each entry, in the order in which they were published."""
        latest = select(func.max(published.c.id)).where(published.c.undone_at.is_(None)).group_by(published.c.entry_id)
        query = select(published).where(published.c.id.in_(latest)).order_by(published.c.id)
        return [_published(row) for row in (await self._connection.execute(query)).all()]

    async def history(self, limit: int) -> list[Published]:
        """Give the latest changes, newest first."""
        query = select(published).order_by(published.c.id.desc()).limit(limit)
        return [_published(row) for row in (await self._connection.execute(query)).all()]

    async def version(self) -> tuple[int, int]:
        """Give what is different after every publishing and every undoing."""
        query = select(func.coalesce(func.max(published.c.id), 0), func.count(published.c.undone_at))
        newest, undone = (await self._connection.execute(query)).one()
        return int(newest), int(undone)

    async def purge(self, before: datetime, most: int) -> int:
        """Delete what was decided or left lying before a time; what waits for the leads stays, but not whose it was."""
        waits = (proposals.c.changed_at < before, proposals.c.state == State.OPEN)
        await self._connection.execute(update(proposals).where(*waits).values(asker_id=None))
        old = (proposals.c.changed_at < before, proposals.c.state != State.OPEN)
        return await delete_some(self._connection, proposals.c.id, most, *old)


def _as_seen(seen: Proposal) -> tuple[Any, Any]:
    return proposals.c.id == seen.id, proposals.c.revision == seen.revision


def _proposals() -> Select[Any]:
    count = select(func.count()).where(approvals.c.proposal_id == proposals.c.id).scalar_subquery()
    return select(proposals, count.label("approvals"))


def _proposal(row: Row[Any]) -> Proposal:
    return Proposal(
        id=row.id,
        kind=Kind(row.kind),
        state=State(row.state),
        entry_id=row.entry_id,
        fields=row.fields,
        revision=row.revision,
        basis=row.basis,
        author=row.person_id,
        author_leads=row.author_leads,
        approvals=row.approvals,
    )


def _published(row: Row[Any]) -> Published:
    return Published(row.id, Kind(row.kind), row.entry_id, row.fields, row.at, row.undone_at is not None)
