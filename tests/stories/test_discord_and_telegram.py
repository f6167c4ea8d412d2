"""One desk on two platforms, both over the wire."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from unittest.mock import patch

import pytest
from pydantic import SecretStr

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.app import application
from bot.config import Settings, TelegramSettings
from bot.conversation.catalogue import LiveCatalogue
from bot.texts import texts_in
from bot.triage.triage import Triage
from tests.platforms.discord.people import labels, until
from tests.platforms.discord.wire import UNKNOWN, Place, a_place, stopped
from tests.platforms.telegram.people import BOT_NAME
from tests.platforms.telegram.server import TOKEN, TelegramServer, telegram_server
from tests.platforms.telegram.stage import DESK, GROUP, populate
from tests.world import ROOT

ANNA, BEN = 1, 2  # as `populate` numbers them


@dataclass
class Both:
    """A Discord place and a Telegram server, with one application between them."""

    place: Place
    telegram: TelegramServer

    def in_topic(self, number: int) -> list[str]:
        desk = self.telegram.chats[DESK]
        topics = [one.id for one in desk.topics.values() if one.name.startswith(f"#{number} ")]
        return self.telegram.words(desk, topics[0]) if topics else []

    async def telegram_says(self, words: str, chat: int) -> None:
        await until(lambda: any(words in text for text in self.telegram.words(self.telegram.chats[chat])), words)


@asynccontextmanager
async def running(triage: Triage) -> AsyncIterator[Both]:
    async with a_place() as place, telegram_server() as telegram:
        populate(telegram)
        settings = Settings(
            database_url=SecretStr("sqlite+aiosqlite:///:memory:"),
            knowledge=ROOT / "knowledge",
            telegram=TelegramSettings(token=SecretStr(TOKEN), api_url=telegram.url, desk_chat=DESK),
            discord=place.settings(),
        )
        async with application(settings, triage=triage) as app:
            catalogue, fetch, texts = LiveCatalogue(app.live), app.adapters.fetch, texts_in()
            tg = TelegramAdapter(settings.telegram, catalogue, fetch, texts)
            app.adapters.append(tg)
            app.adapters.append(DiscordAdapter(settings.discord, catalogue, fetch, texts, guild_ready_timeout=0.05))
            place.server.at_rest = lambda: not app.outbox._under_way
            task = asyncio.create_task(app.run())
            try:
                await until(lambda: place.server.gateway_readies, "Discord")
                await asyncio.sleep(0.1)
                yield Both(place, telegram)
            finally:
                telegram.stop_polling()
                await stopped(app, task)
                await tg.close()


@pytest.fixture
async def both(triage: Triage) -> AsyncIterator[Both]:
    with patch("bot.outbox.FIRST_WAIT", 0.1):
        async with running(triage) as made:
            yield made


async def test_asked_on_telegram_answered_on_discord(both: Both) -> None:
    anna, group = both.telegram.users[ANNA], both.telegram.chats[GROUP]
    kim = both.place.volunteer()
    both.telegram.says(anna, f"@{BOT_NAME} {UNKNOWN}", group)
    post = await both.place.post()
    assert "Anna" not in both.place.card(post)["content"]
    await kim.presses(post, both.place.card(post), "Claim")
    await both.telegram_says("Kim, a volunteer", GROUP)
    await until(lambda: any("with Kim" in text for text in both.in_topic(1)), "the card on Telegram to name Kim")
    await kim.says(post, "The towels are free.")
    await both.telegram_says("towels are free", GROUP)
    answer = next(one for one in both.telegram.seen(group) if "towels are free" in one["text"])
    await until(both.place.server.at_rest, "the receipt to be stored")
    both.telegram.says(anna, "Thank you so much!", group, reply_to=answer["message_id"])
    await kim.gets(post, "Thank you so much!")
    await until(lambda: any("towels are free" in text for text in both.in_topic(1)), "the reply on Telegram's desk")
    assert not both.place.server.pings


async def test_asked_on_discord_answered_on_telegram(both: Both) -> None:
    place, ben, desk = both.place, both.telegram.users[BEN], both.telegram.chats[DESK]
    anna, kim = place.human("Anna"), place.volunteer()
    await anna.mentions(place.lounge, UNKNOWN)
    await until(lambda: both.in_topic(1), "a topic")
    topic = next(one.id for one in desk.topics.values() if one.name.startswith("#1 "))
    both.telegram.presses(ben, both.telegram.seen(desk, topic)[0], "Claim")
    await anna.gets(place.lounge, "Ben, a volunteer")
    post = await place.post()
    await until(lambda: "with Ben" in place.card(post)["content"], "the card on Discord to name Ben")
    late = await kim.presses(post, {**place.card(post), "components": _with_claim()}, "Claim")
    await kim.answered(late, "Ben has #1 already")
    await until(both.place.server.at_rest, "the receipts to be stored")
    both.telegram.says(ben, "The towels are free.", desk, topic=topic)
    answer = await anna.gets(place.lounge, "towels are free")
    await anna.says(place.lounge, "Thank you so much!", reply_to=answer)
    await until(lambda: any("Thank you so much!" in text for text in both.in_topic(1)), "the thanks on Telegram")
    await kim.gets(post, "towels are free")
    assert "Reply" in labels(place.card(post))


def _with_claim() -> list[dict[str, object]]:
    """The card as it stood before, still on the screen of somebody who was slower."""
    button = {"type": 2, "style": 2, "label": "Claim", "custom_id": "v1:claim:1"}
    return [{"type": 1, "components": [button]}]
