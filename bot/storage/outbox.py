"""The outbox's rows: messages stored with the change that caused them, and what of them has been shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    bindparam,
    cast,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.escalation import CARD_KEY, Status, card_key
from bot.domain.messages import Address, Button, OutgoingMessage
from bot.domain.waits import PUT_BACK
from bot.storage.sql import delete_some
from bot.storage.tables import escalations, outbox

codec = TypeAdapter(OutgoingMessage)


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


LOOKED_AT = 20  # messages of a thread among which those with buttons are looked for
SHOWN_KEPT = 3  # the last messages with buttons, whose buttons can be typed


def lane_of(message: OutgoingMessage) -> str:
    """Give what is kept in order: an address, or an escalation's thread on a desk."""
    return f"{message.to}#{message.escalation_id}" if message.on_desk else str(message.to)


_ADD = insert(outbox).returning(outbox.c.id)
_REPLACE = (
    update(outbox)
    .where(
        outbox.c.lane == bindparam("in_lane"), outbox.c.key == bindparam("with_key"), outbox.c.status == Fate.PENDING
    )
    .values(content=bindparam("newer"), has_buttons=bindparam("buttons"))
    .returning(outbox.c.id)
)


def _shown_at(*more: ColumnElement[bool]) -> Select[Any]:
    """Give the query for what was sent to an address, newest first."""
    here = (outbox.c.platform == bindparam("at_platform"), outbox.c.chat == bindparam("at_chat"))
    query = select(outbox.c.id, outbox.c.key, outbox.c.content, outbox.c.person_id, outbox.c.sent_at)
    return query.where(*here, outbox.c.status == Fate.SENT, *more).order_by(outbox.c.id.desc())


_SHOWN_TO = _shown_at(outbox.c.person_id == bindparam("person"), outbox.c.has_buttons).limit(SHOWN_KEPT)
_SHOWN_IN = _shown_at(outbox.c.message_id == bindparam("message")).limit(1)
_CARD = _shown_at(outbox.c.escalation_id == bindparam("escalation"), outbox.c.key == bindparam("card")).limit(1)

_NEWER_TO = _shown_at(outbox.c.person_id == bindparam("person"), outbox.c.id > bindparam("after")).limit(LOOKED_AT)

_CARD_KEY = literal(CARD_KEY) + cast(escalations.c.id, String)
_IN_THREAD = _shown_at(outbox.c.escalation_id == bindparam("escalation")).limit(LOOKED_AT)


