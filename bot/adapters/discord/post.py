"""Posting into a channel: every message with a nonce, so that Discord itself drops one that is sent twice."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import discord

from bot.adapters.base import Fetch
from bot.adapters.discord import render
from bot.adapters.discord.render import Rendered
from bot.domain.messages import Attachment, Block, OutgoingMessage, Picture, Style
from bot.errors import DeliveryError
from bot.texts import Texts

FILE_LIMIT = 10 * 1024 * 1024  # bytes, Discord's default upload limit
DESCRIPTION_LIMIT = 1024  # characters of a file's alt text, Discord API "Attachment Structure"
MOST_FILES = 10  # files of one message, ditto "Create Message"
REMEMBERED = 1000  # messages of several parts whose progress is known
NOBODY = discord.AllowedMentions.none()


class Poster:
    """Sends rendered messages to channels, and remembers how far one of several parts has come."""

    def __init__(self, client: discord.Client, texts: Texts, fetch: Fetch) -> None:
        self._client = client
        self._texts = texts
        self._fetch = fetch
        self._sent: OrderedDict[str, int] = OrderedDict()  # nonce -> message id, of parts that are out

    async def post(
        self,
        channel: int,
        rendered: Rendered,
        number: int | str,
        *,
        reply_to: str | None = None,
        files: Sequence[discord.File] = (),
        mentions: discord.AllowedMentions = NOBODY,
        first_part: int = 0,
    ) -> int:
        """Send all parts; give the id of the message that carries the buttons.

        After a failure in the middle the same call goes on where it stopped: by memory within this process, by the
        nonces for some minutes after a crash. Only after a longer outage is an early part repeated.
        """
        shown = 0
        last = len(rendered.parts) - 1
        for place, text in enumerate([*rendered.parts, *rendered.after]):
            if place < first_part:
                continue
            is_shown, is_end = place == last, place == last + len(rendered.after)
            message_id = await self._part(
                channel,
                text,
                f"{number}-{place}",
                buttons=rendered if is_shown else None,
                reply_to=reply_to if place == 0 else None,
                files=self.with_rest(files, rendered) if is_end else (),
                mentions=mentions if place == 0 else NOBODY,
            )
            shown = message_id if is_shown else shown
        return shown

    async def _part(
        self,
        channel: int,
        text: str,
        nonce: str,
        *,
        buttons: Rendered | None,
        reply_to: str | None,
        files: Sequence[discord.File],
        mentions: discord.AllowedMentions,
    ) -> int:
        known = self._sent.get(nonce)
        if known is not None:
            return known
        view = render.view_of(buttons.buttons, self._texts) if buttons else None
        options: dict[str, Any] = {"view": view} if view else {}
        reference = _reference(channel, reply_to)
        if reference is not None:
            options["reference"] = reference
        target = self._client.get_partial_messageable(channel)
        sent = await target.send(
            text,
            nonce=nonce,
            allowed_mentions=mentions,
            suppress_embeds=True,
            files=list(files),
            **options,
        )
        self._sent[nonce] = sent.id
        while len(self._sent) > REMEMBERED:
            self._sent.popitem(last=False)
        return sent.id

    def with_rest(self, files: Sequence[discord.File], rendered: Rendered) -> list[discord.File]:
        """Give the files of a message, the whole of a text that was too long among them."""
        rest = [text_file(rendered.rest)] if rendered.rest is not None else []
        return [*rest, *files][:MOST_FILES]

    async def edit(self, channel: int, message_id: int, rendered: Rendered) -> None:
        """Put a text and its buttons in the place of an earlier one."""
        view = render.view_of(rendered.buttons, self._texts)
        message = self._client.get_partial_messageable(channel).get_partial_message(message_id)
        await message.edit(content=rendered.parts[-1], view=view, allowed_mentions=NOBODY)

    async def files_of(self, message: OutgoingMessage) -> tuple[OutgoingMessage, list[discord.File]]:
        """Fetch what goes along; what cannot be had is named in the message instead.

        Raises:
            DeliveryError: a file may be had later.
        """
        files = [picture_file(message.picture)] if message.picture else []
        missing: list[Block] = []
        for attachment in message.attachments:
            content = await self._content(attachment)
            if content is None:
                missing.append(Block(self._texts("discord.file_missing", name=attachment.name), Style.SMALL))
            else:
                files.append(discord.File(BytesIO(content), filename=attachment.name))
        return replace(message, body=(*message.body, *missing)), files

    async def _content(self, attachment: Attachment) -> bytes | None:
        if attachment.size is not None and attachment.size > FILE_LIMIT:
            return None
        try:
            content = await self._fetch(attachment)
        except DeliveryError as error:
            if error.permanent:
                return None
            raise
        return content if len(content) <= FILE_LIMIT else None


def _reference(channel: int, reply_to: str | None) -> discord.MessageReference | None:
    """Give what a message replies to; Discord posts it as a plain message when that is gone."""
    if reply_to is None or not reply_to.isdecimal():
        return None
    return discord.MessageReference(message_id=int(reply_to), channel_id=channel, fail_if_not_exists=False)


def text_file(text: str) -> discord.File:
    """Give a text as a file."""
    return discord.File(BytesIO(text.encode()), filename=render.REST_NAME)


def picture_file(picture: Picture) -> discord.File:
    """Give a picture with its words for those who cannot see it."""
    return discord.File(Path(picture.path), description=picture.alt[:DESCRIPTION_LIMIT])
