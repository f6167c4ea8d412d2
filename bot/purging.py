"""The daily purge, by a clock that a platform vouches for: to a machine that believes it is 2036, everything is old."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from bot.domain.link import Link, Trouble
from bot.privacy import Privacy
from bot.storage.store import Store

EVERY = 24 * 3600.0  # seconds; the first purge is at start
AGAIN = 600.0  # seconds, after one that failed or was put off: the database was away, or nobody said the time
MOST_WRONG = timedelta(days=1)  # of the clock: by so much something may go too early
Theirs = Callable[[], Awaitable[datetime | None]]
log = structlog.get_logger()


class DailyPurge:
    """Deletes what is older than its time, once a day, unless the clock is wrong or nobody else says the time.

    `theirs` gives a platform's time, None when none can be reached. However long the bot was off, it goes on once one
    agrees. Where there is no platform (the console), the clock is believed. `link` tells of a clock that is wrong.
    """

    def __init__(
        self, store: Store, privacy: Privacy, clock: Callable[[], datetime], theirs: Theirs | None, link: Link
    ) -> None:
        self._store = store
        self._privacy = privacy
        self._clock = clock
        self._theirs = theirs
        self._link = link

    async def run(self) -> None:
        """Purge for ever."""
        while True:
            try:
                purged = await self.purge()
            except Exception:
                log.exception("purge.failed")
                purged = False
            await asyncio.sleep(EVERY if purged else AGAIN)

    async def purge(self) -> bool:
        """Purge once; False: not at this time."""
        if not await self._is_right():
            return False
        log.info("purged", rows=await self._privacy.purge(self._store, self._clock()))
        return True

    async def _is_right(self) -> bool:
        if self._theirs is None:
            return True
        theirs = await self._theirs()
        if theirs is None:
            log.warning("purge.put_off", says="no platform can be asked for the time")
            return False
        off = self._clock() - theirs
        if abs(off) > MOST_WRONG:
            log.error("purge.put_off", says="the clock is wrong", days=off.days, do="timedatectl set-ntp true")
            self._link.down(Trouble.WRONG)
            return False
        self._link.up()
        return True
