"""A chat that got a new number: what is kept under the old one follows, in every table that names chats."""

from __future__ import annotations

from sqlalchemy import delete, exists, func, literal, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import conversations, desk_threads, escalations, outbox, turns


class Moves:
    """Renumbers a chat. Ids of messages in the old one are dropped: in the new one they would name other messages."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def chat(self, platform: str, old: str, new: str) -> None:
        """Renumber; a desk keeps its number (`new` is then `old`), and only its threads and messages are forgotten."""
        for table in (outbox, escalations):
            here = (table.c.platform == platform, table.c.chat == old)
            await self._connection.execute(update(table).where(*here).values(chat=new, message_id=None))
        threads = (desk_threads.c.platform == platform, desk_threads.c.chat == old)
        await self._connection.execute(delete(desk_threads).where(*threads))
        if new != old:
            await self._addresses(f"{platform}:{old}", f"{platform}:{new}")

    async def _addresses(self, old: str, new: str) -> None:
        """Renumber what is kept by address; where something newer is kept already, that stays."""
        for start in (old, f"{old}/"):
            moved = literal(new) + func.substr(turns.c.address, len(old) + 1)
            here = turns.c.address == old if start == old else turns.c.address.startswith(start, autoescape=True)
            await self._connection.execute(update(turns).where(here).values(address=moved, message_id=None))
        newer = conversations.alias("newer")
        same = exists().where(newer.c.person_id == conversations.c.person_id, newer.c.address == new)
        at_old = conversations.c.address == old
        await self._connection.execute(update(conversations).where(at_old, ~same).values(address=new))
        await self._connection.execute(delete(conversations).where(at_old))
