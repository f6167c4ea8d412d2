"""A part of the bot is away for long: the desks that can still be reached hear of it, once."""

from __future__ import annotations

import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy.exc import OperationalError

from bot.domain.link import Trouble
from bot.domain.messages import Address
from bot.storage.clashes import is_away
from bot.storage.store import Store
from bot.triage.triage import Triage
from bot.watch import CLOCK, DATABASE, DISK, KNOWLEDGE, LEAST_FREE, states
from tests.world import DESK, World, a_world


@pytest.fixture
async def world(triage: Triage, tmp_path: Path) -> AsyncIterator[World]:
    async with a_world(triage, f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}") as made:
        for name in ("telegram", "discord"):
            made.app.watch.platform(name).up()
        yield made


async def passes(world: World, *, minutes: int) -> None:
    for _ in range(minutes):
        world.clock.pass_(minutes=1)
        await world.app.watch.look()
    await world.app.outbox.settle()


def told(world: World, platform: str) -> list[str]:
    sent = [delivery.message for delivery in world.adapter(platform).sent]
    return [message.text() for message in sent if message.to == Address(platform, DESK)]


@contextmanager
def no_database(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuses(_: Store) -> NoReturn:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Store, "transaction", refuses)
        yield


async def test_a_platform_away_for_hours_is_told_on_the_other_one_and_so_is_its_return(world: World) -> None:
    world.app.watch.platform("telegram").down()
    await passes(world, minutes=9)
    assert told(world, "discord") == []
    await passes(world, minutes=300)
    (alert,) = told(world, "discord")
    assert "Telegram cannot be reached since 23 Nov 12:00 UTC" in alert
    assert "hsct-bot doctor" in alert
    assert told(world, "telegram") == []
    world.app.watch.platform("telegram").up()
    await passes(world, minutes=5)
    assert "Telegram works again" in told(world, "discord")[-1]
    assert len(told(world, "discord")) == 2


async def test_a_revoked_token_is_told_within_two_minutes_with_its_cure(world: World) -> None:
    world.app.watch.platform("discord").down(Trouble.REVOKED)
    await passes(world, minutes=2)
    (alert,) = told(world, "telegram")
    assert "Discord refuses the bot's token" in alert
    assert "make a new token" in alert


async def test_a_database_that_takes_nothing_is_told_past_the_outbox(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with no_database(monkeypatch):
        for _ in range(60):
            world.clock.pass_(minutes=1)
            await world.app.watch.look()
    for platform in ("telegram", "discord"):
        (alert,) = told(world, platform)
        assert "The database cannot be used" in alert
    await passes(world, minutes=1)
    assert "The database works again" in told(world, "discord")[-1]


@contextmanager
def full_disk(file: Path) -> Iterator[None]:
    """Let the system refuse to make any file longer than the database's log is now."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (Path(f"{file}-wal").stat().st_size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_disk_that_is_really_full_is_told_once_and_nothing_is_lost(world: World, tmp_path: Path) -> None:
    anna = world.asker("anna")
    for _ in range(5):
        await anna.asks("what is hsct?")
    question = anna.message("how much is it in mexico?")
    with full_disk(tmp_path / "bot.db"):
        for _ in range(3):
            with pytest.raises(OperationalError) as raised:
                await world.app.intake.accept(question)  # the platform delivers it again and again
            assert is_away(raised.value), "no mistake of ours: nobody is asked to answer in our place"
        for _ in range(60):
            world.clock.pass_(minutes=1)
            await world.app.watch.look()
        assert states(world.app.watch.parts)[DATABASE].startswith("unusable since ")
    for platform in ("telegram", "discord"):
        (alert,) = told(world, platform)
        assert "The database cannot be used" in alert
    before = len(anna.got())
    await world.happens(question)
    assert "Mexico" in anna.got()[before].text()
    await passes(world, minutes=5)
    assert [text for text in told(world, "discord") if "works again" in text] == told(world, "discord")[1:]
    assert len(told(world, "discord")) == 2


async def test_a_full_disk_is_told_before_it_is_too_late(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = LEAST_FREE - 1

    monkeypatch.setattr("bot.watch.shutil.disk_usage", lambda _: Usage)
    await passes(world, minutes=1)
    assert "nearly full" in told(world, "discord")[-1]


async def test_with_nobody_to_tell_it_is_told_when_a_desk_is_back(world: World) -> None:
    for name in ("telegram", "discord"):
        world.app.watch.platform(name).down()
    await passes(world, minutes=30)
    assert told(world, "telegram") == told(world, "discord") == []
    world.app.watch.platform("discord").up()
    await passes(world, minutes=1)
    assert "Telegram cannot be reached" in told(world, "discord")[-1]


async def test_what_was_told_before_a_restart_is_called_off_after_it(triage: Triage, tmp_path: Path) -> None:
    database = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    async with a_world(triage, database) as before:
        before.app.watch.platform("discord").up()
        before.app.watch.platform("telegram").down()
        await passes(before, minutes=15)
        assert len(told(before, "discord")) == 1
    async with a_world(triage, database, first=1000) as after:
        after.clock.pass_(minutes=30)
        for name in ("telegram", "discord"):
            after.app.watch.platform(name).up()
        await passes(after, minutes=3)
        (over,) = told(after, "discord")
        assert "Telegram works again" in over


async def test_the_state_of_each_part_is_said_in_a_line(world: World) -> None:
    world.app.watch.platform("telegram").down(Trouble.REVOKED)
    world.app.watch.platform("telegram").down()  # a lesser trouble does not hide the worse one
    assert states(world.app.watch.parts) == {
        KNOWLEDGE: "ok",
        DATABASE: "ok",
        CLOCK: "ok",
        DISK: "ok",
        "telegram": "revoked since 2026-11-23 12:00 UTC",
        "discord": "ok",
    }
