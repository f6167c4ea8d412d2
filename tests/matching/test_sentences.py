"""The second view, and the vectors it keeps on disk."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from bot.knowledge.base import KnowledgeBase
from bot.matching import encoder, sentences, softmax, vectors
from bot.matching.matcher import Matcher
from bot.matching.ngrams import Floats
from bot.matching.reading import Reader
from bot.matching.scores import FitView, rows_of
from bot.matching.sentences import SentenceView
from bot.matching.vectors import AT_A_TIME, SHIPPED, InBytes, Vectors, name_of, read
from tests.matching.conftest import CALIBRATION, ENTRIES, SYNONYMS
from tools.ship_vectors import texts_of

BOTH = replace(CALIBRATION, weights=(0.8, 0.8, -0.6, 0.4, 1.0), views=("lexical", "sentences"))
TEXT = "is it going to leave me unable to become a mother"


@pytest.fixture(scope="module")
def both() -> Matcher:
    return Matcher.fit(ENTRIES, SYNONYMS, BOTH, [SentenceView.fit])


def test_it_finds_by_meaning_what_shares_no_word(both: Matcher) -> None:
    best = both.match("could I become a mother, or a dad").best
    assert best is not None
    assert best.entry_id == "risk-fertility"


def test_typos_are_put_right_before_a_sentence_is_encoded() -> None:
    reader = Reader.of(ENTRIES, SYNONYMS)
    view = SentenceView.fit(rows_of(ENTRIES, reader), len(ENTRIES))
    slipped, meant = (view.see(reader.read(text)) for text in ("fertilty of egggs", "fertility of eggs"))
    assert np.array_equal(slipped.scores, meant.scores)


def test_a_phrasing_asked_again_is_as_near_as_can_be() -> None:
    reader = Reader.of(ENTRIES, SYNONYMS)
    view = SentenceView.fit(rows_of(ENTRIES, reader), len(ENTRIES))
    nearness = view.see(reader.read("no energy a year on is that usual")).nearness
    *others, fatigue = nearness(np.arange(len(ENTRIES))).tolist()
    assert fatigue == pytest.approx(1, abs=1e-3)
    assert max(others) < 0.8


def test_a_matcher_that_was_stored_brings_no_model_along(both: Matcher) -> None:
    stored = pickle.dumps(both)
    assert len(stored) < 1_000_000
    assert pickle.loads(stored).match(TEXT) == both.match(TEXT)  # noqa: S301 - our own bytes


def test_the_order_of_entries_changes_nothing(both: Matcher) -> None:
    again = Matcher.fit(ENTRIES[::-1], SYNONYMS, BOTH, [SentenceView.fit])
    assert again.match(TEXT) == both.match(TEXT)


@pytest.mark.parametrize(
    "text", ["PRICE of it in mexico, Thanks!", "price   of it in mexico thanks", "Price of it in méxico"]
)
def test_capitals_spaces_and_commas_change_no_entry(both: Matcher, text: str) -> None:
    best = both.match(text).best
    assert best is not None
    assert best.entry_id == "cost-mexico"


@pytest.mark.parametrize("others", [(), (SentenceView.fit,)], ids=["none", "minilm"])
def test_with_very_many_phrasings_other_classifiers_take_over(
    others: tuple[FitView, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(softmax, "MOST_ROWS", 3)
    monkeypatch.setattr(softmax, "fit", lambda *_: pytest.fail("its matrix does not fit into memory"))
    ours = Matcher.fit(ENTRIES, SYNONYMS, BOTH if others else CALIBRATION, others)
    for entry in ENTRIES:
        best = ours.match(entry.question).best
        assert best is not None
        assert best.entry_id == entry.id


def test_vectors_are_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Vectors(tmp_path).of(["one", "two", "one"])
    encoded: list[str] = []
    encode = encoder.Encoder.encode

    def noting(self: encoder.Encoder, text: str) -> Floats:
        encoded.append(text)
        return encode(self, text)

    monkeypatch.setattr(encoder.Encoder, "encode", noting)
    again = Vectors(tmp_path).of(["two", "three"])
    assert encoded == ["three"]
    assert np.array_equal(again[0], first[1])
    assert np.array_equal(first[0], first[2])


def test_what_was_encoded_before_a_stop_is_not_encoded_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "PART", 2)
    encode = encoder.Encoder.encode

    def stopping(self: encoder.Encoder, text: str) -> Floats:
        if text == "four":
            raise KeyboardInterrupt
        return encode(self, text)

    monkeypatch.setattr(encoder.Encoder, "encode", stopping)
    with pytest.raises(KeyboardInterrupt):
        Vectors(tmp_path).of(["one", "two", "three", "four"])
    assert Vectors(tmp_path).missing(["one", "two", "three", "four"]) == 2


def test_what_is_no_longer_asked_for_is_not_kept(tmp_path: Path) -> None:
    Vectors(tmp_path).of([f"text {number}" for number in range(40)])
    (file,) = tmp_path.iterdir()
    before = file.stat().st_size
    later = Vectors(tmp_path)
    later.of(["text 1"])
    later.of(["of a later day"])
    later.forget_others(than=["text 2"])
    assert later.missing(["text 1", "text 2", "of a later day"]) == 0
    assert file.stat().st_size < before / 5


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nonsense", b"nonsense"])
def test_a_spoilt_file_of_vectors_is_made_anew(tmp_path: Path, content: bytes) -> None:
    before = Vectors(tmp_path).of(["one"])
    (file,) = tmp_path.iterdir()
    file.write_bytes(content)
    assert np.array_equal(Vectors(tmp_path).of(["one"]), before)
    assert file.read_bytes() != content


def test_a_folder_that_cannot_be_written_costs_nothing_else(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert Vectors(blocked / "cache").of(["one"]).shape == (1, encoder.WIDTH)


def test_the_light_mode_loads_neither_model_nor_its_libraries() -> None:
    code = (
        "import sys; from bot.matching import cache; cache.views('none'); "
        "assert not {'onnxruntime', 'tokenizers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_view_can_be_fitted_with_its_own_vectors(tmp_path: Path, both: Matcher) -> None:
    fitted = Matcher.fit(ENTRIES, SYNONYMS, BOTH, [partial(SentenceView.fit, vectors=Vectors(tmp_path))])
    assert fitted.match(TEXT) == both.match(TEXT)


def test_the_vectors_that_come_along_are_those_of_our_phrasings(knowledge: KnowledgeBase) -> None:
    shipped = read(SHIPPED)
    lacking = [text for text in texts_of(knowledge) if name_of(text) not in shipped]
    assert len(lacking) < 0.1 * len(shipped), "a first start is slow again: run `make vectors`"


def test_a_vector_is_the_same_wherever_it_comes_from(tmp_path: Path, knowledge: KnowledgeBase) -> None:
    texts = texts_of(knowledge)[::400]
    assert np.allclose(Vectors(tmp_path).of(texts), Vectors(tmp_path, shipped=None).of(texts), atol=0.02)
    assert np.array_equal(Vectors(tmp_path, None).of(texts), Vectors(None, None).of(texts))


def test_the_spread_is_the_same_however_many_rows_are_looked_at_together(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(1)
    points = chance.standard_normal((40, 6), dtype=np.float32)
    labels, importance = np.repeat(np.arange(8), 5), chance.choice([0.5, 1.0], 40).astype(np.float32)
    starts = np.searchsorted(labels, np.arange(9))
    whole = sentences.by_means(points, labels, importance, starts)
    monkeypatch.setattr(sentences, "TOGETHER", 7)
    parts = sentences.by_means(points, labels, importance, starts)
    for one, other in zip(whole, parts, strict=True):
        assert np.allclose(one, other, atol=1e-5)


def test_vectors_in_bytes_are_as_alike_as_the_floats_they_came_from() -> None:
    some = np.random.default_rng(1).normal(size=(AT_A_TIME + 10, 8)).astype(np.float32)
    packed, asked = InBytes(some), some[7]
    assert np.allclose(packed.likeness(asked), some @ asked, atol=0.2), "more than are made floats at a time"
    assert np.allclose(packed.likeness(asked, 3, 9), packed.likeness(asked)[3:9])
    assert not len(packed.likeness(asked, 4, 4))


def test_vectors_in_bytes_take_one_of_nothing_but_zeros() -> None:
    assert InBytes(np.zeros((1, 4), np.float32)).likeness(np.ones(4, np.float32)).tolist() == [0]
