"""How each action is acknowledged."""

from __future__ import annotations

import pytest

from bot.adapters.discord.actions import FORMS, First, first_for_command, first_for_press, form_argument
from bot.adapters.discord.commands import DESK_NAMES
from bot.escalation.room import COMMANDS
from bot.texts import texts_in


@pytest.mark.parametrize(
    ("action", "subject", "first"),
    [
        ("claim", "3", First.QUIETLY),
        ("more", "cost:1", First.QUIETLY),
        ("unknown", "", First.QUIETLY),
        ("reply", "3", First.FORM),
        ("note", "3", First.FORM),
        ("hand_back", "3", First.FORM),
        ("send_entry", "3", First.FORM),
        ("person", "", First.FORM),
        ("person", "17", First.QUIETLY),
        ("copy", "", First.OWN),
        ("share", "12", First.QUIETLY),
        ("step", "3", First.EDITS),
    ],
)
def test_each_press_has_its_first_response(action: str, subject: str, first: First) -> None:
    assert first_for_press(action, subject) is first


@pytest.mark.parametrize(
    ("name", "words", "first"),
    [
        ("ask", "what is hsct?", First.THINKING),
        ("faq", "", First.THINKING),
        ("claim", "12", First.THINKING),
        ("person", " ", First.FORM),
        ("person", "who has been to Riga?", First.THINKING),
    ],
)
def test_each_command_has_its_first_response(name: str, words: str, first: First) -> None:
    assert first_for_command(name, words) is first


@pytest.mark.parametrize(
    ("action", "subject", "words", "argument"),
    [
        ("reply", "12", " 5 mg is wrong \n", "12 5 mg is wrong"),
        ("hand_back", "12", "  ", "12 -"),
        ("person", "", "Who has been to Riga?", "Who has been to Riga?"),
    ],
)
def test_a_form_means_a_command(action: str, subject: str, words: str, argument: str) -> None:
    assert form_argument(action, subject, words) == argument


def test_every_form_has_texts_and_a_command_the_desk_knows() -> None:
    texts = texts_in()
    for form in FORMS.values():
        assert len(texts(form.label)) <= 45
        assert len(texts(form.title)) <= 45
        assert form.command in (*COMMANDS, *DESK_NAMES, "person")
