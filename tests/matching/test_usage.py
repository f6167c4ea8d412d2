"""What words stand beside each other in the knowledge base tells of a word between two others."""

from __future__ import annotations

import pickle

import pytest

from bot.matching.usage import END, Usage

USAGE = Usage([("i", "want", "to", "die"), ("i", "want", "to", "go", "home"), ("the", "want", "of", "sleep"), ()])


def test_words_and_pairs_are_counted_with_where_texts_begin_and_end() -> None:
    assert (USAGE.of("want"), USAGE.of("to"), USAGE.of("sea")) == (3, 2, 0)
    assert (USAGE.of_pair("want", "to"), USAGE.of_pair("to", "want"), USAGE.of_pair("want", "sea")) == (2, 0, 0)
    assert (USAGE.of_pair(END, "i"), USAGE.of_pair("die", END), USAGE.of_pair("to", END)) == (2, 1, 0)


def test_the_words_are_given() -> None:
    assert sorted(USAGE.words()) == ["die", "go", "home", "i", "of", "sleep", "the", "to", "want"]


def test_a_word_is_likelier_where_it_has_been_seen() -> None:
    assert USAGE.likelihood("to", "die", END) > USAGE.likelihood("to", "of", END)
    assert USAGE.likelihood("want", "to", "die") > USAGE.likelihood("want", "of", "die")


def test_unknown_neighbours_tell_nothing() -> None:
    assert USAGE.likelihood("zzz", "want", "qqq") == pytest.approx(3 / sum(map(USAGE.of, {*USAGE.words(), END})))


def test_it_can_be_kept_in_a_file() -> None:
    again = pickle.loads(pickle.dumps(USAGE))  # noqa: S301 - our own
    assert again.of_pair("want", "to") == 2


def test_an_empty_knowledge_base_makes_every_word_impossible() -> None:
    assert Usage([]).likelihood("i", "want", "to") == 0
