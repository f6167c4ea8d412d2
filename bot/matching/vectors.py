"""The vectors of the phrasings on disk, so that after an edit only what is new is encoded."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from bot.matching.encoder import WIDTH, fingerprint, shared
from bot.matching.ngrams import Floats

DIGEST_BYTES = 16  # of a text; two texts sharing one would be a first in history


class Vectors:
    """Encodes texts, and keeps what was encoded last in a folder (None: nowhere)."""

    def __init__(self, folder: Path | None) -> None:
        self._file = folder / f"vectors-{fingerprint()[:16]}.npz" if folder else None

    def of(self, texts: Sequence[str]) -> Floats:
        """Give a row for each text."""
        known = self._read()
        names = [hashlib.sha256(text.encode()).digest()[:DIGEST_BYTES] for text in texts]
        missing = {name: text for name, text in zip(names, texts, strict=True) if name not in known}
        if missing:
            fresh = shared().encode_many(list(missing.values()))
            known |= dict(zip(missing, fresh, strict=True))
            self._write({name: known[name] for name in names})
        return np.stack([known[name] for name in names]) if names else np.empty((0, WIDTH), np.float32)

    def _read(self) -> dict[bytes, Floats]:
        if not self._file:
            return {}
        try:
            with np.load(io.BytesIO(self._file.read_bytes()), allow_pickle=False) as kept:
                names, vectors = kept["names"], kept["vectors"]
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return {}
        if vectors.shape != (len(names), WIDTH) or names.shape[1:] != (DIGEST_BYTES,):
            return {}
        return {name.tobytes(): vector for name, vector in zip(names, vectors, strict=True)}

    def _write(self, kept: dict[bytes, Floats]) -> None:
        if not self._file:
            return
        content = io.BytesIO()
        names = np.frombuffer(b"".join(kept), np.uint8).reshape(-1, DIGEST_BYTES)
        np.savez(content, names=names, vectors=np.stack(list(kept.values())))
        write_whole(self._file, content.getvalue())


def write_whole(file: Path, content: bytes) -> None:
    """Write a file so that readers see all of it or nothing; where that cannot be, it is left out."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as temporary:
            temporary.write(content)
        os.replace(temporary.name, file)  # noqa: PTH105 - whole or not at all
    except OSError:
        return  # a read-only folder: the next start does the work again
