"""A bot is started on an answer that promises a cure: nobody is shown it, a person gets the question, leads hear where."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.curating import Kind
from bot.domain.messages import Address
from bot.knowledge.overlay import fields_of
from tests.stories.test_curating import desk
from tests.world import DESK, World, a_world

QUESTION = "How much does HSCT cost in Mexico?"
ASKED = "what would the bill be for a transplant in mexico"
PROMISE = "HSCT cures MS, guaranteed. "


@pytest.fixture
def folder(few_answers: Path, tmp_path: Path) -> Path:
    made = Path(shutil.copytree(few_answers, tmp_path / "knowledge"))
    costs = made / "entries" / "costs.yaml"
    before, mexico, after = costs.read_text(encoding="utf-8").partition("id: cost-mexico\n")
    assert mexico
    costs.write_text(
        before + mexico + after.replace("short: >-\n      ", f"short: >-\n      {PROMISE}", 1), encoding="utf-8"
    )
    return made


@pytest.fixture
async def world(folder: Path) -> AsyncIterator[World]:
    async with a_world(None, knowledge=folder) as made:
        yield made


async def told_to_leads(world: World) -> str:
    await world.app.reload.settle()
    await world.app.outbox.settle()
    there = Address("discord", DESK)
    return "\n".join(one.message.text() for one in world.discord.sent if one.message.to == there)


async def test_who_asks_gets_a_person_and_not_a_word_of_the_answer(world: World) -> None:
    anna = world.asker("anna")
    got = await anna.asks(ASKED)
    assert "The answer to this is being mended" in got[0].text()
    assert ASKED in world.card(1).text()
    await anna.commands("faq", "costs")
    await anna.presses(QUESTION)
    await anna.presses("More")
    assert "cures MS" not in "\n".join(one.text() for one in anna.got())


async def test_leads_hear_file_line_and_reason_and_when_it_is_mended(world: World, folder: Path) -> None:
    told = await told_to_leads(world)
    assert "words that nobody may be told" in told
    assert "costs.yaml:" in told
    assert "`short` holds a guarantee ('guaranteed')" in told
    lea = desk(world.lead("lea"))
    assert "is withheld" in await lea.kb("edit cost-mexico")
    costs = folder / "entries" / "costs.yaml"
    costs.write_text(costs.read_text(encoding="utf-8").replace(PROMISE, ""), encoding="utf-8")
    assert "in order again" in await told_to_leads(world)
    (answer,) = await world.asker("anna").asks(ASKED)
    assert "being mended" not in answer.text()
    assert "is withheld" not in await lea.kb("edit cost-mexico")


async def test_what_was_published_under_milder_rules_can_be_taken_back_or_retired(few_answers: Path) -> None:
    async with a_world(None, knowledge=few_answers) as world:
        lea, lou = desk(world.lead("lea")), desk(world.lead("lou"))
        await lea.kb("open")
        entry = world.app.live.knowledge.entries["cost-mexico"]
        words = fields_of(entry) | {"short": PROMISE}
        async with world.app.store.transaction() as tx:
            number = await tx.curating.add(Kind.EDIT, entry.id, words, 1, world.clock(), basis="", leads=True)
            one = await tx.curating.get(number)
            assert one is not None
            await tx.curating.propose(one, world.clock())
            one = await tx.curating.get(number)
            assert one is not None
            assert await tx.curating.publish(one, words, world.clock()) is not None
        assert "published in chat" in await told_to_leads(world)
        said = await lea.kb("edit cost-mexico")
        assert "/kb undo" in said
        assert "/kb retire cost-mexico" in said
        assert "Proposal 2" in await lea.kb("retire cost-mexico")
        await lea.kb("propose 2")
        assert "a moment ago" not in await lou.kb("approve 2")
        await world.app.reload.settle()
        assert "There is no entry cost-mexico" in await lea.kb("edit cost-mexico")
