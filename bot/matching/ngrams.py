"""Words -> weighted n-grams (TF-IDF), and how alike a text is to each of the rows by them."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from bot.matching.normalise import Words

Floats = NDArray[np.float32]
Places = NDArray[np.int64]
Rows = NDArray[np.int32]
Vector = tuple[Places, Floats]  # of a text: its n-grams, by their places, and how much each counts

MOST_HITS = 50_000  # rows looked into for one message where each is compared: with more, the rarest n-grams alone
SHORTEST, LONGEST = 2, 4  # characters of a piece of a word


def words_and_pairs(words: Words) -> Counter[str]:
    """Count single words and neighbouring pairs."""
    pairs = (f"{first} {second}" for first, second in pairwise(words))
    return Counter([*words, *pairs])


def pieces(words: Words) -> Counter[str]:
    """Count the pieces of each word, its beginning and end marked by a space."""
    return Counter(chain.from_iterable(map(_pieces_of, words)))


@lru_cache(maxsize=4096)  # words; 1.6 kB each, and people use no more of them often
def _pieces_of(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    lengths = range(SHORTEST, min(LONGEST, len(padded)) + 1)
    return tuple(padded[at : at + length] for length in lengths for at in range(len(padded) - length + 1))


class Index:
    """The rows by their n-grams: rare n-grams weigh more (TF-IDF), and every row has length one.

    N-grams that no row has make a text longer and so less alike to everything: what is not known must lower
    confidence.
    """

    def __init__(self, rows: Sequence[Mapping[str, int]]) -> None:
        in_rows = Counter(gram for row in rows for gram in row)
        self.size = len(rows)
        self._unknown = log(1 + len(rows)) + 1
        self._known = {gram: place for place, gram in enumerate(sorted(in_rows))}  # plain numbers are freed quickly
        self._weights = array("d", (log((1 + len(rows)) / (1 + in_rows[gram])) + 1 for gram in self._known))  # idf
        vectors = [self.vector(row) for row in rows]
        places = np.concatenate([places for places, _ in vectors] or [np.empty(0, np.int64)])
        values = np.concatenate([values for _, values in vectors] or [np.empty(0, np.float32)])
        order = np.argsort(places, kind="stable")
        self._rows = np.repeat(np.arange(len(rows), dtype=np.int32), [len(row) for row in rows])[order]
        self._values = values[order]
        self._starts = np.searchsorted(places[order], np.arange(len(self._known) + 1)).astype(np.int32)

    @property
    def frequencies(self) -> Rows:
        """Give for each n-gram how many rows are known to have it."""
        return np.diff(self._starts)

    def weight(self, gram: str) -> float:
        """Give how telling an n-gram is; one that no row has is the most telling."""
        place = self._known.get(gram)
        return self._unknown if place is None else self._weights[place]

    def knows(self, gram: str) -> bool:
        """Tell whether any row has this n-gram."""
        return gram in self._known

    def likeness(self, grams: Mapping[str, int]) -> Floats:
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
        places = np.repeat(np.arange(len(self._known)), self.frequencies)[order]
        cuts = np.searchsorted(self._rows[order], np.arange(1, self.size))
        return list(zip(np.split(places, cuts), np.split(self._values[order], cuts), strict=True))

    def add_likeness_of_rows(self, share: float, likeness: Floats | NDArray[np.int16]) -> None:
        """Add a share of the cosine between each row and each other to the upper half (row by later row)."""
        ahead = self._starts[:-1].copy()  # where the rows of each n-gram begin that know it not yet
        for row, (grams, weights) in enumerate(self.vectors_of_rows()):
            products = self._products(ahead[grams], self._starts[grams + 1], weights)
            likeness[row, row:] += (share * products[row:]).astype(likeness.dtype)
            ahead[grams] += 1

    def _products(self, starts: Rows, stops: Rows, values: Floats) -> Floats:
        """Give the sum over n-grams: the value of each, times its value in the rows that stand from start to stop."""
        lengths = stops - starts
        rows, shares = self._adding(starts, lengths, values)
        return np.bincount(rows, shares, self.size).astype(np.float32)

    def _adding(self, starts: Rows, lengths: Rows, values: Floats) -> tuple[Rows, Floats]:
        ends = np.cumsum(lengths)
        hits = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + lengths, lengths)
        return self._rows[hits], self._values[hits] * np.repeat(values, lengths)

    def vector(self, grams: Mapping[str, int]) -> Vector:
        """Give the places of the n-grams that any row has, and how much each counts in this text."""
        places: list[int] = []
        values: list[float] = []
        square = 0.0
        for gram, n in grams.items():
            place = self._known.get(gram, -1)
            weight = self._weights[place] if place >= 0 else self._unknown
            value = weight * (1 + log(n)) if n > 1 else weight
            square += value * value
            if place >= 0:
                places.append(place)
                values.append(value)
        return np.array(places, np.int64), np.array(values, np.float32) / np.float32(sqrt(square) or 1.0)


def _rarest(lengths: Rows) -> Places:
    """Give the places of the n-grams that the fewest rows have, up to `MOST_HITS` rows together."""
    order = np.argsort(lengths, kind="stable")
    return order[: max(1, int(np.searchsorted(np.cumsum(lengths[order]), MOST_HITS, side="right")))]
