"""Reading what was missed: after a lost connection or a restart, from the last message seen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import discord
import structlog

from bot.adapters.discord import errors
from bot.adapters.discord.mark import Mark
from bot.adapters.discord.private import Private, user_of
from bot.adapters.discord.waiting import Waits
from bot.domain.messages import Address

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0  # seconds before what could not be read is read again; doubled each time
# What is older may have been answered and is no longer known by its number (the inbox keeps numbers for eight days):
# it would be answered a second time, in public.
OLDEST = timedelta(days=7)
OVERLAP = timedelta(minutes=10)  # read twice, as what happened last may not have been stored; each is handled once
_PASSING = (401, 408, 429)  # the token, the time and the rate may be in order again later
Heard = Callable[[discord.Message], Awaitable[None]]
WhereToLook = Callable[[], Awaitable[Sequence[Address]]]
log = structlog.get_logger()


class Gaps:
    """Knows how far each channel was read since the start, and up to when all was handled before it."""

    def __init__(
        self,
        client: discord.Client,
        private: Private,
        ask: Sequence[int],
        desk: int | None,
        mark: Mark,
        waits: Waits,
    ) -> None:
        self._client = client
        self._private = private
        self._ask = tuple(ask)
        self._desk = desk
        self.mark = mark
        self._waits = waits
        self._reading: dict[object, datetime] = {}  # each reading that is under way -> before that all was handled
        self._read: dict[int, int] = {}  # channel -> the newest message handled
        self._before: dict[int, int] | None = None  # the same, from before the gap that is still to be read
        self._until: datetime | None = None  # before that all was handled, or not ours; None without a bookmark
        self._start = 0  # where that gap is read from, as one of Discord's numbers, which grow with time
        self._missed: dict[int, tuple[discord.abc.Messageable, int]] = {}  # channels to be read, and after which number
        self._missed_since: datetime | None = None  # when the first of it was said
        self._open: set[int] = set()  # shards that are away, or back and not known yet whether they missed something
        self._met: dict[int, datetime] = {}  # shards that were connected since the start, and when they said so last

    async def start(self) -> None:
        """Learn how far was read before this start."""
        await self.mark.start()
        self.begins()

    def begins(self, *shards: int) -> None:
        """Keep how far was read when a connection was lost, or none was made yet: what is said once it is back, but
        before the gap is read, must not hide the gap."""
        self._open.update(shards)
        self.mark.is_lost()
        if self._before is None:
            self._before, self._until = dict(self._read), self.mark.until or self.mark.first
            if self._until:
                # What came before the very first start is not ours.
                again = OVERLAP if self.mark.until else timedelta(0)
                self._start = discord.utils.time_snowflake(max(self._until - again, self.mark.now() - OLDEST))

    def was_none(self, shard: int = 0) -> None:
        """Note that a connection was resumed: Discord repeats all that was said there."""
        self._over(shard)

    def _over(self, shard: int) -> None:
        """Forget how far was read before, unless another shard's gap still needs it."""
        self._met[shard] = self.mark.now()
        self._open.discard(shard)
        if not self._open:
            self._before = None

    @property
    def reading_since(self) -> datetime | None:
        """Give from when gaps, or what was let go, are still to be read to their end; None if nothing is."""
        missed = [self._missed_since] if self._missed_since else []
        return min([*self._reading.values(), *missed], default=None)

    def is_met(self, shard: int) -> bool:
        """Tell whether a shard is connected, and has told of its servers."""
        return shard in self._met and shard not in self._open

    def handled_until(self) -> datetime | None:
        """Give up to when all that was said is handled; None while a connection, or a server, is out of reach."""
        shards = 1 if self._client.shard_id is not None else self._client.shard_count or 1
        if self._open or len(self._met) < shards or any(guild.unavailable for guild in self._client.guilds):
            return None
        waiting = [since for since in (self.reading_since, self._waits.oldest) if since]
        return min([self.mark.now(), *waiting])

    def read(self, message: discord.Message) -> None:
        """Note that a message was handled."""
        channel = message.channel.id
        self._read[channel] = max(message.id, self._read.get(channel, 0))

    async def catch_up(self, heard: Heard, watched: WhereToLook, shard: int = 0) -> None:
        """Hand in, oldest first, what came while nobody listened; what cannot be read now is read later.

        `watched` says where escalations and private talks are.
        """
        reading = object()  # a shard may begin another before this one is at its end
        if self._until is not None:
            self._reading[reading] = self._until
        await self._read_again(heard, watched, shard)
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

    async def _read_again(self, heard: Heard, watched: WhereToLook, shard: int) -> None:
        left = dict(self._before or {})
        self._over(shard)
        known, unlisted, wait = set(left), self._until is not None, FIRST_WAIT
        while True:
            if unlisted:
                found, unlisted = await self._channels(await watched())
                left |= dict.fromkeys(found - known, self._start)
                known |= found
            left = {
                channel: after for channel, after in left.items() if not await self._read_all(channel, after, heard)
            }
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

    async def _channels(self, watched: Sequence[Address]) -> tuple[set[int], bool]:
        """Give ask channels, threads that are ours to read, and where open escalations and private talks are.

        Any other channel counts if something was said there since: somebody may have mentioned the bot. Tell as well
        whether some could not be asked for.
        """
        found, failed = {*self._ask, *self._written_in()}, False
        try:
            found |= await self._threads()
        except (discord.HTTPException, *errors.NETWORK) as error:
            log.warning("discord.desk_not_read", error=type(error).__name__)
            failed = not in_vain(error)
        for address in watched:
            if not address.is_private:
                found.add(int(address.thread or address.chat))
                continue
            try:
                found.add(await self._private.chat(user_of(address)))
            except (discord.HTTPException, *errors.NETWORK) as error:
                log.info("discord.private_chat_not_read", error=type(error).__name__)
                failed = failed or not in_vain(error)
        return found, failed

    def _written_in(self) -> set[int]:
        """Give the channels that were written in since; Discord names the last message of each when it connects."""
        return {
            channel.id
            for guild in self._client.guilds
            for channel in _channels_of(guild)
            if channel.id != self._desk and (channel.last_message_id or 0) > self._start and may_read(channel)
        }

    async def _threads(self) -> set[int]:
        desk = self._client.get_channel(self._desk) if self._desk else None
        if not isinstance(desk, discord.ForumChannel | discord.TextChannel):
            return set()
        me = self._client.user
        return {
            thread.id
            for thread in await desk.guild.active_threads()
            if thread.parent_id in (desk.id, *self._ask) or (thread.is_private() and me and thread.owner_id == me.id)
        }

    async def _read_all(self, channel: int, after: int, heard: Heard) -> bool:
        """Read a channel; tell whether that is done, or in vain.

        One that is not known is asked for first, as a thread that sleeps or a channel of another shard: a message that
        is read does not name its server, and without one it would be taken for private.
        """
        try:
            target = self._client.get_channel(channel) or await self._client.fetch_channel(channel)
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
        return in_vain(error)


Readable = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


def _channels_of(guild: discord.Guild) -> Sequence[Readable]:
    return [*guild.text_channels, *guild.voice_channels, *guild.stage_channels, *guild.threads]


def may_read(channel: Readable) -> bool:
    """Tell whether the bot may read a channel: Discord shuts out whoever is refused 10,000 times in ten minutes."""
    me: discord.Member | None = channel.guild.me  # None, whatever its type says, before Discord has said who we are
    if me is None or (isinstance(channel, discord.Thread) and channel.parent is None):
        return True  # nothing is known: Discord says it
    may = channel.permissions_for(me)
    voices = isinstance(channel, discord.VoiceChannel | discord.StageChannel)
    return may.view_channel and may.read_message_history and (may.connect or not voices)


def in_vain(error: Exception) -> bool:
    """Tell whether asking again would be answered in the same way: as for who has blocked the bot, or is deleted."""
    return isinstance(error, discord.HTTPException) and 400 <= error.status < 500 and error.status not in _PASSING
