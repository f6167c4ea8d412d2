"""Updates in: each handed on in the order of its chat, and confirmed to Telegram only when it is stored."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import structlog
from telegram import Bot, CallbackQuery, ChatMemberUpdated, InlineQuery, Message, Update
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.adapters.base import Accept, Catalogue
from bot.adapters.telegram import inline, keyboard
from bot.adapters.telegram.commands import OF_ASKERS
from bot.adapters.telegram.events import chat_moved, to_event
from bot.adapters.telegram.here import Here
from bot.adapters.telegram.roles import Roles
from bot.adapters.telegram.triggers import Triggers
from bot.domain.messages import Addressed, CommandGiven, Event, MessageReceived, Place
from bot.domain.people import Role
from bot.texts import Texts

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member", "chat_member")
MOST_ATTEMPTS = 5  # of an update that fails while others go through
log = structlog.get_logger()


class Receiver:
    """Takes updates, from polling and from the webhook alike."""

    def __init__(
        self,
        bot: Bot,
        here: Here,
        roles: Roles,
        triggers: Triggers,
        catalogue: Catalogue,
        texts: Texts,
        accept: Accept,
        find: Callable[[int], Awaitable[None]],
    ) -> None:
        self._bot = bot
        self._here = here
        self._roles = roles
        self._triggers = triggers
        self._catalogue = catalogue
        self._texts = texts
        self._accept = accept
        self._find = find
        self._met = set(here.in_settings())
        self._attempts: dict[int, int] = {}

    async def take_all(self, updates: Sequence[Update]) -> int | None:
        """Take a batch, chats side by side; give the first update that must come again, if there is one.

        One that fails again and again while others go through is our own mistake: it is given up, and logged. What
        follows it in its chat has not failed, and comes again.
        """
        lanes: dict[int, list[Update]] = {}
        for update in updates:
            lanes.setdefault(_lane(update), []).append(update)
        outcomes = await asyncio.gather(*(self._take_lane(lane) for lane in lanes.values()))
        failed = [lane for lane in outcomes if lane]
        if sum(len(lane) for lane in failed) < len(updates):
            failed = [lane[1:] if self._given_up(lane[0]) else lane for lane in failed]
        return min((update_id for lane in failed for update_id in lane), default=None)

    async def _take_lane(self, updates: Sequence[Update]) -> list[int]:
        """Take the updates of a chat in order; after one that failed, the rest waits for it."""
        for place, update in enumerate(updates):
            try:
                await self.take(update)
            except Exception as error:  # noqa: BLE001
                # any failure means that it is not stored; an error's words may hold what people wrote, so only its kind
                log.error("tg.update_failed", update=update.update_id, error=type(error).__name__)
                if isinstance(error, TelegramError) and not isinstance(error, BadRequest | Forbidden):
                    self._attempts.pop(update.update_id, None)  # Telegram could not be asked: no mistake of ours
                return [later.update_id for later in updates[place:]]
            self._attempts.pop(update.update_id, None)
        return []

    def _given_up(self, update_id: int) -> bool:
        self._attempts[update_id] = self._attempts.get(update_id, 0) + 1
        if self._attempts[update_id] < MOST_ATTEMPTS:
            return False
        log.error("tg.update_given_up", update=update_id)
        del self._attempts[update_id]
        return True

    async def take(self, update: Update) -> None:
        """Take one update.

        Raises:
            Exception: it is not stored and must be delivered again.
        """
        if update.inline_query:
            await self._offer(update.inline_query)
        elif update.my_chat_member or update.chat_member:
            self._member_changed(update.chat_member, update.my_chat_member)
        elif update.callback_query:
            await self._meet(update)
            await self._pressed(update, update.callback_query)
        else:
            await self._follow(update.message)
            await self._meet(update)
            await self._hand_on(update)

    async def _hand_on(self, update: Update) -> None:
        event = to_event(update, self._here, datetime.now(UTC))
        if event is None:
            return
        if isinstance(event, MessageReceived) and not _concerns_us(event):
            return  # not even a role is looked up
        self._note_trigger(event, update.callback_query)
        role = await self._role(event)
        await self._accept(replace(event, sender=replace(event.sender, role=role)))

    def _note_trigger(self, event: Event, query: CallbackQuery | None) -> None:
        """Remember what can be answered for its sender's eyes alone."""
        group = event.room or (event.address if query and event.place is Place.GROUP else None)
        if group:
            user, asked_by = int(event.sender.id.user), query.id if query else None
            self._triggers.keep(event.event_id, user, group, asked_by, unseen=event.room is not None)

    async def _role(self, event: Event) -> Role:
        """Give the sender's role; Telegram is asked where it counts.

        That is at the desk, for volunteers' commands, and in private, where these are followed by words and buttons.
        Elsewhere than at the desk a question is not held up by not knowing it.
        """
        user = int(event.sender.id.user)
        for_volunteers = isinstance(event, CommandGiven) and event.name not in OF_ASKERS
        if event.place is Place.GROUP and not for_volunteers:
            return self._roles.named(user)
        try:
            in_private = event.place is Place.PRIVATE and not for_volunteers
            return await self._roles.of(user, in_private=in_private)
        except TelegramError:
            if event.place is Place.DESK:
                raise
            return self._roles.named(user)

    async def _pressed(self, update: Update, query: CallbackQuery) -> None:
        """Answer the press at once, so that the button stops waiting, while it is being handled."""
        known = keyboard.button_of(query.data or "") is not None and query.message is not None
        answering = asyncio.create_task(self._answer(query.id, None if known else self._texts("error.stale")))
        try:
            await self._hand_on(update)
        finally:
            await answering

    async def _answer(self, query_id: str, text: str | None) -> None:
        with suppress(TelegramError):  # too old: Telegram has stopped waiting by itself
            await self._bot.answer_callback_query(query_id, text=text)

    async def _offer(self, query: InlineQuery) -> None:
        found = inline.results(self._catalogue.find(query.query, inline.MOST_RESULTS))
        try:
            await self._bot.answer_inline_query(query.id, found, cache_time=inline.KEPT, is_personal=False)
        except TelegramError as error:
            log.warning("tg.inline_not_answered", reason=error.message[:100])  # they type on, and it is asked anew

    def _member_changed(self, other: ChatMemberUpdated | None, me: ChatMemberUpdated | None) -> None:
        if other:
            self._roles.forget(other.new_chat_member.user.id)
        if me and me.chat.type != "private":
            log.warning("tg.my_membership", chat=me.chat.id, status=str(me.new_chat_member.status))

    async def _follow(self, message: Message | None) -> None:
        """Notice that a group has become a supergroup: its number has changed. Both groups say so."""
        if message and message.migrate_to_chat_id:
            await self._moved(message.chat.id, message.migrate_to_chat_id)
        if message and message.migrate_from_chat_id:
            await self._moved(message.migrate_from_chat_id, message.chat.id)

    async def _meet(self, update: Update) -> None:
        """Look, at the first word from a group, whether it is one of the settings' with a new number.

        Of several processes behind a webhook only one is told when that happens.
        """
        chat = update.effective_chat
        if chat is None or chat.type == chat.PRIVATE or chat.id in self._met:
            return
        for number in self._here.may_move():
            await self._find(number)
        self._met.add(chat.id)

    async def _moved(self, old: int, new: int) -> None:
        self._here.moved[old] = new
        await self._accept(chat_moved(old, new, self._here))


def _concerns_us(event: MessageReceived) -> bool:
    """Tell what the core is to see of people talking to each other: at a desk all, elsewhere what is for the bot."""
    return event.place is Place.DESK or event.addressed is not Addressed.NO


def _lane(update: Update) -> int:
    """Give what is kept in order: a chat."""
    return update.effective_chat.id if update.effective_chat else 0
