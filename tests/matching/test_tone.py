"""What is learnt from where there are more examples than fit (no cry is left out for the sake of small talk), and when."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.entry import Synonyms
from bot.knowledge.examples import CHATTER, HARMLESS
from bot.matching import learnt, tone
from bot.matching.matcher import reader_of
from bot.matching.reading import Reader
from bot.matching.scores import Named, indexes_of, rows_of
from bot.matching.tone import Tone, rows_to_learn, too_many

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


FEW = {CHATTER: ("hello there", "nice weather"), "suicide": ("i want to die", "kill me")}


def reader() -> Reader:
    return reader_of([], Synonyms(), FEW)


@pytest.mark.parametrize("by_meaning", [True, False])
def test_what_our_examples_teach_comes_along(knowledge: KnowledgeBase, by_meaning: bool) -> None:
    ours = reader_of(knowledge.entries.values(), knowledge.synonyms, knowledge.examples)
    rows = rows_to_learn(knowledge.examples, ours)
    weights = learnt.read(learnt.name_of(rows, by_meaning=by_meaning))
    assert weights is not None, "a first start is slow again: run `make vectors`"
    assert weights.shape == (len(rows), len(knowledge.examples))


def test_what_is_known_already_is_not_learnt_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Tone.fit(reader(), FEW)
    rows = rows_to_learn(FEW, reader())
    file, read = tmp_path / "learnt.npz", learnt.read
    weights = tone.learn(rows, len(FEW), indexes_of(rows), None)
    learnt.write({"of others": 0 * weights, learnt.name_of(rows, by_meaning=False): weights}, file)
    monkeypatch.setattr(learnt, "read", lambda name: read(name, file))
    monkeypatch.setattr(tone, "learn", None)  # nobody may ask
    asked = reader().read("i want to die now")
    assert Tone.fit(reader(), FEW).shares(asked) == before.shares(asked)


def test_other_examples_words_or_encoders_are_known_by_another_name() -> None:
    named = [
        learnt.name_of(rows_to_learn(examples, reader()), by_meaning=by_meaning)
        for examples in (FEW, FEW | {CHATTER: ("hello there",)}, FEW | {CHATTER: ("hello there", "nice feather")})
        for by_meaning in (True, False)
    ]
    assert len(set(named)) == len(named)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nonsense", b"nonsense"])
def test_where_nothing_useful_is_kept_it_is_learnt(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "learnt.npz"
    assert learnt.read("name", file) is None
    learnt.write({"name": np.ones((4, 2), np.float32)}, file)
    assert learnt.read("another", file) is None
    whole = file.read_bytes()
    file.write_bytes(content or whole[: len(whole) // 2])
    assert learnt.read("name", file) is None
    file.write_bytes(whole.replace(np.float32(1).tobytes() * 3, np.float32(2).tobytes() * 3))
    assert learnt.read("name", file) is None, "a bit has flipped"
