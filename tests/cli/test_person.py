"""What an operator does about one person while the bot runs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.cli.person import export_person, forget_person
from bot.config import Settings
from bot.errors import ConfigError
from bot.triage.triage import Triage
from tests.world import MEMORY, ROOT, World, a_world


@pytest.fixture
def url(database_url: str, tmp_path: Path) -> str:
    """A database that two processes can open."""
    return f"sqlite+aiosqlite:///{tmp_path}/bot.db" if database_url == MEMORY else database_url


async def the_bot_goes_on(world: World) -> None:
    """Have what is due by the real clock, which the command goes by, sent."""
    world.clock.pass_(seconds=(datetime.now(UTC) - world.clock()).total_seconds() + 1)
    await world.app.outbox.settle()


async def test_who_is_forgotten_by_the_operator_is_gone_from_the_desks_too(url: str, triage: Triage) -> None:
    settings = Settings(database_url=SecretStr(url), knowledge=ROOT / "knowledge")
    async with a_world(triage, url) as world:
        anna, ben = world.asker("anna"), world.volunteer("ben")
        await anna.commands("person", "does the clinic have wifi")
        await ben.at_desk(1, press="Claim")
        assert "wifi" in str(await export_person(settings, "telegram:anna"))
        await forget_person(settings, "telegram:anna", triage)
        await the_bot_goes_on(world)
        for adapter in (world.telegram, world.discord):
            removed = [one.message.to.thread for one in adapter.sent if one.message.deletes_thread]
            assert removed == ["thread-1"]
        with pytest.raises(ConfigError, match="Nothing is kept"):
            await export_person(settings, "telegram:anna")


async def test_what_a_forgotten_volunteer_had_is_back_in_the_queue_and_its_asker_is_told(
    url: str, triage: Triage
) -> None:
    settings = Settings(database_url=SecretStr(url), knowledge=ROOT / "knowledge")
    async with a_world(triage, url) as world:
        anna, ben = world.asker("anna"), world.volunteer("ben")
        await anna.commands("person", "does the clinic have wifi")
        await ben.at_desk(1, press="Claim")
        before = len(anna.got())
        await forget_person(settings, "discord:ben", triage)
        await the_bot_goes_on(world)
        (told,) = anna.got()[before:]
        assert "#1 is with the volunteers again" in told.text()
        async with world.app.store.transaction() as tx:
            (again,) = await tx.escalations.open_ones()
        assert again.owner is None
