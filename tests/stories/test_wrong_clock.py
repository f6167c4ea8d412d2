"""The machine believes it is another year: nothing is deleted for that, and leads hear how to mend it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from bot.config import TelegramSettings
from bot.purging import DailyPurge
from bot.storage.tables import turns
from bot.triage.triage import Triage
from bot.watch import CLOCK, states
from tests.clock import START
from tests.platforms.telegram.server import telegram_server
from tests.world import DESK, World, a_world

KNOWN = "how much is it in mexico?"
YEARS = timedelta(days=3650)


class Platform:
    """A platform that says the time, when it can be reached."""

    def __init__(self) -> None:
        self.says: datetime | None = START

    async def __call__(self) -> datetime | None:
        return self.says


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
async def world(triage: Triage, database_url: str, platform: Platform) -> AsyncIterator[World]:
    async with a_world(triage, database_url) as made:
        app = made.app
        for name in ("telegram", "discord"):
            app.watch.platform(name).up()
        app.watch._leads = True
        app.purge = DailyPurge(app.store, app.privacy, made.clock, platform, app.watch.parts[CLOCK])
        yield made


async def kept(world: World) -> int:
    async with world.app.store.transaction() as tx:
        return int((await tx.connection.execute(select(func.count()).select_from(turns))).scalar_one())


async def told(world: World) -> list[str]:
    """Give what the desk on Discord has been told by now."""
    for _ in range(3):
        await world.time_passes(minutes=1)
        await world.app.timers.look()
        await world.app.watch.look()
    await world.app.outbox.settle()
    return [one.message.text() for one in world.discord.sent if one.message.to.chat == DESK]


async def test_a_clock_ten_years_ahead_deletes_nothing_and_is_told_once_and_called_off(
    world: World, platform: Platform
) -> None:
    await world.asker("anna").asks(KNOWN)
    world.clock.now += YEARS
    for _ in range(3):
        assert not await world.app.purge.purge()
        (alert,) = await told(world)
    assert "The clock of the bot's machine is wrong" in alert
    assert "timedatectl set-ntp true" in alert
    assert states(world.app.watch.parts)[CLOCK].startswith("wrong since ")
    assert await kept(world) == 1
    world.clock.now -= YEARS
    assert await world.app.purge.purge()
    assert "The clock of the bot's machine works again" in (await told(world))[-1]
    assert len(await told(world)) == 2
    assert await kept(world) == 1


async def test_a_bot_that_was_off_for_three_months_deletes_at_once(world: World, platform: Platform) -> None:
    await world.asker("anna").asks(KNOWN)
    world.clock.pass_(days=92)
    platform.says = world.clock() - timedelta(seconds=20)
    assert await world.app.purge.purge()
    assert await kept(world) == 0
    assert await told(world) == []


async def test_while_nobody_says_the_time_it_waits_and_alarms_nobody(world: World, platform: Platform) -> None:
    """With a clock far ahead no certificate is valid, so that no platform can be asked."""
    await world.asker("anna").asks(KNOWN)
    world.clock.now += YEARS
    platform.says = None
    assert not await world.app.purge.purge()
    assert await told(world) == []
    assert await kept(world) == 1


async def test_the_bot_asks_the_platform_that_it_has_a_token_for(triage: Triage) -> None:
    async with telegram_server() as server:
        settings = TelegramSettings(token=SecretStr("1:abc"), api_url=server.url)
        async with a_world(triage, telegram=settings) as world:
            world.clock.now = datetime.now(UTC) + timedelta(days=2)
            assert not await world.app.purge.purge()
            world.clock.pass_(days=-2)
            assert await world.app.purge.purge()
