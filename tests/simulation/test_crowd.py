"""Many people at once, through the front door: what must hold is checked after every step."""

from __future__ import annotations

import pytest

from bot.triage.triage import Triage
from tests.simulation.crowd import Crowd, Size
from tests.world import a_world

SMALL = Size(volunteers=6, askers=10, escalations=25)


@pytest.mark.parametrize("seed", [2026])
async def test_nothing_is_lost_mixed_up_or_left_unseen(triage: Triage, seed: int) -> None:
    async with a_world(triage) as world:
        crowd = Crowd(world, SMALL, seed)
        await crowd.run()
    assert len(crowd.done) > 12, "nearly everything that can happen did"
    assert len(crowd.ledger.replied) > 20
    assert len(crowd.ledger.asked) > SMALL.escalations, "what was added later counts as well"
