"""A platform stops taking the bot's token: the other one works on, the leads hear of it once, and it may be taken again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import aiohttp
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.app import _platforms, application, utc_now
from bot.config import HealthSettings, Settings, TelegramSettings
from bot.running import App
from bot.triage.triage import Triage
from tests.platforms.discord.people import until
from tests.platforms.discord.wire import KNOWN, UNKNOWN, Place, a_place, stopped
from tests.platforms.telegram.server import TOKEN, TelegramServer, telegram_server
from tests.platforms.telegram.stage import DESK, populate
from tests.world import ROOT

CURES = {
    "telegram": "Copy it again from BotFather, and start the bot again.",
    "discord": "Copy it again from the developer portal, page Bot, and start the bot again.",
}
MOST_REFUSED = 25  # calls in half an hour, with first waits a tenth as long as in earnest


class Later:
    """The time of day, some of which can be skipped."""

    def __init__(self) -> None:
        self.skipped = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.skipped


@dataclass
class Both:
    """Both platforms' servers, and one application between them."""

    place: Place
    telegram: TelegramServer
    app: App
    clock: Later
    running: asyncio.Task[None]

    async def ready(self) -> tuple[int, dict[str, str]]:
        port = self.app.settings.health.port
        async with aiohttp.ClientSession() as client, client.get(f"http://127.0.0.1:{port}/readyz") as answer:
            return answer.status, (await answer.json())["parts"]

    async def part_is(self, name: str, state: str) -> None:
        async with asyncio.timeout(20):
            while not (await self.ready())[1][name].startswith(state):  # noqa: ASYNC110 - asked over HTTP
                await asyncio.sleep(0.05)

    async def minutes_pass(self, minutes: int) -> None:
        for _ in range(minutes):
            self.clock.skipped += timedelta(minutes=1)
            await self.app.watch.look()

    def told_on_telegram(self) -> list[str]:
        return [words for words in self.telegram.words(self.telegram.chats[DESK]) if "token" in words]

    def told_on_discord(self) -> list[str]:
        posts = self.place.server.posts_of(self.place.desk)
        messages = [message for post in posts for message in post.messages.values()]
        return [message["content"] for message in messages if "token" in message["content"]]


@asynccontextmanager
async def bot_on(
    triage: Triage, place: Place, telegram: TelegramServer, port: int, *, discord_only: bool = False
) -> AsyncIterator[Both]:
    populate(telegram)
    clock = Later()
    token = None if discord_only else SecretStr(TOKEN)
    settings = Settings(
        database_url=SecretStr("sqlite+aiosqlite:///:memory:"),
        knowledge=ROOT / "knowledge",
        telegram=TelegramSettings(token=token, api_url=telegram.url, desk_chat=DESK),
        discord=place.settings(),
        health=HealthSettings(port=port),
    )
    async with application(settings, triage=triage, clock=clock) as app:
        app.adapters.extend(_platforms(app))
        place.server.at_rest = lambda: not app.outbox._under_way
        running = asyncio.create_task(app.run())
        both = Both(place, telegram, app, clock, running)
        try:
            await until(lambda: place.server.gateway_readies, "Discord")
            for adapter in app.adapters:
                await both.part_is(adapter.platform, "ok")
            yield both
        finally:
            telegram.stop_polling()
            await stopped(app, running)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.running.FIRST_WAIT", 0.1)
    monkeypatch.setattr("bot.outbox.FIRST_WAIT", 0.1)
    monkeypatch.setattr("bot.adapters.telegram.poll.LONGEST_WAIT", 2.0)


@pytest.fixture
async def servers() -> AsyncIterator[tuple[Place, TelegramServer]]:
    async with a_place() as place, telegram_server() as telegram:
        yield place, telegram


@pytest.fixture
async def both(triage: Triage, servers: tuple[Place, TelegramServer], unused_tcp_port: int) -> AsyncIterator[Both]:
    async with bot_on(triage, *servers, unused_tcp_port) as made:
        yield made


def says_the_cure(log: list[Any], platform: str) -> bool:
    return any(CURES[platform] in str(value) for line in log for value in line.values())


