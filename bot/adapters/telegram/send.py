"""Deliveries as calls to Telegram, one at a time per chat, held back as long as Telegram asks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from weakref import WeakValueDictionary

import structlog
from telegram import Bot, Message, MessageEntity, ReplyParameters
from telegram.constants import ReactionEmoji
from telegram.error import BadRequest, ChatMigrated, RetryAfter, TelegramError

from bot.adapters.telegram import failures, names
from bot.adapters.telegram.compose import Composer, Step
from bot.adapters.telegram.desk import Desk
from bot.adapters.telegram.discreet import NO_PREVIEW, Discreet
from bot.adapters.telegram.here import Here
from bot.adapters.telegram.media import Media
from bot.adapters.telegram.render import Part
from bot.domain.messages import Delivery, OutgoingMessage, Receipt
from bot.errors import DeliveryError, ThreadGone

SEEN = ReactionEmoji.EYES  # says no more than that it was seen: a thumb up would be wrong under bad news
MOST_UNFINISHED = 1_000  # messages in parts whose rest is still to be sent
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message goes, in Telegram's numbers."""

    chat: int
    topic: int | None = None
    reply_to: int | None = None
    holds_thread: bool = False  # what is replied to is a desk's thread: without it the thread is lost

    def reply(self) -> ReplyParameters | None:
        """Give what it replies to; a deleted message of a member holds nothing up."""
        without = not self.holds_thread
        return ReplyParameters(self.reply_to, allow_sending_without_reply=without) if self.reply_to else None


