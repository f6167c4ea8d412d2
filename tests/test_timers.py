"""Timers: each feature is asked what is due, and the failure of one stops no other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.messages import Address, Block, CommandGiven, Handled, OutgoingMessage
from bot.domain.people import Person, Role
from bot.escalation.features import DeskFeature, Features
from bot.storage.store import Store, Transaction
from bot.timers import Timers
from tests.clock import Clock

DESK = Address("console", "desk")


async def _fails(_tx: Transaction, _now: datetime) -> Sequence[OutgoingMessage]:
    raise RuntimeError("on purpose")


async def _says(_tx: Transaction, _now: datetime) -> Sequence[OutgoingMessage]:
    return (OutgoingMessage(DESK, (Block("It is time."),)),)


async def test_a_feature_that_fails_stops_no_other() -> None:
    store = await Store.open("sqlite+aiosqlite:///:memory:")
    woken: list[bool] = []
    features = Features([DeskFeature("broken", due=_fails), DeskFeature("clock", due=_says)])
    await Timers(store, features, Clock(), lambda: woken.append(True)).look()
    async with store.transaction() as tx:
        assert sum((await tx.outbox.count()).values()) == 1
    assert woken == [True]
    await store.close()


async def _ignored(_tx: Transaction, _event: CommandGiven, _person: Person, _now: datetime) -> Handled:
    return Handled("ignored")


def test_what_is_for_leads_is_refused_to_volunteers() -> None:
    features = Features([DeskFeature("audit", commands={"audit": _ignored}, for_leads=frozenset({"audit"}))])
    assert features.allows("audit", Role.LEAD)
    assert not features.allows("audit", Role.VOLUNTEER)
    assert features.allows("desk", Role.VOLUNTEER)
