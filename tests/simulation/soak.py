"""Long runs, by `make soak`: too long for every day, and by another chance each time it is asked for one.

SOAK_SEED chooses the chance (a failure names its seed), SOAK_ESCALATIONS how far the crowd goes.
"""

from __future__ import annotations

import os

from bot.triage.triage import Triage
from tests.simulation.crowd import Crowd, Size
from tests.world import a_world

SEED = int(os.environ.get("SOAK_SEED", "1"))
LARGE = Size(volunteers=20, askers=500, escalations=int(os.environ.get("SOAK_ESCALATIONS", "2000")))


async def test_a_large_crowd_loses_nothing_and_mixes_nothing_up(triage: Triage) -> None:
    async with a_world(triage) as world:
        crowd = Crowd(world, LARGE, SEED)
        await crowd.run()
    told = f"seed {SEED}: {crowd.ledger.checks} checks, {len(crowd.ledger.asked)} messages of askers"
    assert len(crowd.ledger.asked) > LARGE.escalations, told
