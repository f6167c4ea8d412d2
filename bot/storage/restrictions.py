"""Restrictions: askers who are not answered for a time, and how much people ask within minutes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, case, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.people import Person, PersonId
from bot.domain.waits import PUT_BACK
from bot.storage.sql import delete_some, insert_new
from bot.storage.tables import keys, paces, people, restrictions

_KEY = "blocks"  # name of the key that hashes accounts
_ANY = select(restrictions.c.id).where(restrictions.c.until > bindparam("now")).limit(1)
_LAST_UNTIL = (
    select(restrictions.c.until)
    .where(restrictions.c.person_id == bindparam("person"))
    .order_by(restrictions.c.until.desc())
    .limit(1)
)


class Kind(StrEnum):
    """How an asker is restricted."""

    MUTE = "mute"  # ends with /forgetme
    BLOCK = "block"  # outlives /forgetme, as a keyed hash of the account


@dataclass(frozen=True, slots=True)
class Restriction:
    """One mute or block; `pseudonym` is None when its person has been forgotten."""

    id: int
    kind: Kind
    person: int | None
    pseudonym: str | None
    until: datetime
    told: bool


class Restrictions:
    """Rows of `restrictions`, and the key of their hashes."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self, kind: Kind, person: Person, by: int, reason: str, now: datetime, until: datetime
    ) -> Restriction:
        """Restrict somebody; a newer mute or block takes the place of the last one of its kind."""
        hash_ = await self._hash(person.id) if kind is Kind.BLOCK else None
        same = (restrictions.c.kind == kind) & _of(person.number, hash_)
        await self._connection.execute(delete(restrictions).where(same))
        values = {"person_id": person.number, "hash": hash_, "reason": reason, "by_id": by, "at": now, "until": until}
        made = insert(restrictions).values(kind=kind, **values).returning(restrictions.c.id)
        number = int((await self._connection.execute(made)).scalar_one())
        return Restriction(number, kind, person.number, person.pseudonym, until, told=False)

    async def of(self, person: Person, now: datetime) -> Restriction | None:
        """Give the restriction of somebody that ends last; an account that was blocked is known again by its hash."""
        if not await self._any(now):
            return None  # as nearly always: one short question to the database for each message
        here = _of(person.number, await self._hash(person.id))
        query = _query(now).where(here).order_by(restrictions.c.until.desc())
        row = (await self._connection.execute(query)).first()
        return _restriction(row) if row else None

    async def _any(self, now: datetime) -> bool:
        return (await self._connection.execute(_ANY, {"now": now})).first() is not None

    async def paused_until(self, person: int) -> datetime | None:
        """Give until when somebody is muted or blocked, or was lately."""
        found: datetime | None = (await self._connection.execute(_LAST_UNTIL, {"person": person})).scalar()
        return found

    async def all(self, now: datetime) -> list[Restriction]:
        """Give every restriction, the one that ends first at the top."""
        rows = (await self._connection.execute(_query(now).order_by(restrictions.c.until))).all()
        return [_restriction(row) for row in rows]

    async def tell(self, number: int) -> bool:
        """Note that its person has been told; False: they had been told before."""
        statement = update(restrictions).where(restrictions.c.id == number, restrictions.c.told.is_(False))
        return (await self._connection.execute(statement.values(told=True))).rowcount == 1

    async def lift(self, number: int) -> bool:
        """End a restriction; False if it has ended already."""
        statement = delete(restrictions).where(restrictions.c.id == number)
        return (await self._connection.execute(statement)).rowcount == 1

    async def purge(self, now: datetime, most: int) -> int:
        """Delete what has ended."""
        return await delete_some(self._connection, restrictions.c.id, most, restrictions.c.until <= now)

    async def _hash(self, account: PersonId) -> str:
        return hmac.new(bytes.fromhex(await self._key()), str(account).encode(), hashlib.sha256).hexdigest()

    async def _key(self) -> str:
        query = select(keys.c.value).where(keys.c.name == _KEY)
        found: str | None = (await self._connection.execute(query)).scalar()
        if found is None:
            await insert_new(self._connection, keys, {"name": _KEY, "value": secrets.token_hex(32)})
            found = str((await self._connection.execute(query)).scalar_one())
        return found


def _of(person: int, hash_: str | None) -> ColumnElement[bool]:
    by_hash = (restrictions.c.hash == hash_,) if hash_ else ()
    return or_(restrictions.c.person_id == person, *by_hash)


def _query(now: datetime) -> Any:  # noqa: ANN401
    query = select(restrictions, people.c.pseudonym).outerjoin(people, people.c.id == restrictions.c.person_id)
    return query.where(restrictions.c.until > now)


def _restriction(row: Row[Any]) -> Restriction:
    return Restriction(row.id, Kind(row.kind), row.person_id, row.pseudonym, row.until, row.told)


@dataclass(frozen=True, slots=True)
class Pace:
    """How much was asked since a time; `told` says whether the break was announced."""

    count: int
    since: datetime
    told: bool


@cache
def _count_one(dialect: str) -> Any:  # noqa: ANN401 - the two dialects' classes have no common parent
    over = or_(paces.c.since <= bindparam("over"), paces.c.since > bindparam("ahead"))  # as `is_over`
    goes_on = {"since": paces.c.since, "count": paces.c.count + 1, "told": paces.c.told}
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    begun: dict[str, Any] = {"key": bindparam("counted"), "person_id": bindparam("person"), "since": bindparam("now")}
    statement = make(paces).values(**begun, count=1, told=False)
    updated = {name: case((over, statement.excluded[name]), else_=value) for name, value in goes_on.items()}
    statement = statement.on_conflict_do_update(index_elements=["key"], set_=updated)
    return statement.returning(paces.c.count, paces.c.since, paces.c.told)


class Paces:
    """Rows of `paces`: one for each person and each group that asked lately."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def count(self, key: str, now: datetime, window: timedelta, person: int | None = None) -> Pace:
        """Count one more; counting begins anew when the window is over."""
        values = {"counted": key, "person": person, "now": now, "over": now - window, "ahead": now + PUT_BACK}
        row = await self._connection.execute(_count_one(self._connection.dialect.name), values)
        return Pace(*row.one())

    async def tell(self, key: str) -> bool:
        """Note that a break was announced; False: it had been."""
        statement = update(paces).where(paces.c.key == key, paces.c.told.is_(False)).values(told=True)
        return (await self._connection.execute(statement)).rowcount == 1

    async def purge(self, before: datetime, most: int) -> int:
        """Delete what was counted before a time."""
        return await delete_some(self._connection, paces.c.key, most, paces.c.since < before)
