"""How much waits right now: a few numbers for the metrics, read when somebody asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnClause, case, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.escalation import Status
from bot.storage.outbox import Fate
from bot.storage.tables import escalations, outbox

WAITING = (Fate.PENDING, Fate.SENDING)


@dataclass(frozen=True, slots=True)
class Level:
    """How many there are, and since when the oldest waits."""

    count: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenOnes:
    """Open escalations by status, urgent ones apart."""

    status: Status
    urgent: bool
    level: Level


class Levels:
    """Reads them; every query is answered by an index, however much has been sent before."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def outbox(self) -> Mapping[Fate, Level]:
        """Give the messages that have not left, by fate."""
        # Literals, because an index of some rows is used only where the query names them.
        statuses: list[ColumnClause[str]] = [literal_column(f"'{fate}'") for fate in WAITING]
        query = select(outbox.c.status, func.count(), func.min(outbox.c.created_at))
        query = query.where(outbox.c.status.in_(statuses)).group_by(outbox.c.status)
        rows = (await self._connection.execute(query)).all()
        found = {Fate(status): Level(count, oldest) for status, count, oldest in rows}
        return {fate: found.get(fate, Level()) for fate in WAITING}

    async def escalations(self) -> list[OpenOnes]:
        """Give the escalations that are open."""
        urgent = case((escalations.c.urgent, 1), else_=0)
        query = select(escalations.c.status, urgent, func.count(), func.min(escalations.c.opened_at))
        query = query.where(escalations.c.status.in_((Status.WAITING, Status.CLAIMED)))
        rows = (await self._connection.execute(query.group_by(escalations.c.status, urgent))).all()
        found = {(status, bool(is_urgent)): Level(count, oldest) for status, is_urgent, count, oldest in rows}
        return [
            OpenOnes(status, is_urgent, found.get((status, is_urgent), Level()))
            for status in (Status.WAITING, Status.CLAIMED)
            for is_urgent in (False, True)
        ]
