"""The whole application on the real library, against the test server over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pydantic import SecretStr

from bot.adapters.telegram.adapter import TelegramAdapter
from bot.app import application
from bot.config import Settings, TelegramSettings
from bot.conversation.catalogue import LiveCatalogue
from bot.running import App
from bot.storage.outbox import Fate
from bot.texts import texts_in
from bot.triage.triage import Triage
from tests.platforms.telegram.people import Chat, Json, User
from tests.platforms.telegram.server import TOKEN, TelegramServer

ROOT = Path(__file__).parents[3]
GROUP, DESK = -1001, -1002
FIRST_WAIT = 0.05  # seconds before a second attempt, so that stories about failures are quick
PATIENCE = 60.0  # seconds until a test gives up waiting


class Stage:
    """A group, a desk, people, and the bot between them."""

    def __init__(self, server: TelegramServer, app: App, adapter: TelegramAdapter) -> None:
        self.server = server
        self.app = app
        self.adapter = adapter
        self.anna = server.users[1]
        self.ben = server.users[2]
        self.lou = server.users[3]
        self.group = server.chats[GROUP]
        self.desk = server.chats[DESK]

    async def settles(self) -> None:
        """Wait until every update is stored and every message is sent or given up."""
        until = time.monotonic() + PATIENCE
        quiet = 0
        while quiet < 2:
            quiet = quiet + 1 if await self._is_quiet() else 0
            assert time.monotonic() < until, "the bot did not come to rest"
            await asyncio.sleep(0.02)

    async def _is_quiet(self) -> bool:
        if self.server.waiting:
            return False
        async with self.app.store.transaction() as tx:
            counts = await tx.outbox.count()
        return not counts.get(Fate.PENDING) and not counts.get(Fate.SENDING)

    async def says(self, user: User, text: str, chat: Chat | None = None, **more: Any) -> list[str]:  # noqa: ANN401
        """Somebody writes; gives what the bot said in that chat afterwards."""
        place = chat or user
        before = len(self.server.words(place))
        self.server.says(user, text, chat, **more)
        await self.settles()
        return self.server.words(place)[before:]

    async def presses(self, user: User, message: Json, label: str) -> None:
        self.server.presses(user, message, label)
        await self.settles()

    def topic_of(self, number: int) -> int:
        """The topic of an escalation; there is exactly one."""
        found = [topic.id for topic in self.desk.topics.values() if topic.name.startswith(f"#{number} ")]
        assert len(found) == 1, f"#{number} has {len(found)} topics"
        return found[0]

    def card(self, number: int) -> Json:
        return self.server.seen(self.desk, self.topic_of(number))[0]


def labels(message: Json) -> list[str]:
    """The words on a message's buttons."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def populate(server: TelegramServer, *, forum: bool = True) -> None:
    """Anna asks, Ben is a volunteer, Lou is an admin of the desk: a lead."""
    anna, ben = server.user(1, "Anna", username="anna"), server.user(2, "Ben", username="ben")
    lou = server.user(3, "Lou", username="lou")
    server.group(GROUP, "HSCT for MS", anna, ben, lou, forum=True)
    desk = server.group(DESK, "Desk", ben, lou, forum=forum, bot="administrator")
    desk.members[lou.id] = "administrator"


@asynccontextmanager
async def a_stage(
    server: TelegramServer,
    triage: Triage,
    *,
    database: str = "sqlite+aiosqlite:///:memory:",
    knowledge: Path = ROOT / "knowledge",
    **more: Any,  # noqa: ANN401
) -> AsyncIterator[Stage]:
    """Run the application against a populated server."""
    telegram = TelegramSettings(token=SecretStr(TOKEN), api_url=server.url, desk_chat=DESK, **more)
    settings = Settings(database_url=SecretStr(database), knowledge=knowledge, telegram=telegram)
    with patch("bot.outbox.FIRST_WAIT", FIRST_WAIT):
        async with application(settings, triage=triage) as app:
            adapter = TelegramAdapter(telegram, LiveCatalogue(app.live), app.adapters.fetch, texts_in())
            app.adapters.append(adapter)
            running = asyncio.create_task(app.run())
            try:
                yield Stage(server, app, adapter)
            finally:
                running.cancel()
                server.stop_polling()
                with contextlib.suppress(asyncio.CancelledError):
                    await running
                await adapter.close()
