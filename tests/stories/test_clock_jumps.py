"""The clock jumps, by hours or days, forwards and back: nothing storms, nothing hangs, nothing is said twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from bot.domain.link import Trouble
from bot.moderation.gate import Limits
from tests.world import DESK, World

STRANGE = "does the hospital in Puebla have wifi in the rooms"
DANGER = "i want to kill myself"
KNOWN = "how much is it in mexico?"


async def looks(world: World, *, minutes: int = 10) -> int:
    """Let the timers look every 20 seconds; give how many messages that made."""
    before = said(world)
    for _ in range(minutes * 3):
        await world.time_passes(seconds=20)
        await world.app.watch.look()
    await world.app.outbox.settle()
    return said(world) - before


def said(world: World) -> int:
    return len(world.telegram.sent) + len(world.discord.sent)


def nothing_twice(world: World) -> None:
    times = Counter(delivery.number for one in (world.telegram, world.discord) for delivery in one.sent)
    assert set(times.values()) == {1}


@pytest.mark.parametrize("days", [0.25, 3, 400])
async def test_forwards_says_what_is_due_once(world: World, days: float) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.asks(STRANGE)
    await world.asker("dora").asks(STRANGE)
    await world.asker("emil").asks(DANGER)
    await ben.at_desk(1, press="Claim")
    await looks(world, minutes=1)
    world.clock.pass_(days=days)
    storm = await looks(world)
    assert storm <= 16, "a page, a call of the leads, a warning and a note to each asker, on two desks"
    assert "with Ben" in world.card(1).text(), "a claim has its warning first, however long the clock has jumped"
    assert await looks(world) <= 4, "the next page"
    nothing_twice(world)


async def test_there_and_back_says_nothing_again(world: World) -> None:
    await world.asker("anna").asks(STRANGE)
    await world.asker("emil").asks(DANGER)
    world.clock.pass_(days=3)
    await looks(world)
    world.clock.pass_(days=-3)
    assert await looks(world) <= 8, "one more page and call at the most"
    assert await looks(world) <= 4
    nothing_twice(world)


async def test_back_by_hours_what_waits_for_its_next_attempt_goes_out(world: World) -> None:
    anna = world.asker("anna")
    world.telegram.goes_down()
    await anna.asks(KNOWN)
    await world.time_passes(minutes=5)
    assert anna.got() == []
    world.clock.pass_(hours=-5)
    world.telegram.comes_back()
    await looks(world, minutes=1)
    (answer,) = anna.got()
    assert "Mexico" in answer.text()
    assert len(await anna.asks("what is hsct?")) == 1, "and so does what comes after it"
    nothing_twice(world)


async def test_back_by_hours_danger_is_paged_about_within_minutes(world: World) -> None:
    await world.asker("emil").asks(DANGER)
    await looks(world, minutes=25)
    before = len([one for one in world.on_desk(1) if one.alerts])
    world.clock.pass_(hours=-6)
    await looks(world, minutes=25)
    pages = len([one for one in world.on_desk(1) if one.alerts]) - before
    assert 1 <= pages <= 3, "no silence of six hours, and no storm"


async def test_back_by_days_nobody_is_forgotten_nor_lost_to_an_owner_who_went_away(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.asks(STRANGE)
    await ben.at_desk(1, press="Claim")
    world.clock.pass_(days=-30)
    await looks(world)
    assert any("not forgotten" in one.text() or "still" in one.text().lower() for one in anna.got())
    assert "with Ben" in world.card(1).text(), "its owner is asked first"
    await looks(world, minutes=70)
    assert "waiting" in world.card(1).text(), "and it goes back when no word came"
    assert await looks(world, minutes=60) <= 4
    nothing_twice(world)


async def test_back_by_hours_nobody_is_kept_from_asking(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = Limits(per_asker=3, per_group=100, window=timedelta(minutes=5))
    monkeypatch.setattr(world.app.intake._routing._gate, "_limits", limits)
    anna = world.asker("anna")
    for _ in range(4):
        await anna.asks(KNOWN, private=True)
    world.clock.pass_(hours=-5)
    assert "Mexico" in (await anna.asks(KNOWN, private=True))[0].text()


async def test_back_by_hours_a_new_outage_is_told_once(world: World) -> None:
    watch = world.app.watch
    leading = asyncio.create_task(watch.lead())  # of several processes the one that leads tells it
    for name in ("telegram", "discord"):
        watch.platform(name).up()
    watch.platform("telegram").down(Trouble.REVOKED)
    await looks(world, minutes=3)
    watch.platform("telegram").up()
    await looks(world, minutes=3)
    world.clock.pass_(hours=-5)
    watch.platform("telegram").down(Trouble.REVOKED)
    await looks(world, minutes=30)
    told = [one.message.text() for one in world.discord.sent if one.message.to.chat == DESK]
    leading.cancel()
    assert len([text for text in told if "refuses the bot's token" in text]) == 2
