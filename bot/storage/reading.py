"""How far a platform has been read, and where to look for what was missed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.escalation import Status
from bot.domain.messages import PRIVATE_CHAT, Address
from bot.storage.sql import insert_new
from bot.storage.tables import chores, escalations, inbox, turns

MOST_PRIVATE = 100  # private chats looked into, the latest ones: each costs the platform two calls


class Reading:
    """Questions about the inbox, escalations and turns."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def last_event(self, platform: str) -> datetime | None:
        """Give the time at which the last event of a platform was stored."""
        query = select(func.max(inbox.c.received_at)).where(inbox.c.event_id.startswith(f"{platform}:"))
        found: datetime | None = (await self._connection.execute(query)).scalar()
        return found

    async def begun(self, name: str, at: datetime) -> datetime:
        """Keep from when something is being read again, unless an earlier time is kept; give what is kept."""
        await insert_new(self._connection, chores, {"name": f"{name} read", "done_at": at})
        kept = select(chores.c.done_at).where(chores.c.name == f"{name} read")
        found: datetime = (await self._connection.execute(kept)).scalar_one()
        return found

    async def done(self, name: str) -> None:
        """Keep nothing: it was read to its end."""
        await self._connection.execute(delete(chores).where(chores.c.name == f"{name} read"))

    async def watched(self, platform: str, closed_after: datetime) -> list[Address]:
        """Give the chats of escalations that are open or may be reopened, and the latest private talks."""
        return list(dict.fromkeys([*await self._escalated(platform, closed_after), *await self._private(platform)]))

    async def _escalated(self, platform: str, closed_after: datetime) -> list[Address]:
        query = (
            select(escalations.c.chat, escalations.c.thread)
            .where(escalations.c.platform == platform)
            .where(or_(escalations.c.status != Status.CLOSED, escalations.c.closed_at > closed_after))
            .distinct()
        )
        return [Address(platform, chat, thread) for chat, thread in (await self._connection.execute(query)).all()]

    async def _private(self, platform: str) -> list[Address]:
        first = f"{platform}:{PRIVATE_CHAT}"
        query = select(turns.c.address).where(turns.c.address.startswith(first)).group_by(turns.c.address)
        rows = await self._connection.execute(query.order_by(func.max(turns.c.id).desc()).limit(MOST_PRIVATE))
        return [Address(platform, address.removeprefix(f"{platform}:")) for (address,) in rows.all()]
