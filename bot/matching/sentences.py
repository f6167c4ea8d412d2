"""The second view: a linear classifier on the vectors of a sentence encoder."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Self

import numpy as np

from bot.matching import learnt, softmax
from bot.matching.encoder import shared
from bot.matching.ngrams import Floats, Places
from bot.matching.reading import Reading
from bot.matching.scores import Row, Seen, importance_of, labels_of, weights_of
from bot.matching.vectors import InBytes, Vectors

TOGETHER = 8_192  # rows whose distance from their means is held at a time: of 100,000 it would take 600 MB
SMOOTHING = 1.0  # of the spread within entries, by the mean spread: held-out phrasings find home best so
MEANS_SCALE = 1 / 12  # brings leads to the size that the linear classifier gives, for which the thresholds were made


class SentenceView:
    """Linear classifier on what texts mean; holds plain numbers only, the encoder is the process's own."""

    def __init__(self, weights: Floats, bias: Floats, points: Floats, starts: Places) -> None:
        self._weights = weights  # number of the vector by entry
        self._bias = bias
        self._points = InBytes(points)
        self._starts = starts  # each entry's first row, and the end

    @classmethod
    def fit(cls, rows: Sequence[Row], entries: int, vectors: Vectors | None = None) -> Self:
        """Learn from rows which meanings belong to which of the entries; encoding is what takes the time."""
        points = (vectors or Vectors(None)).of([row.reading.text for row in rows])
        labels = labels_of(rows)
        starts = np.searchsorted(labels, np.arange(entries + 1))
        if len(rows) > softmax.MOST_ROWS:
            return cls(*by_means(points, labels, importance_of(rows), starts), points, starts)
        weights = weights_of(rows, softmax.Alike(points), entries, learnt.start(learnt.MEANING, rows, entries))
        return cls(points.T @ weights, np.zeros(entries, np.float32), points, starts)

    def see(self, reading: Reading) -> Seen:
        """Look at the spelt words: typos cost an encoder far more than missing commas."""
        vector = shared().encode(" ".join(reading.spelt))
        return Seen(vector @ self._weights + self._bias, partial(self._nearness, vector))

    def _nearness(self, vector: Floats, entries: Places) -> Floats:
        alike = (self._points.likeness(vector, self._starts[entry], self._starts[entry + 1]) for entry in entries)
        return np.array([some.max(initial=0) for some in alike], np.float32)


def by_means(points: Floats, labels: Places, importance: Floats, starts: Places) -> tuple[Floats, Floats]:
    """Give weights and biases from the mean of each entry and the spread around all means (linear discriminant).

    It is solved at once, however many rows there are; with few it finds home in 76 of 100 cases, the other in 84.
    """
    means = np.add.reduceat(points * importance[:, None], starts[:-1])
    means /= np.add.reduceat(importance, starts[:-1])[:, None]
    spread = np.zeros((points.shape[1], points.shape[1]), np.float32)
    for start in range(0, len(points), TOGETHER):
        some = slice(start, start + TOGETHER)
        apart = (points[some] - means[labels[some]]) * np.sqrt(importance[some])[:, None]
        spread += apart.T @ apart
    spread /= importance.sum()
    spread += SMOOTHING * np.trace(spread) / len(spread) * np.eye(len(spread), dtype=np.float32)
    weights = np.linalg.solve(spread, means.T)
    bias = -(means.T * weights).sum(axis=0) / 2
    return (MEANS_SCALE * weights).astype(np.float32), (MEANS_SCALE * bias).astype(np.float32)
