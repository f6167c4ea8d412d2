"""Nudges: what was said because time went by. The key lets each be said once, by whichever process is first."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.escalation import Status
from bot.domain.waits import Kind, Nudge, Said
from bot.storage.sql import insert_new
from bot.storage.tables import escalations, nudges


class Nudges:
    """Rows of `nudges`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, nudge: Nudge, now: datetime) -> bool:
        """Note that something is said now; False: it was said already."""
        row = {"escalation_id": nudge.escalation, "kind": nudge.kind, "since": nudge.since, "place": nudge.place}
        return await insert_new(self._connection, nudges, {**row, "at": now})

    async def of_open(self) -> dict[int, Said]:
        """Give what was said about the escalations that are open."""
        query = select(nudges).join(escalations, escalations.c.id == nudges.c.escalation_id)
        query = query.where(escalations.c.status != Status.CLOSED)
        found: defaultdict[int, dict[Nudge, datetime]] = defaultdict(dict)
        for row in (await self._connection.execute(query)).all():
            found[row.escalation_id][Nudge(row.escalation_id, Kind(row.kind), row.since, row.place)] = row.at
        return {number: Said(at) for number, at in found.items()}

    async def last(self, kind: Kind) -> datetime | None:
        """Give when something of a kind was last said, about whichever escalation."""
        query = select(nudges.c.at).where(nudges.c.kind == kind).order_by(nudges.c.at.desc()).limit(1)
        found: datetime | None = (await self._connection.execute(query)).scalar()
        return found
