"""Each phrasing asked with itself left out: does it still find its own entry?

The classifier is not fitted anew for each. In its dual form a row bears on the others only through its likeness to
them, so leaving one out moves mostly the rows nearest to it and those of its entry. These are fitted again, without
it, until they no longer move; the others are held still. While phrasings stay as they are, so does what they find: it
is kept in the cache folder, because curators check again after each change of an answer.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.entry import Entry, Synonyms
from bot.matching.ngrams import Floats
from bot.matching.reading import Reader
from bot.matching.scores import Row, importance_of, labels_of, likeness_of, rows_of, weights_of
from bot.matching.softmax import MOST_ROWS, RIDGE
from bot.matching.vectors import code, write_whole

NEAR = 60  # rows that are fitted again; with 40 one phrasing in 80 finds another entry than with 60
RIVALS = 16  # entries whose scores may move; the others hardly do
STEPS = 15  # of accelerated descent; with 40 and 24 rivals one phrasing in 300 finds another entry than with these
TOGETHER = 16  # phrasings at a time, to fit into memory
LEAST_BEND = 0.05  # of the loss at a row, so that rows that are sure already still move

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A phrasing, its own entry, the entry it finds without itself, and its own entry's place (1: the first)."""

    phrasing: str
    entry_id: str
    found: str
    place: int


def left_out(entries: Sequence[Entry], synonyms: Synonyms, folder: Path | None = None) -> list[LeftOut]:
    """Ask every question and phrasing without itself; takes about 3 seconds for 3,000 of them, if they have changed.

    With so many that another classifier takes over none is asked: the likeness of 100,000 to each other takes 40 GB.
    """
    entries = sorted(entries, key=lambda entry: entry.id)
    rows = rows_of(entries, Reader.of(entries, synonyms))
    if len(rows) > MOST_ROWS:
        return []
    file = folder / f"left-out-{_key(rows, entries)}.npy" if folder else None
    outcome = _kept(file) if file else None
    if outcome is None:
        outcome = _asked(rows, entries)
        if file:
            _keep(file, outcome)
    return [
        LeftOut(rows[row].reading.text, entries[rows[row].entry].id, entries[found].id, place)
        for row, found, place in outcome.tolist()
    ]


def _asked(rows: Sequence[Row], entries: Sequence[Entry]) -> Places:
    """Give for each row that is asked: the row, the entry it finds, and the place of its own."""
    own = [{entry.question, *entry.phrasings} for entry in entries]
    asked = np.array([place for place, row in enumerate(rows) if row.reading.text in own[row.entry]], np.int64)
    found = [
        (row, scores.argmax(), 1 + (scores > scores[rows[row].entry]).sum())
        for row, scores in _Fitted.of(rows, len(entries)).without_each(asked)
    ]
    return np.array(found, np.int64)


def _key(rows: Sequence[Row], entries: Sequence[Entry]) -> str:
    """Name what the outcome depends on: the rows as they are compared, which are asked, and this package's code."""
    asked = [entry.phrasings for entry in entries]
    return hashlib.sha256(repr((rows, asked)).encode() + code()).hexdigest()[:24]


def _kept(file: Path) -> Places | None:
    try:
        outcome: Places = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return outcome


def _keep(file: Path, outcome: Places) -> None:
    content = io.BytesIO()
    np.save(content, outcome, allow_pickle=False)
    with contextlib.suppress(OSError):  # a read-only folder: nothing is kept, and the next check asks again
        for old in file.parent.glob("left-out-*.npy"):
            old.unlink(missing_ok=True)
    write_whole(file, content.getvalue())


