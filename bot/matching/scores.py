"""Words -> a score for each entry; a sentence encoder can stand beside the words as a second view."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, Protocol, Self

import numpy as np

from bot.knowledge.entry import Entry
from bot.matching import softmax
from bot.matching.linear import ByRow, Linear
from bot.matching.ngrams import TOGETHER, Floats, Index, Places, Strips, Vector, pieces, words_and_pairs
from bot.matching.reading import Reader, Reading

SHARES = (0.45, 0.55)  # of the likeness: by words and pairs, by pieces of words; flat from 0.25 to 0.6 of the first
KEYWORD_WEIGHT = 0.5  # of a phrasing's: a keyword says what an entry is about, not how it is asked for
NEAREST_SCALE = 10  # brings leads to the size that the linear classifier gives, for which the thresholds were made
ASKED_WEIGHT = 2  # times as much as the rest of the message counts a question in it

Indexes = tuple[Index, Index]  # of words and pairs, of pieces of words
Vectors = tuple[Vector, Vector]  # of a text, by each of them


@dataclass(frozen=True, slots=True)
class Row:
    """One thing an entry can be known by: its question, a phrasing or a keyword; `entry` is its place in the list."""

    entry: int
    reading: Reading
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Named:
    """Texts that stand for one thing, as the phrasings of an entry do."""

    id: str
    phrasings: tuple[str, ...]
    keywords: tuple[str, ...] = ()

    @property
    def question(self) -> str:
        """Give the first of them."""
        return self.phrasings[0]

    @property
    def asked_by(self) -> tuple[str, ...]:
        """Give all of them."""
        return self.phrasings


def rows_of(entries: Sequence[Entry | Named], reader: Reader) -> tuple[Row, ...]:
    """Give all rows of the entries, in order; the same words twice in an entry make one row."""
    return tuple(row for place, entry in enumerate(entries) for row in _rows(place, entry, reader))


def _rows(place: int, entry: Entry | Named, reader: Reader) -> Iterable[Row]:
    texts = dict.fromkeys(entry.asked_by, 1.0)
    texts = dict.fromkeys(entry.keywords, KEYWORD_WEIGHT) | texts
    seen: dict[tuple[str, ...], Row] = {}
    for text, weight in sorted(texts.items(), key=lambda item: -item[1]):
        reading = reader.read_own(text)
        if reading.words:
            seen.setdefault(reading.words, Row(place, reading, weight))
    return seen.values()


class Seen(NamedTuple):
    """What a view makes of a text."""

    scores: Floats  # entry by entry, higher the better it fits; differences are natural log odds
    nearness: Callable[[Places], Floats]  # of some entries: how alike the nearest phrasing is, 1 at most


class View(Protocol):
    """One way of seeing how far each entry fits a text."""

    def see(self, reading: Reading) -> Seen:
        """Look at a text."""
        ...


FitView = Callable[[Sequence[Row], int], View]


class Weighed(NamedTuple):
    """What the words make of a text."""

    scores: Floats  # of each entry
    nearest: Callable[[int], int]  # of an entry: the place of the row that is most like the text


class Dual:
    """The linear classifier: a weight for each row and entry."""

    def __init__(self, indexes: Indexes, starts: Places, weights: Floats) -> None:
        self._starts = starts  # each entry's first row, and the end
        self._linear = tuple(Linear(index, weights) for index in indexes)
        self._by_row = ByRow(indexes, SHARES)
        for linear in self._linear:
            linear.forget_frequent()  # last: both have taken what they need of the rows

    def weigh(self, vectors: Vectors) -> Weighed:
        """Give the score of each entry, and the nearest row of any."""
        words, parts = (linear.scores(vector) for linear, vector in zip(self._linear, vectors, strict=True))
        return Weighed(SHARES[0] * words + SHARES[1] * parts, partial(self._nearest, self._by_row.spread(vectors)))

    def _nearest(self, text: Floats, entry: int) -> int:
        first, end = int(self._starts[entry]), int(self._starts[entry + 1])
        return first + int(self._by_row.likeness(text, first, end).argmax())


class Nearest:
    """What stands in for it with very many rows: the nearest row of each entry, and how near all its rows are."""

    def __init__(self, indexes: Indexes, starts: Places) -> None:
        self._indexes = indexes
        self._starts = starts  # each entry's first row, and the end

    def weigh(self, vectors: Vectors) -> Weighed:
        """Give the score of each entry, and the nearest row of any."""
        words, parts = (index.likeness_to(vector) for index, vector in zip(self._indexes, vectors, strict=True))
        likeness = SHARES[0] * words + SHARES[1] * parts
        first = self._starts[:-1]
        mean = np.add.reduceat(likeness, first) / np.diff(self._starts)
        scores = NEAREST_SCALE * (np.maximum.reduceat(likeness, first) + 2 * mean)
        return Weighed(scores.astype(np.float32), partial(self._nearest, likeness))

    def _nearest(self, likeness: Floats, entry: int) -> int:
        first, end = int(self._starts[entry]), int(self._starts[entry + 1])
        return first + int(likeness[first:end].argmax())


class LexicalView:
    """Classifier on the n-grams of words and of pieces of words."""

    def __init__(self, indexes: Indexes, classifier: Dual | Nearest) -> None:
        self._words, self._parts = indexes
        self._classifier = classifier

    @classmethod
    def fit(cls, rows: Sequence[Row], entries: int, start: Floats | None = None) -> Self:
        """Learn from rows which n-grams speak for which of the entries, beginning with the weights of `start`."""
        indexes = indexes_of(rows)
        starts = np.searchsorted([row.entry for row in rows], np.arange(entries + 1))
        if len(rows) > softmax.MOST_ROWS:
            return cls(indexes, Nearest(indexes, starts))
        likeness = softmax.Halved.empty(len(rows))
        fill(likeness.strips, indexes, softmax.WHOLE)
        return cls(indexes, Dual(indexes, starts, weights_of(rows, likeness, entries, start)))

    def weigh(self, reading: Reading) -> Weighed | None:
        """Give the score of each entry and how to find its nearest row; None where no row has anything of the text."""
        vectors = vectors_of((self._words, self._parts), reading)
        return self._classifier.weigh(vectors) if any(len(places) for places, _ in vectors) else None

    def unknown_share(self, reading: Reading) -> float:
        """Give how much of what a text says (by idf) is in words that no row has, from 0 to 1."""
        weights, known = self._words.telling(dict.fromkeys(reading.words))
        return float(weights[~known].sum() / (weights.sum() or 1.0))


def likeness_of(rows: Sequence[Row]) -> Floats:
    """Give how alike each row is to each other."""
    likeness = np.zeros((len(rows), len(rows)), np.float32)
    fill([likeness[start : start + TOGETHER, start:] for start in range(0, len(rows), TOGETHER)], indexes_of(rows), 1)
    for row in range(len(likeness)):
        likeness[row:, row] = likeness[row, row:]
    return likeness


def labels_of(rows: Sequence[Row]) -> Places:
    """Give the entry of each row."""
    return np.array([row.entry for row in rows], np.int64)


def importance_of(rows: Sequence[Row]) -> Floats:
    """Give how much each row counts."""
    return np.array([row.weight for row in rows], np.float32)


def weights_of(rows: Sequence[Row], likeness: softmax.Likeness, entries: int, start: Floats | None = None) -> Floats:
    """Give the weight of each row for each entry, from how alike they are, beginning with those of `start`."""
    return softmax.fit(likeness, labels_of(rows), entries, importance_of(rows), start=start)


def indexes_of(rows: Sequence[Row]) -> Indexes:
    """Give the rows by their words and pairs, and by their pieces of words."""
    words = Index(_counts(words_and_pairs, row.reading) for row in rows)
    return words, Index(_counts(pieces, row.reading) for row in rows)


def vectors_of(indexes: Indexes, reading: Reading) -> Vectors:
    """Give a text as each of the indexes sees it."""
    words, parts = indexes
    return words.vector(_counts(words_and_pairs, reading)), parts.vector(_counts(pieces, reading))


def fill(strips: Strips, indexes: Indexes, whole: float) -> None:
    """Write down how alike each row is to each other, 1 as `whole`."""
    for index, share in zip(indexes, SHARES, strict=True):
        index.add_likeness_of_rows(share * whole, strips)
    for strip in strips:
        for at in range(len(strip)):
            strip[at:, at] = strip[at, at : len(strip)]


def _counts(grams: Callable[[tuple[str, ...]], Counter[int]], reading: Reading) -> Counter[int]:
    counts = grams(reading.words)
    for gram, n in grams(reading.asked).items():
        counts[gram] += (ASKED_WEIGHT - 1) * n
    return counts
