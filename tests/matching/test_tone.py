"""What is learnt from where there are more examples than fit (no cry is left out for the sake of small talk)."""

from __future__ import annotations

import pytest

from bot.knowledge.entry import Synonyms
from bot.knowledge.examples import CHATTER, HARMLESS
from bot.matching import tone
from bot.matching.reading import Reader
from bot.matching.scores import Named, rows_of
from bot.matching.tone import too_many

KINDS = (CHATTER, HARMLESS, "suicide")


def fewer(most: int, *counts: int) -> list[str]:
    """Learn from so many of each kind, and give the kinds of what is left."""
    named = [
        Named(kind, tuple(f"{kind} number{at}" for at in range(count)))
        for kind, count in zip(KINDS, counts, strict=True)
    ]
    rows = rows_of(named, Reader.of([], Synonyms(), []))
    return [KINDS[row.entry] for row in tone._fewer(rows, KINDS, most)]


def test_as_long_as_they_fit_all_are_learnt_from() -> None:
    assert len(fewer(20, 10, 5, 5)) == 20


def test_what_is_over_is_taken_evenly_from_what_raises_no_alarm() -> None:
    left = fewer(12, 10, 5, 5)
    assert len(left) == 12
    assert left.count("suicide") == 5
    assert left.count(CHATTER) in (4, 5)


def test_only_where_there_is_too_much_danger_alone_some_of_that_goes_as_well() -> None:
    left = fewer(4, 1, 1, 10)
    assert len(left) == 4


def test_how_many_are_over_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tone, "MOST_EXAMPLES", 3)
    assert too_many({CHATTER: ("hello there", "hello, there!", "nice one"), "suicide": ("a", "b")}) == 1
    assert too_many({CHATTER: ("hello there",)}) == 0
