"""The outbox's rows: messages stored with the change that caused them, and their receipts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, Select, and_, exists, false, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.escalation import card_key
from bot.domain.messages import Address, Button, Delivery, OutgoingMessage, Receipt
from bot.storage.sql import insert_new
from bot.storage.tables import desk_threads, outbox, people

_codec = TypeAdapter(OutgoingMessage)


class Fate(StrEnum):
    """Where an outgoing message stands."""

    PENDING = "pending"  # stored, to be sent when due
    SENDING = "sending"  # handed to the platform; after a crash it is sent again
    SENT = "sent"  # the platform has taken it
    FAILED = "failed"  # given up on, with the reason
    SUPERSEDED = "superseded"  # a newer one with the same key went instead


@dataclass(frozen=True, slots=True)
class Shown:
    """A sent message as its reader sees it: what typed words are compared with."""

    number: int
    buttons: tuple[Button, ...]
    person: int | None
    sent_at: datetime
    shareable: bool = False  # it can have been shown with a button that puts it before the group


LOOKED_AT = 20  # messages among which those with buttons are looked for
SHOWN_KEPT = 3  # of them, whose buttons can be typed
LEASE = timedelta(minutes=15)  # for one send, waits for rate limits included


@dataclass(frozen=True, slots=True)
class Served:
    """What a process delivers to: a whole platform, or one chat of it."""

    platform: str
    chat: str | None = None


def _served(places: Sequence[Served]) -> ColumnElement[bool]:
    clauses = [
        and_(outbox.c.platform == place.platform, *([outbox.c.chat == place.chat] if place.chat else []))
        for place in places
    ]
    return or_(false(), *clauses)


def lane_of(message: OutgoingMessage) -> str:
    """Give what is kept in order: an address, or an escalation's thread on a desk."""
    return f"{message.to}#{message.escalation_id}" if message.on_desk else str(message.to)


