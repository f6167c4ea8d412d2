"""What was said in escalations: by askers, by volunteers to them, and among volunteers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.escalation import Said, Voice
from bot.domain.messages import Words
from bot.storage.tables import escalations, people, said


class SaidWords:
    """Rows of `said`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def keep(
        self, number: int, person: int, voice: Voice, words: Words, now: datetime, *, wants_words: bool = True
    ) -> int:
        """Keep what was said (of files their names); give its number. An asker who `wants_words` is owed an answer."""
        text = "\n".join([words.text, *(f"[{file.name}]" for file in words.attachments)]).strip()
        values = {"person_id": person, "by": voice, "text": text, "source": words.source, "at": now}
        statement = insert(said).values(escalation_id=number, **values)
        result = await self._connection.execute(statement.returning(said.c.id))
        if voice is Voice.ASKER:
            owed = func.coalesce(escalations.c.owed_since, now)
            changes: dict[str, Any] = {"owed_since": owed} if wants_words else {}
        else:
            changes = {"held_at": case((escalations.c.owner_id == person, now), else_=escalations.c.held_at)}
        await self._connection.execute(
            update(escalations).where(escalations.c.id == number).values(active_at=now, **changes)
        )
        return int(result.scalar_one())

    async def corrected(self, person: int, words: Words) -> tuple[int, Voice] | None:
        """Keep the new words of a message that was edited; give the escalation it belongs to, if it belongs to one."""
        statement = (
            update(said).where(said.c.person_id == person, said.c.source == words.source).values(text=words.text)
        )
        found = (await self._connection.execute(statement.returning(said.c.escalation_id, said.c.by))).first()
        return (found.escalation_id, Voice(found.by)) if found else None

    async def last_heard(self, numbers: Sequence[int]) -> int | None:
        """Give the one of some escalations in which a volunteer was the last to write."""
        query = select(said.c.escalation_id).where(said.c.escalation_id.in_(numbers), said.c.by == Voice.VOLUNTEER)
        found: int | None = (await self._connection.execute(query.order_by(said.c.id.desc()).limit(1))).scalar()
        return found

    async def all(self, number: int) -> list[Said]:
        """Give everything said, oldest first; askers by their pseudonym."""
        query = (
            select(said, people.c.name, people.c.pseudonym)
            .outerjoin(people, people.c.id == said.c.person_id)
            .where(said.c.escalation_id == number)
            .order_by(said.c.id)
        )
        rows = (await self._connection.execute(query)).all()
        return [
            Said(Voice(row.by), (row.pseudonym if row.by == Voice.ASKER else row.name) or "", row.text, row.at)
            for row in rows
        ]