async def test_telegram_refuses_the_token_and_takes_it_again(both: Both) -> None:
    anna, ben = both.place.human("Anna"), both.telegram.users[1]
    with capture_logs() as log:
        both.telegram.revokes()
        await both.part_is("telegram", "revoked since ")
        status, parts = await both.ready()
        assert status == 503
        assert parts["discord"] == parts["database"] == "ok"
        await anna.says(anna.dm, KNOWN)
        await anna.gets(anna.dm, "Checked")
        await anna.says(anna.dm, UNKNOWN)
        await both.place.post()  # both desks are to have it; Telegram's has to wait
        await both.minutes_pass(30)
        await until(both.told_on_discord, "an alert on the desk that can be reached")
        await asyncio.sleep(1)
    assert len(both.told_on_discord()) == 1
    assert "Telegram refuses the bot's token" in both.told_on_discord()[0]
    assert says_the_cure(log, "telegram")
    assert both.telegram.unauthorized <= MOST_REFUSED
    assert not both.running.done()

    both.telegram.revoked = False
    await both.part_is("telegram", "ok")
    both.telegram.says(ben, KNOWN)
    await until(lambda: any("Checked" in words for words in both.telegram.words(ben)), "an answer on Telegram")
    both.clock.skipped += timedelta(minutes=30)  # what waited is tried again at the latest now
    desk = both.telegram.chats[DESK]
    await until(lambda: any("swimming pool" in words for words in both.telegram.words(desk)), "the card on Telegram")
    assert (await both.ready())[0] == 200


async def test_discord_refuses_the_token_and_takes_it_again(both: Both) -> None:
    ben = both.telegram.users[1]
    with capture_logs() as log:
        await both.place.server.revokes()
        await both.part_is("discord", "revoked since ")
        status, parts = await both.ready()
        assert status == 503
        assert parts["telegram"] == parts["database"] == "ok"
        both.telegram.says(ben, UNKNOWN)
        await until(lambda: both.telegram.words(ben), "an answer on Telegram")
        await both.minutes_pass(30)
        await until(both.told_on_telegram, "an alert on the desk that can be reached")
        await asyncio.sleep(1)
    assert len(both.told_on_telegram()) == 1
    assert "Discord refuses the bot's token" in both.told_on_telegram()[0]
    assert says_the_cure(log, "discord")
    assert both.place.server.unauthorized <= MOST_REFUSED
    assert not both.running.done()

    both.place.server.revoked = False
    await both.part_is("discord", "ok")
    both.clock.skipped += timedelta(minutes=30)
    assert await both.place.post(), "what waited for Discord's desk is there"
    anna = both.place.human("Anna")
    await anna.says(anna.dm, KNOWN)
    await anna.gets(anna.dm, "Checked")


async def test_rest_alone_refuses_the_token_for_a_moment(both: Both) -> None:
    """Discord answers 401 while the connection stays: what was said then goes out, and the part is ready again."""
    anna = both.place.human("Anna")
    both.place.server.fails(r"POST /channels/\d+/messages", 401, times=2)
    await anna.says(anna.dm, KNOWN)
    await both.part_is("discord", "revoked since ")
    with patch("bot.outbox.POLL", 0.05):
        both.clock.skipped += timedelta(seconds=10)
        await anna.gets(anna.dm, "Checked")
    await both.part_is("discord", "ok")


async def test_the_only_platform_refuses_the_token_it_has_taken_before(
    triage: Triage, servers: tuple[Place, TelegramServer], unused_tcp_port: int
) -> None:
    async with bot_on(triage, *servers, unused_tcp_port, discord_only=True) as one:
        await one.place.server.revokes()
        await one.part_is("discord", "revoked since ")
        await asyncio.sleep(0.5)
        assert not one.running.done(), "it waits, and says so to whoever watches it"
        one.place.server.revoked = False
        await one.part_is("discord", "ok")
        anna = one.place.human("Anna")
        await anna.says(anna.dm, KNOWN)
        await anna.gets(anna.dm, "Checked")
