"""Browsing and the other commands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.triage.triage import Triage
from tests.world import World


async def test_faq_leads_from_topics_to_questions_to_the_answer(world: World) -> None:
    anna = world.asker("anna")
    (topics,) = await anna.commands("faq")
    assert "Costs" in topics.text()
    assert "Questions a volunteer answers" not in topics.text()
    (questions,) = await anna.asks("Costs")
    entry = world.app.live.knowledge.entries["cost-mexico"]
    assert entry.question in questions.text()
    (answer,) = await anna.asks(entry.question)
    assert entry.short in answer.text()


async def test_faq_with_words_searches(world: World) -> None:
    (found,) = await world.asker("anna").commands("faq", "cost mexico")
    assert found.buttons[0].subject == "cost-mexico"


async def test_stages_in_order_one_at_a_time(world: World) -> None:
    anna = world.asker("anna")
    (listed,) = await anna.commands("stages")
    stages = world.app.live.knowledge.stages
    positions = [listed.text().index(stage.name) for stage in stages]
    assert positions == sorted(positions)
    (first,) = await anna.presses(stages[0].name)
    assert f"Stage 1 of {len(stages)}: {stages[0].name}" in first.text()
    assert "Back" not in {button.label for button in first.buttons}
    (second,) = await anna.asks("next")
    assert f"Stage 2 of {len(stages)}" in second.text()
    (again,) = await anna.asks("back")
    assert f"Stage 1 of {len(stages)}" in again.text()


@pytest.mark.parametrize("words", ["engraftment", "Stage 7", "7"])
async def test_a_stage_is_opened_by_name_or_number(world: World, words: str) -> None:
    (shown,) = await world.asker("anna").commands("stages", words)
    assert "Engraftment" in shown.text()
    assert shown.text().startswith("Stage ")


@pytest.mark.parametrize("words", ["7", "the 7", "stage 7"])
async def test_a_stage_of_the_list_is_chosen_by_its_number(world: World, words: str) -> None:
    anna = world.asker("anna")
    await anna.commands("stages")
    (shown,) = await anna.asks(words)
    assert "Stage 7 of 9: Engraftment" in shown.text()
    (another,) = await anna.asks("3")
    assert "Stage 3 of 9: Collection" in another.text()


async def test_a_stage_is_opened_by_words_without_a_list(world: World) -> None:
    (shown,) = await world.asker("anna").asks("Stage 7?")
    assert "Stage 7 of 9: Engraftment" in shown.text()


async def test_privacy_names_the_times_of_the_settings(world: World) -> None:
    (told,) = await world.asker("anna").commands("privacy")
    privacy = world.app.privacy
    assert f"for {privacy.audit_days} days, without words after {privacy.retention_days} days" in told.text()


async def test_person_without_words_says_which_question_the_volunteers_get(world: World) -> None:
    anna = world.asker("anna")
    await anna.asks("how much does hsct cost in mexico?")
    (told,) = await anna.commands("person")
    assert "They get what you asked last:\n\nhow much does hsct cost in mexico?" in told.text()
    assert "how much does hsct cost in mexico?" in world.card(1).text()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("help", "/forgetme"),
        ("privacy", "30 days"),
        ("mine", "no open question"),
        ("language", "English"),
        ("country", "/country UK"),
        ("nonsense", "/help"),
        ("claim", "Only volunteers"),
    ],
)
async def test_each_command_answers(world: World, name: str, words: str) -> None:
    (told,) = await world.asker("anna").commands(name)
    assert words in told.text()


async def test_ask_without_words_takes_the_next_message(world: World) -> None:
    anna = world.asker("anna")
    await anna.commands("ask")
    (answer,) = await anna.asks("how much does hsct cost in mexico?")
    assert world.app.live.knowledge.entries["cost-mexico"].short in answer.text()


async def test_person_without_words_hands_over_the_next_message_unmatched(world: World) -> None:
    anna = world.asker("anna")
    await anna.commands("person")
    (told,) = await anna.asks("how much does hsct cost in mexico?")
    assert "#1" in told.text()


@pytest.mark.parametrize("words", ["Ask a person", "none of these, ask a person", "human", "A volunteer!"])
async def test_the_words_for_a_person_get_one_with_no_button_in_sight(world: World, words: str) -> None:
    anna = world.asker("anna")
    (told,) = await anna.asks(words)
    assert "Write your question" in told.text()
    (opened,) = await anna.asks("how much does hsct cost in mexico")
    assert "#1" in opened.text()
    assert "cost in mexico" in world.card(1).text()


async def test_person_after_an_answer_hands_over_that_question(world: World) -> None:
    anna = world.asker("anna")
    await anna.asks("how much does hsct cost in mexico?")
    await anna.commands("person")
    assert "how much does hsct cost in mexico?" in world.card(1).text()


async def test_mine_shows_the_open_ones_in_private(world: World) -> None:
    anna = world.asker("anna")
    await anna.commands("person", "does the clinic have wifi")
    told, in_group = await anna.commands("mine")
    assert told.to == anna.dm
    assert "wifi" not in in_group.text()
    assert "#1: waiting. does the clinic have wifi" in told.text()


async def test_a_correction_in_the_group_reaches_the_volunteers_after_a_move_to_private(world: World) -> None:
    anna = world.asker("anna")
    await anna.commands("person", "does Puebla have wifi, i take 20 mg", message_id="q1")
    await anna.presses("Reply in private")
    await anna.commands("person", "does Puebla have wifi, i take 200 mg", message_id="q1", edited=True)
    assert "i take 200 mg" in world.on_desk(1)[-1].text()
    assert world.on_desk(2) == []


async def test_without_stages_even_an_old_button_says_so(world: World) -> None:
    anna, live = world.asker("anna"), world.app.live
    (listed,) = await anna.commands("stages")
    live.swap(Triage(replace(live.knowledge, stages=()), live.triage.matcher))
    for told in (await anna.presses(listed.buttons[0].label, listed), await anna.commands("stages", "3")):
        assert told[0].text() == "No stages are written down yet. /faq shows what I can answer."
