"""Several processes on one PostgreSQL: whatever is away, the desks hear of it from one of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

import pytest

from bot.triage.triage import Triage
from bot.watch import DATABASE
from tests.storage.test_peers import until
from tests.world import World, a_world


@dataclass
class Process:
    """A process that looks whether everything works; it receives from no platform."""

    world: World
    tasks: list[asyncio.Task[None]]

    @classmethod
    def of(cls, world: World) -> Process:
        app = world.app
        peers = app.store.peers
        works = (peers.run(app.outbox.wake), peers.as_leader("watch", app.watch.lead))
        for name in ("telegram", "discord"):
            app.watch.platform(name).up()
        return cls(world, [asyncio.ensure_future(one) for one in works])

    @property
    def leads(self) -> bool:
        return self.world.app.watch._leads

    async def ends(self) -> None:
        for task in self.tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


@pytest.fixture
async def two(triage: Triage, url: str) -> AsyncIterator[tuple[Process, Process]]:
    async with a_world(triage, url) as first, a_world(triage, url, first=1000) as second:
        processes = Process.of(first), Process.of(second)
        await until(lambda: any(one.leads for one in processes))
        yield processes
        for one in processes:
            await one.ends()


async def alerts(two: tuple[Process, Process], *, minutes: int, trouble: str = "") -> int:
    """Let time pass in both; give how many alerts are stored for Discord's desk."""
    for one in two:
        for _ in range(minutes):
            one.world.clock.pass_(minutes=1)
            await one.world.app.watch.look()
    async with two[0].world.app.store.transaction() as tx:
        rows = await tx.connection.exec_driver_sql(
            "SELECT key FROM outbox WHERE platform = 'discord' AND key LIKE 'alert:%'"
        )
        return len([key for (key,) in rows.all() if trouble in key])


async def test_what_all_of_them_see_one_of_them_tells(two: tuple[Process, Process]) -> None:
    for one in two:
        one.world.app.watch.platform("telegram").down()
    assert await alerts(two, minutes=30) == 1


async def test_a_platform_that_another_process_is_connected_to_is_not_missed(two: tuple[Process, Process]) -> None:
    """It has not been reached from here, because it is not this one's to reach."""
    leader, other = sorted(two, key=lambda one: not one.leads)
    leader.world.app.adapters.standing_by.add("telegram")
    leader.world.app.watch.platform("telegram").down()
    assert await alerts(two, minutes=30) == 0
    other.world.app.adapters.connected.add("telegram")
    other.world.app.watch.platform("telegram").down()
    assert await alerts(two, minutes=30) == 1


async def test_while_the_database_is_away_the_one_that_led_last_tells(
    two: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    leader, other = sorted(two, key=lambda one: not one.leads)
    for one in two:
        await one.world.app.watch.look()

        async def refuses() -> None:
            raise ConnectionError

        monkeypatch.setattr(one.world.app.store, "answers", refuses)
        await one.ends()
        assert not one.leads
        for _ in range(5):
            one.world.clock.pass_(minutes=1)
            await one.world.app.watch.look()
        assert one.world.app.watch.parts[DATABASE].state
    told = [len(one.world.adapter("discord").sent) for one in (leader, other)]
    assert told == [1, 0]


async def test_what_one_of_them_told_the_next_leader_neither_tells_again_nor_leaves_open(
    two: tuple[Process, Process],
) -> None:
    for one in two:
        one.world.app.watch.platform("telegram").down()
    assert await alerts(two, minutes=30) == 1
    leader, other = sorted(two, key=lambda one: not one.leads)
    await leader.ends()
    await until(lambda: other.leads)
    assert await alerts(two, minutes=60) == 1, "it is the same outage"
    for one in two:
        one.world.app.watch.platform("telegram").up()
    assert await alerts(two, minutes=5, trouble=":over:") == 1
    assert await alerts(two, minutes=5) == 2


async def test_the_end_of_an_outage_of_the_database_is_told_by_whoever_told_of_it(
    two: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    leader, other = sorted(two, key=lambda one: not one.leads)
    with monkeypatch.context() as patched:
        for one in two:
            await one.world.app.watch.look()

            async def refuses() -> None:
                raise ConnectionError

            patched.setattr(one.world.app.store, "answers", refuses)
            for _ in range(5):
                one.world.clock.pass_(minutes=1)
                await one.world.app.watch.look()
    assert len(leader.world.adapter("discord").sent) == 1
    await leader.ends()
    await until(lambda: other.leads)
    assert await alerts(two, minutes=5) == 1
    assert await alerts(two, minutes=5, trouble="database:over:") == 1
