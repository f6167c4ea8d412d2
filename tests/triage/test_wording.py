"""Plain words out of everything people type."""

from __future__ import annotations

import pytest

from bot.triage.wording import raw_sentences, sentences


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("I can't breathe!!", "i cant breathe"),
        ("I can not breathe", "i cant breathe"),
        ("I CANNOT BREATHE", "i cant breathe"),
        ("I\u2019m not OK", "i am not ok"),
        ("dont wanna live", "dont want to live"),
        ("temp 38,5°C", "temp 38.5 c"),
        ("54,000 dollars", "54000 dollars"),
        ("s u i c i d e", "suicide"),
        ("su1cide, k!ll", "suicide , kill"),
        ("pleeeease", "please"),
        ("fièvre", "fievre"),
        ("zero\u200bwidth", "zerowidth"),
        ("hes on day 9", "he is on day 9"),
    ],
)
def test_spellings_of_one_thing_become_one(typed: str, read: str) -> None:
    assert sentences(typed) == (read,)


def test_sentences_end_at_marks_and_lines_but_not_in_numbers() -> None:
    assert sentences("Temp 38.5. Day 9\nHelp") == ("temp 38.5", "day 9", "help")


def test_a_line_broken_in_mid_sentence_is_one_sentence() -> None:
    assert sentences("my temp is\nreally high") == ("my temp is really high",)


def test_raw_sentences_keep_their_words_and_marks() -> None:
    assert raw_sentences("Hi! I saw Dr. Burt in the U.S. last year. Is it open?") == (
        "Hi!",
        "I saw Dr. Burt in the U.S. last year.",
        "Is it open?",
    )
