"""A linear classifier in its dual form: one number per training row and class, from the rows' likeness alone.

Multinomial logistic regression needs no n-gram matrix when the likeness of all pairs of rows is known: its solution
is a weighting of the rows. For 1,500 rows that is a matrix of 1,500 by 1,500 instead of one of 1,500 by 30,000.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from bot.matching.ngrams import TOGETHER, Floats

Shorts = NDArray[np.int16]

RIDGE = 0.03  # how much large weights cost; held-out phrasings would take 0.01, other public sets 0.1
MOST_ROWS = 9_000  # 81 MB for the likeness of each to each; with more, other classifiers take over
WHOLE = 32_000  # stands for a likeness of 1, with room for rounding
STEPS = 22  # of L-BFGS; 10 more lower the loss by a fiftieth of a percent (6,900 rows of entries)
FROM_START = 4  # steps where most weights are known; they lower the loss as far as all of them do from nothing
MEMORY = 2  # steps whose curvature is remembered; each takes four numbers for each row and class, and 6 gain no step
ENOUGH = 1e-4  # share of the promised gain with which a step is taken


class Likeness(Protocol):
    """How alike each row is to each other: anything that can be multiplied by a weight for each row and class."""

    def __matmul__(self, weights: Floats, /) -> Floats:
        """Give the scores (row by class) of the weights (row by class)."""
        ...


@dataclass(frozen=True, slots=True)
class Alike:
    """The likeness of rows that are points: the products of each with each other, which are never written down.

    6,000 points of 384 numbers take an eighth of the work of 6,000 by 6,000 products, and 9 instead of 144 MB.
    """

    points: Floats  # row by number

    def __matmul__(self, weights: Floats) -> Floats:
        """Give the scores (row by class) of the weights (row by class)."""
        return self.points @ (self.points.T @ weights)


@dataclass(frozen=True, slots=True)
class Halved:
    """The likeness of rows, from 0 to 1, each pair once and in whole numbers of half the length: 324 MB for 18,000."""

    strips: tuple[Shorts, ...]  # of `TOGETHER` rows: row by row, from its own first row on, in parts of `WHOLE`

    @classmethod
    def empty(cls, rows: int) -> Self:
        """Give strips to be filled."""
        starts = range(0, rows, TOGETHER)
        return cls(tuple(np.zeros((min(TOGETHER, rows - start), rows - start), np.int16) for start in starts))

    def __matmul__(self, weights: Floats) -> Floats:
        """Give the scores (row by class) of the weights (row by class)."""
        scores, weights = np.zeros(weights.shape, np.float32), weights / np.float32(WHOLE)
        start = 0
        for strip in self.strips:
            numbers, end = strip.astype(np.float32), start + len(strip)
            scores[start:end] += numbers @ weights[start:]
            scores[end:] += numbers[:, len(strip) :].T @ weights[start:end]
            start = end
        return scores


@dataclass(frozen=True, slots=True)
class _Pair:
    """Weights (row by class), or a change of them, and the scores they give (likeness @ weights)."""

    weights: Floats
    scores: Floats

    def scaled(self, factor: float) -> _Pair:
        return _Pair(np.float32(factor) * self.weights, np.float32(factor) * self.scores)

    def plus(self, factor: float, other: _Pair) -> _Pair:
        added = other.scaled(factor)
        return _Pair(self.weights + added.weights, self.scores + added.scores)

    def times(self, other: _Pair) -> float:
        return float(np.vdot(self.weights, other.scores))


class _Loss:
    def __init__(
        self, likeness: Likeness, labels: NDArray[np.int64], classes: int, importance: Floats, ridge: float
    ) -> None:
        self._likeness = likeness
        self._ridge = ridge
        self._target = np.eye(classes, dtype=np.float32)[labels]
        self._importance = importance[:, None]

    def at(self, point: _Pair) -> float:
        top = point.scores.max(axis=1, keepdims=True)
        total = np.log(np.exp(point.scores - top).sum(axis=1, keepdims=True)) + top
        missed = total - (point.scores * self._target).sum(axis=1, keepdims=True)
        return float((self._importance * missed).sum()) + self._ridge / 2 * point.times(point)

    def slope(self, point: _Pair) -> _Pair:
        shares = np.exp(point.scores - point.scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        slope = self._importance * (shares - self._target) + np.float32(self._ridge) * point.weights
        return _Pair(slope, self._likeness @ slope)


def fit(
    likeness: Likeness,
    labels: NDArray[np.int64],
    classes: int,
    importance: Floats,
    ridge: float = RIDGE,
    *,
    steps: int = STEPS,
    memory: int = MEMORY,
    start: Floats | None = None,
    from_start: int = FROM_START,
) -> Floats:
    """Give the weights (row by class) whose scores `likeness @ weights` tell the labels apart best.

    L-BFGS (Nocedal 1980) with the rows' likeness as the inner product, so that one product of matrices a step does.
    It takes `steps` from nothing, or `from_start` from the weights of `start`.
    """
    loss = _Loss(likeness, labels, classes, importance, ridge)
    nothing = np.zeros((len(labels), classes), np.float32)
    point = _Pair(nothing, nothing) if start is None else _Pair(start, likeness @ start)
    slope = loss.slope(point)
    met: deque[tuple[_Pair, _Pair]] = deque(maxlen=memory)
    for _ in range(steps if start is None else from_start):
        direction = _direction(slope, met)
        length = _length(loss, point, direction, slope)
        ahead = point.plus(-length, direction)
        slope_ahead = loss.slope(ahead)
        step, bend = ahead.plus(-1, point), slope_ahead.plus(-1, slope)
        if step.times(bend) <= 0:  # nothing to gain any more but rounding errors
            break
        met.append((step, bend))
        point, slope = ahead, slope_ahead
    return point.weights


def _direction(slope: _Pair, memory: deque[tuple[_Pair, _Pair]]) -> _Pair:
    """Give the slope divided by the curvature that the remembered steps have met."""
    if not memory:
        return slope.scaled(1 / (slope.times(slope) ** 0.5 or 1.0))
    direction = slope
    shares = []
    for step, bend in reversed(memory):
        shares.append(step.times(direction) / step.times(bend))
        direction = direction.plus(-shares[-1], bend)
    step, bend = memory[-1]
    direction = direction.scaled(step.times(bend) / bend.times(bend))
    for (step, bend), share in zip(memory, reversed(shares), strict=True):
        direction = direction.plus(share - bend.times(direction) / step.times(bend), step)
    return direction


def _length(loss: _Loss, point: _Pair, direction: _Pair, slope: _Pair) -> float:
    """Halve the step until it gains what the slope promises."""
    here, promised = loss.at(point), slope.times(direction)
    length = 1.0
    while length > ENOUGH and loss.at(point.plus(-length, direction)) > here - ENOUGH * length * promised:
        length /= 2
    return length
