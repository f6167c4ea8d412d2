"""Long runs, by `make soak`: too long for every day, and by another chance each time it is asked for one.

SOAK_SEED chooses the chance (a failure names its seed), SOAK_ESCALATIONS how far the crowd goes.
"""

from __future__ import annotations

import os
import time

from bot.triage.triage import Triage
from tests.simulation.crowd import Crowd
from tests.simulation.front_door import FrontDoor
from tests.simulation.scene import Size
from tests.simulation.wire import a_wire
from tests.world import a_world

SEED = int(os.environ.get("SOAK_SEED", "1"))
LARGE = Size(volunteers=20, askers=500, escalations=int(os.environ.get("SOAK_ESCALATIONS", "2000")))


async def test_a_large_crowd_loses_nothing_and_mixes_nothing_up(triage: Triage, database_url: str) -> None:
    async with a_world(triage, database_url) as world:
        await it_holds(Crowd(FrontDoor(world, SEED), LARGE, SEED))


async def test_nor_does_one_on_both_platforms(triage: Triage) -> None:
    async with a_wire(triage, SEED) as wire:
        await it_holds(Crowd(wire, LARGE, SEED))


async def it_holds(crowd: Crowd) -> None:
    begun = time.monotonic()
    await crowd.run()
    ledger = crowd.ledger
    told = f"seed {SEED}: {ledger.opened} escalations, {ledger.checks} checks, {len(ledger.asked)} messages of askers"
    print(f"{told}, {len(ledger.arrived)} replies, {time.monotonic() - begun:.0f} s")  # noqa: T201
    assert len(ledger.asked) + len(ledger.gone) > LARGE.escalations, told
