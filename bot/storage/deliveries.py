"""The outbox's rows on their way out: taken when due, each lane in order, and what became of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import structlog
from pydantic import ValidationError
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    bindparam,
    case,
    delete,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.messages import Called, Delivery, OutgoingMessage, Receipt
from bot.domain.waits import PUT_BACK
from bot.storage.outbox import Fate, codec
from bot.storage.peers import ALIVE, held
from bot.storage.sql import insert_or_update
from bot.storage.tables import desk_threads, outbox, people

LEASE = timedelta(minutes=15)  # for one send, waits for rate limits included; it has failed after that
NEWER_WITHIN = timedelta(minutes=5)  # a newer version of the bot takes what this one cannot read
IN_FRONT = timedelta(days=1)  # before all that waits: it was on its way already
GRACE = timedelta(seconds=5)  # for what a process took that did not know yet that nobody sees it any more


@dataclass(frozen=True, slots=True)
class Served:
    """What a process delivers to: a whole platform, or one chat of it."""

    platform: str
    chat: str | None = None


def _is(table: Any, *fates: Fate) -> ColumnElement[bool]:  # noqa: ANN401 - a table or an alias of it
    """Compare with fates that are written out: a partial index is used only where the database sees its words."""
    status: ColumnElement[str] = table.c.status
    return status.in_([literal_column(f"'{fate}'") for fate in fates])


def _waiting(table: Any) -> ColumnElement[bool]:  # noqa: ANN401
    return _is(table, Fate.PENDING, Fate.SENDING)


def _served(places: Sequence[Served]) -> ColumnElement[bool]:
    clauses = [
        and_(outbox.c.platform == place.platform, *([outbox.c.chat == place.chat] if place.chat else []))
        for place in places
    ]
    return or_(false(), *clauses)


def _being_sent(places: Sequence[Served]) -> Sequence[ColumnElement[bool]]:
    return _is(outbox, Fate.SENDING), _waiting(outbox), _served(places)


def _first_of_lane() -> ColumnElement[bool]:
    earlier = outbox.alias("earlier")
    return ~exists().where(earlier.c.lane == outbox.c.lane, earlier.c.id < outbox.c.id, _waiting(earlier))


def _to_be_replaced() -> ColumnElement[str | None]:
    """Give the platform's id of the message sent last with the same key in the same lane."""
    last = outbox.alias("last")
    found = select(last.c.message_id).where(
        last.c.lane == outbox.c.lane, last.c.key == outbox.c.key, last.c.status == Fate.SENT
    )
    newest = found.order_by(last.c.id.desc()).limit(1).scalar_subquery()
    return case((outbox.c.key.is_not(None), newest), else_=None)


@lru_cache
def _due(places: tuple[Served, ...]) -> Select[Any]:
    """Give the query for the first waiting message of each lane that is due, with all that a delivery says.

    What another process is taking at this moment is passed over.
    """
    in_thread = and_(
        desk_threads.c.escalation_id == outbox.c.escalation_id,
        desk_threads.c.platform == outbox.c.platform,
        desk_threads.c.chat == outbox.c.chat,
    )
    return (
        select(
            *(outbox.c.id, outbox.c.content, outbox.c.attempts, outbox.c.event_id, outbox.c.created_at),
            people.c.user,
            desk_threads.c.thread.label("desk_thread"),
            _to_be_replaced().label("replaces"),
        )
        .outerjoin(people, people.c.id == outbox.c.person_id)
        .outerjoin(desk_threads, in_thread)
        .where(_is(outbox, Fate.PENDING), _waiting(outbox), outbox.c.due_at <= bindparam("now"))
        .where(_first_of_lane(), _served(places))
        .order_by(outbox.c.due_at, outbox.c.id)
        .limit(bindparam("most"))
        .with_for_update(of=outbox, skip_locked=True)
    )


@lru_cache
def _next_due(places: tuple[Served, ...]) -> Select[Any]:
    query = select(outbox.c.due_at).where(_is(outbox, Fate.PENDING), _waiting(outbox), _first_of_lane())
    return query.where(_served(places)).order_by(outbox.c.due_at).limit(1)


_TAKE = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("numbers", expanding=True)))
    .values(
        status=Fate.SENDING, attempts=outbox.c.attempts + 1, due_at=bindparam("until"), process=bindparam("taken_by")
    )
)
_RECEIPT = (
    update(outbox)
    .where(outbox.c.id == bindparam("number"))
    .values(
        status=Fate.SENT, sent_at=bindparam("at"), message_id=bindparam("receipt"), failure=None,
        thread=func.coalesce(bindparam("in_thread", type_=String), outbox.c.thread),
    )
)  # fmt: skip


_ALIVE = held(ALIVE)
log = structlog.get_logger()


