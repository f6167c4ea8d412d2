"""What is stored, read past the bot: each escalation, and where people's words are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import JSON, String, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.escalation import Voice
from bot.storage.tables import escalations, metadata, people, said
from tests.simulation.ground import Actor, words_in

Places = dict[str, list[tuple[int, bool]]]  # word -> escalations, and whether it is in the question


async def rows(connection: AsyncConnection) -> dict[int, Any]:
    """Give every escalation with its owner's name and its asker's account."""
    owners, askers = people.alias(), people.alias()
    columns = (
        "id",
        "status",
        "urgent",
        "private",
        "owner_id",
        "answered_at",
        "closed_at",
        "waiting_since",
        "owed_since",
    )
    query = (
        select(
            *(escalations.c[name] for name in columns), owners.c.name.label("owner"), askers.c.platform, askers.c.user
        )
        .join(askers, askers.c.id == escalations.c.asker_id)
        .outerjoin(owners, owners.c.id == escalations.c.owner_id)
    )
    return {row.id: row for row in (await connection.execute(query)).all()}


async def places_of(connection: AsyncConnection, words: Collection[str]) -> Places:
    """Give where some words of askers are."""
    found: Places = defaultdict(list)
    for word in words:
        asked = select(escalations.c.id).where(escalations.c.question.contains(word))
        told = select(said.c.escalation_id).where(said.c.by == Voice.ASKER, said.c.text.contains(word))
        found[word] += [(number, True) for number in (await connection.execute(asked)).scalars()]
        found[word] += [(number, False) for number in (await connection.execute(told)).scalars()]
    return found


async def all_places(connection: AsyncConnection) -> Places:
    """Give where each word of askers is."""
    found: Places = defaultdict(list)
    told = select(said.c.escalation_id, said.c.text).where(said.c.by == Voice.ASKER)
    for query, is_question in ((select(escalations.c.id, escalations.c.question), True), (told, False)):
        for number, text in (await connection.execute(query)).all():
            for word in words_in(text):
                found[word].append((number, is_question))
    return found


async def tables_with(connection: AsyncConnection, words: Collection[str]) -> dict[str, set[str]]:
    """Give those of some words that are in any column of any table, with the tables."""
    found: dict[str, set[str]] = defaultdict(set)
    for table in metadata.sorted_tables:
        texts = [column for column in table.c if isinstance(column.type, String | JSON)]
        for row in (await connection.execute(select(*texts))).all() if texts else ():
            for word in words_in(" ".join(map(str, row))):
                if word in words:
                    found[word].add(table.name)
    return found


async def knows(connection: AsyncConnection, actor: Actor) -> bool:
    """Tell whether anything says that there is such an account."""
    query = select(people.c.id).where(people.c.platform == actor.platform, people.c.user == actor.account)
    return (await connection.execute(query)).first() is not None
