"""Messages and edits as Discord sends them: which of them are for the bot, where they are, and by whom."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import discord
import structlog

from bot.adapters.discord import errors
from bot.adapters.discord.gaps import Gaps
from bot.adapters.discord.people import People
from bot.adapters.discord.private import Private
from bot.adapters.discord.to_event import Rooms, addressed, is_for_people, message_event, where
from bot.adapters.discord.waiting import Waits, patiently
from bot.domain.messages import Addressed, Event, Place
from bot.texts import Texts

log = structlog.get_logger()


class Messages:
    """Makes events of messages, and keeps each until it is handed in."""

    def __init__(
        self,
        client: discord.Client,
        texts: Texts,
        private: Private,
        gaps: Gaps,
        hand_in: Callable[[Event], Awaitable[None]],
        waits: Waits,
        read_missed: Callable[[], None],
    ) -> None:
        self._client = client
        self._texts = texts
        self._private = private
        self._gaps = gaps
        self._hand_in = hand_in
        self._waits = waits
        self._read_missed = read_missed

    def start(self, rooms: Rooms, people: People) -> None:
        """Learn what is known once logged in."""
        self._rooms = rooms
        self._people = people

    async def heard(self, message: discord.Message) -> None:
        """Take a message as it arrives."""
        await self._message(message, late=False)

    async def heard_late(self, message: discord.Message) -> None:
        """Take a message that was read again: it does not say what roles its author has."""
        try:
            await self._message(message, late=True)
        except Exception:  # as of one that is heard: those after it are to be read
            log.exception("discord.handler_failed", handler="heard_late")

    async def edited(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Take an edit; what Discord itself adds to a message, such as a preview, is none."""
        message = payload.message
        if message.edited_at is None or not payload.data.get("content") or message.author is None:
            return
        await self._message(message, late=False, edit=True)

    async def _message(self, message: discord.Message, *, late: bool, edit: bool = False) -> None:
        if is_for_people(message):
            return
        if self._waits.full and not late:
            self._let_go(message, edit=edit)
            return
        with self._waits.one(None if late or edit else message.created_at):
            await self._keep(message, late=late, edit=edit)

    def _let_go(self, message: discord.Message, *, edit: bool) -> None:
        """Leave a message for later, when its channel is read again; an edit shows there if it was left as well."""
        self._waits.let_go()
        if not edit and self._gaps.missed(message):
            self._read_missed()

    async def _keep(self, message: discord.Message, *, late: bool, edit: bool) -> None:
        """Hand a message in if it is for the bot, however long that takes."""
        channel = await patiently(lambda: self._channel(message), "discord.channel_unknown")
        room = where(self._rooms, channel, message.author.id)
        meant = addressed(message, room, self._rooms)
        if room.place is Place.GROUP and meant is Addressed.NO:
            return  # people talking to each other: nothing of it is read, nothing is kept
        if room.place is Place.GROUP:
            self._private.saw(message.author.id, room.parent)
        if not message.content and not message.attachments and room.place is not Place.PRIVATE:
            await self._say_unreadable(message, room.place, late=late)
            return

        async def role() -> Any:  # noqa: ANN401
            return await self._people.role(message.author, look_up=late and room.place is Place.DESK)

        held = await patiently(role, "discord.role_unknown")
        edited_at = message.edited_at if edit else None
        await self._hand_in(message_event(message, room, self._rooms, held, edited_at))
        self._gaps.read(message)

    async def _channel(self, message: discord.Message) -> object:
        """Give the channel of a message; a thread that was asleep at the start is not known yet.

        Raises:
            discord.HTTPException: Discord could not say. Taking the desk for a group would lose a volunteer's words.
        """
        if isinstance(message.channel, discord.PartialMessageable) and message.guild is not None:
            try:
                return await self._client.fetch_channel(message.channel.id)
            except (discord.Forbidden, discord.NotFound):
                return message.channel
        return message.channel

    async def _say_unreadable(self, message: discord.Message, place: Place, *, late: bool) -> None:
        """Say once that a message could not be read: its author believes that it was."""
        if message.stickers or message.embeds:
            return
        key = "discord.unreadable_desk" if place is Place.DESK else "discord.unreadable"
        try:
            if late and await self._was_answered(message):
                return
            await self._client.get_partial_messageable(message.channel.id).send(
                self._texts(key),
                reference=message.to_reference(fail_if_not_exists=False),
                allowed_mentions=discord.AllowedMentions.none(),
                nonce=f"unread-{message.id}"[:25],
            )
        except (discord.HTTPException, *errors.NETWORK) as error:
            log.warning("discord.not_told", error=type(error).__name__)

    async def _was_answered(self, message: discord.Message) -> bool:
        me = self._rooms.me
        async for one in message.channel.history(limit=100, after=message, oldest_first=True):
            if one.author.id == me and one.reference and one.reference.message_id == message.id:
                return True
        return False
