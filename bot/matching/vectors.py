"""The vectors of the phrasings: those of our own knowledge come along, and what is new is encoded once and kept.

Each number is kept in 8 bits, and so is what was encoded just now: where a vector comes from changes nothing.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from bot.matching.encoder import FOLDER, WIDTH, fingerprint, shared
from bot.matching.ngrams import Floats

PART = 5_000  # texts encoded before what is there is kept: a minute's work, which no stop then costs again
DIGEST_BYTES = 16  # of a text; two texts sharing one would be a first in history
SHIPPED = FOLDER / "vectors.npz"  # made by tools/ship_vectors.py
AT_A_TIME = 1_024  # vectors that are made floats at a time, which the processor's own cache holds
_MOST = 127  # of 8 bits

Row = tuple[np.ndarray, np.float32]  # whole numbers, and what one of them stands for


class Vectors:
    """Encodes texts, and keeps what was encoded last in a folder (None: nowhere)."""

    def __init__(self, folder: Path | None, shipped: Path | None = SHIPPED) -> None:
        self._file = file_in(folder) if folder else None
        self._shipped = shipped
        self._asked: set[bytes] = set()  # the names of all texts so far

    def of(self, texts: Sequence[str]) -> Floats:
        """Give a row for each text."""
        shipped, kept = read(self._shipped), read(self._file)
        known = kept | shipped
        names = [name_of(text) for text in texts]
        self._asked.update(names)
        missing = {name: text for name, text in zip(names, texts, strict=True) if name not in known}
        for part in _parts(missing):
            known |= encoded(part)
            if self._file:
                write(self._file, {name: row for name, row in known.items() if name not in shipped})
        rows = np.empty((len(names), WIDTH), np.float32)
        for place, name in enumerate(names):  # into their places: with 100,000 a list of them would take as much again
            numbers, scale = known[name]
            rows[place] = numbers * scale
        return rows

    def forget_others(self, than: Iterable[str] = ()) -> None:
        """Let go of what is kept and neither among these texts nor asked for, once all that is fitted has asked."""
        kept, wanted = read(self._file), self._asked | {name_of(text) for text in than}
        needed = {name: row for name, row in kept.items() if name in wanted}
        if self._file and needed and len(needed) < len(kept):
            write(self._file, needed)

    def missing(self, texts: Iterable[str]) -> int:
        """Count the texts that would have to be encoded."""
        known = read(self._shipped).keys() | read(self._file).keys()
        return len({name_of(text) for text in texts} - known)


class InBytes:
    """Vectors of which each number takes a byte: a quarter of what floats take, and exactly what `Vectors` gave."""

    def __init__(self, points: Floats) -> None:
        self._numbers, self._scales = _in_bytes(points)

    def likeness(self, vector: Floats, first: int = 0, end: int | None = None) -> Floats:
        """Give how alike a vector is to each from the first up to the end: 1 for the same, below 0 for the opposite."""
        numbers, scales = self._numbers[first:end], self._scales[first:end]
        parts = [numbers[at : at + AT_A_TIME].astype(np.float32) @ vector for at in range(0, len(numbers), AT_A_TIME)]
        return np.concatenate(parts) * scales if parts else np.empty(0, np.float32)


def file_in(folder: Path) -> Path:
    """Name the file that keeps the vectors of this model in a folder."""
    return folder / f"vectors-{fingerprint()[:16]}.npz"


def _parts(texts: Mapping[bytes, str]) -> Iterator[dict[bytes, str]]:
    items = iter(texts.items())
    while part := dict(islice(items, PART)):
        yield part


def name_of(text: str) -> bytes:
    """Give what a text is known by."""
    return hashlib.sha256(text.encode()).digest()[:DIGEST_BYTES]


def encoded(texts: Mapping[bytes, str]) -> dict[bytes, Row]:
    """Encode texts, each under its name."""
    return rounded(texts, shared().encode_many(list(texts.values())))


def rounded(names: Iterable[bytes], vectors: Floats) -> dict[bytes, Row]:
    """Give each row in the form in which it is kept, under its name."""
    return dict(zip(names, zip(*_in_bytes(vectors), strict=True), strict=True))


def _in_bytes(vectors: Floats) -> tuple[np.ndarray, Floats]:
    scales = (np.abs(vectors).max(axis=1) / _MOST).astype(np.float32)
    return np.rint(vectors / np.where(scales, scales, 1)[:, None]).astype(np.int8), scales


def read(file: Path | None) -> dict[bytes, Row]:
    """Read vectors by name; nothing where the file is missing, spoilt or made by another model."""
    if not file:
        return {}
    try:
        with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as kept:
            model, names, numbers, scales = kept["model"].item(), kept["names"], kept["numbers"], kept["scales"]
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}
    if model != fingerprint() or numbers.shape != (len(names), WIDTH) or names.shape[1:] != (DIGEST_BYTES,):
        return {}
    return dict(zip((name.tobytes() for name in names), zip(numbers, scales, strict=True), strict=True))


def write(file: Path, rows: Mapping[bytes, Row]) -> None:
    """Write the file that `read` reads."""
    content = io.BytesIO()
    names = np.frombuffer(b"".join(rows), np.uint8).reshape(-1, DIGEST_BYTES)
    numbers, scales = np.stack([row[0] for row in rows.values()]), np.array([row[1] for row in rows.values()])
    np.savez(content, model=np.array(fingerprint()), names=names, numbers=numbers, scales=scales)
    write_whole(file, content.getvalue())


def code() -> bytes:
    """Give the code of this package: what is kept in a cache is made anew when it changes."""
    return b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))


def write_whole(file: Path, content: bytes) -> None:
    """Write a file so that readers see all of it or nothing; where that cannot be, it is left out."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as temporary:
            temporary.write(content)
        os.replace(temporary.name, file)  # noqa: PTH105 - whole or not at all
    except OSError:
        return  # a read-only folder: the next start does the work again
