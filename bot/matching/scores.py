"""Words -> a score for each entry; a sentence encoder can stand beside the words as a second view."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np

from bot.knowledge.entry import Entry
from bot.matching import softmax
from bot.matching.ngrams import Floats, Index, pieces, words_and_pairs
from bot.matching.reading import Reader, Reading

WORD_SHARE = 0.45  # of the likeness is by words and pairs, the rest by pieces of words; flat from 0.25 to 0.6
KEYWORD_WEIGHT = 0.5  # of a phrasing's: a keyword says what an entry is about, not how it is asked for
ASKED_WEIGHT = 2  # times as much as the rest of the message counts a question in it


@dataclass(frozen=True, slots=True)
class Row:
    """One thing an entry can be known by: its question, a phrasing or a keyword; `entry` is its place in the list."""

    entry: int
    reading: Reading
    weight: float = 1.0


def rows_of(entries: Sequence[Entry], reader: Reader) -> tuple[Row, ...]:
    """Give all rows of the entries, in order; the same words twice in an entry make one row."""
    return tuple(row for place, entry in enumerate(entries) for row in _rows(place, entry, reader))


def _rows(place: int, entry: Entry, reader: Reader) -> Iterable[Row]:
    texts = dict.fromkeys((entry.question, *entry.phrasings), 1.0)
    texts = dict.fromkeys(entry.keywords, KEYWORD_WEIGHT) | texts
    seen: dict[tuple[str, ...], Row] = {}
    for text, weight in sorted(texts.items(), key=lambda item: -item[1]):
        reading = reader.read_own(text)
        if reading.words:
            seen.setdefault(reading.words, Row(place, reading, weight))
    return seen.values()


class View(Protocol):
    """One way of seeing how far each entry fits a text."""

    def score(self, reading: Reading) -> Floats:
        """Give a number for each entry, higher the better it fits; differences are natural log odds."""
        ...


FitView = Callable[[Sequence[Row], int], View]


class LexicalView:
    """Linear classifier on the n-grams of words and of pieces of words."""

    def __init__(self, words: Index, parts: Index, weights: Floats) -> None:
        self._words = words
        self._parts = parts
        self._weights = weights

    @classmethod
    def fit(cls, rows: Sequence[Row], entries: int) -> Self:
        """Learn from rows which n-grams speak for which of the entries."""
        words = Index([_counts(words_and_pairs, row.reading) for row in rows])
        parts = Index([_counts(pieces, row.reading) for row in rows])
        likeness = WORD_SHARE * words.likeness_of_rows() + (1 - WORD_SHARE) * parts.likeness_of_rows()
        labels = np.array([row.entry for row in rows], np.int64)
        importance = np.array([row.weight for row in rows], np.float32)
        return cls(words, parts, softmax.fit(likeness, labels, entries, importance))

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
        scores: Floats = likeness @ self._weights
        return scores

    def unknown_share(self, reading: Reading) -> float:
        """Give how much of what a text says (by idf) is in words that no row has, from 0 to 1."""
        weights = {word: self._words.weight(word) for word in reading.words}
        unknown = sum(weight for word, weight in weights.items() if not self._words.knows(word))
        return unknown / (sum(weights.values()) or 1.0)


def _counts(grams: Callable[[tuple[str, ...]], Counter[str]], reading: Reading) -> Counter[str]:
    counts = grams(reading.words)
    for gram, n in grams(reading.asked).items():
        counts[gram] += (ASKED_WEIGHT - 1) * n
    return counts
