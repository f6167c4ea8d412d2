"""What a digest counts: escalations by time, reason, country and nearest entry; never a word of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.escalation import Reason, Status
from bot.storage.considered import considered_in
from bot.storage.sql import insert_new
from bot.storage.tables import chores, escalations, people


@dataclass(frozen=True, slots=True)
class Counted:
    """The raw counts of some days; `nearest` and `countries` are those of the escalations opened in them."""

    opened: int
    waits: Sequence[timedelta]  # until the first answer, of those answered in these days
    ages: Sequence[timedelta]  # of those that are open now
    nearest: Counter[str]  # entry ids; empty: the bot had no candidate
    countries: Counter[str]  # empty: not known
    helped: int
    not_helped: int


class Digests:
    """Reads numbers; keeps when the weekly digest was last sent."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def count(self, since: datetime, now: datetime) -> Counted:
        """Count the days since a time; notes on spam are left out."""
        columns = (escalations.c.opened_at, escalations.c.answered_at, escalations.c.status, escalations.c.considered)
        query = (
            select(*columns, people.c.country)
            .join(people, people.c.id == escalations.c.asker_id)
            .where(escalations.c.reason != Reason.SPAM)
            .where(
                or_(
                    escalations.c.opened_at >= since,
                    escalations.c.answered_at >= since,
                    escalations.c.status != Status.CLOSED,
                )
            )
        )
        rows = (await self._connection.execute(query)).all()
        opened = [row for row in rows if row.opened_at >= since]
        answered = [row for row in rows if row.answered_at is not None and row.answered_at >= since]
        return Counted(
            opened=len(opened),
            waits=[row.answered_at - row.opened_at for row in answered],
            ages=[now - row.opened_at for row in rows if row.status != Status.CLOSED],
            nearest=Counter(one[0].entry if one else "" for one in (considered_in(row.considered) for row in opened)),
            countries=Counter(row.country or "" for row in opened),
            helped=await self._rated("helped", since),
            not_helped=await self._rated("not_helped", since),
        )

    async def _rated(self, rating: str, since: datetime) -> int:
        """Count those whose last rating, given since a time, is this one."""
        rated = (escalations.c.rating == rating, escalations.c.rated_at >= since)
        query = select(func.count()).select_from(escalations).where(*rated)
        return int((await self._connection.execute(query)).scalar_one())

    async def claim(self, chore: str, slot: datetime, now: datetime) -> bool:
        """Take a chore that is due since `slot`; False: it is done. The very first time there is nothing to do yet."""
        if await insert_new(self._connection, chores, {"name": chore, "done_at": now}):
            return False
        due = update(chores).where(chores.c.name == chore, chores.c.done_at < slot)
        return (await self._connection.execute(due.values(done_at=now))).rowcount == 1
