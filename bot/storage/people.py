"""People: whom the bot knows, under which pseudonym."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.messages import Sender
from bot.domain.people import Person, PersonId
from bot.storage.sql import delete_some, insert_new
from bot.storage.tables import metadata, people

# Two plain words are easier to say, hear and remember than a number, and tell nothing about the person.
_FIRST = ("Amber", "Blue", "Brown", "Coral", "Gold", "Green", "Grey", "Ivory", "Lilac", "Olive", "Red", "Silver")
_SECOND = (
    "Badger", "Birch", "Brook", "Cedar", "Clover", "Dove", "Fern", "Finch", "Fox", "Hare", "Hazel", "Heron", "Ivy",
    "Lark", "Maple", "Oak", "Otter", "Owl", "Pine", "Poppy", "Robin", "Rose", "Sparrow", "Swan", "Thistle", "Willow",
)  # fmt: skip

_FIND = select(people).where(people.c.platform == bindparam("on"), people.c.user == bindparam("account"))


def new_pseudonym() -> str:
    """Make up a name for an asker, such as `Blue Heron 27`."""
    return f"{secrets.choice(_FIRST)} {secrets.choice(_SECOND)} {secrets.randbelow(90) + 10}"


def _person(row: Row[Any]) -> Person:
    account = PersonId(row.platform, row.user)
    return Person(row.id, account, row.pseudonym, row.country, row.language, row.language_set, row.shown_as)


class People:
    """Rows of `people`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def known(self, sender: Sender, now: datetime) -> Person:
        """Give the person behind an event, made on first sight."""
        person = await self.find(sender.id)
        if person:
            return person
        values = {
            "platform": sender.id.platform,
            "user": sender.id.user,
            "name": sender.name[:200],
            "pseudonym": new_pseudonym(),
            "created_at": now,
        }
        await insert_new(self._connection, people, values)
        person = await self.find(sender.id)
        if person is None:
            raise LookupError("a person just stored is not there")
        return person

    async def find(self, person_id: PersonId) -> Person | None:
        """Give the person with this account, if known."""
        account = {"on": person_id.platform, "account": person_id.user}
        row = (await self._connection.execute(_FIND, account)).first()
        return _person(row) if row else None

    async def get(self, number: int) -> Person | None:
        """Give the person with this number, if still kept."""
        row = (await self._connection.execute(select(people).where(people.c.id == number))).first()
        return _person(row) if row else None

    async def with_pseudonym(self, words: str) -> Person | None:
        """Give the person of a pseudonym; None if there is none, or more than one."""
        query = select(people).where(func.lower(people.c.pseudonym) == " ".join(words.lower().split()))
        rows = (await self._connection.execute(query)).all()
        return _person(rows[0]) if len(rows) == 1 else None

    async def show_as(self, number: int, name: str | None) -> None:
        """Set what askers see of a volunteer; empty: "a volunteer", None: the name."""
        await self._connection.execute(update(people).where(people.c.id == number).values(shown_as=name))

    async def names(self, number: int) -> tuple[str, ...]:
        """Give what somebody is called: on their platform, and to volunteers."""
        row = (
            await self._connection.execute(select(people.c.name, people.c.pseudonym).where(people.c.id == number))
        ).first()
        return tuple(row) if row else ()

    async def set_country(self, number: int, country: str | None) -> None:
        """Remember which country's details come first."""
        await self._connection.execute(update(people).where(people.c.id == number).values(country=country))

    async def set_language(self, number: int, language: str, *, said: bool) -> None:
        """Remember a language; what somebody `said` themselves is changed by nothing else."""
        unless_said = people.c.id == number if said else (people.c.id == number) & ~people.c.language_set
        values = {"language": language, "language_set": said}
        await self._connection.execute(update(people).where(unless_said).values(**values))

    async def purge(self, before: datetime, most: int) -> int:
        """Delete people of whom nothing else is kept, and who have not been new for a while."""
        used = [
            table.c[name]
            for table in metadata.sorted_tables
            for name in ("person_id", "asker_id", "owner_id")
            if name in table.c
        ]
        unused = [~exists().where(column == people.c.id) for column in used]
        return await delete_some(self._connection, people.c.id, most, people.c.created_at < before, *unused)
