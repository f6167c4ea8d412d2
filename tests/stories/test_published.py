"""What leads publish is found by its new words, and no longer when it is taken back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.config import CuratingSettings
from bot.triage.triage import Triage
from tests.stories.test_curating import SHORT, Desk, a_finished_draft, desk, go_live, publishes, two_leads
from tests.world import World, a_world


@pytest.fixture
async def world(few_answers_triage: Triage, few_answers: Path, database_url: str) -> AsyncIterator[World]:
    """A world with few answers: each change is fitted to, and with all of them that takes long."""
    async with a_world(few_answers_triage, database_url, knowledge=few_answers) as made:
        yield made


async def test_two_leads_publish_and_members_get_the_answer(world: World) -> None:
    lea, luc = await two_leads(world)
    kb = await a_finished_draft(world, world.volunteer("ben"))
    assert "with the leads" in await kb.kb("propose 1")
    assert "1 of 2 leads" in await lea.kb("approve 1")
    assert "may-i-bring-slippers-to-the-ward" not in world.app.live.knowledge.entries
    told = await luc.kb("approve 1")
    assert "Published as change 1" in told
    assert any("Published as change 1" in one.message.text() for one in world.telegram.sent), "every desk hears of it"
    await go_live(world)
    entry = world.app.live.knowledge.entries["may-i-bring-slippers-to-the-ward"]
    assert entry.short == SHORT
    assert entry.reviewed_on == world.clock().date()
    got = await world.asker("anna").asks("are house shoes allowed?")
    assert SHORT in got[0].text()


async def two_edits_of_one_entry(world: World) -> Desk:
    """A lead has proposed both, and published the first."""
    lea = desk(world.lead("lea"))
    for number in (1, 2):
        await lea.kb("edit cost-mexico")
        await lea.kb(f"keywords {number} price, peso {number}")
        await lea.kb(f"propose {number}")
    assert "Published" in await lea.kb("approve 1")
    return lea


async def test_two_proposals_for_one_entry_do_not_overwrite_each_other(world: World) -> None:
    lea = await two_edits_of_one_entry(world)
    await go_live(world)
    assert "has changed since this was begun" in await lea.kb("approve 2")


async def test_nor_when_the_second_is_approved_before_the_first_is_live(world: World) -> None:
    lea = await two_edits_of_one_entry(world)
    assert "was changed a moment ago" in await lea.kb("approve 2")
    await go_live(world)
    assert "has changed since this was begun" in await lea.kb("approve 2")


OTHER = {1: "is decided already", 2: "was changed a moment ago"}  # what the one hears who would publish it too


@pytest.mark.parametrize("approvals", [1, 2])
@pytest.mark.parametrize("second", [1, 2], ids=["the same proposal", "another one for the same entry"])
async def test_of_two_leads_at_the_same_moment_one_publishes_and_the_other_is_told(
    few_answers_triage: Triage, few_answers: Path, url: str, approvals: int, second: int
) -> None:
    setting = CuratingSettings(approvals=approvals)
    async with a_world(few_answers_triage, url, knowledge=few_answers, curating=setting) as world:
        ben, leads = desk(world.volunteer("ben")), await two_leads(world)
        for number in (1, 2):
            await ben.kb("edit cost-mexico")
            await ben.kb(f"keywords {number} price, peso {number}")
            await ben.kb(f"propose {number}")
        if approvals == 2 and second == 2:
            await leads[0].kb("approve 2")
            await leads[1].kb("approve 1")
        await asyncio.gather(leads[0].kb("approve 1"), leads[1].kb(f"approve {second}"))
        await world.app.outbox.settle()  # the one's answer may have left among the other's
        sent = [*world.adapter("telegram").sent, *world.adapter("discord").sent]
        told = "".join(delivery.message.text() for delivery in sent)
        async with world.app.store.transaction() as tx:
            assert len(await tx.curating.history(9)) == 1
        other = "1 of 2 leads" if (approvals, second) == (2, 1) else OTHER[second]
        assert "Published as change 1" in told
        assert other in told


async def test_words_published_a_moment_ago_are_not_lost_under_a_review_of_the_old_ones(world: World) -> None:
    words = "We found no price for 2026. Ask for a dated quote, and about the risks."
    lea = desk(world.lead("lea"))
    await lea.kb("edit cost-mexico")
    await lea.kb(f"short 1 {words}")
    await lea.kb("propose 1")
    assert "Published" in await lea.kb("approve 1")
    assert "was changed a moment ago" in await lea.kb("reviewed cost-mexico")
    await go_live(world)
    assert "Published" in await lea.kb("reviewed cost-mexico")
    await go_live(world)
    assert world.app.live.knowledge.entries["cost-mexico"].short == words


async def test_an_edit_is_live_over_the_file_and_undone_again(world: World) -> None:
    lea = desk(world.lead("lea"))
    before = world.app.live.knowledge.entries["cost-mexico"]
    await lea.kb("edit cost-mexico")
    told = await lea.kb("question 1 What is the price in Mexico?")
    assert "Changed: Question." in told
    assert before.question in told
    await publishes(world, lea, 1)
    assert world.app.live.knowledge.entries["cost-mexico"].question == "What is the price in Mexico?"
    assert "took change 1 back" in await lea.kb("undo 1")
    await go_live(world)
    assert world.app.live.knowledge.entries["cost-mexico"] == before
    assert "no change 1 that could be taken back" in await lea.kb("undo 1")
    assert "undone" in await lea.kb("history")


async def test_a_change_under_a_newer_one_is_not_said_to_be_gone_while_its_words_are_shown(world: World) -> None:
    lea = desk(world.lead("lea"))
    before = world.app.live.knowledge.entries["cost-mexico"]
    await lea.kb("edit cost-mexico")
    await lea.kb("question 1 What is the price in Mexico?")
    await publishes(world, lea, 1)
    assert "Published as change 2" in await lea.kb("reviewed cost-mexico")
    told = await lea.kb("undo 1")
    assert "took" not in told
    assert "Change 2 of the same entry is newer" in told
    assert "/kb undo 2" in told
    assert "took change 2 back" in await lea.kb("undo 2")
    assert "took change 1 back" in await lea.kb("undo 1")
    await go_live(world)
    assert world.app.live.knowledge.entries["cost-mexico"] == before


async def test_a_retired_entry_is_no_longer_said(world: World) -> None:
    lea = desk(world.lead("lea"))
    told = await lea.kb("retire regulation-elsewhere")
    assert "would no longer say" in told
    await publishes(world, lea, 1)
    assert "regulation-elsewhere" not in world.app.live.knowledge.entries


async def test_new_words_were_read_by_no_clinician(world: World) -> None:
    lea = desk(world.lead("lea"))
    await lea.kb("reviewed cost-mexico by Dr A. Example (clinician)")
    await go_live(world)
    await lea.kb("edit cost-mexico")
    await lea.kb("question 2 What is the price in Mexico?")
    await publishes(world, lea, 2)
    entry = world.app.live.knowledge.entries["cost-mexico"]
    assert (entry.question, entry.reviewed_by) == ("What is the price in Mexico?", "our editors")


async def test_what_one_process_publishes_is_said_by_another_until_it_is_taken_back(
    few_answers_triage: Triage, few_answers: Path, url: str
) -> None:
    words = "We found no price for 2026. Ask for a dated quote, and about the risks."
    async with (
        a_world(few_answers_triage, url, knowledge=few_answers) as one,
        a_world(few_answers_triage, url, knowledge=few_answers, first=1000) as other,
    ):
        lea, before = desk(one.lead("lea")), other.app.live.knowledge.entries["cost-mexico"]
        await lea.kb("edit cost-mexico")
        await lea.kb(f"short 1 {words}")
        await lea.kb("propose 1")
        assert "Published as change 1" in await lea.kb("approve 1")
        try:
            await other.app.reload.look()
            got = await other.asker("anna").asks("how much is it in mexico?")
            assert words in got[0].text()
            await lea.kb("undo 1")
            await other.app.reload.look()
            assert other.app.live.knowledge.entries["cost-mexico"] == before
        finally:
            await other.app.reload.stop()
