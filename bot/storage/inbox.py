"""The inbox: each event once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import bindparam, delete, select, update
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

    async def seen_before(self, time: datetime, most: int) -> list[str]:
        """Give the first events that were seen before a time."""
        query = select(inbox.c.event_id).where(inbox.c.received_at < time).order_by(inbox.c.received_at).limit(most)
        return list((await self._connection.execute(query)).scalars())

    async def outcomes(self, events: Sequence[str]) -> dict[date, Counter[str]]:
        """Count what was made of events, by day and by the first word of the outcome."""
        found: dict[date, Counter[str]] = defaultdict(Counter)
        query = select(inbox.c.received_at, inbox.c.outcome).where(inbox.c.event_id.in_(events))
        for at, outcome in (await self._connection.execute(query)).all():
            found[at.date()][(outcome or "none").split(" ")[0]] += 1
        return found

    async def delete(self, events: Sequence[str]) -> int:
        """Delete events that no platform repeats any more."""
        return (await self._connection.execute(delete(inbox).where(inbox.c.event_id.in_(events)))).rowcount
