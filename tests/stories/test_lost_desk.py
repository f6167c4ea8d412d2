"""A desk that is gone, forbidden or new: every open question still stands on every desk that works."""

from __future__ import annotations

from pathlib import Path

from bot.domain.messages import Address
from bot.triage.triage import Triage
from tests.world import DESK, World, a_world

TELEGRAM, DISCORD = Address("telegram", DESK), Address("discord", DESK)


def warnings(world: World, platform: str) -> list[str]:
    said = [delivery.message for delivery in world.adapter(platform).sent if delivery.replaces is None]
    return [message.text() for message in said if "did not take a message" in message.text()]


async def test_a_card_that_a_desk_did_not_take_comes_when_it_works_again(triage: Triage) -> None:
    async with a_world(triage) as world:
        world.discord.goes_down("the channel does not exist any more", permanent=True)
        await world.asker("anna").commands("person", "does the hospital in Puebla have wifi")
        assert world.on_desk(1) == []
        assert "wifi" in world.card(1, "telegram").text()
        world.discord.comes_back()
        await world.time_passes(minutes=10)
        assert world.on_desk(1) == [], "a desk that is gone is not tried again and again"
        await world.time_passes(minutes=70)
        assert "wifi" in world.card(1).text()
        await world.time_passes(hours=2)
        assert len([message for message in world.on_desk(1) if message.key == "card:1"]) == 1


async def test_the_other_desk_is_told_once_that_a_desk_takes_nothing(triage: Triage) -> None:
    async with a_world(triage) as world:
        world.discord.goes_down("the channel does not exist any more", permanent=True)
        for number in range(3):
            await world.asker(f"anna{number}").commands("person", "does the hospital in Puebla have wifi")
        (told,) = warnings(world, "telegram")
        assert "Discord" in told
        assert "the channel does not exist any more" in told
        assert "hsct-bot doctor" in told


async def test_a_new_desk_gets_the_cards_of_what_is_open(triage: Triage, tmp_path: Path) -> None:
    database = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    async with a_world(triage, database, desks=[TELEGRAM]) as world:
        anna = world.asker("anna")
        await anna.commands("person", "does the hospital in Puebla have wifi")
        await world.asker("bea").commands("person", "is there a laundry at the clinic in Puebla")
        await world.volunteer("ben", "telegram").at_desk(2, button=world.card(2, "telegram").buttons[0])
    async with a_world(triage, database, first=100, desks=[TELEGRAM, DISCORD]) as world:
        await world.time_passes(seconds=20)
        assert "wifi" in world.card(1).text()
        assert "with Ben" in world.card(2).text()
        assert world.on_desk(1, "telegram") == [], "the old desk has its card already"
        await world.volunteer("cleo").at_desk(1, button=world.card(1).buttons[0])
        assert "with Cleo" in world.card(1, "telegram").text()
