"""What a message sounds like: danger, despair, chatter, an offer, or a question that an entry may answer.

A classifier of its own beside that of the entries, learnt from the examples of each kind and from nothing else, so that
a changed phrasing leaves it as it is. Two texts are alike by their words and by what they mean, and likeness in meaning
bends: only what is near counts. Cries for help have a hundred shapes that lie far apart, and no straight cut parts them
all from chatter (docs/understanding.md has the numbers).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Self

import numpy as np

from bot.knowledge.examples import QUESTION, TAME
from bot.matching import learnt, softmax
from bot.matching.encoder import shared
from bot.matching.linear import Linear
from bot.matching.ngrams import TOGETHER, Floats
from bot.matching.normalise import plain
from bot.matching.reading import Reader, Reading
from bot.matching.scores import SHARES, Indexes, Named, Row, fill, indexes_of, labels_of, rows_of, vectors_of
from bot.matching.vectors import InBytes, Vectors

BEND = 3.0  # likeness in meaning is exp(BEND * (cosine - 1)); flat from 2 to 4
MEANING_SHARE = 0.5  # of the likeness; the rest is by words
RIDGE = 0.05  # how much large weights cost; 0.1 and 0.2 raise a few more false alarms on the tune half
STEPS, MEMORY = 50, 10  # of the fitting: short of its end, one more example would turn alarms on and off
FROM_START = 15  # steps where most weights are known
MOST_EXAMPLES = 18_000  # rows; the likeness of each to each takes 324 MB then
DIGITS = 4  # of a share: beyond, two machines may differ

FitTone = Callable[[Reader], "Tone"]


def too_many(examples: Mapping[str, Sequence[str]]) -> int:
    """Give how many examples are not learnt from, as there are too many."""
    return max(0, sum(len({tuple(plain(text)) for text in texts}) for texts in examples.values()) - MOST_EXAMPLES)


def _fewer(rows: Sequence[Row], kinds: Sequence[str], most: int) -> list[Row]:
    """Leave out what is over, evenly; no danger and no despair, unless there is too much of these alone."""
    over = len(rows) - most
    spare = [place for place, row in enumerate(rows) if kinds[row.entry] in TAME]
    places = spare if len(spare) >= over else list(range(len(rows)))
    gone = {places[at] for at in np.linspace(0, len(places) - 1, max(over, 0)).astype(int)}
    return [row for place, row in enumerate(rows) if place not in gone]


class Tone:
    """Tells kinds of messages apart; holds plain numbers only and can be pickled."""

    def __init__(self, kinds: Sequence[str], indexes: Indexes, weights: Floats, points: Floats | None) -> None:
        by_meaning = MEANING_SHARE if points is not None else 0.0
        self._kinds = tuple(kinds)
        self._indexes = indexes
        self._linear = tuple(
            Linear(index, np.float32((1 - by_meaning) * share) * weights)
            for index, share in zip(indexes, SHARES, strict=True)
        )
        for linear in self._linear:
            linear.forget_frequent()
        self._weights = np.float32(by_meaning) * weights  # row by kind
        self._points = None if points is None else InBytes(points)

    @classmethod
    def fit(cls, reader: Reader, examples: Mapping[str, Sequence[str]], vectors: Vectors | None = None) -> Self:
        """Learn from the examples of each kind; with vectors meaning counts as well as words.

        Of the examples that come along it is known already what there is to learn, and nearly so of nearly the same.
        """
        kinds = sorted(examples)
        rows = rows_to_learn(examples, reader)
        points = vectors.of([row.reading.text for row in rows]) if vectors else None
        indexes = indexes_of(rows)
        by_meaning = points is not None
        known = learnt.read(kept_as(by_meaning=by_meaning))
        if known and known.name == learnt.name_of(rows, by_meaning=by_meaning):
            return cls(kinds, indexes, known.weights, points)
        start = known.start(rows, len(kinds)) if known else None
        return cls(kinds, indexes, learn(rows, len(kinds), indexes, points, start), points)

    def shares(self, reading: Reading, *, by_words: bool = False) -> dict[str, float]:
        """Give how much a text sounds like each kind but a question; with that they would be 1 together.

        By its words alone it is a rough guess.
        """
        scores = np.zeros(len(self._kinds), np.float32)
        for linear, vector in zip(self._linear, vectors_of(self._indexes, reading), strict=True):
            scores += linear.scores(vector)
        if self._points is not None and not by_words:
            scores += _bent(self._points.likeness(shared().encode(" ".join(reading.spelt)))) @ self._weights
        weights = np.exp((scores - scores.max()).astype(np.float64))
        shares = (weights / weights.sum()).round(DIGITS).tolist()
        return {kind: share for kind, share in zip(self._kinds, shares, strict=True) if kind != QUESTION}


def rows_to_learn(examples: Mapping[str, Sequence[str]], reader: Reader) -> list[Row]:
    """Give the examples as rows, kind by kind; their `entry` is the place of the kind among all, by name."""
    kinds = sorted(examples)
    return _fewer(rows_of([Named(kind, tuple(examples[kind])) for kind in kinds], reader), kinds, MOST_EXAMPLES)


def kept_as(*, by_meaning: bool) -> str:
    """Give what its weights are kept as."""
    return "tone by meaning" if by_meaning else "tone by words"


def learn(
    rows: Sequence[Row], kinds: int, indexes: Indexes, points: Floats | None, start: Floats | None = None
) -> Floats:
    """Give the weights (row by kind) that tell the kinds apart; takes half a minute and the memory of all likeness."""
    likeness = softmax.Halved.empty(len(rows))
    fill(likeness.strips, indexes, softmax.WHOLE if points is None else (1 - MEANING_SHARE) * softmax.WHOLE)
    if points is not None:
        _add_meaning(likeness.strips, points)
    labels, alike = labels_of(rows), np.ones(len(rows), np.float32)
    return softmax.fit(
        likeness, labels, kinds, alike, RIDGE, steps=STEPS, memory=MEMORY, start=start, from_start=FROM_START
    )


def _bent(cosines: Floats) -> Floats:
    bent: Floats = np.exp(np.float32(BEND) * (cosines - 1))
    return bent


def _add_meaning(strips: Sequence[softmax.Shorts], points: Floats) -> None:
    """Add what the meaning of each row and each other has to say, a part at a time."""
    for start, strip in zip(range(0, len(points), TOGETHER), strips, strict=True):
        cosines = points[start : start + TOGETHER] @ points[start:].T
        strip += (MEANING_SHARE * softmax.WHOLE * _bent(cosines)).astype(np.int16)
