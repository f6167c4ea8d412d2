"""Up to when all that was said is handled: kept from time to time, so that the next start knows where to read on."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

import discord

from bot.adapters.base import Bookmark
from bot.adapters.discord.to_event import PLATFORM
from bot.adapters.discord.waiting import patiently

LOOK_EVERY = 60.0  # seconds
# What was true so many looks ago is kept, unless a connection was found lost since: that a connection is dead, as after
# a machine slept, is noticed after two minutes at the latest (see the heartbeat of discord.py).
LOOKS = 3
OVERLAP = timedelta(minutes=10)  # read twice; each message is handled once
LONG_AGO = discord.utils.snowflake_time(0)  # before anything was said on Discord
Handled = Callable[[], datetime | None]
Now = Callable[[], datetime]


class Mark:
    """Keeps a time for Discord, or for a shard where a process has but one of several; `now` is the time on Discord."""

    def __init__(self, bookmark: Bookmark | None, now: Now, shard: str = "") -> None:
        self._bookmark = bookmark
        self.now = now
        self._shard = shard
        self._looks: deque[datetime | None] = deque(maxlen=LOOKS)
        self.until: datetime | None = None  # as it is kept; None until all is read after the very first start
        self.first: datetime | None = None  # when that was

    async def start(self) -> None:
        """Learn what is kept from before; at the very first start keep the present, as what comes now is ours."""
        self.until = await self._bookmark.kept(PLATFORM, self._shard) if self._bookmark else None
        if self.until is None:
            self.first = self.now()
            if self._bookmark:
                await self._bookmark.keep(PLATFORM, self._shard, self.first)
        elif self.begins > self.now():  # kept by a clock that was wrong, so it says nothing
            self.until = LONG_AGO

    @property
    def reached(self) -> datetime:
        """Give up to when all is handled, or not ours as it was said before the very first start."""
        return self.until or self.first or self.now()

    @property
    def begins(self) -> datetime:
        """Give from when it is to be read again: what happened last may not have been stored."""
        return self.until - OVERLAP if self.until else self.reached

    async def move(self, until: datetime) -> None:
        """Keep a later time; this stays true, so it is tried until it works."""
        if self._bookmark is not None:
            bookmark = self._bookmark
            await patiently(lambda: bookmark.keep(PLATFORM, self._shard, until), "discord.mark_not_kept")
        self.until = until

    def is_lost(self) -> None:
        """Forget the latest looks: the connection may have been dead for a while."""
        self._looks.clear()

    async def keeps_moving(self, handled: Handled) -> None:
        """Ask again and again up to when all is handled, and keep it once it is sure."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            self._looks.append(handled())
            sure = self._looks[0]
            if sure is not None and len(self._looks) == LOOKS:
                await self.move(sure)
