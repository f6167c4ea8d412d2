"""Where to look for what was missed: the channels that were written in since some time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import discord
import structlog

from bot.adapters.discord import errors
from bot.adapters.discord.private import Private, user_of
from bot.domain.messages import Address

Readable = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread
InServer = discord.abc.GuildChannel | discord.Thread
log = structlog.get_logger()


class Places:
    """Knows ask channels and the desk by the settings, and asks Discord for the rest."""

    def __init__(self, client: discord.Client, private: Private, ask: Sequence[int], desk: int | None) -> None:
        self._client = client
        self._private = private
        self._ask = tuple(ask)
        self._desk = desk

    async def written_in(self, after: int, watched: Sequence[Address]) -> tuple[set[int], bool]:
        """Give ask channels, what was written in after a message's number, and where escalations and private talks are.

        Any channel counts: somebody may have mentioned the bot. Tell as well whether some could not be asked for.
        """
        found, failed = {*self._ask, *self._awake(after)}, False
        found |= {int(one.thread or one.chat) for one in watched if not one.is_private}
        questions = [partial(self._talk, user_of(one)) for one in watched if one.is_private]
        questions += [partial(self._asleep, number, after) for number in {*self._ask, self._desk}]
        for question in questions:
            try:
                found |= await question()
            except Exception as error:  # noqa: BLE001  # whatever it is, the others are to be asked for
                log.info("discord.place_unknown", error=type(error).__name__)
                failed = failed or not errors.in_vain(error)
        return found, failed

    async def _talk(self, user: int) -> set[int]:
        return {await self._private.chat(user)}

    def _awake(self, after: int) -> set[int]:
        """Give the channels and threads with something new; Discord names the last message of each when it connects."""
        channels = [channel for guild in self._client.guilds for channel in _readable(guild)]
        new = [channel for channel in channels if max(channel.last_message_id or 0, channel.id) > after]
        if lacking := [channel.id for channel in new if only_hears(channel, channel.guild.me)]:
            log.warning("discord.no_history", channels=lacking, do="allow Read Message History there")
        return {channel.id for channel in new if may_read(channel)}

    async def _asleep(self, number: int | None, after: int) -> set[int]:
        """Give the threads of a channel that went to sleep since: Discord does not name them when it connects."""
        channel, found = self._client.get_channel(number or 0), set[int]()
        if isinstance(channel, discord.TextChannel | discord.ForumChannel) and may_read(channel):
            since = discord.utils.snowflake_time(after)
            async for thread in channel.archived_threads(limit=None):  # the latest first
                if thread.archive_timestamp < since:
                    break
                if max(thread.last_message_id or 0, thread.id) > after:
                    found.add(thread.id)
        return found


def _readable(guild: discord.Guild) -> Sequence[Readable]:
    return [*guild.text_channels, *guild.voice_channels, *guild.stage_channels, *guild.threads]


def may_read(channel: Readable | discord.ForumChannel) -> bool:
    """Tell whether the bot may read a channel: Discord shuts out whoever is refused 10,000 times in ten minutes."""
    may = _permissions(channel, channel.guild.me)
    if may is None:
        return True  # nothing is known: Discord says it
    voices = isinstance(channel, discord.VoiceChannel | discord.StageChannel)
    return may.view_channel and may.read_message_history and (may.connect or not voices)


def only_hears(channel: InServer, me: discord.Member | None) -> bool:
    """Tell whether the bot hears what is said in a channel, and may not read it again: Discord gives nothing then."""
    may = _permissions(channel, me)
    return may is not None and may.view_channel and not may.read_message_history


def _permissions(channel: InServer, me: discord.Member | None) -> discord.Permissions | None:
    """Give what we may do there; None before Discord has said who we are, or where a thread hangs."""
    if me is None or (isinstance(channel, discord.Thread) and channel.parent is None):
        return None
    return channel.permissions_for(me)
