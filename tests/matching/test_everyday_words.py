"""Words that people use and the knowledge base does not."""

from __future__ import annotations

import pytest

from bot.matching.everyday_words import is_everyday


@pytest.mark.parametrize("word", ["door", "doors", "replied", "hopped", "nicely", "guitar", "paul", "tea", "fuller"])
def test_everyday_words_names_and_their_forms_are_known(word: str) -> None:
    assert is_everyday(word)


@pytest.mark.parametrize("word", ["wany", "ddie", "sayss", "endd", "degreees", "hs", "dke", "trasnplant"])
def test_slips_of_the_fingers_are_not(word: str) -> None:
    assert not is_everyday(word)
