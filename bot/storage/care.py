"""What comes after answers: whether they helped, and who has answered several hard questions in a row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.escalation import Reason
from bot.domain.people import PersonId
from bot.storage.claims import OWNER_WORKS_HERE
from bot.storage.tables import escalations, people


class Care:
    """Keeps in `escalations` how they were rated, and in `people` when a volunteer was last written to."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def rate(self, number: int, rating: str, now: datetime) -> None:
        """Keep an asker's rating; it takes the place of an earlier one."""
        rated = update(escalations).where(escalations.c.id == number).values(rating=rating, rated_at=now)
        await self._connection.execute(rated)

    async def wearied(self, hard: Sequence[Reason], in_a_row: int, since: datetime) -> list[tuple[int, PersonId]]:
        """Give the volunteers whose last answered questions were all hard, the newest of them since a time."""
        lately = (escalations.c.answered_at > since, escalations.c.reason.in_(hard), OWNER_WORKS_HERE)
        owners = select(people.c.id, people.c.platform, people.c.user).where(
            people.c.id.in_(select(escalations.c.owner_id).where(*lately))
        )
        found = []
        for owner, platform, user in (await self._connection.execute(owners)).all():
            last = await self._last_reasons(owner, in_a_row)
            if len(last) == in_a_row and all(reason in hard for reason in last):
                found.append((int(owner), PersonId(platform, user)))
        return found

    async def _last_reasons(self, owner: int, most: int) -> list[str]:
        query = select(escalations.c.reason).where(escalations.c.owner_id == owner)
        query = query.where(escalations.c.answered_at.is_not(None)).order_by(escalations.c.answered_at.desc())
        return list((await self._connection.execute(query.limit(most))).scalars())

    async def cared(self, person: int, now: datetime, not_since: datetime) -> bool:
        """Note that somebody is written to now; False: they were not long ago."""
        long_ago = or_(people.c.cared_at.is_(None), people.c.cared_at <= not_since)
        statement = update(people).where(people.c.id == person, long_ago).values(cared_at=now)
        return (await self._connection.execute(statement)).rowcount == 1
