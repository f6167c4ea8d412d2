"""The Discord adapter: discord.py's events in, deliveries out; decides nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any

import discord
import structlog

from bot.adapters.base import Accept, Bookmark, Catalogue, Fetch, Standing, Watched, name_of
from bot.adapters.discord import errors
from bot.adapters.discord.client import Listening, connect, new_client
from bot.adapters.discord.clock import DiscordTime
from bot.adapters.discord.gaps import Gaps
from bot.adapters.discord.interactions import Interactions
from bot.adapters.discord.mark import Mark
from bot.adapters.discord.messages import Messages
from bot.adapters.discord.own import OwnButtons
from bot.adapters.discord.people import People
from bot.adapters.discord.places import Places
from bot.adapters.discord.replies import Replies
from bot.adapters.discord.send import Sender
from bot.adapters.discord.to_event import PLATFORM, Rooms
from bot.adapters.discord.waiting import LONGEST_WAIT, Waits, patiently
from bot.config import DiscordSettings
from bot.domain.link import Link, Trouble
from bot.domain.messages import Address, Attachment, Delivery, Event, Receipt
from bot.domain.people import Role
from bot.errors import ConfigError, DeliveryError
from bot.texts import Texts

STOP_WITHIN = 8.0  # seconds for sends under way when the process is asked to stop
HANG_UP_WITHIN = 1.0  # seconds for the gateway connection to end, before and after that
FILE_LIMIT = 25 * 1024 * 1024  # bytes of a file that is passed on
log = structlog.get_logger()


class DiscordAdapter:
    """One bot account on Discord."""

    platform = PLATFORM

    def __init__(
        self,
        settings: DiscordSettings,
        catalogue: Catalogue,
        fetch: Fetch,
        texts: Texts,
        watched: Watched | None = None,
        link: Link | None = None,
        standing: Standing | None = None,
        bookmark: Bookmark | None = None,
        **options: Any,  # noqa: ANN401  # discord.py's own, such as heartbeat_timeout
    ) -> None:
        self.link = link or Link()
        self._settings = settings
        self._catalogue = catalogue
        self._fetch = fetch
        self._texts = texts
        self._watched = watched
        self._standing = standing
        self._bookmark = bookmark
        self._options = options
        self._connected = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._under_way = 0
        self._time = DiscordTime()
        now = self._time.now
        self._waits = Waits("messages", now), Waits("presses and commands", now)  # what waits outlives a client
        self._tasks: set[asyncio.Task[None]] = set()
        self._shard: int | None = None  # the only one of several that this process is connected to

    def chats(self) -> Sequence[str] | None:
        """Give None, every chat of Discord; none while it is not connected, so that nothing is tried in vain."""
        return None if self._connected.is_set() else ()

    def takes(self, shard: int) -> None:
        """Connect to this shard only, from the next `run` on."""
        self._shard = shard

    async def run(self, accept: Accept) -> None:
        """Receive until stopped; a connection that is lost is made again.

        Raises:
            ConfigError: Discord does not take the token, or an intent is not allowed.
        """
        client = self.client_for(accept)
        # A task of its own: discord.py may swallow a cancellation while it reconnects.
        connection = asyncio.create_task(self._run_client(client))
        try:
            await asyncio.wait({connection})
        finally:
            await self._stop(client, connection)
        await connection

    def client_for(self, accept: Accept) -> Listening:
        """Build the client that gives events to `accept`; it is not connected yet."""
        self._accept = accept
        self._lost: set[int] = set()  # gateway connections, by shard
        client = new_client(self._settings, {"http_trace": self._time.trace(), **self._options}, self._shard)
        client.adapter = self
        replies = Replies()
        self._client = client
        self._sender = Sender(client, self._settings, self._texts, self._fetch, replies)
        own = OwnButtons(client, self._texts, self._sender.private)
        messages, presses = self._waits
        places = Places(client, self._sender.private, self._settings.ask_channels, self._settings.desk_channel)
        shard = "" if self._shard is None else name_of(self._shard, self._settings.shards)
        mark = Mark(self._bookmark, self._time.now, shard)
        self.gaps = Gaps(client, places, mark, messages)
        self.messages = Messages(
            client, self._texts, self._sender.private, self.gaps, self.hand_in, messages, self._read_missed
        )
        self.interactions = Interactions(
            self._texts, replies, own, self._sender.private, self.hand_in, presses, self._standing
        )
        return client

    async def _run_client(self, client: discord.Client) -> None:
        try:
            await connect(client, self._settings, LONGEST_WAIT)
        except (discord.LoginFailure, discord.ConnectionClosed) as error:
            if not errors.is_token_refused(error):
                raise
            self.link.down(Trouble.REVOKED)
            raise ConfigError(
                "Discord does not take discord.token. Copy it again from the developer portal, page Bot, "
                "and start the bot again."
            ) from None
        except discord.PrivilegedIntentsRequired:
            raise ConfigError(
                "Discord does not allow the Message Content intent. Switch it on in the developer portal, page Bot; "
                "or leave discord.ask_channels empty and discord.message_content false."
            ) from None

    async def _stop(self, client: discord.Client, connection: asyncio.Task[None]) -> None:
        """Hear nothing new, let the sends that are under way end, then hang up."""
        self._connected.clear()
        connection.cancel()
        await asyncio.wait({connection}, timeout=HANG_UP_WITHIN)
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_WITHIN):
                await self._idle.wait()
        for task in self._tasks:
            task.cancel()
        await client.close()
        connection.cancel()
        await asyncio.wait({connection}, timeout=HANG_UP_WITHIN)

    # What the client calls.

    async def ready_to_send(self) -> None:
        """Set up what needs our own id, once logged in; a desk that cannot be seen keeps nothing from starting."""
        me = self._client.user
        assert me is not None  # noqa: S101  # logged in
        self.rooms = Rooms.of(self._settings, me.id)
        self.people = People(self._client, self.rooms)
        self.messages.start(self.rooms, self.people)
        self.interactions.start(self.rooms, self.people)
        await self._find_desk()
        await patiently(self.gaps.mark.start, "discord.gap_unknown")
        self._beside(self.gaps.mark.keeps_moving(self.gaps.handled_until))
        self._connected.set()
        content = "on" if self._client.intents.message_content else "off"
        log.info("discord.started", message_content_intent=content, ask_channels=len(self.rooms.ask))
        if not self._client.intents.message_content:
            log.info("discord.no_message_content", says="volunteers reply by button or by mentioning the bot")

    async def _find_desk(self) -> None:
        if self.rooms.desk is None:
            return
        try:
            channel = await self._client.fetch_channel(self.rooms.desk)
        except (discord.HTTPException, *errors.NETWORK) as error:
            log.error("discord.desk_not_found", error=type(error).__name__, do="run `hsct-bot doctor`")
            return
        if isinstance(channel, discord.abc.GuildChannel):
            self.people.guild = channel.guild.id

    def finds_desk_in(self, guild: discord.Guild) -> bool:
        """Tell whether this server has the desk, which was not known until now."""
        if self.people.guild is not None or self.rooms.desk is None or guild.get_channel(self.rooms.desk) is None:
            return False
        self.people.guild = guild.id
        log.info("discord.desk_found")
        return True

    @property
    def desk_guild(self) -> discord.Object | None:
        """The desk's server, where volunteers' commands are shown."""
        return discord.Object(self.people.guild) if self.people.guild else None

    @property
    def catalogue(self) -> Catalogue:
        """Entries and stages for completion."""
        return self._catalogue

    @property
    def texts(self) -> Texts:
        """The interface texts."""
        return self._texts

    def is_lost(self, shard: int) -> None:
        """Note that a gateway connection is lost."""
        self._lost.add(shard)
        self.link.down()
        self.gaps.begins(shard)

    def is_back(self, shard: int, *, missed: bool) -> None:
        """Note that it is back, and read what was missed, beside everything else: only a resumed one repeats all."""
        self._lost.discard(shard)
        if not self._lost:
            self.link.up()
        if missed or self.gaps.has_more(shard):
            self._beside(self.gaps.catch_up(self.messages.heard_late, self._where_to_look, shard))
        else:
            self.gaps.was_none(shard)

    def has_server(self, shard: int) -> None:
        """Note that a server is within reach again; a connection that is new or resumed says so after all of them."""
        if self.gaps.server_is_back(shard):
            self.gaps.begins(shard)
            self.is_back(shard, missed=True)

    def _read_missed(self) -> None:
        """Read what could not wait, beside everything else: it is read no faster than it can be stored."""
        self._beside(self.gaps.read_missed(self.messages.heard_late))

    async def _where_to_look(self) -> Sequence[Address]:
        """Give where escalations and private talks are, once the database can say."""
        watched = self._watched
        if watched is None:
            return ()
        found: Sequence[Address] = await patiently(lambda: watched(PLATFORM), "discord.gap_unknown")
        return found

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("discord.handler_failed", handler="beside", exc_info=error)

    async def hand_in(self, event: Event) -> None:
        """Give an event to the core, again and again while it cannot be stored: Discord sends it only once."""

        async def accept() -> None:
            await self._accept(event)

        await patiently(accept, "discord.event_not_stored")

    # What the outbox calls.

    async def send(self, delivery: Delivery) -> Receipt:
        """Send one message.

        Raises:
            DeliveryError: Discord did not take it, or is not connected yet.
        """
        if not self._connected.is_set():
            raise DeliveryError("not connected to Discord yet", retry_after=0.5)
        self._under_way += 1
        self._idle.clear()
        try:
            receipt = await self._sender.send(delivery)
            self.link.accepted()
            return receipt
        except DeliveryError as error:
            if errors.is_token_refused(error.__cause__):
                self.link.down(Trouble.REVOKED)
            raise
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    async def close(self) -> None:
        """There is nothing left: the client is closed when receiving ends."""

    async def role_of(self, user: str) -> Role | None:
        """Give what somebody may do at this moment; None: Discord cannot say."""
        return await self.people.now(int(user)) if self._connected.is_set() else None

    async def fetch(self, attachment: Attachment) -> bytes:
        """Give the content of a file; its message is read again, as addresses of files stop working after a day.

        Raises:
            DeliveryError: it is gone or too large.
        """
        if attachment.size is not None and attachment.size > FILE_LIMIT:
            raise DeliveryError(f"{attachment.name} is too large", permanent=True)
        if not self._connected.is_set():
            raise DeliveryError("not connected to Discord yet", retry_after=0.5)
        channel, message_id, number = (int(part) for part in attachment.ref.split("/"))
        try:
            message = await self._client.get_partial_messageable(channel).fetch_message(message_id)
            for file in message.attachments:
                if file.id == number:
                    return await file.read()
        except Exception as error:
            raise errors.to_delivery_error(error, where="the chat of the file") from error
        raise DeliveryError(f"{attachment.name} is gone", permanent=True)
