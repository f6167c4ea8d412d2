"""What is due with time: reminders, pages, digests. The database knows what is due, so a restart forgets nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.escalation.features import DeskFeature, Features
from bot.storage.store import Store

EVERY = 20.0  # seconds between looks
LONGEST_WAIT = timedelta(
    minutes=15
)  # for a next attempt to send: ours end at 10; a platform that wanted more says it again
log = structlog.get_logger()


class Timers:
    """Asks every feature what is due, each in a transaction of its own: the failure of one stops no other."""

    def __init__(
        self, store: Store, features: Features, clock: Callable[[], datetime], stored: Callable[[], None]
    ) -> None:
        self._store = store
        self._features = [one for one in features.all if one.due]
        self._clock = clock
        self._stored = stored
        self.every = EVERY

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await self.look()
            await asyncio.sleep(self.every)

    async def look(self) -> None:
        """Store what is due at this time."""
        try:
            await self._look_at_attempts()
        except Exception:
            log.exception("timer.failed", feature="attempts")
        for feature in self._features:
            try:
                await self._look(feature)
            except Exception:
                log.exception("timer.failed", feature=feature.name)  # it is looked at again in a moment

    async def _look_at_attempts(self) -> None:
        """Try again what a clock that was put back would have wait for hours."""
        now = self._clock()
        async with self._store.transaction() as tx:
            waited = await tx.outbox.no_later_than(now + LONGEST_WAIT, now)
        if waited:
            log.warning("timer.clock_put_back", messages=waited)
            self._stored()

    async def _look(self, feature: DeskFeature) -> None:
        if feature.due is None:
            return
        now = self._clock()
        async with self._store.transaction() as tx:
            messages = await feature.due(tx, now)
            for message in messages:
                await tx.outbox.add(message, now)
        if messages:
            self._stored()
