"""Answers for one person's eyes: within the group, else in private, else a word on how to open the private chat.

Untested against the live service: the library knows the Bot API up to 10.0, ephemeral messages are of 10.2, and so
their parameters go in beside it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import structlog
from telegram import Bot, LinkPreviewOptions
from telegram.error import BadRequest, Forbidden

from bot.adapters.telegram import keyboard, names, render
from bot.adapters.telegram.compose import Composer
from bot.adapters.telegram.here import Here
from bot.adapters.telegram.triggers import Trigger, Triggers, hidden_id, receipt_id
from bot.domain.messages import Block, Button, Delivery, OutgoingMessage, Receipt, Style
from bot.errors import DeliveryError
from bot.texts import Texts

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
Post = Callable[[Delivery], Awaitable[Receipt]]
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Way:
    """To whom, in which group, and what started it."""

    user: int
    message: OutgoingMessage  # as it would stand in the group
    trigger: Trigger | None


class Discreet:
    """Sends what a group is not to see. A volunteer's reply never goes this way: it would not be sure to arrive."""

    def __init__(
        self, bot: Bot, here: Here, compose: Composer, triggers: Triggers, texts: Texts, *, allowed: bool
    ) -> None:
        self._bot = bot
        self._here = here
        self._compose = compose
        self._triggers = triggers
        self._texts = texts
        self._allowed = allowed

    def way(self, delivery: Delivery) -> Way | None:
        """Tell how a message can be shown to one person alone; None: it goes the usual way."""
        message = delivery.message
        if not self._allowed or message.on_desk or not delivery.user:
            return None
        user = int(delivery.user)
        trigger = self._triggers.to(delivery.event_id, user)
        if not message.to.is_private:
            return Way(user, message, trigger) if message.discreet and not message.escalation_id else None
        if trigger is None or not trigger.unseen or message.to != names.private(user):
            return None
        return Way(user, replace(message, to=trigger.group, reply_to=None), trigger)

    async def send(self, delivery: Delivery, way: Way, post: Post) -> Receipt:
        """Send it; what is said about an escalation goes to the private chat first, where it is sure to stay.

        Raises:
            TelegramError: it has to be tried again.
            DeliveryError: there is no way to them.
        """
        in_private = self.shared_from(replace(delivery, message=self._in_private(delivery.message, way)))
        tries: list[Callable[[], Awaitable[Receipt]]] = [
            lambda: self._in_group(delivery, way),
            lambda: post(in_private),
        ]
        for attempt in reversed(tries) if delivery.message.escalation_id else tries:
            try:
                return await attempt()
            except (BadRequest, Forbidden) as error:
                log.warning("tg.not_discreet", reason=error.message[:100])
        if delivery.message.to.is_private:
            raise DeliveryError("they have not opened a private chat with the bot yet", permanent=True)
        return await post(replace(delivery, message=self._invitation(delivery)))

    def _in_private(self, message: OutgoingMessage, way: Way) -> OutgoingMessage:
        """Give it for the private chat, where it says why it comes and can be shared from."""
        asked_there = Block(self._texts("telegram.asked_in_group"), Style.SMALL)
        to, group = names.private(way.user), way.message.to
        body = message.body if message.to.is_private else (*message.body, asked_there)
        return replace(message, to=to, body=body, reply_to=None, room=group, discreet=False)

    def _invitation(self, delivery: Delivery) -> OutgoingMessage:
        """Give what the group may see: that there is an answer, and how its asker gets to it."""
        words = Block(self._texts("telegram.read_in_private"))
        return replace(delivery.message, body=(words,), buttons=(self._copy(delivery),), picture=None, discreet=False)

    def shared_from(self, delivery: Delivery) -> Delivery:
        """Give a delivery to a private chat with the button that shares it, if it answers a question of a group."""
        message = delivery.message
        if not (message.shareable and message.room and message.to.is_private):
            return delivery
        return replace(delivery, message=replace(message, buttons=(*message.buttons, self._share(delivery))))

    def _share(self, delivery: Delivery) -> Button:
        return Button(self._texts("button.share"), "share", str(delivery.number))

    def _copy(self, delivery: Delivery) -> Button:
        return Button(self._texts("telegram.copy"), keyboard.COPY, str(delivery.number))

    async def _in_group(self, delivery: Delivery, way: Way) -> Receipt:
        message = way.message
        parts = render.parts(message.body)
        if len(parts) != 1 or message.picture or message.attachments:
            raise BadRequest("not one text of one message")
        note = render.whole([Block(self._texts("telegram.only_you"), Style.SMALL)])
        both = render.joined([parts[0], note])
        part = both if both.length() <= render.MESSAGE_LIMIT else parts[0]
        share = (self._share(delivery),) if message.shareable else ()
        shown = replace(message, buttons=(*message.buttons, *share, self._copy(delivery)))
        sent = await self._bot.send_message(
            self._here.now_at(names.chat_id(message.to)), part.text, entities=part.entities(),
            message_thread_id=names.topic_id(message.to), reply_markup=self._compose.keyboard(shown),
            link_preview_options=NO_PREVIEW, api_kwargs={"ephemeral_message_parameters": self._parameters(way)},
        )  # fmt: skip
        return Receipt(receipt_id(way.user, hidden_id(sent) or 0))

    def _parameters(self, way: Way) -> dict[str, Any]:
        parameters: dict[str, Any] = {"receiver_user_id": way.user}
        if way.trigger and way.trigger.query and self._triggers.fresh(way.trigger):
            parameters["callback_query_id"] = way.trigger.query
        return parameters