class OutboxRows:
    """Rows of `outbox`: messages to be sent, and those that were."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, message: OutgoingMessage, now: datetime, *, event_id: str | None = None) -> int:
        """Store a message to be sent; give its number. One with a key takes the place of an unsent one."""
        lane, content = lane_of(message), codec.dump_python(message, mode="json")
        buttons = bool(message.buttons)
        if message.key:
            newer = {"in_lane": lane, "with_key": message.key, "newer": content, "buttons": buttons}
            number = (await self._connection.execute(_REPLACE, newer)).scalar()
            if number is not None:
                return int(number)
        values = {
            "lane": lane,
            "platform": message.to.platform,
            "chat": message.to.chat,
            "thread": message.to.thread,
            "content": content,
            "has_buttons": buttons,
            "key": message.key,
            "person_id": message.person,
            "escalation_id": message.escalation_id,
            "event_id": event_id,
            "status": Fate.PENDING,
            "due_at": now - PUT_BACK,  # now, also for a process whose clock is behind
            "created_at": now,
        }
        return int((await self._connection.execute(_ADD, values)).scalar_one())

    async def no_later_than(self, latest: datetime, now: datetime) -> int:
        """Let what is to be tried again after a time be tried now; tell how many there are."""
        waiting = text("status IN ('pending', 'sending')")  # in the words of the index
        ahead = update(outbox).where(waiting, outbox.c.status == Fate.PENDING, outbox.c.due_at > latest)
        return (await self._connection.execute(ahead.values(due_at=now))).rowcount

    async def keyed(self, lanes: Sequence[str], prefix: str) -> list[tuple[str, datetime]]:
        """Give the keys that begin in a way, with the times at which they were stored, the oldest first."""
        query = select(outbox.c.key, outbox.c.created_at).where(outbox.c.lane.in_(lanes), outbox.c.key.is_not(None))
        rows = (
            await self._connection.execute(query.where(outbox.c.key.startswith(prefix)).order_by(outbox.c.id))
        ).all()
        return [(row.key, row.created_at) for row in rows]

    async def about(self, number: int) -> int | None:
        """Give the escalation that a message is about."""
        query = select(outbox.c.escalation_id).where(outbox.c.id == number)
        found: int | None = (await self._connection.execute(query)).scalar()
        return found

    async def replies(self, escalation: int) -> dict[int, Fate]:
        """Give what became of the replies to an asker, by their numbers."""
        return {row.id: Fate(row.status) for row in await self._replies(escalation)}

    async def replies_to_come(self, escalation: int) -> dict[int, OutgoingMessage]:
        """Give the replies to an asker that have not left yet, by their numbers."""
        rows = await self._replies(escalation, outbox.c.status == Fate.PENDING)
        return {row.id: codec.validate_python(row.content) for row in rows}

    async def _replies(self, escalation: int, *more: ColumnElement[bool]) -> list[Row[Any, Any, Any]]:
        query = select(outbox.c.id, outbox.c.status, outbox.c.content).where(outbox.c.escalation_id == escalation)
        rows = (await self._connection.execute(query.where(outbox.c.person_id.is_not(None), *more))).all()
        return [row for row in rows if row.content.get("tell_fate")]

    async def resend(self, number: int, message: OutgoingMessage, now: datetime, *, was: Fate = Fate.FAILED) -> bool:
        """Send a message as it is to be sent now, which may be elsewhere; False: its fate is another than it `was`."""
        to, content = message.to, codec.dump_python(message, mode="json")
        place = {"lane": lane_of(message), "platform": to.platform, "chat": to.chat, "thread": to.thread}
        statement = update(outbox).where(outbox.c.id == number, outbox.c.status == was)
        again = statement.values(status=Fate.PENDING, due_at=now, attempts=0, content=content, **place)
        return (await self._connection.execute(again)).rowcount == 1

    async def count(self) -> dict[Fate, int]:
        """Count messages by fate."""
        query = select(outbox.c.status, func.count()).group_by(outbox.c.status)
        return {Fate(status): number for status, number in (await self._connection.execute(query)).all()}

    async def kept(self, number: int) -> OutgoingMessage | None:
        """Give a message by its number, as it was stored."""
        content = (await self._connection.execute(select(outbox.c.content).where(outbox.c.id == number))).scalar()
        return codec.validate_python(content) if content else None

    async def shown_to(self, address: Address, person: int) -> list[Shown]:
        """Give the last messages with buttons that a person was sent at an address, newest first."""
        return [shown for shown in await self._shown(_SHOWN_TO, address, person=person) if shown.buttons]

    async def heard_from_volunteer(self, address: Address, person: int, after: int) -> bool:
        """Tell whether a volunteer's words have come to a person at an address since a message."""
        rows = await self._connection.execute(_NEWER_TO, _here(address) | {"person": person, "after": after})
        return any(codec.validate_python(row.content).tell_fate is not None for row in rows.all())

    async def card_shown(self, address: Address, escalation: int) -> Shown | None:
        """Give the card of an escalation as it stands on a desk."""
        cards = await self._shown(_CARD, address, escalation=escalation, card=card_key(escalation))
        return cards[0] if cards else None

    async def cards_missing(self, desk: Address, failed_before: datetime) -> list[int]:
        """Give the open escalations of which no card is on a desk or on its way there; one given up lately counts."""
        card = (outbox.c.escalation_id == escalations.c.id, outbox.c.key == _CARD_KEY)
        there = (outbox.c.platform == desk.platform, outbox.c.chat == desk.chat)
        shown = exists().where(*card, *there, or_(outbox.c.status != Fate.FAILED, outbox.c.due_at > failed_before))
        query = select(escalations.c.id).where(escalations.c.status != Status.CLOSED, ~shown)
        return list((await self._connection.execute(query.order_by(escalations.c.id))).scalars())

    async def in_thread(self, address: Address, escalation: int) -> list[Shown]:
        """Give what stands with buttons in an escalation's thread on a desk, the card left out, newest first."""
        rows = await self._connection.execute(_IN_THREAD, _here(address) | {"escalation": escalation})
        newest = {row.key or row.id: row for row in reversed(rows.all())}
        newest.pop(card_key(escalation), None)
        shown = [_shown(row) for row in sorted(newest.values(), key=lambda row: -int(row.id))]
        return [one for one in shown if one.buttons]

    async def shown_in(self, address: Address, message_id: str) -> Shown | None:
        """Give one sent message."""
        messages = await self._shown(_SHOWN_IN, address, message=message_id)
        return messages[0] if messages else None

    async def _shown(self, query: Select[Any], address: Address, **values: object) -> list[Shown]:
        return [_shown(row) for row in (await self._connection.execute(query, _here(address) | values)).all()]

    async def escalation_of(self, address: Address, message_id: str) -> int | None:
        """Give the escalation that a sent message was about."""
        query = select(outbox.c.escalation_id).where(
            outbox.c.platform == address.platform, outbox.c.chat == address.chat, outbox.c.message_id == message_id
        )
        found: int | None = (await self._connection.execute(query)).scalar()
        return found

    async def purge(self, before: datetime, most: int) -> int:
        """Delete finished messages that belong to no escalation and are older than a time."""
        finished = outbox.c.status.not_in((Fate.PENDING, Fate.SENDING))
        old = (outbox.c.created_at < before, outbox.c.escalation_id.is_(None), finished)
        return await delete_some(self._connection, outbox.c.id, most, *old)


def _here(address: Address) -> dict[str, object]:
    return {"at_platform": address.platform, "at_chat": address.chat}


def _shown(row: Row[Any]) -> Shown:
    message = codec.validate_python(row.content)
    shareable = message.shareable and message.group is not None
    return Shown(row.id, message.buttons, row.person_id, row.sent_at, shareable)
