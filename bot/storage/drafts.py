"""Drafts: replies that a lead looks at before they go out. Of two leads, the database lets one decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.messages import Words
from bot.domain.people import PersonId
from bot.storage.files import from_json, to_json
from bot.storage.tables import drafts, people


class Verdict(StrEnum):
    """Where a draft stands."""

    WAITING = "waiting"  # no lead has decided yet
    APPROVED = "approved"  # it went to the asker
    SENT_BACK = "sent_back"  # its writer has a note on it
    OVERTAKEN = "overtaken"  # a newer one waits, its writer has replied or lost the question, or it is closed


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft, and the volunteer who wrote it."""

    id: int
    escalation: int
    person: int
    account: PersonId
    name: str
    words: Words


class Drafts:
    """Rows of `drafts`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, escalation: int, person: int, words: Words, now: datetime) -> int:
        """Keep a draft to be looked at; one of the same escalation that still waits is overtaken by it."""
        await self._overtake(drafts.c.escalation_id == escalation)
        values = {
            "escalation_id": escalation,
            "person_id": person,
            "text": words.text,
            "status": Verdict.WAITING,
            "at": now,
        }
        made = insert(drafts).values(**values, attachments=to_json(words.attachments))
        return int((await self._connection.execute(made.returning(drafts.c.id))).scalar_one())

    async def get(self, number: int) -> Draft | None:
        """Give a draft, whatever became of it."""
        return await self._one(drafts.c.id == number)

    async def waiting(self, escalation: int) -> Draft | None:
        """Give the draft of an escalation that a lead has still to decide on."""
        return await self._one((drafts.c.escalation_id == escalation) & (drafts.c.status == Verdict.WAITING))

    async def _one(self, condition: ColumnElement[bool]) -> Draft | None:
        query = select(drafts, people.c.name, people.c.platform, people.c.user)
        query = query.join(people, people.c.id == drafts.c.person_id).where(condition)
        row = (await self._connection.execute(query)).first()
        if row is None:
            return None
        words = Words(row.text, from_json(row.attachments))
        return Draft(row.id, row.escalation_id, row.person_id, PersonId(row.platform, row.user), row.name, words)

    async def overtaken(self, escalation: int, person: int) -> None:
        """Let none of somebody's drafts go out any more: they have replied, or handed it back."""
        await self._overtake((drafts.c.escalation_id == escalation) & (drafts.c.person_id == person))

    async def left_to(self, escalation: int, owner: int | None) -> None:
        """Let no draft of anybody but the new owner go out any more; of nobody at all once it is closed."""
        others = drafts.c.person_id.is_not(None) if owner is None else drafts.c.person_id != owner
        await self._overtake((drafts.c.escalation_id == escalation) & others)

    async def _overtake(self, some: ColumnElement[bool]) -> None:
        waiting = update(drafts).where(some, drafts.c.status == Verdict.WAITING)
        await self._connection.execute(waiting.values(status=Verdict.OVERTAKEN))

    async def decide(self, number: int, verdict: Verdict) -> bool:
        """Decide on a draft; False: somebody has done so already, or it was overtaken."""
        statement = update(drafts).where(drafts.c.id == number, drafts.c.status == Verdict.WAITING)
        return (await self._connection.execute(statement.values(status=verdict))).rowcount == 1