@dataclass(frozen=True, slots=True)
class _Fitted:
    likeness: Floats  # row by row
    weights: Floats  # row by entry
    labels: Places
    importance: Floats

    @classmethod
    def of(cls, rows: Sequence[Row], entries: int) -> _Fitted:
        likeness = likeness_of(rows)
        labels, importance = labels_of(rows), importance_of(rows)
        # At the optimum the slope is nothing, and so the weights follow from the scores.
        missed = np.eye(entries, dtype=np.float32)[labels] - _shares(likeness @ weights_of(rows, likeness, entries))
        return cls(likeness, importance[:, None] / np.float32(RIDGE) * missed, labels, importance)

    def without_each(self, asked: Places) -> Iterator[tuple[int, Floats]]:
        """Give each row with the scores it would get had it not been learnt from."""
        scores = self.likeness @ self.weights
        for some in np.array_split(asked, max(1, -(-len(asked) // TOGETHER))):
            yield from zip((int(row) for row in some), self._without(some, scores), strict=True)

    def _without(self, rows: Places, scores: Floats) -> Floats:
        near = self._near(rows)
        own = self.likeness[near[:, :, None], near[:, None, :]]
        to_row = self.likeness[rows[:, None], near]
        before = self.weights[near]
        result: Floats = scores[rows] - self.likeness[rows, rows][:, None] * self.weights[rows]
        at_near = scores[near] - to_row[:, :, None] * self.weights[rows][:, None, :]
        rivals = self._rivals(rows, result)
        now = np.take_along_axis(at_near, rivals[:, None, :], axis=2)
        rest = np.maximum(np.exp(at_near).sum(axis=2) - np.exp(now).sum(axis=2), 0)
        start = np.take_along_axis(before, rivals[:, None, :], axis=2)
        target = (self.labels[near][:, :, None] == rivals[:, None, :]).astype(np.float32)
        after = _fitted_again(own, now - own @ start, rest[:, :, None], start, target, RIDGE / self.importance[near])
        moved = np.take_along_axis(result, rivals, axis=1) + (to_row[:, None, :] @ (after - start))[:, 0]
        np.put_along_axis(result, rivals, moved, axis=1)
        return result

    def _rivals(self, rows: Places, scores: Floats) -> Places:
        """Give for each row its own entry and those that come nearest without it."""
        liked = scores.copy()
        liked[np.arange(len(rows)), self.labels[rows]] = np.inf
        size = min(RIVALS, scores.shape[1])
        return np.argpartition(-liked, size - 1, axis=1)[:, :size]

    def _near(self, rows: Places) -> Places:
        """Give for each row the rows of its entry and the nearest others, itself left out."""
        nearness = self.likeness[rows] + (self.labels == self.labels[rows][:, None])
        nearness[np.arange(len(rows)), rows] = -1
        size = min(NEAR, len(self.labels) - 1)
        return np.argpartition(-nearness, size - 1, axis=1)[:, :size]


def _fitted_again(
    likeness: Floats, outside: Floats, rest: Floats, start: Floats, target: Floats, cost: Floats
) -> Floats:
    """Move the weights of near rows to the optimum.

    `outside` is what the other rows add to their scores, `rest` the sum of the exponents of the scores that stay.
    """
    sure = _shares(outside + likeness @ start, rest)
    bend = np.clip(2 * (sure * (1 - sure)).max(axis=2), LEAST_BEND, 0.5)  # the loss bends no more than this
    curvature = bend[:, :, None] * likeness
    diagonal = np.arange(likeness.shape[1])
    curvature[:, diagonal, diagonal] += cost
    step = np.linalg.inv(curvature)
    result = ahead = start
    pace = 1.0
    for _ in range(STEPS):
        slope = _shares(outside + likeness @ ahead, rest) - target + cost[:, :, None] * ahead
        previous, result = result, ahead - step @ slope
        pace, last = (1 + np.sqrt(1 + 4 * pace * pace)) / 2, pace
        ahead = result + np.float32((last - 1) / pace) * (result - previous)
    fitted: Floats = result
    return fitted


def _shares(scores: Floats, rest: Floats | float = 0.0) -> Floats:
    shares = np.exp(scores)  # scores stay within some 20, so this cannot overflow
    result: Floats = shares / (shares.sum(axis=-1, keepdims=True) + rest)
    return result
