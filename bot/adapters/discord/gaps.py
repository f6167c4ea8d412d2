"""Reading what was missed: after a lost connection or a restart, from the last message seen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import discord
import structlog

from bot.adapters.base import Recall
from bot.adapters.discord import errors
from bot.adapters.discord.private import Private, user_of
from bot.adapters.discord.to_event import PLATFORM

MOST = 500  # messages read again in one channel
OVERLAP = timedelta(minutes=10)  # read twice, as what happened last may not have been stored; each is handled once
Heard = Callable[[discord.Message], Awaitable[None]]
log = structlog.get_logger()


class Gaps:
    """Knows how far each channel was read since the start, and from the core how far before it."""

    def __init__(
        self, client: discord.Client, private: Private, ask: Sequence[int], desk: int | None, recall: Recall | None
    ) -> None:
        self._client = client
        self._private = private
        self._ask = tuple(ask)
        self._desk = desk
        self._recall = recall
        self._read: dict[int, int] = {}  # channel -> the newest message handled
        self._before: dict[int, int] | None = None  # the same, from before the gap that is still to be read
        self._since: datetime | None = None  # before that all was handled; None at the very first start
        self._dated = False  # whether `_since` is of this gap

    async def begins(self) -> None:
        """Keep how far was read when the connection was lost, or not made yet: what is said once it is back, but
        before the gap is read, must not hide the gap."""
        if self._before is None:
            self._before, self._dated = dict(self._read), False
        if self._recall is not None and not self._dated:
            last = (await self._recall(PLATFORM)).last_event
            self._since, self._dated = (last - OVERLAP if last else None), True

    def was_none(self) -> None:
        """Note that the connection was resumed: Discord repeats all that was said."""
        self._before = None

    def read(self, message: discord.Message) -> None:
        """Note that a message was handled."""
        channel = message.channel.id
        self._read[channel] = max(message.id, self._read.get(channel, 0))

    async def catch_up(self, heard: Heard) -> None:
        """Hand in, oldest first, what came while nobody listened."""
        channels, self._before = self._before or {}, None
        if self._since is not None:
            start = discord.utils.time_snowflake(self._since)
            async for channel in self._watched():
                channels.setdefault(channel, start)
        for channel, after in channels.items():
            await self._one(channel, after, heard)

    async def _watched(self) -> AsyncIterator[int]:
        """Give ask channels, threads that are ours to read, and where open escalations and private talks are."""
        for channel in self._ask:
            yield channel
        async for thread in self._threads():
            yield thread
        if self._recall is None:
            return
        for address in (await self._recall(PLATFORM)).watched:
            if not address.is_private:
                yield int(address.thread or address.chat)
                continue
            try:
                yield await self._private.chat(user_of(address))
            except (discord.HTTPException, *errors.NETWORK) as error:
                log.info("discord.private_chat_not_read", error=type(error).__name__)

    async def _threads(self) -> AsyncIterator[int]:
        desk = self._client.get_channel(self._desk) if self._desk else None
        if not isinstance(desk, discord.ForumChannel | discord.TextChannel):
            return
        try:
            for thread in await desk.guild.active_threads():
                ours = thread.is_private() and self._client.user and thread.owner_id == self._client.user.id
                if thread.parent_id in (desk.id, *self._ask) or ours:
                    yield thread.id
        except (discord.HTTPException, *errors.NETWORK) as error:
            log.warning("discord.desk_not_read", error=type(error).__name__)

    async def _one(self, channel: int, after: int, heard: Heard) -> None:
        target = self._client.get_channel(channel) or self._client.get_partial_messageable(channel)
        if not isinstance(target, discord.abc.Messageable):
            return
        try:
            async for message in target.history(limit=MOST, after=discord.Object(after), oldest_first=True):
                await heard(message)
        except (discord.HTTPException, *errors.NETWORK) as error:
            log.warning("discord.channel_not_read", error=type(error).__name__)
