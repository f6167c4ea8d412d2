"""The inbox: each event once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.sql import insert_new
from bot.storage.tables import inbox

_DECIDED = update(inbox).where(inbox.c.event_id == bindparam("event")).values(outcome=bindparam("word"))


class Inbox:
    """Rows of `inbox`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def record(self, event_id: str, now: datetime) -> bool:
        """Note that an event arrived; False means that it had been seen before."""
        return await insert_new(self._connection, inbox, {"event_id": event_id, "received_at": now})

    async def decided(self, event_id: str, outcome: str) -> None:
        """Note what was made of it, such as `answer cost-mexico`; never its words."""
        await self._connection.execute(_DECIDED, {"event": event_id, "word": outcome[:200]})

    async def purge(self, before: datetime) -> int:
        """Delete what was seen before a time; platforms repeat an event within a day at the most."""
        return (await self._connection.execute(delete(inbox).where(inbox.c.received_at < before))).rowcount
