"""Words -> a score for each entry; a sentence encoder can stand beside the words as a second view."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, Self

import numpy as np

from bot.knowledge.entry import Entry
from bot.matching import softmax
from bot.matching.ngrams import Floats, Index, Places, pieces, words_and_pairs
from bot.matching.reading import Reader, Reading

WORD_SHARE = 0.45  # of the likeness is by words and pairs, the rest by pieces of words; flat from 0.25 to 0.6
KEYWORD_WEIGHT = 0.5  # of a phrasing's: a keyword says what an entry is about, not how it is asked for
NEAREST_SCALE = 10  # brings leads to the size that the linear classifier gives, for which the thresholds were made
ASKED_WEIGHT = 2  # times as much as the rest of the message counts a question in it


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


def rows_of(entries: Sequence[Entry | Named], reader: Reader) -> tuple[Row, ...]:
    """Give all rows of the entries, in order; the same words twice in an entry make one row."""
    return tuple(row for place, entry in enumerate(entries) for row in _rows(place, entry, reader))


def _rows(place: int, entry: Entry | Named, reader: Reader) -> Iterable[Row]:
    texts = dict.fromkeys((entry.question, *entry.phrasings), 1.0)
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


@dataclass(frozen=True, slots=True)
class Dual:
    """The linear classifier: a weight for each row and entry."""

    weights: Floats

    def scores(self, likeness: Floats) -> Floats:
        """Give the score of each entry."""
        scores: Floats = likeness @ self.weights
        return scores


@dataclass(frozen=True, slots=True)
class Nearest:
    """What stands in for it with very many rows: the nearest row of each entry, and how near all its rows are."""

    starts: Places  # each entry's first row, and the end

    def scores(self, likeness: Floats) -> Floats:
        """Give the score of each entry."""
        first = self.starts[:-1]
        mean = np.add.reduceat(likeness, first) / np.diff(self.starts)
        return (NEAREST_SCALE * (np.maximum.reduceat(likeness, first) + 2 * mean)).astype(np.float32)


class LexicalView:
    """Linear classifier on the n-grams of words and of pieces of words."""

    def __init__(self, words: Index, parts: Index, classifier: Dual | Nearest) -> None:
        self._words = words
        self._parts = parts
        self._classifier = classifier

    @classmethod
    def fit(cls, rows: Sequence[Row], entries: int) -> Self:
        """Learn from rows which n-grams speak for which of the entries."""
        words, parts = _indexes(rows)
        if len(rows) > softmax.MOST_ROWS:
            return cls(words, parts, Nearest(np.searchsorted([row.entry for row in rows], np.arange(entries + 1))))
        return cls(words, parts, Dual(weights_of(rows, _likeness_of_rows(words, parts), entries)))

    def likeness(self, reading: Reading) -> Floats:
        """Give how alike a text is to each row, from 0 to 1."""
        words = self._words.likeness(_counts(words_and_pairs, reading))
        parts = self._parts.likeness(_counts(pieces, reading))
        return WORD_SHARE * words + (1 - WORD_SHARE) * parts

    def score(self, reading: Reading) -> Floats:
        """Give the score of each entry."""
        return self.score_by(self.likeness(reading))

    def score_by(self, likeness: Floats) -> Floats:
        """Give the score of each entry from the likeness to each row."""
        return self._classifier.scores(likeness)

    def unknown_share(self, reading: Reading) -> float:
        """Give how much of what a text says (by idf) is in words that no row has, from 0 to 1."""
        weights = {word: self._words.weight(word) for word in reading.words}
        unknown = sum(weight for word, weight in weights.items() if not self._words.knows(word))
        return unknown / (sum(weights.values()) or 1.0)


def likeness_of(rows: Sequence[Row]) -> Floats:
    """Give how alike each row is to each other."""
    return _likeness_of_rows(*_indexes(rows))


def weights_of(rows: Sequence[Row], likeness: Floats, entries: int) -> Floats:
    """Give the weight of each row for each entry, from how alike they are."""
    labels = np.array([row.entry for row in rows], np.int64)
    importance = np.array([row.weight for row in rows], np.float32)
    return softmax.fit(likeness, labels, entries, importance)


def _indexes(rows: Sequence[Row]) -> tuple[Index, Index]:
    words = Index([_counts(words_and_pairs, row.reading) for row in rows])
    return words, Index([_counts(pieces, row.reading) for row in rows])


def _likeness_of_rows(words: Index, parts: Index) -> Floats:
    likeness, by_parts = words.likeness_of_rows(), parts.likeness_of_rows()
    likeness *= WORD_SHARE  # in place: with 6,000 rows each of these is 144 MB
    by_parts *= 1 - WORD_SHARE
    likeness += by_parts
    return likeness


def _counts(grams: Callable[[tuple[str, ...]], Counter[str]], reading: Reading) -> Counter[str]:
    counts = grams(reading.words)
    for gram, n in grams(reading.asked).items():
        counts[gram] += (ASKED_WEIGHT - 1) * n
    return counts
