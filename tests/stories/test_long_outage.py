"""A platform is away for hours, or the clock jumps: what waits stays in the database, and goes out by itself."""

from __future__ import annotations

import pytest

from bot.errors import DeliveryError
from bot.storage.outbox import Fate
from bot.triage.triage import Triage
from tests.world import World, a_world

QUESTION = "How much does HSCT cost in Mexico?"
ASKERS = 60


async def waiting(world: World) -> int:
    async with world.app.store.transaction() as tx:
        return (await tx.outbox.count()).get(Fate.PENDING, 0)


async def hours_pass(world: World, hours: int) -> None:
    for _ in range(hours * 6):
        world.clock.pass_(minutes=10)
        await world.app.outbox.settle()


async def test_what_is_said_while_a_platform_is_away_for_hours_comes_when_it_is_back(world: World) -> None:
    telegram = world.adapter("telegram")
    telegram.failure = DeliveryError("Telegram does not answer")
    askers = [world.asker(f"anna{number}") for number in range(ASKERS)]
    for asker in askers:
        await asker.asks(QUESTION, private=True)
    ben = world.asker("ben", "discord")
    assert await ben.asks(QUESTION), "the other platform goes on"
    await hours_pass(world, 8)
    assert await waiting(world) >= ASKERS, "everything stays in the database"
    assert not world.app.outbox._under_way, "and nothing in the process"
    telegram.failure = None
    await hours_pass(world, 1)
    assert await waiting(world) == 0
    assert [len(asker.got()) for asker in askers] == [1] * ASKERS


@pytest.mark.parametrize("jump", [-3, 3], ids=["three hours back", "three hours forward"])
async def test_a_clock_that_jumps_loses_nothing_and_repeats_nothing(triage: Triage, jump: int) -> None:
    async with a_world(triage) as world:
        anna, telegram = world.asker("anna"), world.adapter("telegram")
        telegram.failure = DeliveryError("Telegram does not answer")
        await anna.asks(QUESTION, private=True)
        world.clock.pass_(minutes=60 * jump)
        telegram.failure = None
        await anna.asks("What is HSCT?", private=True)
        await hours_pass(world, 4)
        answers = [message.text() for message in anna.got()]
        assert len(answers) == 2
        assert "Puebla" in answers[0], "in the order in which they were asked"
