"""Rows whose time lies ahead: they were stored while the machine's clock was wrong, and would be kept until then."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import (
    audit,
    conversations,
    escalations,
    inbox,
    outbox,
    paces,
    people,
    proposals,
    restrictions,
    turns,
    volunteers,
)

FAR = timedelta(days=1)  # as far as the clock may be wrong for the purge to go by it
KEPT_SINCE = (  # what the purge goes by, table by table
    audit.c.at, conversations.c.updated_at, escalations.c.closed_at, inbox.c.received_at, outbox.c.created_at,
    paces.c.since, people.c.created_at, proposals.c.changed_at, turns.c.at, volunteers.c.seen_at,
)  # fmt: skip


async def bring_back(connection: AsyncConnection, now: datetime) -> int:
    """Count from now what lies far ahead, by a clock that is right; tell how many rows."""
    brought = 0
    for column in KEPT_SINCE:
        statement = update(column.table).where(column > now + FAR).values({column.name: now})
        brought += (await connection.execute(statement)).rowcount
    return brought + await _restrictions(connection, now)


async def _restrictions(connection: AsyncConnection, now: datetime) -> int:
    """Have mutes and blocks last as long as was meant, and not until the wrong clock's time."""
    ahead = await connection.execute(select(restrictions).where(restrictions.c.at > now + FAR))
    rows = ahead.all()
    for row in rows:
        meant = {"at": now, "until": now + (row.until - row.at)}
        await connection.execute(update(restrictions).where(restrictions.c.id == row.id).values(**meant))
    return len(rows)
