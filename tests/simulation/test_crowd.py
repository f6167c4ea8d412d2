"""Many people at once, through the front door and over the wire: what must hold is checked after every step."""

from __future__ import annotations

from bot.triage.triage import Triage
from tests.simulation.crowd import Crowd
from tests.simulation.front_door import FrontDoor
from tests.simulation.scene import Size
from tests.simulation.wire import a_wire
from tests.world import a_world

SEED = 2026
SMALL = Size(volunteers=6, askers=10, escalations=25)
OVER_THE_WIRE = Size(volunteers=6, askers=10, escalations=50)


async def test_nothing_is_lost_mixed_up_or_left_unseen(triage: Triage, database_url: str) -> None:
    async with a_world(triage, database_url) as world:
        crowd = Crowd(FrontDoor(world, SEED), SMALL, SEED)
        await crowd.run()
    much_has_happened(crowd)


async def test_over_both_platforms_wires_it_holds_as_well(triage: Triage) -> None:
    async with a_wire(triage, SEED) as wire:
        crowd = Crowd(wire, OVER_THE_WIRE, SEED)
        await crowd.run()
    much_has_happened(crowd)


def much_has_happened(crowd: Crowd) -> None:
    assert len(crowd.done) > 25, "nearly everything that can happen did"
    assert len(crowd.ledger.arrived) > 15
    assert len(crowd.ledger.asked) + len(crowd.ledger.gone) > crowd.size.escalations
