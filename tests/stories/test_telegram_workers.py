"""Two processes behind one webhook and a load balancer that gives each update to either of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from itertools import cycle
from typing import Any

import pytest
from pydantic import SecretStr

from bot.config import WebhookSettings
from bot.triage.triage import Triage
from tests.platforms.discord.people import until
from tests.platforms.telegram.people import Json
from tests.platforms.telegram.server import TelegramServer, telegram_server
from tests.platforms.telegram.stage import DESK, GROUP, Stage, a_stage, populate

SECRET = "one-for-both"  # noqa: S105 - of the test server
STRANGE = "/person Who can drive me to Ruiz next week?"


class Balancer:
    """Gives what people do to the workers in turn, as Telegram does: one update of a chat after the other."""

    def __init__(self, server: TelegramServer, ports: list[int]) -> None:
        self.server = server
        self.ports = ports
        self._turns = cycle(range(len(ports)))

    async def hands_on(self, *, to_all: bool = False) -> list[int]:
        """Hand the updates on; gives the status of each."""
        updates, self.server._updates = self.server._updates, []
        if to_all:
            return await asyncio.gather(*(self._call(one, port) for one in updates for port in self.ports))
        return [await self._call(one, self.ports[next(self._turns) % len(self.ports)]) for one in updates]

    async def _call(self, update: Json, port: int) -> int:
        self.server.webhook["url"] = address_of(port)
        return await self.server.call_webhook(update)


def address_of(port: int) -> str:
    return f"http://127.0.0.1:{port}/hook"


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with telegram_server() as made:
        populate(made)
        yield made


async def test_either_takes_what_comes_and_one_goes_on_when_the_other_is_gone(
    server: TelegramServer, triage: Triage, url: str, unused_tcp_port_factory: Callable[[], int]
) -> None:
    ports = [unused_tcp_port_factory(), unused_tcp_port_factory()]
    async with AsyncExitStack() as both:
        gone = await both.enter_async_context(AsyncExitStack())
        stage = await both.enter_async_context(worker(server, triage, url, ports[0]))
        await gone.enter_async_context(worker(server, triage, url, ports[1]))
        await until(lambda: server.calls["setWebhook"] == 2, "both to listen")
        balancer = Balancer(server, ports)

        server.says(stage.anna, STRANGE, stage.group)
        assert await balancer.hands_on(to_all=True) == [200, 200]
        await stage.settles()
        server.presses(stage.ben, stage.card(1), "Claim")
        assert await balancer.hands_on() == [200]
        await stage.settles()
        for number in range(4):
            server.says(stage.ben, f"Answer {number}", stage.desk, topic=stage.topic_of(1))
        assert await balancer.hands_on() == [200] * 4
        await stage.settles()
        answers = [words for words in server.words(stage.group) if "Answer" in words]
        assert [one[one.index("Answer") :][:8] for one in answers] == [f"Answer {number}" for number in range(4)]

        await gone.aclose()
        assert server.webhook["url"], "who stops leaves the webhook to the others"
        balancer.ports = ports[:1]
        server.says(stage.ben, "Answer 4", stage.desk, topic=stage.topic_of(1))
        assert await balancer.hands_on() == [200]
        await until(lambda: any("Answer 4" in words for words in server.words(stage.group)), "the last answer")


async def test_a_group_that_grew_is_known_to_the_worker_that_was_not_told(
    server: TelegramServer, triage: Triage, url: str, unused_tcp_port_factory: Callable[[], int]
) -> None:
    for number in (GROUP, DESK):
        server.chats[number].type, server.chats[number].is_forum = "group", False
    ports = [unused_tcp_port_factory(), unused_tcp_port_factory()]
    async with AsyncExitStack() as both:
        stage = await both.enter_async_context(worker(server, triage, url, ports[0], ask_chats=(str(GROUP),)))
        await both.enter_async_context(worker(server, triage, url, ports[1], ask_chats=(str(GROUP),)))
        await until(lambda: server.calls["setWebhook"] == 2, "both to listen")
        group = server.upgrades(stage.group, GROUP - 10, stage.anna)
        desk = server.upgrades(stage.desk, DESK - 10, stage.ben)
        assert await Balancer(server, ports[:1]).hands_on() == [200] * 4

        other = Balancer(server, ports[1:])
        server.says(stage.anna, "Does the hospital shop sell gluten free bread?", group)
        assert await other.hands_on() == [200]
        card = await until(lambda: next(iter(server.seen(desk)), None), "a card at the desk")
        await stage.settles()
        server.says(stage.ben, "/claim", desk, reply_to=card["message_id"])
        server.says(stage.ben, "/reply Yes, it does.", desk, reply_to=card["message_id"])
        assert await other.hands_on() == [200] * 2
        await until(lambda: any("Yes, it does." in words for words in server.words(group)), "the answer")


def worker(
    server: TelegramServer,
    triage: Triage,
    url: str,
    port: int,
    **more: Any,  # noqa: ANN401
) -> AbstractAsyncContextManager[Stage]:
    webhook = WebhookSettings(url=address_of(port), port=port, secret_token=SecretStr(SECRET))
    return a_stage(server, triage, database=url, webhook=webhook, **more)
