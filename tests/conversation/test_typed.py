"""Typed words that mean a button."""

from __future__ import annotations

import pytest

from bot.conversation.typed import pressed
from bot.domain.messages import Button

CHOICES = (
    Button("How much does HSCT cost in Mexico?", "choose", "cost-mexico:1"),
    Button("What is not included in the price?", "choose", "cost-extras:1"),
    Button("None of these, ask a person", "none", "1"),
)
ANSWER = (
    Button("More", "more", "cost-mexico:1"),
    Button("Not what I meant", "not_meant", "1"),
    Button("Ask a person", "person", "1"),
)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("1", "cost-mexico:1"),
        ("2", "cost-extras:1"),
        (" 2. ", "cost-extras:1"),
        ("the second one", "cost-extras:1"),
        ("number two please", "cost-extras:1"),
        ("First", "cost-mexico:1"),
        ("how much does hsct cost in mexico", "cost-mexico:1"),
        ("3", "1"),
        ("none", "1"),
        ("None of these", "1"),
    ],
)
def test_a_choice_can_be_typed(text: str, subject: str) -> None:
    button = pressed(text, CHOICES)
    assert button is not None
    assert button.subject == subject


@pytest.mark.parametrize(
    "text", ["4", "0", "99999999999999999999", "how much is it in russia", "", "  ", "two or three"]
)
def test_other_words_are_no_choice(text: str) -> None:
    assert pressed(text, CHOICES) is None


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("more", "more"),
        ("MORE!", "more"),
        ("not what i meant", "not_meant"),
        ("a person", "person"),
        ("human", "person"),
    ],
)
def test_every_button_of_an_answer_works_as_text(text: str, action: str) -> None:
    button = pressed(text, ANSWER)
    assert button is not None
    assert button.action == action


def test_a_number_means_nothing_where_there_is_nothing_to_choose() -> None:
    assert pressed("2", ANSWER) is None


def test_a_question_that_starts_like_a_button_is_a_question() -> None:
    assert pressed("more information about costs in mexico please", ANSWER) is None


@pytest.mark.parametrize("text", ["yes", "Yes please!", "yep", "1"])
def test_yes_takes_the_only_question_that_is_offered(text: str) -> None:
    assert pressed(text, CHOICES[1:]) == CHOICES[1]
    assert pressed("yes", CHOICES) is None, "of two it says nothing"
    assert pressed("yes", CHOICES[1:], loosely=False) is None
