"""The Telegram adapter: python-telegram-bot between the platform and the core."""

from __future__ import annotations

import asyncio
import logging
import ssl
from functools import cache

import httpx
import structlog
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.adapters.base import Accept, Catalogue, Fetch
from bot.adapters.telegram import commands, failures
from bot.adapters.telegram.compose import Composer
from bot.adapters.telegram.desk import Desk
from bot.adapters.telegram.discreet import Discreet
from bot.adapters.telegram.events import chat_moved
from bot.adapters.telegram.files import FETCH_LIMIT, how_and_id
from bot.adapters.telegram.here import Here
from bot.adapters.telegram.media import Media
from bot.adapters.telegram.names import PLATFORM
from bot.adapters.telegram.poll import poll
from bot.adapters.telegram.receive import Receiver
from bot.adapters.telegram.roles import Roles
from bot.adapters.telegram.send import Sender
from bot.adapters.telegram.triggers import Triggers
from bot.config import TelegramSettings
from bot.domain.link import Link, Trouble
from bot.domain.messages import Attachment, Delivery, Receipt
from bot.domain.people import Role
from bot.errors import ConfigError, DeliveryError
from bot.texts import Texts

READ_TIMEOUT = 15.0  # seconds for an answer of Telegram
CONNECTIONS = 64  # at a time; the outbox sends at most 50 messages
RETRY_START = (1.0, 2.0, 5.0, 15.0, 30.0)  # seconds between attempts to reach Telegram at the start; then the last
WAIT_FOR_START = 1.0  # seconds after which a message that came too early is tried again
log = structlog.get_logger()


def make_bot(settings: TelegramSettings) -> Bot:
    """Give the library's bot for these settings.

    Raises:
        ConfigError: there is no token.
    """
    if settings.token is None or not settings.token.get_secret_value():
        raise ConfigError("telegram.token is missing. Copy it from BotFather.")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs addresses, and the token is part of them
    api, tls = settings.api_url.rstrip("/"), {"verify": _certificates()}
    return Bot(
        settings.token.get_secret_value(),
        base_url=f"{api}/bot",
        base_file_url=f"{api}/file/bot",
        request=HTTPXRequest(CONNECTIONS, read_timeout=READ_TIMEOUT, pool_timeout=READ_TIMEOUT, httpx_kwargs=tls),
        get_updates_request=HTTPXRequest(2, read_timeout=READ_TIMEOUT, httpx_kwargs=tls),
    )


@cache
def _certificates() -> ssl.SSLContext:
    """Read the trusted certificates once: it takes longer than all else at the start."""
    return httpx.create_ssl_context()


