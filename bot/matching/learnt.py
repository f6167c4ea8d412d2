"""What was learnt from the shipped examples comes along, as their vectors do: a first start need not learn it.

Weights go by what they were learnt from: the rows, the encoder, and the code that learns. Others are never used for it.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from bot.matching.encoder import FOLDER, fingerprint
from bot.matching.ngrams import Floats
from bot.matching.scores import Row
from bot.matching.vectors import write_whole

SHIPPED = FOLDER / "learnt.npz"  # made by tools/ship_vectors.py
_CODE = ("ngrams.py", "scores.py", "softmax.py", "tone.py")


def name_of(rows: Sequence[Row], *, by_meaning: bool) -> str:
    """Give what weights are known by: everything that they follow from."""
    made = hashlib.sha256(fingerprint().encode() if by_meaning else b"")
    for name in _CODE:
        made.update(Path(__file__).with_name(name).read_bytes())
    for row in rows:
        made.update(repr((row.entry, row.reading.text, row.reading.words, row.reading.asked)).encode())
    return made.hexdigest()[:32]


def read(name: str, file: Path = SHIPPED) -> Floats | None:
    """Give the weights (row by kind) of that name; None where there are none, or the file is missing or spoilt."""
    try:
        with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as kept:
            names: list[str] = kept["names"].tolist()
            weights: Floats = kept["weights"][names.index(name)]
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):  # a name that is not there is a ValueError
        return None
    return weights


def write(weights: Mapping[str, Floats], file: Path = SHIPPED) -> None:
    """Write the file that `read` reads."""
    content = io.BytesIO()
    np.savez(content, names=np.array(list(weights)), weights=np.stack(list(weights.values())))
    write_whole(file, content.getvalue())
