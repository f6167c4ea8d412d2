"""Claims that change hands: let go after a time, given to another one, held on to, counted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.escalation import Escalation, Status
from bot.domain.people import Role
from bot.storage.tables import escalations, passes, volunteers

OWNER_WORKS_HERE = exists().where(
    volunteers.c.person_id == escalations.c.owner_id, volunteers.c.role.in_([Role.VOLUNTEER, Role.LEAD])
)


class Claims:
    """Rows of `escalations` and `passes`; every change is refused if another one came first."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def let_go(self, escalation: Escalation, now: datetime) -> bool:
        """Put a claim without a sign of life back into the queue; False if there was one since it was read."""
        values = {
            "status": Status.WAITING,
            "owner_id": None,
            "claimed_at": None,
            "active_at": now,
            "waiting_since": now,
        }
        still = (
            (escalations.c.status == Status.CLAIMED)
            & (escalations.c.owner_id == escalation.owner)
            & (escalations.c.held_at == escalation.held_at)
            & escalations.c.owed_since.is_not(None)
        )
        return await self._change(escalation.id, still, **values)

    async def hold(self, number: int, owner: int, now: datetime) -> bool:
        """Note a sign of life of the owner."""
        claimed_by = (escalations.c.owner_id == owner) & (escalations.c.status == Status.CLAIMED)
        return await self._change(number, claimed_by, held_at=now)

    async def reassign(self, escalation: Escalation, owner: int, now: datetime) -> bool:
        """Give it to another volunteer, unless it was closed or has changed hands since it was read."""
        values = {"status": Status.CLAIMED, "owner_id": owner, "claimed_at": now, "active_at": now, "held_at": now}
        had = (
            escalations.c.owner_id.is_(None) if escalation.owner is None else escalations.c.owner_id == escalation.owner
        )
        return await self._change(escalation.id, had & (escalations.c.status == escalation.status), **values)

    async def left_behind(self) -> list[int]:
        """Give what is claimed by those who do not work at the desks any more."""
        query = select(escalations.c.id).where(escalations.c.status == Status.CLAIMED, ~OWNER_WORKS_HERE)
        return list((await self._connection.execute(query.order_by(escalations.c.id))).scalars())

    async def loads(self) -> dict[int, int]:
        """Give how many of those that each volunteer has wait for words of theirs."""
        query = (
            select(escalations.c.owner_id, func.count().label("load"))
            .where(escalations.c.status == Status.CLAIMED, escalations.c.owed_since.is_not(None))
            .group_by(escalations.c.owner_id)
        )
        rows = (await self._connection.execute(query)).all()
        return {row.owner_id: row.load for row in rows}

    async def passers(self, number: int) -> set[int]:
        """Give who has passed an escalation."""
        query = select(passes.c.person_id).where(passes.c.escalation_id == number)
        return set((await self._connection.execute(query)).scalars())

    async def _change(self, number: int, condition: Any, **values: object) -> bool:  # noqa: ANN401
        statement = update(escalations).where(escalations.c.id == number, condition).values(**values)
        return (await self._connection.execute(statement)).rowcount == 1