class TelegramAdapter:
    """Receives by polling or webhook, sends what the outbox hands over."""

    platform = PLATFORM

    def __init__(
        self,
        settings: TelegramSettings,
        catalogue: Catalogue,
        fetch: Fetch,
        texts: Texts,
        link: Link | None = None,
    ) -> None:
        self._link = link or Link()
        self._settings = settings
        self._catalogue = catalogue
        self._texts = texts
        self._bot = make_bot(settings)
        self._here = Here.of(settings)
        self._roles = Roles(self._bot, settings, self._here)
        desk, media = Desk(self._bot, self._here, settings), Media(self._bot, fetch)
        compose = Composer(self._here, desk, media, texts)
        self._triggers = Triggers()
        discreet = Discreet(self._bot, self._here, compose, self._triggers, texts, allowed=settings.ephemeral)
        self._sender = Sender(self._bot, self._here, desk, media, compose, discreet, self._moved)
        self._accept: Accept | None = None
        self._started = asyncio.Event()

    def chats(self) -> None:
        """Give None: every chat of the platform."""

    async def run(self, accept: Accept) -> None:
        """Receive until cancelled.

        Raises:
            ConfigError: Telegram does not accept the token.
        """
        self._accept = accept
        await self._start()
        receiver = Receiver(
            self._bot, self._here, self._roles, self._triggers, self._catalogue, self._texts, accept, self._find
        )
        if self._settings.webhook.url:
            from bot.adapters.telegram.webhook import Webhook  # and with it a web server, 2 MiB

            await Webhook(self._bot, receiver, self._settings.webhook).serve()
        else:
            await poll(self._bot, receiver, self._link)

    async def close(self) -> None:
        """Close the connections, after the last message has been sent."""
        await self._bot.shutdown()

    async def _start(self) -> None:
        """Get to know ourselves; as long as Telegram cannot be reached, try again."""
        attempt = 0
        while True:
            try:
                await self._introduce()
            except InvalidToken:
                self._link.down(Trouble.REVOKED)
                raise ConfigError("Telegram does not accept telegram.token. Copy it again from BotFather.") from None
            except TelegramError as error:
                wait = RETRY_START[min(attempt, len(RETRY_START) - 1)]
                attempt += 1
                self._link.down()
                log.warning("tg.not_reached", error=type(error).__name__, again_in=wait)
                await asyncio.sleep(wait)
            else:
                self._link.up()
                self._started.set()
                return

    async def _introduce(self) -> None:
        await self._bot.initialize()
        self._here.bot_id, self._here.bot_name = self._bot.id, self._bot.username or ""
        if not self._settings.webhook.url:
            await self._bot.delete_webhook(drop_pending_updates=False)
        for chat in self._here.in_settings():
            await self._find(chat)
        await self._offer_commands()

    async def _find(self, chat: int) -> None:
        """Follow a group of the settings that has become a supergroup since it was written there."""
        try:
            await self._bot.get_chat(chat)
        except ChatMigrated as error:
            self._here.moved[chat] = error.new_chat_id
            what_to_do = "write the new number into the settings"
            log.warning("tg.chat_moved", old=chat, new=error.new_chat_id, what_to_do=what_to_do)
        except (BadRequest, Forbidden) as error:
            log.error("tg.no_chat", chat=chat, reason=error.message[:100], what_to_do="run hsct-bot doctor")

    async def _moved(self, old: int, new: int) -> None:
        """Follow a group that turned out to have a new number, and let all that is kept about it follow."""
        self._here.moved[old] = new
        log.warning("tg.chat_moved", old=old, new=new)
        if self._accept and old != self._here.desk:
            await self._accept(chat_moved(old, new, self._here))

    async def _offer_commands(self) -> None:
        desk = self._here.now_at(self._here.desk) if self._here.desk is not None else None
        for scope, menu in commands.menus(self._texts, desk, hidden=self._settings.ephemeral):
            try:
                await self._bot.set_my_commands(menu, scope=scope)
            except TelegramError as error:
                log.warning("tg.commands_not_set", scope=scope.type, reason=error.message[:100])

    async def send(self, delivery: Delivery) -> Receipt:
        """Send one message.

        Raises:
            DeliveryError: Telegram did not take it.
            ThreadGone: its topic is deleted or closed.
        """
        if not self._started.is_set():
            raise DeliveryError("Telegram has not been reached yet", retry_after=WAIT_FOR_START)
        try:
            receipt = await self._sender.send(delivery)
        except DeliveryError as error:
            if isinstance(error.__cause__, InvalidToken):
                self._link.down(Trouble.REVOKED)
            raise
        self._link.accepted()
        return receipt

    async def role_of(self, user: str) -> Role | None:
        """Give what somebody may do at this moment; None: Telegram cannot say."""
        return await self._roles.now(int(user)) if self._started.is_set() else None

    async def fetch(self, attachment: Attachment) -> bytes:
        """Give the content of a file that was sent on Telegram.

        Raises:
            DeliveryError: it is gone or too large.
        """
        if (attachment.size or 0) > FETCH_LIMIT:
            raise DeliveryError("Telegram gives bots files of up to 20 MB only", permanent=True)
        try:
            file = await self._bot.get_file(how_and_id(attachment)[1])
            return bytes(await file.download_as_bytearray())
        except TelegramError as error:
            raise failures.translated(error) from error
