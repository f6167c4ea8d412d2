"""The linear classifier on one message: what it makes of it without the likeness to every row.

A score is the sum over all rows of likeness times weight, and a likeness is a sum over n-grams. So what an n-gram says
for each entry can be summed over its rows once, when fitting. That is done for those that many rows have, which are few
and were nearly all of the work; most n-grams are in a few rows only, and there the rows are looked up.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.matching.ngrams import Floats, Index, Vector

RARE = 16  # rows with an n-gram up to which they are looked up one by one; no slower from 2 to 16, and 16 takes 2 MB


class Linear:
    """The scores of each entry by the n-grams of one index."""

    def __init__(self, index: Index, weights: Floats) -> None:
        """Sum up what the frequent n-grams say; `weights` is row by entry."""
        frequent = np.flatnonzero(index.frequencies > RARE)
        self._index = index
        self._weights = weights
        self._at = np.full(len(index.frequencies), -1, np.int32)  # n-gram -> its line in the table
        self._at[frequent] = np.arange(len(frequent))
        self._table = np.empty((len(frequent), weights.shape[1]), np.float32)
        for line, gram in enumerate(frequent):
            self._table[line] = self._by_rows((np.array([gram]), np.ones(1, np.float32)))

    def forget_frequent(self) -> None:
        """Let the index let go of the rows that are summed up here: they are most of it."""
        self._index.forget_rows_of(np.flatnonzero(self._at >= 0))

    def scores(self, vector: Vector) -> Floats:
        """Give the score of each entry."""
        places, values = vector
        lines = self._at[places]
        often = lines >= 0
        scores: Floats = values[often] @ self._table[lines[often]]
        return scores + self._by_rows((places[~often], values[~often]))

    def _by_rows(self, vector: Vector) -> Floats:
        rows, shares = self._index.rows_with(vector)
        scores: Floats = shares @ self._weights[rows]
        return scores


class ByRow:
    """The n-grams of each row, those of several indexes behind each other, to find the row most like a text."""

    def __init__(self, indexes: Sequence[Index], shares: Sequence[float]) -> None:
        """Put the rows together; `shares` is how much of the likeness is by each index."""
        self._shares = tuple(shares)
        self._ends = np.cumsum([0, *(len(index.frequencies) for index in indexes)])
        rows = list(zip(*(index.vectors_of_rows() for index in indexes), strict=True))
        offsets = np.tile(self._ends[:-1], len(rows))
        vectors = [vector for row in rows for vector in row]
        lengths = [len(values) for _, values in vectors]
        places = np.concatenate([places for places, _ in vectors]) + np.repeat(offsets, lengths)
        self._places = places.astype(np.min_scalar_type(self._ends[-1]))  # two bytes for up to 65,535 n-grams
        self._values = np.concatenate([values for _, values in vectors])
        self._starts = np.cumsum([0, *lengths])[:: len(indexes)]

    def spread(self, vectors: Sequence[Vector]) -> Floats:
        """Give a text's vectors by each index as one number for each n-gram there is."""
        text = np.zeros(self._ends[-1], np.float32)
        for (places, values), offset, share in zip(vectors, self._ends, self._shares, strict=False):
            text[places + offset] = np.float32(share) * values
        return text

    def likeness(self, text: Floats, first: int, end: int) -> Floats:
        """Give the likeness of a text to the rows from the first up to the end."""
        starts = self._starts[first : end + 1]
        run = slice(starts[0], starts[-1])
        likeness: Floats = np.add.reduceat(text[self._places[run]] * self._values[run], starts[:-1] - starts[0])
        return likeness
