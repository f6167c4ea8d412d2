"""A desk in a group: a topic for each escalation, or a thread of replies where the group has no topics."""

from __future__ import annotations

import structlog
from telegram import Bot, User
from telegram.error import TelegramError

from bot.adapters.telegram import failures, utf16
from bot.adapters.telegram.here import Here
from bot.config import TelegramSettings
from bot.domain.messages import OutgoingMessage

NAME_LIMIT = 128  # characters, createForumTopic
MOST_PAGED = 20  # people mentioned in one message
MOST_MADE = 1_000  # threads whose receipts are still under way
log = structlog.get_logger()


class Desk:
    """Makes threads, and knows whom to page."""

    def __init__(self, bot: Bot, here: Here, settings: TelegramSettings) -> None:
        self._bot = bot
        self._here = here
        self._people = (*settings.leads, *settings.volunteers)
        self._made: dict[tuple[str, int], str] = {}

    async def thread_for(self, message: OutgoingMessage) -> str | None:
        """Give the thread of a message's escalation, made now if there is none; None: it is to hang on this message.

        A thread that was made is remembered until its receipt is stored, so that a failed send makes no second one.

        Raises:
            TelegramError: it could not be made.
        """
        if message.to.thread or message.escalation_id is None:
            return message.to.thread
        key = (message.to.chat, message.escalation_id)
        if key not in self._made and (topic := await self._make_topic(message)):
            self.made(message, topic)
        return self._made.get(key)

    async def _make_topic(self, message: OutgoingMessage) -> str | None:
        chat = self._here.now_at(int(message.to.chat))
        name = utf16.shorten(message.thread_title or f"#{message.escalation_id}", NAME_LIMIT)
        try:
            topic = await self._bot.create_forum_topic(chat, name)
        except TelegramError as error:
            if not failures.has_no_topics(error):
                raise
            log.warning("tg.no_topics", reason=error.message[:100])
            return None
        return str(topic.message_thread_id)

    def made(self, message: OutgoingMessage, thread: str) -> None:
        """Remember a thread until its receipt is stored."""
        if message.escalation_id is not None:
            self._made[message.to.chat, message.escalation_id] = thread
        while len(self._made) > MOST_MADE:
            self._made.pop(next(iter(self._made)))

    def forget(self, message: OutgoingMessage) -> None:
        """Make a new thread the next time: this one is gone."""
        if message.escalation_id is not None:
            self._made.pop((message.to.chat, message.escalation_id), None)

    async def reopen(self, chat: int, topic: int) -> bool:
        """Open a closed topic again; False if that is not possible."""
        try:
            return await self._bot.reopen_forum_topic(chat, topic)
        except TelegramError:
            return False

    async def delete(self, chat: int, topic: int) -> None:
        """Delete a topic with all that is in it; one that is gone already is fine.

        Raises:
            TelegramError: it could not be deleted.
        """
        try:
            await self._bot.delete_forum_topic(chat, topic)
        except TelegramError as error:
            if not failures.is_lost_thread(error):
                raise

    async def everybody(self) -> list[tuple[int, str]]:
        """Give whom a page to everybody alerts, with their names: those of the settings, and the desk's admins."""
        if self._here.desk is None:
            return []
        found: dict[int, str] = {}
        try:
            for member in await self._bot.get_chat_administrators(self._here.now_at(self._here.desk)):
                _add(found, member.user)
            for user in self._people[:MOST_PAGED]:
                if user not in found:
                    _add(found, (await self._bot.get_chat_member(self._here.now_at(self._here.desk), user)).user)
        except TelegramError as error:
            log.warning("tg.page_without_names", reason=error.message[:100])  # the message itself still alerts
        return list(found.items())[:MOST_PAGED]


def _add(found: dict[int, str], user: User) -> None:
    if not user.is_bot:
        found[user.id] = user.full_name
