"""What the after care goes by: who has answered several hard questions in a row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.escalation import Reason
from bot.domain.people import PersonId
from bot.storage.tables import escalations, people


class Care:
    """Reads `escalations`; keeps in `people` when somebody was last written to."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def wearied(self, hard: Sequence[Reason], in_a_row: int, since: datetime) -> list[tuple[int, PersonId]]:
        """Give the volunteers whose last answered questions were all hard, the newest of them since a time."""
        query = (
            select(escalations.c.owner_id, escalations.c.reason, escalations.c.answered_at, people.c.platform)
            .add_columns(people.c.user)
            .join(people, people.c.id == escalations.c.owner_id)
            .where(escalations.c.answered_at.is_not(None))
            .order_by(escalations.c.owner_id, escalations.c.answered_at.desc())
        )
        found = []
        for owner, rows in groupby((await self._connection.execute(query)).all(), lambda row: row.owner_id):
            last = list(rows)[:in_a_row]
            all_hard = len(last) == in_a_row and all(row.reason in hard for row in last)
            if all_hard and last[0].answered_at > since:
                found.append((int(owner), PersonId(last[0].platform, last[0].user)))
        return found

    async def cared(self, person: int, now: datetime, not_since: datetime) -> bool:
        """Note that somebody is written to now; False: they were not long ago."""
        long_ago = or_(people.c.cared_at.is_(None), people.c.cared_at <= not_since)
        statement = update(people).where(people.c.id == person, long_ago).values(cared_at=now)
        return (await self._connection.execute(statement)).rowcount == 1