class OutboxRows:
    """Rows of `outbox`, and the threads its receipts made known."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, message: OutgoingMessage, now: datetime, *, event_id: str | None = None) -> int:
        """Store a message to be sent; give its number. One with a key takes the place of an unsent one."""
        lane, content = lane_of(message), _codec.dump_python(message, mode="json")
        if message.key:
            same = (outbox.c.lane == lane, outbox.c.key == message.key, outbox.c.status == Fate.PENDING)
            replaced = update(outbox).where(*same).values(content=content).returning(outbox.c.id)
            number = (await self._connection.execute(replaced)).scalar()
            if number is not None:
                return int(number)
        values = {
            "lane": lane,
            "platform": message.to.platform,
            "chat": message.to.chat,
            "thread": message.to.thread,
            "content": content,
            "key": message.key,
            "person_id": message.person,
            "escalation_id": message.escalation_id,
            "event_id": event_id,
            "status": Fate.PENDING,
            "due_at": now,
            "created_at": now,
        }
        return int(
            (await self._connection.execute(insert(outbox).values(**values).returning(outbox.c.id))).scalar_one()
        )

    async def take_due(self, now: datetime, limit: int, served: Sequence[Served]) -> list[Delivery]:
        """Mark the first due message of each lane as being sent, and give them, oldest first.

        One that has been on its way for longer than the lease was left behind by a process that died: it is due again.
        """
        earlier = outbox.alias("earlier")
        waiting = (Fate.PENDING, Fate.SENDING)
        first = ~exists().where(
            earlier.c.lane == outbox.c.lane, earlier.c.id < outbox.c.id, earlier.c.status.in_(waiting)
        )
        query = (
            select(outbox)
            .where(outbox.c.status.in_(waiting), outbox.c.due_at <= now, first, _served(served))
            .order_by(outbox.c.id)
            .limit(limit)
        )
        rows = (await self._connection.execute(query)).all()
        if not rows:
            return []
        taken = update(outbox).where(outbox.c.id.in_([row.id for row in rows]))
        values = {"status": Fate.SENDING, "attempts": outbox.c.attempts + 1, "due_at": now + LEASE}
        await self._connection.execute(taken.values(**values))
        return [await self._delivery(row) for row in rows]

    async def _delivery(self, row: Row[Any]) -> Delivery:
        message = _codec.validate_python(row.content)
        if message.on_desk:
            message = _in_thread(message, await self.thread(row.escalation_id, row.platform, row.chat))
        replaces = message.in_place_of or (await self._last_with_key(row) if row.key else None)
        user = await self._user(row.person_id) if row.person_id else None
        return Delivery(row.id, message, row.attempts + 1, replaces, row.event_id, user)

    async def _user(self, person: int) -> str | None:
        found: str | None = (
            await self._connection.execute(select(people.c.user).where(people.c.id == person))
        ).scalar()
        return found

    async def _last_with_key(self, row: Row[Any]) -> str | None:
        query = (
            select(outbox.c.message_id)
            .where(outbox.c.lane == row.lane, outbox.c.key == row.key, outbox.c.status == Fate.SENT)
            .order_by(outbox.c.id.desc())
            .limit(1)
        )
        found: str | None = (await self._connection.execute(query)).scalar()
        return found

    async def next_due(self, served: Sequence[Served]) -> datetime | None:
        """Give the time at which the next waiting message is due."""
        query = select(outbox.c.due_at).where(outbox.c.status == Fate.PENDING, _served(served))
        query = query.order_by(outbox.c.due_at).limit(1)
        found: datetime | None = (await self._connection.execute(query)).scalar()
        return found

    async def sent(self, delivery: Delivery, receipt: Receipt, now: datetime) -> None:
        """Keep the receipt; a thread the platform made becomes the escalation's thread there."""
        values = {"status": Fate.SENT, "sent_at": now, "message_id": receipt.message_id, "failure": None}
        if receipt.thread and delivery.message.on_desk:
            values["thread"] = receipt.thread
            await self._keep_thread(delivery.message, receipt.thread)
        await self._connection.execute(update(outbox).where(outbox.c.id == delivery.number).values(**values))

    async def retry(self, number: int, due_at: datetime, reason: str, *, counts: bool) -> None:
        """Put a message back to be sent later; `counts` tells whether that was one of its attempts."""
        values: dict[str, Any] = {"status": Fate.PENDING, "due_at": due_at, "failure": reason[:300]}
        if not counts:
            values["attempts"] = outbox.c.attempts - 1
        await self._connection.execute(update(outbox).where(outbox.c.id == number).values(**values))

    async def failed(self, number: int, reason: str) -> None:
        """Give a message up."""
        values = {"status": Fate.FAILED, "failure": reason[:300]}
        await self._connection.execute(update(outbox).where(outbox.c.id == number).values(**values))

    async def resend(self, number: int, now: datetime) -> bool:
        """Try a failed message again; False if it is not a failed one."""
        statement = (
            update(outbox)
            .where(outbox.c.id == number, outbox.c.status == Fate.FAILED)
            .values(status=Fate.PENDING, due_at=now, attempts=0)
        )
        return (await self._connection.execute(statement)).rowcount == 1

    async def recover(self, now: datetime, served: Sequence[Served]) -> int:
        """Put back what was being sent when the process died; tell how many."""
        stuck = update(outbox).where(outbox.c.status == Fate.SENDING, _served(served))
        return (await self._connection.execute(stuck.values(status=Fate.PENDING, due_at=now))).rowcount

    async def count(self) -> dict[Fate, int]:
        """Count messages by fate."""
        query = select(outbox.c.status, func.count()).group_by(outbox.c.status)
        return {Fate(status): number for status, number in (await self._connection.execute(query)).all()}

    async def kept(self, number: int) -> OutgoingMessage | None:
        """Give a message by its number, as it was stored."""
        content = (await self._connection.execute(select(outbox.c.content).where(outbox.c.id == number))).scalar()
        return _codec.validate_python(content) if content else None

    async def shown_to(self, address: Address, person: int) -> list[Shown]:
        """Give the last messages with buttons that a person was sent at an address, newest first."""
        query = self._shown(address).where(outbox.c.person_id == person).limit(LOOKED_AT)
        rows = (await self._connection.execute(query)).all()
        return [shown for shown in map(_shown, rows) if shown.buttons][:SHOWN_KEPT]

    async def card_shown(self, address: Address, escalation: int) -> Shown | None:
        """Give the card of an escalation as it stands on a desk."""
        query = self._shown(address).where(outbox.c.key == card_key(escalation)).limit(1)
        row = (await self._connection.execute(query)).first()
        return _shown(row) if row else None

    async def shown_in(self, address: Address, message_id: str) -> Shown | None:
        """Give one sent message."""
        query = self._shown(address).where(outbox.c.message_id == message_id).limit(1)
        row = (await self._connection.execute(query)).first()
        return _shown(row) if row else None

    @staticmethod
    def _shown(address: Address) -> Select[Any]:
        here = (outbox.c.platform == address.platform, outbox.c.chat == address.chat, outbox.c.status == Fate.SENT)
        return select(outbox).where(*here).order_by(outbox.c.id.desc())

    async def escalation_of(self, address: Address, message_id: str) -> int | None:
        """Give the escalation that a sent message was about."""
        query = select(outbox.c.escalation_id).where(
            outbox.c.platform == address.platform, outbox.c.chat == address.chat, outbox.c.message_id == message_id
        )
        found: int | None = (await self._connection.execute(query)).scalar()
        return found

    async def thread(self, escalation_id: int, platform: str, chat: str) -> str | None:
        """Give the thread a desk has for an escalation."""
        found: str | None = (
            await self._connection.execute(select(desk_threads.c.thread).where(*_of(escalation_id, platform, chat)))
        ).scalar()
        return found

    async def _keep_thread(self, message: OutgoingMessage, thread: str) -> None:
        key = {"escalation_id": message.escalation_id, "platform": message.to.platform, "chat": message.to.chat}
        if not await insert_new(self._connection, desk_threads, {**key, "thread": thread}):
            await self._connection.execute(
                update(desk_threads)
                .where(*_of(message.escalation_id or 0, message.to.platform, message.to.chat))
                .values(thread=thread)
            )

    async def forget_thread(self, message: OutgoingMessage) -> None:
        """Drop a thread that the platform has lost: the next message makes a new one."""
        await self._connection.execute(
            desk_threads.delete().where(*_of(message.escalation_id or 0, message.to.platform, message.to.chat))
        )

    async def purge(self, before: datetime) -> int:
        """Delete finished messages that belong to no escalation and are older than a time."""
        statement = outbox.delete().where(
            outbox.c.created_at < before,
            outbox.c.escalation_id.is_(None),
            outbox.c.status.not_in((Fate.PENDING, Fate.SENDING)),
        )
        return (await self._connection.execute(statement)).rowcount


def _shown(row: Row[Any]) -> Shown:
    message = _codec.validate_python(row.content)
    shareable = message.shareable and message.group is not None
    return Shown(row.id, message.buttons, row.person_id, row.sent_at, shareable)


def _of(escalation_id: int, platform: str, chat: str) -> Sequence[Any]:
    return (
        desk_threads.c.escalation_id == escalation_id,
        desk_threads.c.platform == platform,
        desk_threads.c.chat == chat,
    )


def _in_thread(message: OutgoingMessage, thread: str | None) -> OutgoingMessage:
    return replace(message, to=replace(message.to, thread=thread)) if thread else message
