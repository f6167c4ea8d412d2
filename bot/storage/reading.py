"""How far a platform has been read, and where to look for what was missed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.escalation import Status
from bot.domain.messages import PRIVATE_CHAT, Address
from bot.storage.sql import insert_or_update
from bot.storage.tables import chores, escalations, turns

MOST_PRIVATE = 100  # private chats looked into, the latest ones: each costs the platform two calls


class Reading:
    """Questions about the inbox, escalations and turns."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def kept(self, platform: str, part: str) -> datetime | None:
        """Give up to when all that was said on a part of a platform is handled.

        Of a part that is new, such as a shard when there are more of them, give the earliest of the platform: what
        belongs to it now belonged to another then.
        """
        any_of = select(func.min(chores.c.done_at)).where(chores.c.name.startswith(_mark(platform, "")))
        kept = await self.own(platform, part)
        if kept is None:
            kept = (await self._connection.execute(any_of)).scalar()
        return kept

    async def own(self, platform: str, part: str) -> datetime | None:
        """Give what is kept of this very part."""
        query = select(chores.c.done_at).where(chores.c.name == _mark(platform, part))
        kept: datetime | None = (await self._connection.execute(query)).scalar()
        return kept

    async def keep(self, platform: str, part: str, until: datetime) -> None:
        """Note up to when all that was said on a part of a platform is handled."""
        await insert_or_update(self._connection, chores, {"name": _mark(platform, part)}, {"done_at": until})

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


def _mark(platform: str, part: str) -> str:
    return f"handled {platform} {part}"
