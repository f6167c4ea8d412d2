"""An eligibility question: answered first, then what is missing is asked for, then what lists say; never a verdict."""

from __future__ import annotations

import re

import pytest

from tests.world import World

VERDICT = re.compile(r"\byou are (?:not )?eligible\b|\byou (?:do not )?qualify\b", re.IGNORECASE)
SURE = "can you get hsct with secondary progressive ms?"


async def test_the_answer_comes_first_and_the_follow_up_is_offered_after_it(world: World) -> None:
    anna = world.asker("anna")
    (answer,) = await anna.asks(SURE)
    assert "Compare with published lists" in {button.label for button in answer.buttons}


async def test_it_is_offered_under_a_choice_only_where_the_choice_is_about_that(world: World) -> None:
    anna = world.asker("anna")
    (choice,) = await anna.asks("early menopase risk hsct age 40")
    age = next(button for button in choice.buttons if button.subject.startswith("eligibility-age:"))
    assert "Compare with published lists" not in {button.label for button in choice.buttons}
    (chosen,) = await anna.presses(age.label)
    assert "Compare with published lists" in {button.label for button in chosen.buttons}


async def test_what_was_told_already_is_not_asked_again_and_each_question_may_be_skipped(world: World) -> None:
    anna = world.asker("anna")
    await anna.asks("I am 54, I live in the UK, I use a rollator. can you get hsct with spms?")
    (first,) = await anna.presses("Compare with published lists")
    questions = [first.text()]
    for _ in range(6):
        if not any(button.label == "Skip this" for button in anna.got()[-1].buttons):
            break
        (shown,) = await anna.presses("Skip this")
        questions.append(shown.text())
    *asked, lists = questions
    everything = " ".join(asked)
    assert "How old are you" not in everything
    assert "Which type of MS" not in everything
    assert "Which country" not in everything
    assert "54" in lists
    assert not VERDICT.search(lists)


async def test_replies_can_be_typed_and_a_new_question_drops_the_follow_up(world: World) -> None:
    anna = world.asker("anna")
    await anna.asks(SURE)
    await anna.presses("Compare with published lists")
    (second,) = await anna.asks("uk")
    assert "Skip this" in {button.label for button in second.buttons}
    (answer,) = await anna.asks("how much does hsct cost in mexico?")
    assert world.app.live.knowledge.entries["cost-mexico"].short in answer.text()
    (other,) = await anna.asks("is hsct approved by the fda for ms?")
    assert world.app.live.knowledge.entries["fda-status"].short in other.text()


@pytest.mark.parametrize("country", ["UK", "US", "Australia", "skip"])
async def test_at_its_end_it_shows_lists_with_sources_and_no_verdict(world: World, country: str) -> None:
    anna = world.asker("anna")
    await anna.asks(SURE)
    await anna.presses("Compare with published lists")
    await anna.asks(country)
    (lists,) = await anna.presses("Show the lists now")
    assert re.search(r"\b20\d\d\b", lists.text())
    assert not VERDICT.search(lists.text())
    (every,) = await anna.presses("Lists of all countries")
    assert len(every.text()) > len(lists.text())
    assert not VERDICT.search(every.text())


async def test_what_was_told_is_purged_with_the_conversation(world: World) -> None:
    anna = world.asker("anna")
    await anna.asks(SURE)
    await anna.presses("Compare with published lists")
    await anna.asks("uk")
    world.clock.pass_(days=31)
    await world.app.privacy.purge(world.app.store, world.clock())
    async with world.app.store.transaction() as tx:
        profile = await tx.conversations.profile(world.people[anna.id], anna.group)
    assert profile.country is None
