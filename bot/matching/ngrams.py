"""Words -> weighted n-grams (TF-IDF), and how alike a text is to each of the rows by them.

An n-gram goes by a number of 64 bits. With 10,000 entries there are 600,000 of them, and a table of so many strings
would hold the interpreter's lock for a tenth of a second each time it grows or goes, which an array does not.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from bot.matching.normalise import Words

Floats = NDArray[np.float32]
Places = NDArray[np.int64]
Rows = NDArray[np.int32]
Counts = NDArray[np.int32]
Numbers = NDArray[np.uint64]
Doubles = NDArray[np.float64]
Known = NDArray[np.bool_]
Grams = Mapping[int, int]  # n-gram, by its number -> how often it is in a text
Vector = tuple[Places, Floats]  # of a text: its n-grams, by their places, and how much each counts
Strips = Sequence[Floats | NDArray[np.int16]]  # `TOGETHER` rows by the first of them and all later rows

MOST_HITS = 50_000  # rows looked into for one message where each is compared: with more, the rarest n-grams alone
SHORTEST, LONGEST = 2, 4  # characters of a piece of a word
_END = np.array([np.iinfo(np.uint64).max], np.uint64)  # stands behind all numbers


@lru_cache(maxsize=4096)  # words and pairs; people use no more of them often
def number_of(gram: str) -> int:
    """Give the number of an n-gram, the same in every process; two that share one would be a first in history."""
    return int.from_bytes(hashlib.blake2b(gram.encode(), digest_size=8).digest())


def words_and_pairs(words: Words) -> Counter[int]:
    """Count single words and neighbouring pairs."""
    pairs = (f"{first} {second}" for first, second in pairwise(words))
    return Counter(map(number_of, (*words, *pairs)))


def pieces(words: Words) -> Counter[int]:
    """Count the pieces of each word, its beginning and end marked by a space."""
    return Counter(chain.from_iterable(map(_pieces_of, words)))


@lru_cache(maxsize=4096)  # words; 1 kB each
def _pieces_of(word: str) -> tuple[int, ...]:
    padded = f" {word} "
    lengths = range(SHORTEST, min(LONGEST, len(padded)) + 1)
    found = (padded[at : at + length] for length in lengths for at in range(len(padded) - length + 1))
    return tuple(map(number_of.__wrapped__, found))


FREQUENT = 400  # rows with an n-gram; 500 of 70,000 have more, and nineteen in twenty of all products are theirs
TOGETHER = 256  # rows that are multiplied at a time
AT_ONCE = 128  # n-grams of many rows that are multiplied at a time


class Index:
    """The rows by their n-grams: rare n-grams weigh more (TF-IDF), and every row has length one.

    N-grams that no row has make a text longer and so less alike to everything: what is not known must lower
    confidence.
    """

    def __init__(self, rows: Iterable[Grams]) -> None:
        """Take the rows one at a time: 18,000 of them take 20 MB as arrays, and ten times that as tables of counts."""
        counted = [_counted(row) for row in rows]
        grams = [numbers for numbers, _ in counted]
        self._known, in_rows = np.unique(np.concatenate([*grams, _END]), return_counts=True)  # in the order of numbers
        in_rows[-1] = 0
        self.size = len(counted)
        self._weights = np.log((1 + self.size) / (1 + in_rows)) + 1  # idf; the last is of what no row has
        vectors = [self._vector(numbers, often) for numbers, often in counted]
        places = np.concatenate([places for places, _ in vectors] or [np.empty(0, np.int64)])
        values = np.concatenate([values for _, values in vectors] or [np.empty(0, np.float32)])
        order = np.argsort(places, kind="stable")
        self._rows = np.repeat(np.arange(self.size, dtype=np.int32), [len(row) for row in grams])[order]
        self._values = values[order]
        self._starts = np.searchsorted(places[order], np.arange(len(self._known))).astype(np.int32)

    @property
    def frequencies(self) -> Rows:
        """Give for each n-gram how many rows are known to have it."""
        return np.diff(self._starts)

    def telling(self, grams: Iterable[str]) -> tuple[Doubles, Known]:
        """Give how telling each n-gram is, and whether any row has it; one that none has is the most telling."""
        places = self._places(np.array([number_of(gram) for gram in grams], np.uint64))
        return self._weights[places], places < len(self._known) - 1

    def likeness(self, grams: Grams) -> Floats:
        """Give the cosine between a text and each row."""
        return self.likeness_to(self.vector(grams))

    def likeness_to(self, vector: Vector) -> Floats:
        """Give the cosine between a text and each row; n-grams that very many rows have may be left out."""
        places, values = vector
        lengths = self._starts[places + 1] - self._starts[places]
        if lengths.sum() > MOST_HITS:
            kept = _rarest(lengths)
            places, values = places[kept], values[kept]
        return self._products(self._starts[places], self._starts[places + 1], values)

    def rows_with(self, vector: Vector) -> tuple[Rows, Floats]:
        """Give every row that each n-gram of a text is in, and what it adds to the likeness to that row."""
        places, values = vector
        starts = self._starts[places]
        return self._adding(starts, self._starts[places + 1] - starts, values)

    def forget_rows_of(self, grams: Places) -> None:
        """Let go of the rows with these n-grams, where what they say has been summed up; the n-grams stay known."""
        lengths = self.frequencies
        forgotten = np.zeros(len(lengths), bool)
        forgotten[grams] = True
        kept = np.repeat(~forgotten, lengths)
        self._rows, self._values = self._rows[kept], self._values[kept]
        self._starts = np.cumsum([0, *np.where(forgotten, 0, lengths)]).astype(np.int32)

    def vectors_of_rows(self) -> list[Vector]:
        """Give for each row what `vector` gave for it."""
        order = np.argsort(self._rows, kind="stable")
        places = np.repeat(np.arange(len(self.frequencies)), self.frequencies)[order]
        cuts = np.searchsorted(self._rows[order], np.arange(1, self.size))
        return list(zip(np.split(places, cuts), np.split(self._values[order], cuts), strict=True))

    def add_likeness_of_rows(self, share: float, strips: Strips) -> None:
        """Add a share of the cosine between each row and each other (row by later row).

        N-grams that many rows have are most of the work; these are multiplied as a matrix, the others pair by pair.
        """
        frequent = self.frequencies > FREQUENT
        vectors = self.vectors_of_rows()
        grams_of_many = np.flatnonzero(frequent)
        for start in range(0, len(grams_of_many), AT_ONCE):
            self._add_likeness_by(grams_of_many[start : start + AT_ONCE], vectors, share, strips)
        ahead = self._starts[:-1].copy()  # where the rows of each n-gram begin that know it not yet
        for row, (grams, weights) in enumerate(vectors):
            rare = ~frequent[grams]
            grams, weights = grams[rare], weights[rare]
            products = self._products(ahead[grams], self._starts[grams + 1], weights)
            strip, at = strips[row // TOGETHER], row % TOGETHER
            strip[at, at:] += (share * products[row:]).astype(strip.dtype)
            ahead[grams] += 1

    def _add_likeness_by(self, grams: Places, vectors: Sequence[Vector], share: float, strips: Strips) -> None:
        """Add what some n-grams say, a part of the rows at a time."""
        column = np.full(len(self._known), len(grams))
        column[grams] = np.arange(len(grams))
        table = np.zeros((self.size, len(grams) + 1), np.float32)  # the last column takes what is of other n-grams
        for line, (places, values) in zip(table, vectors, strict=True):
            line[column[places]] = values
        table = table[:, :-1]
        for start, strip in zip(range(0, self.size, TOGETHER), strips, strict=True):
            products = table[start : start + TOGETHER] @ table[start:].T
            strip += (share * products).astype(strip.dtype)

    def _products(self, starts: Rows, stops: Rows, values: Floats) -> Floats:
        """Give the sum over n-grams: the value of each, times its value in the rows that stand from start to stop."""
        lengths = stops - starts
        rows, shares = self._adding(starts, lengths, values)
        return np.bincount(rows, shares, self.size).astype(np.float32)

    def _adding(self, starts: Rows, lengths: Rows, values: Floats) -> tuple[Rows, Floats]:
        ends = np.cumsum(lengths)
        hits = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + lengths, lengths)
        return self._rows[hits], self._values[hits] * np.repeat(values, lengths)

    def vector(self, grams: Grams) -> Vector:
        """Give the places of the n-grams that any row has, and how much each counts in this text."""
        return self._vector(*_counted(grams))

    def _vector(self, numbers: Numbers, often: Counts) -> Vector:
        places = self._places(numbers)
        values = self._weights[places] * (1 + np.log(often))
        values /= np.sqrt(values @ values) or 1.0
        known = places < len(self._known) - 1
        return places[known], values[known].astype(np.float32)

    def _places(self, numbers: Numbers) -> Places:
        """Give where n-grams stand; at the end for those that no row has."""
        places = np.searchsorted(self._known, numbers)
        return np.where(self._known[places] == numbers, places, len(self._known) - 1)


def _counted(grams: Grams) -> tuple[Numbers, Counts]:
    """Give the n-grams by their numbers, and how often each is in the text."""
    return np.fromiter(grams, np.uint64, len(grams)), np.fromiter(grams.values(), np.int32, len(grams))


def _rarest(lengths: Rows) -> Places:
    """Give the places of the n-grams that the fewest rows have, up to `MOST_HITS` rows together."""
    order = np.argsort(lengths, kind="stable")
    return order[: max(1, int(np.searchsorted(np.cumsum(lengths[order]), MOST_HITS, side="right")))]
