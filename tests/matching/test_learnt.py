"""What our own knowledge teaches comes along: what is the same is taken, and nearly the same is where fitting begins."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.entry import Synonyms
from bot.knowledge.examples import CHATTER
from bot.matching import learnt, softmax, tone
from bot.matching.learnt import Learnt
from bot.matching.matcher import reader_of
from bot.matching.reading import Reader
from bot.matching.scores import Named, Row, indexes_of, likeness_of, rows_of, weights_of
from bot.matching.tone import Tone, rows_to_learn

FEW = {CHATTER: ("hello there", "nice weather"), "suicide": ("i want to die", "kill me")}


def reader() -> Reader:
    return reader_of([], Synonyms(), FEW)


@pytest.mark.parametrize("by_meaning", [True, False])
def test_what_our_examples_teach_comes_along(knowledge: KnowledgeBase, by_meaning: bool) -> None:
    ours = reader_of(knowledge.entries.values(), knowledge.synonyms, knowledge.examples)
    rows = rows_to_learn(knowledge.examples, ours)
    known = learnt.read(tone.kept_as(by_meaning=by_meaning))
    assert known
    assert known.name == learnt.name_of(rows, by_meaning=by_meaning), "a first start is slow again: run `make vectors`"
    assert known.weights.shape == (len(rows), len(knowledge.examples))


@pytest.mark.parametrize("what", [learnt.WORDS, learnt.MEANING])
def test_fitting_begins_with_what_our_entries_teach(knowledge: KnowledgeBase, what: str) -> None:
    entries = sorted(knowledge.entries.values(), key=lambda entry: entry.id)
    rows = rows_of(entries, reader_of(entries, knowledge.synonyms, knowledge.examples))
    start = learnt.start(what, rows, len(entries))
    assert start is not None, "a changed phrasing takes long again: run `make vectors`"
    own = start[np.arange(len(rows)), [row.entry for row in rows]]
    assert (own > 0).mean() > 0.99


def test_what_is_known_already_is_not_learnt_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Tone.fit(reader(), FEW)
    rows = rows_to_learn(FEW, reader())
    file, read = tmp_path / "learnt.npz", learnt.read
    weights = tone.learn(rows, len(FEW), indexes_of(rows), None)
    learnt.write({tone.kept_as(by_meaning=False): Learnt.of(rows, weights, by_meaning=False)}, file)
    monkeypatch.setattr(learnt, "read", lambda what: read(what, file))
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


COLOURS = ("red", "green", "blue", "pink", "white", "black", "brown", "grey", "gold", "plum")


def rows(**changed: str) -> tuple[Row, ...]:
    """Give rows of three classes, of which two share a text, with some texts changed."""
    named = [
        Named(name, (*(f"{name} {changed.get(c, c)}" for c in COLOURS), "shared")) for name in ("car", "hat", "tie")
    ]
    return rows_of(named, reader())


def test_with_a_few_new_rows_some_steps_lead_where_many_lead_from_nothing() -> None:
    kept = Learnt.of(rows(), weights_of(rows(), likeness_of(rows()), 3), by_meaning=False)
    new = rows(plum="violet")
    start = kept.start(new, 3)
    assert start is not None
    likeness = likeness_of(new)
    wanted = likeness @ weights_of(new, likeness, 3)
    assert np.abs(likeness @ weights_of(new, likeness, 3, start) - wanted).max() < 0.1 * np.abs(wanted).max()
    few = softmax.fit(likeness, np.array([row.entry for row in new]), 3, np.ones(len(new), np.float32), steps=2)
    assert np.abs(likeness @ few - wanted).max() > 0.1 * np.abs(wanted).max(), "the check could fail"


def test_a_new_class_in_between_moves_no_weights_to_another() -> None:
    kept = Learnt.of(rows(), weights_of(rows(), likeness_of(rows()), 3), by_meaning=False)
    more = [(row.entry if row.entry < 1 else row.entry + 1, row) for row in rows()]
    moved = tuple(Row(entry, row.reading, row.weight) for entry, row in more)
    start = kept.start(moved, 4)
    assert start is not None
    assert np.array_equal(start[:, [0, 2, 3]], kept.weights)
    assert not start[:, 1].any()


def test_of_too_many_other_rows_nothing_is_known() -> None:
    kept = Learnt.of(rows(), weights_of(rows(), likeness_of(rows()), 3), by_meaning=False)
    assert kept.start(rows(plum="violet"), 3) is not None
    assert kept.start(rows(plum="violet", gold="ochre"), 3) is None
    assert kept.start(rows()[:-4], 3) is None, "of which some have been left out to be asked"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nonsense", b"nonsense"])
def test_where_nothing_useful_is_kept_it_is_learnt(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "learnt.npz"
    assert learnt.read("words", file) is None
    learnt.write({"words": Learnt.of(rows(), np.ones((33, 3), np.float32), by_meaning=False)}, file)
    assert learnt.read("words", file) is not None
    assert learnt.read("meaning", file) is None
    whole = file.read_bytes()
    file.write_bytes(content or whole[: len(whole) // 2])
    assert learnt.read("words", file) is None
    middle = whole.index(b"words-weights.npy") + 60
    file.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    assert learnt.read("words", file) is None, "a bit has flipped"
