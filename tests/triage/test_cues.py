"""The cue language: what a phrase of the file finds."""

from __future__ import annotations

import pytest

from bot.knowledge.safety import Safety
from bot.triage.cues import Pattern, Phrases, Speller

PHRASES = Phrases({"fruit": ["apple", "ripe pear/plum"]}, ["really", "a"])


@pytest.mark.parametrize(
    ("phrase", "sentence", "found"),
    [
        ("cant breathe", "i cant breathe", True),
        ("can't breathe", "i cant breathe", True),
        ("cant breathe", "i cant really breathe", True),
        ("cant breathe", "i cant , breathe", True),
        ("cant breathe", "i cant see", False),
        ("can", "cannot", False),
        ("high/raised temp*", "raised temperature", True),
        ("want ... end", "want this all to end", True),
        ("want ... end", "want one two three four five end", False),
        ("lost my? way", "lost way", True),
        ("eat <fruit>", "eat a ripe plum", True),
        ("^ is ... ripe", "so is the plum ripe", True),
        ("^ is ... ripe", "the plum is not ripe", False),
        ("<number> days", "three days", True),
        ("in <year>", "in 2015", True),
        ("in <year>", "in 20", False),
    ],
)
def test_a_phrase_finds_its_words(phrase: str, sentence: str, found: bool) -> None:
    pattern = PHRASES.anywhere([phrase])
    assert pattern
    assert bool(pattern.search(PHRASES.ready(sentence))) is found


@pytest.mark.parametrize(
    ("before", "denied"),
    [
        ("i have no", True),
        ("no real", False),
        ("no really", True),
        ("no cough or", True),
        ("no idea if its flu or", False),
    ],
)
def test_no_reaches_over_small_words_and_or(before: str, denied: bool) -> None:
    pattern = PHRASES.at_end(["no"])
    assert pattern
    assert bool(pattern.search(PHRASES.ready(before))) is denied


def test_a_pattern_is_compiled_when_it_is_first_looked_for_and_once() -> None:
    written: list[str] = []

    def write() -> str:
        written.append("fever")
        return "fever"

    pattern = Pattern(write)
    assert not written
    assert pattern.search("a fever")
    assert [found.start() for found in pattern.finditer("fever , fever")] == [0, 8]
    assert written == ["fever"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("feever", "fever"),
        ("siezure", "seizure"),
        ("suicdal", "suicidal"),
        ("brething", "breathing"),
        ("temprature", "temperature"),
    ],
)
def test_a_typo_in_a_key_word_is_seen_through(safety: Safety, typed: str, read: str) -> None:
    assert Speller(safety).respell(typed) == read


@pytest.mark.parametrize(
    "word",
    [
        "never",
        "fewer",
        "chess",
        "strike",
        "injection",
        "dignity",
        "singles",
        "ambulant",
        "smelling",
        "visiting",
        "clever",
    ],
)
def test_an_ordinary_word_is_never_taken_for_a_typo(safety: Safety, word: str) -> None:
    assert Speller(safety).respell(word) == word
