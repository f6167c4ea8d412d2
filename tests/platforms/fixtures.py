"""Both platforms' test servers, and the application on them: for the conftest of tests over the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.triage.triage import Triage
from tests.platforms.discord.wire import Place, Wire, a_place, bot_running
from tests.platforms.telegram.server import TelegramServer, telegram_server
from tests.platforms.telegram.stage import Stage, a_stage, populate


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    """A Discord server with a lounge, an ask channel, and the volunteers' forum."""
    async with a_place() as made:
        yield made


@pytest.fixture
async def wire(place: Place, triage: Triage) -> AsyncIterator[Wire]:
    """The whole application, connected to it."""
    async with bot_running(place, triage) as running:
        yield running


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """A strict Bot API server with a group, a desk with topics, and three people."""
    async with telegram_server() as running:
        populate(running)
        yield running


@pytest.fixture
async def stage(server: TelegramServer, triage: Triage) -> AsyncIterator[Stage]:
    """The whole application, polling it."""
    async with a_stage(server, triage) as made:
        yield made


@pytest.fixture
def quick_reconnects(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let discord.py wait for nothing before it connects again."""

    async def at_once(*_: object, **__: object) -> None:
        return

    monkeypatch.setattr("discord.backoff.ExponentialBackoff.delay", lambda _self: 0.05)
    monkeypatch.setattr("discord.Client.before_identify_hook", at_once)  # it would wait five seconds
