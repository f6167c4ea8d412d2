"""Writing to one person: a direct message, else a private thread, else a quiet word in the channel."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from time import monotonic
from typing import Literal

import discord
import structlog

from bot.adapters.discord import errors
from bot.adapters.discord.post import Poster
from bot.adapters.discord.render import Rendered
from bot.domain.messages import PRIVATE_CHAT, Address
from bot.errors import DeliveryError
from bot.texts import Texts

REMEMBERED = 10_000  # people whose last channel is known
PING_AGAIN_AFTER = 3600.0  # seconds; one quiet word an hour is enough
ASLEEP_AFTER: Literal[10080] = 10080  # minutes without a word, the most that there is: as long as is read after a gap
CLOSED = "they take no direct messages, and no private thread could be opened for them"
log = structlog.get_logger()


def user_of(address: Address) -> int:
    """Give the user of a private chat's address."""
    return int(address.chat.removeprefix(PRIVATE_CHAT))


class Private:
    """Knows how to reach people; where they were last seen is kept in memory only."""

    def __init__(self, client: discord.Client, texts: Texts, poster: Poster, channels: Sequence[int]) -> None:
        self._client = client
        self._texts = texts
        self._poster = poster
        self._channels = tuple(channels)  # where to look for somebody who has not been seen since the start
        self._chats: dict[int, int] = {}  # user -> channel of direct messages
        self._last_seen: OrderedDict[int, int] = OrderedDict()  # user -> channel of a server
        self._pinged: dict[int, float] = {}

    def saw(self, user: int, channel: int) -> None:
        """Remember the channel in which somebody was seen last."""
        self._last_seen[user] = channel
        self._last_seen.move_to_end(user)
        while len(self._last_seen) > REMEMBERED:
            self._last_seen.popitem(last=False)

    async def chat(self, user: int) -> int:
        """Give the channel of direct messages with somebody."""
        if user not in self._chats:
            self._chats[user] = (await self._client.create_dm(discord.Object(user))).id
        return self._chats[user]

    async def post(
        self, user: int, rendered: Rendered, number: int | str, *, reply_to: str | None, files: Sequence[discord.File]
    ) -> int:
        """Send to one person; give the id of the message.

        Raises:
            DeliveryError: they cannot be reached.
            discord.HTTPException: Discord did not take it.
        """
        try:
            chat = await self.chat(user)
            return await self._poster.post(chat, rendered, number, reply_to=reply_to, files=files)
        except discord.Forbidden as error:
            if error.code not in errors.CANNOT_WRITE_TO_THEM:
                raise
        for file in files:
            file.reset()
        thread = await self._thread(user)
        if thread is None:
            await self._ping(user)
            raise DeliveryError(CLOSED, permanent=True)
        return await self._poster.post(thread, rendered, f"{number}t", reply_to=reply_to, files=files)

    async def _thread(self, user: int) -> int | None:
        """Give a private thread with somebody in a channel they can see; None when there is no way."""
        for number in self._places(user):
            channel = self._client.get_channel(number)
            if not isinstance(channel, discord.TextChannel):
                continue
            try:
                return await self._thread_in(channel, user)
            except discord.HTTPException as error:
                log.info("discord.no_private_thread", code=error.code)
        return None

    def _places(self, user: int) -> list[int]:
        seen = self._last_seen.get(user)
        return [*([seen] if seen else []), *(channel for channel in self._channels if channel != seen)]

    async def _thread_in(self, channel: discord.TextChannel, user: int) -> int:
        name = f"{self._texts('discord.private_thread')} {user}"
        me = self._client.user
        for thread in channel.threads:
            if thread.is_private() and me and thread.owner_id == me.id and thread.name == name and not thread.locked:
                await self._client.http.add_user_to_thread(thread.id, user)  # refused when they have left the server
                return thread.id
        kind = discord.ChannelType.private_thread
        made = await channel.create_thread(name=name, type=kind, invitable=False, auto_archive_duration=ASLEEP_AFTER)
        try:
            await self._client.http.add_user_to_thread(made.id, user)
        except discord.HTTPException:
            await made.delete()
            raise
        first = Rendered([self._texts("discord.private_thread_first")], ())
        await self._poster.post(made.id, first, f"thread-{made.id}"[:20])
        return made.id

    async def _ping(self, user: int) -> None:
        """Ask somebody, where they were last seen, to let the bot write to them: their name, and nothing of theirs."""
        channel = self._last_seen.get(user)
        if channel is None or monotonic() - self._pinged.get(user, -PING_AGAIN_AFTER) < PING_AGAIN_AFTER:
            return
        self._pinged[user] = monotonic()
        only_them = discord.AllowedMentions(everyone=False, roles=False, users=[discord.Object(user)])
        text = f"<@{user}> {self._texts('discord.ping')}"
        try:
            target = self._client.get_partial_messageable(channel)
            await target.send(text, allowed_mentions=only_them, silent=True)
        except discord.HTTPException as error:
            log.warning("discord.not_pinged", code=error.code)
