"""What members say to each other in a channel for questions, and what they ask of everybody."""

from __future__ import annotations

import pytest

from bot.triage.members import is_for_a_member


@pytest.mark.parametrize(
    "text",
    [
        "@Olga are you home yet?",
        "hey @sam_77 what did they say about your scan?",
        "thanks @Olga, and how is your mum?",
        "are you all right love?",
        "did you sleep, hun? x",
        "Honey, you need to rest",
        "oh pet, is your line still sore",
    ],
)
def test_who_is_spoken_to_by_name_or_as_friends_do_is_a_member(text: str) -> None:
    assert is_for_a_member(text)


@pytest.mark.parametrize(
    "text",
    [
        "how much is it in Mexico?",
        "@everyone has somebody been to Puebla?",
        "@admin how much is the deposit?",
        "@Olga thanks! Does anyone know the price in Moscow?",
        "can you tell me what it costs, love?",
        "would love to know what you charge",
        "my email is olga@example.com, what do you need from me?",
        "do you lose your hair?",
        "@Olga thank you. " + "I have read all of it, and now I would like to know how long it takes. " * 3,
    ],
)
def test_what_is_asked_of_everybody_is_for_no_member(text: str) -> None:
    assert not is_for_a_member(text)
