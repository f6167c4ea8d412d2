"""The linear model, and the n-grams under it."""

from __future__ import annotations

import numpy as np
import pytest

from bot.matching import linear, ngrams, softmax
from bot.matching.ngrams import Index, pieces, words_and_pairs
from bot.matching.reading import Reader
from bot.matching.scores import SHARES, LexicalView, _counts, indexes_of, likeness_of, rows_of, weights_of
from tests.matching.conftest import ENTRIES, SYNONYMS, make_entry


def test_a_text_is_wholly_like_itself() -> None:
    index = Index([words_and_pairs(("how", "are", "you")), words_and_pairs(("fine",))])
    assert index.likeness(words_and_pairs(("how", "are", "you"))) == pytest.approx([1, 0])


def test_unknown_words_make_a_text_less_alike() -> None:
    index = Index([words_and_pairs(("cost", "mexico")), words_and_pairs(("risk",))])
    plain, strange = (index.likeness(words_and_pairs(words))[0] for words in (("cost",), ("cost", "zebra")))
    assert strange < plain


def test_the_likeness_of_rows_is_that_of_their_texts() -> None:
    rows = [pieces(words) for words in (("mexico", "price"), ("mexican",), ("eggs",), ())]
    index = Index(rows)
    likeness = np.zeros((4, 4), np.float32)
    index.add_likeness_of_rows(0.5, [likeness])
    assert likeness == pytest.approx(np.triu([0.5 * index.likeness(row) for row in rows]))


def test_rows_that_are_forgotten_leave_their_ngrams_known() -> None:
    index = Index([words_and_pairs(words) for words in (("cost", "mexico"), ("cost", "leeds"), ("risk",))])
    asked = index.vector(words_and_pairs(("cost", "risk")))
    before = index.likeness_to(asked)
    weights, _ = index.telling(["cost"])
    index.forget_rows_of(np.flatnonzero(index.frequencies > 1))
    assert index.likeness_to(asked) == pytest.approx([0, 0, before[2]])
    again, known = index.telling(["cost"])
    assert known.all()
    assert again == weights


def test_pieces_of_words_survive_a_typo() -> None:
    index = Index([pieces(("fertility",)), pieces(("monterrey",))])
    likeness = index.likeness(pieces(("fertilty",)))
    assert likeness[0] > 0.5 > likeness[1]


def test_with_very_many_rows_the_rarest_words_still_find_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ngrams, "MOST_HITS", 3)
    index = Index([words_and_pairs(("how", "is", word)) for word in ("mexico", "leeds", "ottawa", "perth")])
    likeness = index.likeness(words_and_pairs(("how", "is", "ottawa")))
    assert likeness.argmax() == 2
    assert likeness[[0, 1, 3]].max() == 0


def test_the_classifier_reaches_the_least_of_its_loss() -> None:
    chance = np.random.default_rng(1)
    points = chance.normal(size=(60, 8))
    likeness = (points @ points.T / 8).astype(np.float32)
    labels = np.arange(60) % 4
    importance = np.ones(60, np.float32)
    weights = softmax.fit(likeness, labels, 4, importance)
    scores = likeness @ weights
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    slope = shares - np.eye(4)[labels] + softmax.RIDGE * weights  # nothing left at the minimum
    assert np.vdot(slope, likeness @ slope) < 1e-4


def test_likeness_that_is_not_written_down_or_halved_gives_the_same_products(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(softmax, "TOGETHER", 7)
    points = np.abs(np.random.default_rng(2).normal(size=(30, 5))).astype(np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    weights = np.random.default_rng(3).normal(size=(30, 4)).astype(np.float32)
    likeness = points @ points.T
    halved = softmax.Halved.empty(30)
    for start, strip in zip(range(0, 30, 7), halved.strips, strict=True):
        strip += (likeness[start : start + 7, start:] * softmax.WHOLE).round().astype(np.int16)
    assert softmax.Alike(points) @ weights == pytest.approx(likeness @ weights, abs=1e-5)
    assert halved @ weights == pytest.approx(likeness @ weights, abs=1e-3)


def test_a_row_without_importance_hardly_counts() -> None:
    likeness = np.array([[1, 0.9], [0.9, 1]], np.float32)
    weights = softmax.fit(likeness, np.array([0, 1]), 2, np.array([1, 0.01], np.float32))
    assert np.all((likeness @ weights).argmax(axis=1) == 0)


def test_the_same_words_twice_in_an_entry_are_one_row() -> None:
    entry = make_entry("a", "What is it?", "what is it", "WHAT IS IT", keywords=("it", "What is it"))
    rows = rows_of([entry], Reader.of([entry], SYNONYMS))
    assert [(row.reading.text, row.weight) for row in rows] == [("What is it?", 1.0), ("it", 0.5)]


@pytest.mark.parametrize("rare", [0, 2, 1000], ids=["all summed up", "some", "none"])
def test_a_score_is_the_likeness_to_each_row_times_its_weight(rare: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear, "RARE", rare)
    reader = Reader.of(ENTRIES, SYNONYMS)
    rows = rows_of(ENTRIES, reader)
    indexes = indexes_of(rows)
    view, weights = LexicalView.fit(rows, len(ENTRIES)), weights_of(rows, likeness_of(rows), len(ENTRIES))
    for text in ("price in puebla", "will my eggs and periods come back?", "Lemtrada", "it costs zebras. Why?", "a"):
        reading = reader.read(text)
        grams = _counts(words_and_pairs, reading), _counts(pieces, reading)
        words, parts = (index.likeness(one) for index, one in zip(indexes, grams, strict=True))
        likeness = SHARES[0] * words + SHARES[1] * parts
        weighed = view.weigh(reading)
        assert weighed is not None
        assert weighed.scores == pytest.approx(likeness @ weights, abs=2e-3)  # it was learnt from shortened numbers
        for place in range(len(ENTRIES)):
            own = [number for number, row in enumerate(rows) if row.entry == place]
            assert likeness[weighed.nearest(place)] == pytest.approx(likeness[own].max())
            assert weighed.nearest(place) in own


def test_a_text_without_a_known_piece_has_no_scores() -> None:
    view = LexicalView.fit(rows_of(ENTRIES, reader := Reader.of(ENTRIES, SYNONYMS)), len(ENTRIES))
    assert view.weigh(reader.read("")) is None
    assert view.weigh(reader.read("\u5e72\u7ec6\u80de")) is None


def test_what_is_not_known_is_counted_by_its_weight() -> None:
    reader = Reader.of(ENTRIES, SYNONYMS)
    view = LexicalView.fit(rows_of(ENTRIES, reader), len(ENTRIES))
    assert view.unknown_share(reader.read("price of hsct in mexico")) == 0
    assert view.unknown_share(reader.read("zyzzyva qwyjibo")) == 1
    assert 0.5 < view.unknown_share(reader.read("the zyzzyva of qwyjibo")) < 1
    assert view.unknown_share(reader.read("")) == 0