class Deliveries:
    """Rows of `outbox` that are waiting or being sent, and the threads that receipts make known."""

    def __init__(self, connection: AsyncConnection, process: int) -> None:
        self._connection = connection
        self._process = process

    async def take_due(self, now: datetime, most: int, served: Sequence[Served]) -> list[Delivery]:
        """Mark the first due message of each lane as being sent, and give them, oldest first."""
        rows = (await self._connection.execute(_due(tuple(served)), {"now": now, "most": most})).all()
        if rows:
            taken = {"numbers": [row.id for row in rows], "until": now + LEASE, "taken_by": self._process}
            await self._connection.execute(_TAKE, taken)
        deliveries = [one for row in rows if (one := await self._readable(row, now))]
        return [await self._calling(one) if one.message.pages else one for one in deliveries]

    async def _readable(self, row: Row[Any], now: datetime) -> Delivery | None:
        """Give what a row says; one in the words of a newer version waits for it, and holds up its own lane alone."""
        try:
            return _delivery(row)
        except ValidationError:
            log.error("outbox.unreadable", number=row.id, do="run the newest version of the bot everywhere")
        later = {"status": Fate.PENDING, "due_at": now + NEWER_WITHIN, "failure": "this version cannot read it"}
        await self._connection.execute(update(outbox).where(outbox.c.id == row.id).values(**later))
        return None

    async def _calling(self, delivery: Delivery) -> Delivery:
        """Name those whom a message mentions as its platform knows them; who was forgotten meanwhile is left out."""
        message = delivery.message
        query = select(people.c.user, people.c.name).where(
            people.c.id.in_(message.pages), people.c.platform == message.to.platform
        )
        rows = (await self._connection.execute(query.order_by(people.c.id))).all()
        return replace(delivery, called=tuple(Called(row.user, row.name) for row in rows))

    async def next_due(self, served: Sequence[Served]) -> datetime | None:
        """Give the time at which the next message is due that does not wait for another one of its lane."""
        found: datetime | None = (await self._connection.execute(_next_due(tuple(served)))).scalar()
        return found

    async def sent(self, delivery: Delivery, receipt: Receipt, now: datetime) -> None:
        """Keep the receipt; a thread the platform made becomes the escalation's thread there."""
        thread = receipt.thread if delivery.message.on_desk else None
        values = {"number": delivery.number, "at": now, "receipt": receipt.message_id, "in_thread": thread}
        await self._connection.execute(_RECEIPT, values)
        if thread and delivery.message.escalation_id:
            place = delivery.message.to
            key = {"escalation_id": delivery.message.escalation_id, "platform": place.platform, "chat": place.chat}
            await insert_or_update(self._connection, desk_threads, key, {"thread": thread})

    async def drop(self, number: int) -> None:
        """Delete a message of which no trace is to stay."""
        await self._connection.execute(delete(outbox).where(outbox.c.id == number))

    async def retry(self, delivery: Delivery, due_at: datetime, reason: str, *, counts: bool) -> None:
        """Put a message back to be sent later; `counts` tells whether that was one of its attempts."""
        values: dict[str, Any] = {"status": Fate.PENDING, "due_at": due_at, "failure": reason[:300]}
        if not counts:
            values["attempts"] = outbox.c.attempts - 1
        await self._connection.execute(update(outbox).where(*_still_with(delivery)).values(**values))

    async def failed(self, delivery: Delivery, reason: str) -> bool:
        """Give a message up; False: another process has taken it over meanwhile."""
        values = {"status": Fate.FAILED, "failure": reason[:300]}
        changed = await self._connection.execute(update(outbox).where(*_still_with(delivery)).values(**values))
        return changed.rowcount == 1

    async def missing(self, served: Sequence[Served]) -> list[int]:
        """Give the processes that are sending something and are not seen: they do not hold their lock (`peers.py`)."""
        others = [outbox.c.process != self._process]
        if self._connection.dialect.name == "postgresql":
            others.append(outbox.c.process.not_in(_ALIVE))
        query = select(outbox.c.process).where(*_being_sent(served), *others).distinct()
        return list((await self._connection.execute(query)).scalars())

    async def recover(
        self, now: datetime, served: Sequence[Served], under_way: Collection[int] = (), dead: Collection[int] = ()
    ) -> int:
        """Put back, in front, what `dead` processes were sending and what this one took without knowing; tell how many.

        `under_way` are the numbers that this process is sending. Another one of its own was taken by a commit whose
        answer was lost.
        """
        own = and_(outbox.c.process == self._process, outbox.c.id.not_in(under_way))
        of_the_dead = and_(outbox.c.process.in_(dead), *self._for_long(now))
        left_behind = or_(own, outbox.c.process.is_(None), of_the_dead)
        stuck = (
            update(outbox).where(*_being_sent(served), left_behind).values(status=Fate.PENDING, due_at=now - IN_FRONT)
        )
        return (await self._connection.execute(stuck)).rowcount

    def _for_long(self, now: datetime) -> Sequence[ColumnElement[bool]]:
        """Compare with when a message was taken; what lies ahead was taken by a machine whose clock is wrong."""
        if self._connection.dialect.name != "postgresql":
            return ()
        return (or_(outbox.c.due_at < now + LEASE - GRACE, outbox.c.due_at > now + LEASE + PUT_BACK),)

    async def forget_thread(self, message: OutgoingMessage) -> None:
        """Drop a thread that the platform has lost: the next message makes a new one."""
        await self._connection.execute(
            desk_threads.delete().where(
                desk_threads.c.escalation_id == message.escalation_id,
                desk_threads.c.platform == message.to.platform,
                desk_threads.c.chat == message.to.chat,
            )
        )


def _still_with(delivery: Delivery) -> Sequence[ColumnElement[bool]]:
    """Compare with the attempt: another process may have taken the message over meanwhile."""
    return outbox.c.id == delivery.number, outbox.c.attempts == delivery.attempt, _is(outbox, Fate.SENDING)


def _delivery(row: Row[Any]) -> Delivery:
    message = codec.validate_python(row.content)
    if message.on_desk and row.desk_thread:
        message = replace(message, to=replace(message.to, thread=row.desk_thread))
    replaces = message.in_place_of or row.replaces
    return Delivery(row.id, message, row.attempts + 1, replaces, row.event_id, row.user, row.created_at)
