"""Deliveries as calls of Discord's API: to an interaction, a private chat, a channel, the desk."""

from __future__ import annotations

import discord
import structlog

from bot.adapters.base import Fetch
from bot.adapters.discord import errors, render
from bot.adapters.discord.desk import Desk
from bot.adapters.discord.post import NOBODY, Poster
from bot.adapters.discord.private import Private, user_of
from bot.adapters.discord.render import Rendered
from bot.adapters.discord.replies import Replies, Waiting
from bot.config import DiscordSettings
from bot.domain.messages import Address, Delivery, Receipt
from bot.texts import Texts

log = structlog.get_logger()


class Sender:
    """Chooses the way of each message; says why one could not be sent."""

    def __init__(
        self, client: discord.Client, settings: DiscordSettings, texts: Texts, fetch: Fetch, replies: Replies
    ) -> None:
        self._client = client
        self._texts = texts
        self._replies = replies
        self.poster = Poster(client, texts, fetch)
        self.private = Private(client, texts, self.poster, settings.ask_channels)
        self.desk = Desk(client, settings, texts, self.poster)

    async def send(self, delivery: Delivery) -> Receipt:
        """Send one message.

        Raises:
            DeliveryError: Discord did not take it.
        """
        message = delivery.message
        on_desk = message.on_desk and not message.to.is_private
        try:
            if message.deletes_thread:
                return await self.desk.delete(message)
            if on_desk:
                return await self.desk.send(delivery)
            if await self.desk.takes_posts_only(message.to):
                return await self.desk.tell(delivery)
            return await self._to_people(delivery)
        except Exception as error:
            in_thread = on_desk and message.to.thread is not None
            translated = errors.to_delivery_error(error, where=self._name(message.to), in_thread=in_thread)
            if _is_for_operator(error):
                log.error("discord.permission_missing", where=self._name(message.to), do="run `hsct-bot doctor`")
            raise translated from error

    def _name(self, address: Address) -> str:
        if address.is_private:
            return "the private chat"
        channel = self._client.get_channel(int(address.thread or address.chat))
        return f"#{channel}" if channel is not None else f"channel {address.thread or address.chat}"

    async def _to_people(self, delivery: Delivery) -> Receipt:
        waiting = self._replies.to(delivery.event_id)
        if waiting is not None and waiting.takes(delivery.message):
            receipt = await self._answered(waiting, delivery)
            if receipt is not None:
                return receipt
        message, files = await self.poster.files_of(delivery.message)
        rendered = render.render(message, self._texts)
        sent = await self._edited(delivery, rendered) or await self._posted(delivery, rendered, files)
        return Receipt(str(sent), message.to.thread)

    async def _posted(self, delivery: Delivery, rendered: Rendered, files: list[discord.File]) -> int:
        to, number, reply_to = delivery.message.to, delivery.number, delivery.message.reply_to
        if to.is_private:
            return await self.private.post(user_of(to), rendered, number, reply_to=reply_to, files=files)
        return await self.poster.post(int(to.thread or to.chat), rendered, number, reply_to=reply_to, files=files)

    async def _edited(self, delivery: Delivery, rendered: Rendered) -> int | None:
        """Put a message in the place of an earlier one; None when there is none, or it is gone."""
        replaced, to = delivery.replaces, delivery.message.to
        if not replaced or not replaced.isdecimal() or len(rendered.parts) > 1:
            return None
        channel = await self.private.chat(user_of(to)) if to.is_private else int(to.thread or to.chat)
        try:
            await self.poster.edit(channel, int(replaced), rendered)
        except discord.NotFound as error:
            if error.code != errors.UNKNOWN_MESSAGE:
                raise
            return None
        return int(replaced)

    async def _answered(self, waiting: Waiting, delivery: Delivery) -> Receipt | None:
        """Answer an interaction; None when Discord no longer takes an answer to it.

        Interaction replies have no nonce: after a failure in the middle the whole answer is sent again, to the same
        one person.
        """
        message, files = await self.poster.files_of(waiting.with_words(delivery.message))
        mine = waiting.ephemeral and waiting.address.is_private
        rendered = (
            render.render_ephemeral(message, delivery.number, self._texts)
            if mine
            else render.render(message, self._texts)
        )
        try:
            if waiting.pressed and delivery.replaces == waiting.pressed and len(rendered.parts) == 1:
                sent = await self._in_place(waiting, rendered)
            else:
                sent = await self._follow_up(waiting, rendered, files)
        except discord.HTTPException as error:
            if error.code in errors.INTERACTION_OVER or error.status == 401:
                self._replies.over(delivery.event_id)
                return None
            raise
        return Receipt(str(sent), message.to.thread)

    async def _in_place(self, waiting: Waiting, rendered: Rendered) -> int:
        """Turn the message whose button was pressed into the answer."""
        view = render.view_of(rendered.buttons, self._texts)
        edited = await waiting.interaction.edit_original_response(
            content=rendered.parts[0], view=view, allowed_mentions=NOBODY
        )
        return edited.id

    async def _follow_up(self, waiting: Waiting, rendered: Rendered, files: list[discord.File]) -> int:
        sent = 0
        for place, text in enumerate(rendered.parts):
            last = place == len(rendered.parts) - 1
            buttons = rendered.buttons if last else render.own_buttons(rendered.buttons)
            view = render.view_of(buttons, self._texts)
            answer = await waiting.interaction.followup.send(
                text,
                ephemeral=waiting.ephemeral,
                view=view if view else discord.utils.MISSING,
                files=self.poster.with_rest(files, rendered) if last else discord.utils.MISSING,
                allowed_mentions=NOBODY,
                suppress_embeds=True,
                wait=True,
            )
            waiting.thinking = False
            sent = answer.id
        return sent


def _is_for_operator(error: Exception) -> bool:
    return isinstance(error, discord.HTTPException) and error.code in (
        errors.MISSING_ACCESS,
        errors.MISSING_PERMISSION,
    )
