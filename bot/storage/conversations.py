"""Conversations: what somebody asked, and what is waited for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, Select, bindparam, delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.conversation import Awaiting, Considered, Turn
from bot.domain.messages import Address, Attachment
from bot.domain.people import Profile
from bot.storage.considered import as_json, considered_in
from bot.storage.files import from_json, to_json
from bot.storage.sql import delete_some, insert_new
from bot.storage.tables import conversations, escalations, turns

_awaiting = TypeAdapter(Awaiting)
_profile = TypeAdapter(Profile)


_HERE = (conversations.c.person_id == bindparam("person"), conversations.c.address == bindparam("here"))
_AWAITING, _PROFILE = (select(column).where(*_HERE) for column in (conversations.c.awaiting, conversations.c.profile))
_CHANGED = select(conversations.c.updated_at).where(*_HERE)
_RECENT = (
    select(turns).where(turns.c.person_id == bindparam("person")).order_by(turns.c.id.desc()).limit(bindparam("most"))
)
_OPENED_BY = select(escalations.c.turn_id).where(escalations.c.id == bindparam("escalation"))
_LED_TO = _RECENT.where(turns.c.id < _OPENED_BY.scalar_subquery())
_ADD_TURN = insert(turns).returning(turns.c.id)


def address_key(address: Address) -> str:
    """Give an address as one column."""
    return str(address)


class Conversations:
    """Rows of `conversations` and `turns`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def _update(self, person: int, address: Address, now: datetime, **values: object) -> None:
        key = {"person_id": person, "address": address_key(address)}
        await insert_new(self._connection, conversations, {**key, "updated_at": now})
        await self._connection.execute(
            update(conversations)
            .where(conversations.c.person_id == person, conversations.c.address == key["address"])
            .values(**values, updated_at=now)
        )

    async def wait_for(self, person: int, address: Address, awaiting: Awaiting | None, now: datetime) -> None:
        """Set what the person's next message here will be taken for; None: nothing."""
        await self._update(person, address, now, awaiting=asdict(awaiting) if awaiting else None)

    async def awaiting(self, person: int, address: Address) -> Awaiting | None:
        """Give what is waited for."""
        found = await self._value(_AWAITING, person, address)
        return _awaiting.validate_python(found) if found else None

    async def awaiting_in_threads(self, person: int, chat: Address, after: datetime) -> Awaiting | None:
        """Give what was last waited for in the threads of a chat, since a time."""
        query = select(conversations.c.awaiting).where(
            conversations.c.person_id == person,
            conversations.c.address.startswith(f"{chat}/", autoescape=True),
            conversations.c.updated_at >= after,
        )
        rows = (await self._connection.execute(query.order_by(conversations.c.updated_at.desc()))).scalars()
        found = next((row for row in rows if row), None)
        return _awaiting.validate_python(found) if found else None

    async def changed_at(self, person: int, address: Address) -> datetime | None:
        """Give when it last changed what is waited for or known here."""
        found: datetime | None = await self._value(_CHANGED, person, address)
        return found

    async def remember(self, person: int, address: Address, profile: Profile, now: datetime) -> None:
        """Keep what was told, with the conversation."""
        await self._update(person, address, now, profile=asdict(profile))

    async def profile(self, person: int, address: Address) -> Profile:
        """Give what was told so far."""
        found = await self._value(_PROFILE, person, address)
        return _profile.validate_python(found) if found else Profile()

    async def _value(self, query: Select[Any], person: int, address: Address) -> Any:  # noqa: ANN401
        here = {"person": person, "here": address_key(address)}
        return (await self._connection.execute(query, here)).scalar()

    async def add_turn(
        self,
        *,
        person: int,
        address: Address,
        private: bool,
        message_id: str | None,
        question: str,
        decision: str,
        considered: Sequence[Considered],
        files: Sequence[Attachment],
        now: datetime,
    ) -> int:
        """Keep a question with its decision; give the number that buttons refer to."""
        values = {
            "person_id": person,
            "address": address_key(address),
            "private": private,
            "message_id": message_id,
            "question": question,
            "decision": decision,
            "considered": as_json(considered),
            "at": now,
            "attachments": to_json(files) if files else None,
        }
        return int((await self._connection.execute(_ADD_TURN, values)).scalar_one())

    async def add_files(self, person: int, address: Address, after: datetime, files: Sequence[Attachment]) -> bool:
        """Keep files with somebody's last question, if they asked it here since a time; tell whether they did."""
        here = (turns.c.person_id == person, turns.c.address == address_key(address), turns.c.at >= after)
        last = select(turns.c.id, turns.c.attachments).where(*here).order_by(turns.c.id.desc()).limit(1)
        row = (await self._connection.execute(last.with_for_update())).first()
        if row is None:
            return False
        kept = to_json((*from_json(row.attachments), *files))
        await self._connection.execute(update(turns).where(turns.c.id == row.id).values(attachments=kept))
        return True

    async def turn(self, number: int) -> Turn | None:
        """Give a turn, unless it has been purged."""
        row = (await self._connection.execute(select(turns).where(turns.c.id == number))).first()
        return _turn(row) if row else None

    async def asked_in(self, person: int, address: Address, message_id: str) -> bool:
        """Tell whether a message has been decided as a question."""
        query = select(turns.c.id).where(
            turns.c.person_id == person, turns.c.address == address_key(address), turns.c.message_id == message_id
        )
        return (await self._connection.execute(query)).first() is not None

    async def recent_turns(self, person: int, limit: int) -> list[Turn]:
        """Give the last turns of a person, oldest first."""
        rows = (await self._connection.execute(_RECENT, {"person": person, "most": limit})).all()
        return [_turn(row) for row in reversed(rows)]

    async def led_to(self, escalation: int, asker: int, limit: int) -> list[Turn]:
        """Give the last turns of an asker before the one that an escalation was opened by, oldest first."""
        rows = (
            await self._connection.execute(_LED_TO, {"person": asker, "most": limit, "escalation": escalation})
        ).all()
        return [_turn(row) for row in reversed(rows)]

    async def purge(self, before: datetime, most: int) -> int:
        """Delete what was waited for or known before a time."""
        return await delete_some(self._connection, conversations.c.id, most, conversations.c.updated_at < before)

    async def turns_before(self, time: datetime, most: int) -> list[int]:
        """Give the first questions that were asked before a time; those that volunteers have go with the escalation."""
        handed_over = exists().where(escalations.c.turn_id == turns.c.id)
        query = select(turns.c.id).where(turns.c.at < time, ~handed_over).order_by(turns.c.id).limit(most)
        return list((await self._connection.execute(query)).scalars())

    async def delete_turns(self, numbers: Sequence[int]) -> int:
        """Delete questions."""
        return (await self._connection.execute(delete(turns).where(turns.c.id.in_(numbers)))).rowcount


def _turn(row: Row[Any]) -> Turn:
    return Turn(
        id=row.id,
        person=row.person_id,
        address=Address.parse(row.address),
        private=row.private,
        message_id=row.message_id,
        question=row.question,
        decision=row.decision,
        considered=considered_in(row.considered),
        at=row.at,
        attachments=from_json(row.attachments),
    )
