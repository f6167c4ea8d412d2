"""Who still works at the desks: the platforms are asked now and then, as not every one of them tells.

Discord tells of lost roles only a bot that may follow every member of the server. To ask needs no such right, is the
same everywhere, and finds what changed while the bot was away. What follows from it is in `leaving.py`.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

import structlog

from bot.domain.people import PersonId, Role
from bot.storage.store import Store

EVERY = 300.0  # seconds between two calls of the roll
log = structlog.get_logger()


class Platforms(Protocol):
    """The adapters: who knows what somebody may do."""

    async def role_of(self, person: PersonId) -> Role | None:
        """Ask the person's platform; None: it cannot be asked, or cannot say."""


class RollCall:
    """Keeps the roster true for those who are not seen at a desk any more."""

    def __init__(self, store: Store, platforms: Platforms) -> None:
        self._store = store
        self._platforms = platforms

    async def run(self) -> None:
        """Ask for ever."""
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("roll_call.failed")  # the database is away: it is asked again in some minutes
            await asyncio.sleep(EVERY)

    async def look(self) -> None:
        """Ask about everybody on the roster, and keep what has changed; no transaction is open while it is asked."""
        async with self._store.transaction() as tx:
            volunteers = await tx.roster.all()
        for one in volunteers:
            role = await self._platforms.role_of(one.id)
            if role is None or role is one.role:
                continue
            async with self._store.transaction() as tx:
                changed = await tx.roster.role_changed(one.number, one.role, role)
            if changed:
                log.info("roll_call.changed", platform=one.id.platform, before=one.role, now=role)