class Sender:
    """Sends deliveries. A message in several parts goes on where it stopped when it is tried again in this process."""

    def __init__(
        self,
        bot: Bot,
        here: Here,
        desk: Desk,
        media: Media,
        compose: Composer,
        discreet: Discreet,
        moved: Callable[[int, int], Awaitable[None]],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bot = bot
        self._here = here
        self._desk = desk
        self._media = media
        self._compose = compose
        self._discreet = discreet
        self._moved = moved
        self._clock = clock
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._held: dict[int, float] = {}  # chat -> when it may be written to again
        self._done: dict[tuple[int, Target], list[int]] = {}  # ids of the parts that are sent

    async def send(self, delivery: Delivery) -> Receipt:
        """Send one message.

        Raises:
            DeliveryError: it was not taken.
            ThreadGone: its topic is deleted, or closed and cannot be opened.
        """
        chat = names.chat_id(delivery.message.to)
        async with self._one_at_a_time(chat):
            self._check_held(chat)
            try:
                return await self._send_or_follow(delivery, chat)
            except RetryAfter as error:
                self._held[chat] = self._clock() + failures.seconds(error)
                raise failures.translated(error) from error
            except TelegramError as error:
                failure = failures.translated(error, on_desk=_is_for_desk(delivery.message))
                if isinstance(failure, ThreadGone):
                    self._desk.forget(delivery.message)
                raise failure from error

    def _one_at_a_time(self, chat: int) -> asyncio.Lock:
        lock = self._locks.get(chat)
        if lock is None:
            lock = self._locks[chat] = asyncio.Lock()
        return lock

    def _check_held(self, chat: int) -> None:
        left = self._held.get(chat, 0.0) - self._clock()
        if left > 0:
            raise DeliveryError("Telegram asks the bot to slow down", retry_after=left)
        self._held.pop(chat, None)

    async def _send_or_follow(self, delivery: Delivery, chat: int) -> Receipt:
        """Send; a group that has become a supergroup is followed to its new number."""
        try:
            return await self._send(delivery)
        except ChatMigrated as error:
            await self._moved(chat, error.new_chat_id)
            return await self._send(delivery)

    async def _send(self, delivery: Delivery) -> Receipt:
        message = delivery.message
        if message.deletes_thread:
            return await self._delete_thread(message)
        way = self._discreet.way(delivery)
        if way:
            return await self._discreet.send(delivery, way, self._post)
        delivery = self._discreet.shared_from(delivery)
        message = delivery.message
        thread = await self._desk.thread_for(message) if message.on_desk else message.to.thread
        placed = replace(message, to=replace(message.to, thread=thread))
        replaces = _may_replace(delivery) and not self._is_of_before(names.chat_id(message.to))
        if replaces and await self._edit(placed, int(delivery.replaces or 0)):
            return Receipt(delivery.replaces or "", thread if message.on_desk else None)
        return await self._post(replace(delivery, message=placed))

    async def _delete_thread(self, message: OutgoingMessage) -> Receipt:
        chat, topic, root = self._target(message).chat, names.topic_id(message.to), names.root_of(message.to)
        if topic is not None:
            await self._desk.delete(chat, topic)
        elif root is not None:
            for standing in dict.fromkeys((root, *map(int, filter(str.isdecimal, message.deletes)))):
                await self._delete_message(chat, standing)
        self._desk.forget(message)
        return Receipt("deleted")

    async def _delete_message(self, chat: int, standing: int) -> None:
        try:
            await self._bot.delete_message(chat, standing)
        except BadRequest as error:  # older than 48 hours, or gone
            log.warning("tg.not_deleted", reason=error.message[:100])

    def _target(self, message: OutgoingMessage) -> Target:
        known = names.chat_id(message.to)
        chat, root = self._here.now_at(known), names.root_of(message.to)
        given = message.reply_to if message.reply_to and message.reply_to.isdecimal() else None
        reply_to = int(given) if given and not self._is_of_before(known) else None
        return Target(
            chat, names.topic_id(message.to), reply_to or root, bool(message.on_desk and root and not reply_to)
        )

    def _is_of_before(self, chat: int) -> bool:
        """Tell whether messages of a chat have new ids now: it has moved, and was stored under its old number."""
        return chat in self._here.moved and chat != self._here.desk

    async def _post(self, delivery: Delivery) -> Receipt:
        message, target = delivery.message, self._target(delivery.message)
        try:
            ids = await self._steps_in_order(delivery, target)
        except BadRequest as error:
            if target.topic is None or not failures.is_lost_thread(error):
                raise
            if message.on_desk:
                reopened = failures.is_closed_topic(error) and await self._desk.reopen(target.chat, target.topic)
                if not reopened:
                    raise
            else:
                target = replace(target, topic=None)  # the group lost the topic: the answer goes to the group
            ids = await self._steps_in_order(delivery, target)
        if message.acknowledges and message.acknowledges.isdecimal():
            await self._react(target.chat, int(message.acknowledges))
        return self._receipt(message, ids)

    async def _react(self, chat: int, message_id: int) -> None:
        """Set a light sign under a message that was taken on; the words that say so have been sent."""
        try:
            await self._bot.set_message_reaction(chat, message_id, SEEN)
        except TelegramError as error:  # no reactions in that group, or the message is gone
            log.info("tg.no_reaction", reason=error.message[:100])

    def _receipt(self, message: OutgoingMessage, ids: list[int]) -> Receipt:
        """Give the last part's id; where a desk has no topics, the thread hangs on the first message that was sent."""
        chat, last, thread = names.chat_id(message.to), ids[-1], message.to.thread
        if message.on_desk and thread is None and message.escalation_id is not None:
            thread = names.replies_to(last)
            self._desk.made(message, thread)
        if thread and thread.startswith(names.REPLIES):
            for sent in ids:
                self._here.remember(chat, sent, thread)
        return Receipt(str(last), thread if message.on_desk else None)

    async def _steps_in_order(self, delivery: Delivery, target: Target) -> list[int]:
        key = (delivery.number, target)
        done = self._done.setdefault(key, [])
        for step in (await self._compose.steps(delivery.message, delivery.called))[len(done) :]:
            first = not done or names.root_of(delivery.message.to) is not None
            sent = await self._take(step, delivery.message, target if first else replace(target, reply_to=None))
            done.append(sent.message_id)
        self._done.pop(key)
        while len(self._done) > MOST_UNFINISHED:
            self._done.pop(next(iter(self._done)))
        return done

    async def _take(self, step: Step, message: OutgoingMessage, target: Target) -> Message:
        try:
            return await self._call(step, message, target, plain=False)
        except BadRequest as error:
            if step.file and failures.is_lost_file(error):
                return await self._take(self._compose.without_file(step), message, target)
            if step.part is None or not failures.is_markup(error):
                raise
            log.warning("tg.sent_as_plain_text")
            return await self._call(step, message, target, plain=True)

    async def _call(self, step: Step, message: OutgoingMessage, target: Target, *, plain: bool) -> Message:
        silent = message.on_desk and not message.alerts
        text, entities = _words(step.part, plain=plain)
        if step.file is None:
            return await self._bot.send_message(
                target.chat, text, entities=entities, reply_markup=step.buttons, message_thread_id=target.topic,
                reply_parameters=target.reply(), link_preview_options=NO_PREVIEW, disable_notification=silent,
            )  # fmt: skip
        sent = await self._media.send(
            target.chat, step.file, caption=text or None, caption_entities=entities, reply_markup=step.buttons,
            message_thread_id=target.topic, reply_parameters=target.reply(), disable_notification=silent,
        )  # fmt: skip
        if message.picture:
            self._media.keep(message.picture, sent)
        return sent

    async def _edit(self, message: OutgoingMessage, message_id: int) -> bool:
        """Put a message in the place of an older one; False if that one is gone or is no text."""
        if message.attachments or message.picture:
            return False
        part = self._compose.replacement(message)
        for plain in (False, True):
            text, entities = _words(part, plain=plain)
            try:
                await self._bot.edit_message_text(
                    text, self._target(message).chat, message_id, entities=entities,
                    reply_markup=self._compose.keyboard(message), link_preview_options=NO_PREVIEW,
                )  # fmt: skip
            except BadRequest as error:
                if failures.is_unchanged(error):
                    return True
                if not failures.is_markup(error):
                    return False  # gone, too old, a picture: posting anew shows whether that works
            else:
                return True
        return False


def _is_for_desk(message: OutgoingMessage) -> bool:
    """Tell whether a right that is missing is the operator's to give, and the message to be tried again meanwhile."""
    return message.on_desk or message.deletes_thread


def _may_replace(delivery: Delivery) -> bool:
    """Tell whether to edit: not what is to alert somebody, and nothing in a thread that was lost."""
    message = delivery.message
    there = not message.on_desk or message.to.thread is not None
    return there and not message.alerts and bool(delivery.replaces and delivery.replaces.isdecimal())


def _words(part: Part | None, *, plain: bool) -> tuple[str, list[MessageEntity] | None]:
    if part is None:
        return "", None
    return (part.harmless(), None) if plain else (part.text, part.entities())
