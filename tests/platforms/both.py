"""One application on both platforms' test servers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.app import application, utc_now
from bot.config import Settings, TelegramSettings
from bot.conversation.catalogue import LiveCatalogue
from bot.running import App
from bot.texts import texts_in
from bot.timers import EVERY
from bot.triage.triage import Triage
from tests.platforms.discord.people import until
from tests.platforms.discord.wire import Place, a_place, stopped
from tests.platforms.telegram.server import TOKEN, TelegramServer, telegram_server
from tests.platforms.telegram.stage import DESK, populate
from tests.world import MEMORY, ROOT


@dataclass
class Both:
    """A Discord place and a Telegram server, with one application between them."""

    place: Place
    telegram: TelegramServer
    app: App

    def in_topic(self, number: int) -> list[str]:
        desk = self.telegram.chats[DESK]
        topics = [one.id for one in desk.topics.values() if one.name.startswith(f"#{number} ")]
        return self.telegram.words(desk, topics[0]) if topics else []

    async def telegram_says(self, words: str, chat: int) -> None:
        await until(lambda: any(words in text for text in self.telegram.words(self.telegram.chats[chat])), words)


@asynccontextmanager
async def on_both(
    triage: Triage,
    *,
    database: str = MEMORY,
    clock: Callable[[], datetime] = utc_now,
    timers_every: float = EVERY,
    **more: Any,  # noqa: ANN401
) -> AsyncIterator[Both]:
    """Run the application until the story ends; `more` are settings beside those of the platforms."""
    async with a_place() as place, telegram_server() as telegram:
        populate(telegram)
        settings = Settings(
            database_url=SecretStr(database),
            knowledge=ROOT / "knowledge",
            telegram=TelegramSettings(token=SecretStr(TOKEN), api_url=telegram.url, desk_chat=DESK),
            discord=place.settings(),
            **more,
        )
        async with application(settings, triage=triage, clock=clock) as app:
            app.timers.every = timers_every
            catalogue, fetch, texts = LiveCatalogue(app.live), app.adapters.fetch, texts_in()
            tg = TelegramAdapter(settings.telegram, catalogue, fetch, texts)
            app.adapters.append(tg)
            app.adapters.append(DiscordAdapter(settings.discord, catalogue, fetch, texts, guild_ready_timeout=0.05))
            place.server.at_rest = lambda: not app.outbox._under_way
            task = asyncio.create_task(app.run())
            try:
                await until(lambda: place.server.gateway_readies, "Discord")
                await asyncio.sleep(0.1)
                yield Both(place, telegram, app)
            finally:
                telegram.stop_polling()
                await stopped(app, task)
                await tg.close()
