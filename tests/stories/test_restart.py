"""The process ends between each two steps, and nothing is gone."""

from __future__ import annotations

from pathlib import Path

from bot.triage.triage import Triage
from tests.world import a_world


async def test_a_question_is_answered_across_a_restart_between_each_two_steps(triage: Triage, tmp_path: Path) -> None:
    database = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    async with a_world(triage, database, first=1) as world:
        await world.asker("anna").commands("person", "does the hospital in Puebla have wifi")
        card = world.card(1)
    async with a_world(triage, database, first=100) as world:
        await world.volunteer("ben").at_desk(1, button=card.buttons[0])
        assert "Ben, a volunteer, has your question #1" in world.asker("anna").got()[-1].text()
        claimed = world.card(1)
    async with a_world(triage, database, first=200) as world:
        await world.volunteer("ben").at_desk(1, "Yes, it has.")
        assert "Yes, it has." in world.asker("anna").got()[-1].text()
    async with a_world(triage, database, first=300) as world:
        close = next(button for button in claimed.buttons if button.label == "Close")
        await world.volunteer("ben").at_desk(1, button=close)
        closing = world.asker("anna").got()[-1]
    async with a_world(triage, database, first=400) as world:
        await world.asker("anna").presses("This helped", on=closing)
        assert "Thank you for saying so." in world.asker("anna").got()[-1].text()


async def test_a_choice_is_completed_after_a_restart(triage: Triage, tmp_path: Path) -> None:
    database = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    async with a_world(triage, database, first=1) as world:
        (asked_back,) = await world.asker("anna").asks("mexico")
    async with a_world(triage, database, first=100) as world:
        (answer,) = await world.asker("anna").asks("2")
        entry_id = asked_back.buttons[1].subject.split(":")[0]
        assert triage.knowledge.entries[entry_id].short in answer.text()


async def test_what_was_stored_and_not_sent_goes_out_after_the_restart(triage: Triage, tmp_path: Path) -> None:
    database = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    async with a_world(triage, database, first=1) as world:
        world.telegram.goes_down()
        await world.asker("anna").asks("how much does hsct cost in mexico?")
        assert world.asker("anna").got() == []
    async with a_world(triage, database, first=100) as world:
        world.clock.pass_(minutes=5)
        await world.app.outbox.settle()
        (answer,) = world.asker("anna").got()
        assert triage.knowledge.entries["cost-mexico"].short in answer.text()
