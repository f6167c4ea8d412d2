"""What our own knowledge teaches comes along, as its vectors do: a first start and a small change need little learning.

Weights of the very same rows are taken as they are. Those of nearly the same are where fitting begins: a few steps
lead from there where many lead from nothing. Only what comes along counts, never what was fitted before, so that the
same knowledge gets the same weights in every process.
"""

from __future__ import annotations

import hashlib
import io
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, Self
from zipfile import BadZipFile

import numpy as np

from bot.matching.encoder import FOLDER, fingerprint
from bot.matching.ngrams import Floats, Numbers, Places, number_of
from bot.matching.scores import Row, labels_of
from bot.matching.vectors import write_whole

SHIPPED = FOLDER / "learnt.npz"  # made by tools/ship_vectors.py
WORDS, MEANING = "words", "meaning"  # the views of the entries
NEARLY = 0.9  # share of the rows, of those that come along and of the others, that are both
_CODE = ("ngrams.py", "scores.py", "softmax.py", "tone.py")


class Learnt(NamedTuple):
    """The weights (row by class) that were learnt, from which rows of which classes."""

    name: str
    texts: Numbers
    labels: Places
    weights: Floats

    @classmethod
    def of(cls, rows: Sequence[Row], weights: Floats, *, by_meaning: bool) -> Self:
        """Give what is to be kept of a fit."""
        return cls(name_of(rows, by_meaning=by_meaning), _texts(rows), labels_of(rows), weights)

    def start(self, rows: Sequence[Row], classes: int) -> Floats | None:
        """Give weights of other rows to begin with; None if too many are others.

        A class is the one that most of its rows were in, as a text may stand in several. What is new weighs what the
        rows of its class do on average, from where it is learnt in half the steps.
        """
        there = list(zip(self.texts.tolist(), self.labels.tolist(), strict=True))
        labels = labels_of(rows)
        here = list(zip(_texts(rows).tolist(), labels.tolist(), strict=True))
        was = _classes(here, dict(there))
        place_of = {row: place for place, row in enumerate(there)}
        places = np.array([place_of.get((text, was.get(label, -1)), -1) for text, label in here], np.int64)
        known = places >= 0
        if known.sum() < NEARLY * max(len(here), len(there)):
            return None
        weights = np.zeros((len(rows), classes), np.float32)
        now, then = np.array(list(was.items()), np.int64).T
        weights[np.ix_(known, now)] = self.weights[np.ix_(places[known], then)]
        for label in set(labels[~known].tolist()) & was.keys():
            weights[~known & (labels == label)] = weights[known & (labels == label)].mean(axis=0)
        return weights


def name_of(rows: Sequence[Row], *, by_meaning: bool) -> str:
    """Give what weights are known by: everything that they follow from."""
    made = hashlib.sha256(fingerprint().encode() if by_meaning else b"")
    for name in _CODE:
        made.update(Path(__file__).with_name(name).read_bytes())
    for row in rows:
        made.update(repr((row.entry, row.reading.text, row.reading.words, row.reading.asked)).encode())
    return made.hexdigest()[:32]


def _classes(rows: Sequence[tuple[int, int]], class_of: Mapping[int, int]) -> dict[int, int]:
    """Give for the class of rows (text and class) that of most of their texts, where any is known."""
    votes: dict[int, Counter[int]] = defaultdict(Counter)
    for text, label in rows:
        if text in class_of:
            votes[label][class_of[text]] += 1
    return {label: counted.most_common(1)[0][0] for label, counted in votes.items()}


def _texts(rows: Sequence[Row]) -> Numbers:
    return np.fromiter((number_of.__wrapped__(row.reading.text) for row in rows), np.uint64, len(rows))


def read(what: str, file: Path = SHIPPED) -> Learnt | None:
    """Give what is known of a classifier; None where there is nothing, or the file is missing or spoilt."""
    try:
        with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as kept:
            name, texts, labels, weights = (kept[f"{what}-{part}"] for part in Learnt._fields)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None
    return Learnt(str(name), texts, labels, weights.astype(np.float32))


@cache
def shipped() -> bytes:
    """Give the hash of what comes along; nothing where nothing does."""
    try:
        return hashlib.sha256(SHIPPED.read_bytes()).digest()
    except OSError:
        return b""


def start(what: str, rows: Sequence[Row], classes: int) -> Floats | None:
    """Give weights to begin with, if what comes along was learnt from nearly the same rows."""
    known = read(what)
    return known.start(rows, classes) if known else None


def write(learnt: Mapping[str, Learnt], file: Path = SHIPPED) -> None:
    """Write the file that `read` reads."""
    content = io.BytesIO()
    parts = {f"{what}-{part}": value for what, one in learnt.items() for part, value in one._asdict().items()}
    np.savez_compressed(content, **parts)
    write_whole(file, content.getvalue())
