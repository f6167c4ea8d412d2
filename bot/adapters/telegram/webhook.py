"""The webhook: Telegram sends updates; each is confirmed when it is stored, and comes again otherwise."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from telegram import Bot

from bot.adapters.telegram.parse import given_up, number_of, parsed
from bot.adapters.telegram.receive import ALLOWED_UPDATES, Receiver
from bot.config import WebhookSettings

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the header's name)
LONGEST_UPDATE = 1_000_000  # bytes
CONNECTIONS = 20  # that Telegram opens at a time
log = structlog.get_logger()


class Webhook:
    """Listens behind a web server that speaks https."""

    def __init__(self, bot: Bot, receiver: Receiver, settings: WebhookSettings) -> None:
        self._bot = bot
        self._receiver = receiver
        self._settings = settings
        given = settings.secret_token
        self._secret = given.get_secret_value() if given else secrets.token_urlsafe(32)

    async def serve(self) -> None:
        """Listen until cancelled; what Telegram could not deliver meanwhile is kept there and comes later."""
        app = web.Application(client_max_size=LONGEST_UPDATE)
        app.router.add_post(urlsplit(self._settings.url or "").path or "/", self._take)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._settings.listen, self._settings.port).start()
            await self._announce()
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()

    async def _announce(self) -> None:
        await self._bot.set_webhook(
            self._settings.url or "",
            allowed_updates=ALLOWED_UPDATES,
            max_connections=CONNECTIONS,
            secret_token=self._secret,
            drop_pending_updates=False,
        )

    async def _take(self, request: web.Request) -> web.Response:
        told = request.headers.get(SECRET_HEADER, "").encode(errors="surrogateescape")  # any bytes a stranger sends
        if not hmac.compare_digest(told, self._secret.encode()):
            return web.Response(status=403)
        try:
            data = await request.json()
        except (ValueError, RecursionError):  # no JSON, or JSON that is nested a thousand deep
            data = None
        update, number = parsed(data, self._bot), number_of(data)
        if update is None:
            if number is not None:
                given_up(number)  # it would come again for ever otherwise
            return web.Response(status=400 if number is None else 200)
        again = await self._receiver.take_all([update])
        return web.Response(status=200 if again is None else 500)
