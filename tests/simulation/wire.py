"""A crowd's ground over the wire: both platforms' test servers, the real libraries, and one application between them.

The clock is moved by hand, as at the front door; which events come a second time is chosen by the seed.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import select

from bot.domain.people import Role
from bot.storage.outbox import Fate
from bot.storage.tables import inbox, outbox
from bot.triage.triage import Triage
from tests.clock import Clock
from tests.platforms.both import Both, on_both
from tests.platforms.chaos import Chaos
from tests.simulation.ground import Actor, Sight
from tests.simulation.on_discord import OnDiscord
from tests.simulation.on_telegram import OnTelegram
from tests.simulation.side import Side
from tests.world import MEMORY

TWICE = 0.05  # of all events
PATIENCE = 60.0  # seconds until everything has settled
PAUSE = 0.01  # seconds between two looks whether it has
AT_ONCE = 4  # things that happen before all settles
BY_HAND = (
    1_000_000.0  # seconds: timers look when the crowd lets hours pass, so that nothing is due in the midst of a step
)


class Wire:
    """Everything that a crowd does goes over loopback, to the platform of whoever does it."""

    at_once = AT_ONCE

    def __init__(self, both: Both, clock: Clock, seed: int) -> None:
        self.app = both.app
        self.clock = clock
        self._both = both
        sides: tuple[Side, ...] = (OnTelegram(both.telegram), OnDiscord(both.place))
        self._sides = {side.platform: side for side in sides}
        chance = random.Random(seed)  # noqa: S311 - chance that can be repeated, no secret
        both.telegram.chaos = both.place.server.chaos = Chaos(chance, rate=0, duplicates=TWICE)

    def join(self, name: str, platform: str, role: Role) -> Actor:
        return self._sides[platform].join(name, role)

    async def asks(self, asker: Actor, question: str, *, private: bool) -> None:
        await self._sides[asker.platform].asks(asker, question, private=private)

    async def adds(self, asker: Actor, number: int, text: str) -> bool:
        return await self._sides[asker.platform].adds(asker, number, text)

    async def says(self, asker: Actor, text: str) -> None:
        await self._sides[asker.platform].says(asker, text)

    async def asker_presses(self, asker: Actor, number: int, action: str) -> bool:
        return await self._sides[asker.platform].asker_presses(asker, number, action)

    async def presses_add(self, asker: Actor, number: int) -> bool:
        return await self._sides[asker.platform].presses_add(asker, number)

    async def edits(self, actor: Actor, word: str, text: str) -> bool:
        return await self._sides[actor.platform].edits(actor, word, text)

    async def is_forgotten(self, actor: Actor) -> None:
        side = self._sides[actor.platform]
        await side.forgetme(actor)
        await self.settle()
        await side.presses_forget(actor)

    async def press(
        self, volunteer: Actor, number: int, action: str, *, subject: int | None = None, note: str = ""
    ) -> None:
        await self._sides[volunteer.platform].press(volunteer, number, action, subject, note)

    async def press_together(
        self, volunteers: Sequence[Actor], number: int, action: str, *, subject: int | None = None
    ) -> None:
        await asyncio.gather(*(self.press(one, number, action, subject=subject) for one in volunteers))

    async def writes(self, volunteer: Actor, number: int, text: str) -> None:
        await self._sides[volunteer.platform].writes(volunteer, number, text)

    async def commands(self, volunteer: Actor, name: str, words: str, number: int | None = None) -> None:
        await self._sides[volunteer.platform].commands(volunteer, name, words, number)

    async def role_becomes(self, volunteer: Actor, role: Role) -> None:
        await self._sides[volunteer.platform].role_becomes(volunteer, role)

    async def settle(self) -> None:
        latest = time.monotonic() + PATIENCE
        while not await self._is_quiet():
            assert time.monotonic() < latest, f"it does not come to rest: {await self._missing()} are not handled"
            await asyncio.sleep(PAUSE)

    async def _is_quiet(self) -> bool:
        """Tell whether what happened is stored, and what was to be said has its receipt."""
        if self._both.telegram.waiting or self.app.outbox._under_way or await self._missing():
            return False
        on_its_way = select(outbox.c.id).where(outbox.c.status.in_([Fate.PENDING, Fate.SENDING])).limit(1)
        async with self.app.store.transaction() as tx:
            return (await tx.connection.execute(on_its_way)).first() is None

    async def _missing(self) -> set[str]:
        """Give what Discord has announced and is not stored; of Telegram's, `waiting` tells."""
        expected = self._sides["discord"].events
        if expected:
            async with self.app.store.transaction() as tx:
                query = select(inbox.c.event_id).where(inbox.c.event_id.in_(expected), inbox.c.outcome.is_not(None))
                expected -= set((await tx.connection.execute(query)).scalars())
        return expected

    def look(self) -> Sequence[Sight]:
        return [sight for side in self._sides.values() for sight in side.look()]

    def standing(self) -> Iterable[str]:
        return [text for side in self._sides.values() for text in side.standing()]


@asynccontextmanager
async def a_wire(triage: Triage, seed: int, database: str = MEMORY) -> AsyncIterator[Wire]:
    """Run the application on both test servers until the crowd is done."""
    clock = Clock()
    async with on_both(triage, database=database, clock=clock, timers_every=BY_HAND) as both:
        yield Wire(both, clock, seed)
