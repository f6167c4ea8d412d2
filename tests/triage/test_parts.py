"""Several questions in one message."""

from __future__ import annotations

import pytest

from bot.triage.parts import MOST_PARTS, split


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("how much is it and how long does it take", ("how much is it", "how long does it take")),
        ("how much is it how long does it take", ("how much is it", "how long does it take")),
        ("Is it a cure? Will my hair fall out?", ("Is it a cure?", "Will my hair fall out?")),
        ("I would like to know what it costs and how long it takes",
         ("I would like to know what it costs", "how long it takes")),
        ("How much in Mexico? And Russia?", ("How much in Mexico? and Russia?",)),
        ("Can I bring my husband and my dog", ("Can I bring my husband and my dog",)),
        ("how many months of my life do I need", ("how many months of my life do I need",)),
        ("is it safe and effective", ("is it safe and effective",)),
        ("Hello! What does a transplant cost in Russia? Thanks a lot", ("What does a transplant cost in Russia?",)),
        ("hello", ("hello",)),
        ("", ()),
    ],
)  # fmt: skip
def test_questions_are_told_apart(text: str, parts: tuple[str, ...]) -> None:
    assert split(text) == parts


def test_a_story_is_dropped_and_what_it_says_of_place_and_type_is_kept() -> None:
    story = (
        "Hi all! I live in Canada and have SPMS. It has been a hard year. Where can I get it and am I eligible? Thanks"
    )
    assert split(story) == ("Where can I get it (Canada, SPMS)", "am I eligible? (SPMS)")


def test_a_need_that_is_told_and_not_asked_is_a_part() -> None:
    told = "I have SPMS and am curious as to reversal of symptoms. Might be too late for me. And I'm very financially challenged."
    assert len(split(told)) == 3


def test_a_question_that_refers_to_the_story_keeps_it() -> None:
    assert split("My neurologist offers Ocrevus first. Is it better?") == (
        "My neurologist offers Ocrevus first. Is it better?",
    )


def test_asking_for_help_around_the_question_is_no_part() -> None:
    assert split("I have a question. Can anyone help? What does StarMS compare? I can't find anything.") == (
        "What does StarMS compare?",
    )


def test_there_are_at_most_six_parts() -> None:
    assert len(split("Does it hurt? " * 9)) == MOST_PARTS
