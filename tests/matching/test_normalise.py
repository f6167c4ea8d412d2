"""What counts as the same text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.entry import Synonyms
from bot.matching.normalise import READ_LIMIT, Normaliser, plain


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("I can\u2019t, I can`t, I can't!", "i cant i cant i cant"),
        ("ca't, do\u2019t, 't is", "cant dont t is"),
        ("Ménière’s NAÏVE cafe\u0301", "menieres naive cafe"),
        ("\uff28\uff33\uff23\uff34 ①", "hsct 1"),  # full-width letters
        ("ste\u200bm ce\u00adlls\u202e", "stem cells"),  # zero width, soft hyphen, right-to-left
        ("one\x00two\nthree\tfour", "one two three four"),
        ("EDSS 6.5, paid $54,000.", "edss 6.5 paid dollars 54000"),
        ("pleeeease, phase III", "pleease phase iii"),
        ("see https://example.org/a?b=c now", "see now"),
        ("a-HSCT / anti-LINGO-1", "a hsct anti lingo 1"),
        ("👍 😀", ""),
        ("Что такое HSCT", "что такое hsct"),
    ],
)
def test_spelling_of_letters_does_not_matter(written: str, words: str) -> None:
    assert " ".join(plain(written)) == words


def test_the_country_us_is_not_the_people_us() -> None:
    assert plain("Does the US do it? Tell us.") == ("does", "the", "usa", "do", "it", "tell", "us")
    assert plain("US") == ("usa",)


def test_in_a_shouted_message_us_may_be_people() -> None:
    assert "us" in plain("PLEASE HELP US TODAY")


def test_a_very_long_message_is_compared_by_its_beginning() -> None:
    assert plain("word " * READ_LIMIT) == plain("word " * (READ_LIMIT // 5))


@given(st.text())
def test_whatever_is_written_plain_words_are_plain(text: str) -> None:
    words = plain(text)
    assert plain(" ".join(words)) == words or len(" ".join(words)) > READ_LIMIT
    assert all(word and not word.isspace() for word in words)


def test_every_name_of_a_thing_becomes_the_same_words() -> None:
    normaliser = Normaliser(Synonyms({"stem cell transplant": "HSCT", "aHSCT": "HSCT", "SCT": "HSCT"}))
    for name in ("a stem-cell transplant", "A SCT", "a aHSCT", "a hsct"):
        assert normaliser.words(name) == ("a", "hsct")


def test_the_longest_name_wins() -> None:
    normaliser = Normaliser(Synonyms({"stem cell": "cells", "stem cell transplant": "hsct"}))
    assert normaliser.words("stem cell or stem cell transplant") == ("cells", "or", "hsct")


def test_a_name_with_another_name_in_it_stays_whole() -> None:
    normaliser = Normaliser(Synonyms({"attack": "relapse", "heart attacks": "heart attack"}))
    assert normaliser.words("a heart attack is no attack") == ("a", "heart", "attack", "is", "no", "relapse")


def test_empty_synonyms_change_nothing() -> None:
    assert Normaliser(Synonyms({"...": "x"})).words("what is it") == ("what", "is", "it")
