"""What escalations leave outside the database: their threads on desks, and what volunteers were sent in private."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.messages import PRIVATE_CHAT, Address
from bot.storage.tables import desk_threads, escalations, outbox


@dataclass(frozen=True, slots=True)
class DeskThread:
    """A thread on a desk, with the messages of the bot that stand in it."""

    address: Address
    messages: tuple[str, ...] = ()


async def threads_of(connection: AsyncConnection, some: ColumnElement[bool]) -> list[DeskThread]:
    """Give the desk threads of the escalations for which a condition holds."""
    numbers = select(escalations.c.id).where(some)
    rows = (await connection.execute(select(desk_threads).where(desk_threads.c.escalation_id.in_(numbers)))).all()
    sent = select(outbox.c.escalation_id, outbox.c.platform, outbox.c.chat, outbox.c.message_id)
    sent = sent.where(
        outbox.c.escalation_id.in_(numbers), outbox.c.person_id.is_(None), outbox.c.message_id.is_not(None)
    )
    messages: defaultdict[tuple[int, str, str], dict[str, None]] = defaultdict(dict)
    for row in (await connection.execute(sent.order_by(outbox.c.id))).all():
        messages[row.escalation_id, row.platform, row.chat][row.message_id] = None
    return [
        DeskThread(
            Address(row.platform, row.chat, row.thread), tuple(messages[row.escalation_id, row.platform, row.chat])
        )
        for row in rows
    ]


async def shown_in_private(connection: AsyncConnection, some: ColumnElement[bool]) -> list[tuple[Address, str]]:
    """Give what volunteers were sent in private about the escalations for which a condition holds."""
    query = select(outbox.c.platform, outbox.c.chat, outbox.c.message_id)
    query = query.join(escalations, escalations.c.id == outbox.c.escalation_id)
    to_others = (outbox.c.person_id != escalations.c.asker_id, outbox.c.chat.startswith(PRIVATE_CHAT))
    rows = (await connection.execute(query.where(some, *to_others, outbox.c.message_id.is_not(None)))).all()
    return [(Address(row.platform, row.chat), row.message_id) for row in rows]
