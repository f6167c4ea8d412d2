"""The roster: who works at the desks, when, on what, and how much at once."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, Select, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.people import PersonId, Role
from bot.domain.roster import Covers, Schedule, Volunteer
from bot.storage.sql import delete_some, insert_new
from bot.storage.tables import people, volunteers

_schedule = TypeAdapter(Schedule)
_covers = TypeAdapter(Covers)


def _query() -> Select[Any]:
    return select(volunteers, people.c.platform, people.c.user, people.c.name).join(
        people, people.c.id == volunteers.c.person_id
    )


_ALL = _query().where(volunteers.c.role != Role.ASKER).order_by(volunteers.c.person_id)


def _volunteer(row: Row[Any]) -> Volunteer:
    return Volunteer(
        number=row.person_id,
        id=PersonId(row.platform, row.user),
        name=row.name,
        role=Role(row.role),
        schedule=_schedule.validate_python(row.schedule),
        covers=_covers.validate_python(row.covers),
        most_at_once=row.most_at_once,
        hard_topics=row.hard_topics,
    )


class Roster:
    """Rows of `volunteers`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def seen(self, person: int, role: Role, now: datetime) -> None:
        """Note that somebody was at a desk with this role; strangers are not taken in, only struck off."""
        row = {
            "role": role,
            "schedule": _schedule.dump_python(Schedule(), mode="json"),
            "covers": asdict(Covers()),
            "seen_at": now,
        }
        if role.works_the_desk and await insert_new(self._connection, volunteers, {"person_id": person, **row}):
            return
        await self._update(person, role=role, seen_at=now)

    async def role_changed(self, person: int, before: Role, role: Role) -> bool:
        """Keep what somebody has become who was not at a desk; False: they were seen with another role meanwhile."""
        still = (volunteers.c.person_id == person, volunteers.c.role == before)
        statement = update(volunteers).where(*still).values(role=role)
        return (await self._connection.execute(statement)).rowcount == 1

    async def get(self, person: int) -> Volunteer | None:
        """Give a volunteer."""
        row = (await self._connection.execute(_query().where(volunteers.c.person_id == person))).first()
        return _volunteer(row) if row else None

    async def all(self) -> list[Volunteer]:
        """Give everybody who works at the desks, in the order in which they came."""
        return [_volunteer(row) for row in (await self._connection.execute(_ALL)).all()]

    async def leads(self) -> list[Volunteer]:
        """Give everybody who was last seen as a lead."""
        return [one for one in await self.all() if one.role is Role.LEAD]

    async def set_schedule(self, person: int, schedule: Schedule) -> None:
        """Keep when somebody is on duty."""
        await self._update(person, schedule=_schedule.dump_python(schedule, mode="json"))

    async def set_covers(self, person: int, covers: Covers) -> None:
        """Keep what somebody covers."""
        await self._update(person, covers=_covers.dump_python(covers, mode="json"))

    async def set_most(self, person: int, most: int | None) -> None:
        """Keep how many somebody takes at once; None: the usual number."""
        await self._update(person, most_at_once=most)

    async def set_hard_topics(self, person: int, *, wanted: bool) -> None:
        """Keep whether somebody takes hard ones."""
        await self._update(person, hard_topics=wanted)

    async def _update(self, person: int, **values: object) -> None:
        await self._connection.execute(update(volunteers).where(volunteers.c.person_id == person).values(**values))

    async def purge(self, before: datetime, most: int) -> int:
        """Forget the hours of those who have not been at a desk since a time."""
        return await delete_some(self._connection, volunteers.c.person_id, most, volunteers.c.seen_at < before)
