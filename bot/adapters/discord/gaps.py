"""Reading what was missed: after a lost connection or a restart, from the last message seen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import discord
import structlog

from bot.adapters.discord import errors
from bot.adapters.discord.mark import Mark
from bot.adapters.discord.places import Places
from bot.adapters.discord.waiting import Waits
from bot.domain.messages import Address

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0  # seconds before what could not be read is read again; doubled each time
# What is older may have been answered and is no longer known by its number (the inbox keeps numbers for eight days):
# it would be answered a second time, in public.
OLDEST = timedelta(days=7)
MOST_TALKS = 1000  # private chats that are known to be there: each costs a call
Heard = Callable[[discord.Message], Awaitable[None]]
WhereToLook = Callable[[], Awaitable[Sequence[Address]]]
log = structlog.get_logger()


class Gaps:
    """Knows which connections were lost, what is still to be read, and up to when all is handled."""

    def __init__(self, client: discord.Client, places: Places, mark: Mark, waits: Waits) -> None:
        self._client = client
        self._places = places
        self.mark = mark
        self._waits = waits
        self._reading: dict[object, datetime] = {}  # each reading that is under way -> before that all was handled
        self._talks: dict[int, discord.abc.Messageable] = {}  # private chats, the latest last: nothing tells of them
        self._missed: dict[int, tuple[discord.abc.Messageable, int]] = {}  # channels to be read, and after which number
        self._missed_since: datetime | None = None  # when the first of it was said
        self._open: set[int] = set()  # shards that are away, or back and not known yet whether they missed something
        self._more: set[int] = set()  # shards that are away, and heard meanwhile that a server of theirs is back
        self._met: dict[int, datetime] = {}  # shards that were connected since the start, and when they said so last

    def begins(self, shard: int) -> None:
        """Note that a connection was lost."""
        self._open.add(shard)
        self.mark.is_lost()

    def was_none(self, shard: int = 0) -> None:
        """Note that a connection was resumed: Discord repeats all that was said there."""
        self._met[shard] = self.mark.now()
        self._open.discard(shard)
        self._more.discard(shard)

    @property
    def reading_since(self) -> datetime | None:
        """Give from when gaps, or what was let go, are still to be read to their end; None if nothing is."""
        missed = [self._missed_since] if self._missed_since else []
        return min([*self._reading.values(), *missed], default=None)

    def server_is_back(self, shard: int) -> bool:
        """Note that a server can be read again; tell whether its shard is connected, so that it is to be read now."""
        met = shard in self._met and shard not in self._open
        if not met:
            self._more.add(shard)
        return met

    def has_more(self, shard: int) -> bool:
        """Tell whether a shard's servers missed more than it did: what was said in an outage is not repeated."""
        return shard in self._more

    def handled_until(self) -> datetime | None:
        """Give up to when all that was said is handled; None while a connection, or a server, is out of reach."""
        shards = 1 if self._client.shard_id is not None else self._client.shard_count or 1
        if self._open or len(self._met) < shards or any(one.unavailable for one in self._client.guilds):
            return None
        waiting = [since for since in (self.reading_since, self._waits.oldest) if since]
        return min([self.mark.now(), *waiting])

    def read(self, message: discord.Message) -> None:
        """Note that a message was handled."""
        if isinstance(message.channel, discord.DMChannel):
            self._talks.pop(message.channel.id, None)
            self._talks[message.channel.id] = message.channel
            if len(self._talks) > MOST_TALKS:
                del self._talks[next(iter(self._talks))]

    async def catch_up(self, heard: Heard, watched: WhereToLook, shard: int = 0) -> None:
        """Hand in, oldest first, what came while nobody listened; what cannot be read now is read later.

        `watched` says where escalations and private talks are.
        """
        reading = object()  # a shard may begin another before this one is at its end
        self._reading[reading] = self.mark.reached
        after = discord.utils.time_snowflake(max(self.mark.begins, self.mark.now() - OLDEST))
        self.was_none(shard)
        await self._read_again(heard, watched, after)
        self._reading.pop(reading, None)
        await self._read_to_its_end()

    async def _read_to_its_end(self) -> None:
        """Move the mark at once: who is stopped again and again would read ever more otherwise.

        It moves to when every connection lived for sure: one that has died meanwhile, as a machine slept, is not known.
        """
        until = self.handled_until()
        sure = until and min(until, *self._met.values())
        if sure and (self.mark.until is None or sure > self.mark.until):
            await self.mark.move(sure)

    async def _read_again(self, heard: Heard, watched: WhereToLook, after: int) -> None:
        left, known, unlisted, wait = set(self._talks), set(self._talks), True, FIRST_WAIT
        while True:
            if unlisted:
                found, unlisted = await self._places.written_in(after, await watched())
                left |= found - known
                known |= found
            left = {channel for channel in left if not await self._read_all(channel, after, heard)}
            if not left and not unlisted:
                return
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)

    def missed(self, message: discord.Message) -> bool:
        """Note that a message was let go; tell whether it is the first, so that `read_missed` has to be called."""
        first, self._missed_since = self._missed_since is None, self._missed_since or message.created_at
        self._missed.setdefault(message.channel.id, (message.channel, message.id - 1))
        return first

    async def read_missed(self, heard: Heard) -> None:
        """Hand in what was let go, channel by channel, until there is no more of it, however much it is."""
        wait = FIRST_WAIT
        while self._missed:
            number = next(iter(self._missed))
            channel, after = self._missed.pop(number)
            if await self._read_on(channel, after, heard):
                wait = FIRST_WAIT
                continue
            self._missed[number] = channel, after
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)
        self._missed_since = None
        await self._read_to_its_end()

    async def _read_all(self, channel: int, after: int, heard: Heard) -> bool:
        """Read a channel; tell whether that is done, or in vain.

        One that is not known is asked for first, as a thread that sleeps or a channel of another shard: a message that
        is read does not name its server, and without one it would be taken for private.
        """
        try:
            target = self._talks.get(channel) or self._client.get_channel(channel)
            target = target or await self._client.fetch_channel(channel)
        except Exception as error:  # noqa: BLE001  # whatever it is, the other channels are to be read
            return self._not_read(error)
        if not isinstance(target, discord.abc.Messageable):
            return True
        return await self._read_on(target, after, heard)

    async def _read_on(self, target: discord.abc.Messageable, after: int, heard: Heard) -> bool:
        try:
            async for message in target.history(limit=None, after=discord.Object(after), oldest_first=True):
                await heard(message)
        except Exception as error:  # noqa: BLE001  # whatever it is, the other channels are to be read
            return self._not_read(error)
        return True

    def _not_read(self, error: Exception) -> bool:
        log.warning("discord.channel_not_read", error=type(error).__name__)
        return errors.in_vain(error)
