"""Sentences -> vectors that lie near each other where the meaning does: MiniLM, on this machine, without a network.

`tools/build_encoder.py` makes the files of `model/` from the published weights.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np

from bot.errors import ConfigError
from bot.matching.ngrams import Floats

FOLDER = Path(__file__).with_name("model")
MODEL, TOKENIZER, ABOUT = "model.int8.onnx", "tokenizer.json", "model.json"
WIDTH = 384  # numbers of a vector
TOKENS = 128  # that are read of a text, about 100 words; the tokenizer's own limit

_PROCESSOR = Path("/proc/cpuinfo")
_VNNI = re.compile(r"\bavx(?:512)?_vnni\b")


class Encoder:
    """The loaded model; the same text always gets the same vector.

    Texts are encoded one at a time, each on one thread: in a batch the rounding of one would depend on the others.
    """

    def __init__(self, folder: Path = FOLDER, *, quick: bool | None = None) -> None:
        """Load the model; takes about a third of a second.

        `quick` multiplies signed by unsigned numbers as they are, which is exact only on processors made for that.
        Otherwise both are made unsigned, which takes longer and is exact everywhere: the numbers are always the same.

        Raises:
            ConfigError: a file is missing, or is not the one that was built.
        """
        from onnxruntime import InferenceSession, SessionOptions  # 25 MiB, which the light mode does without
        from tokenizers import Tokenizer

        model, tokenizer = _checked(folder)
        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3  # errors
        if not (_has_vnni() if quick is None else quick):
            options.add_session_config_entry("session.x64quantprecision", "1")
        self._session = InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_str(tokenizer.decode())
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(TOKENS)
        # The vector of the last text, by its hash: entries and tone ask for one message, whose words are not kept.
        self._last = (0, np.empty(0, np.float32))

    def encode(self, text: str) -> Floats:
        """Give the vector of a text; its length is one."""
        name = hash(text)
        last, vector = self._last
        if not len(vector) or name != last:
            vector = self._encode(text)
            self._last = (name, vector)
        return vector

    def _encode(self, text: str) -> Floats:
        ids = np.array([self._tokenizer.encode(text).ids], np.int64)
        vectors: list[Floats] = self._session.run(None, {"ids": ids})
        vector: Floats = vectors[0][0]
        return vector

    def encode_many(self, texts: Sequence[str]) -> Floats:
        """Give a row for each text; uses all processor cores, and gives what `encode` gives."""
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            vectors = list(pool.map(self.encode, texts))
        return np.stack(vectors) if vectors else np.empty((0, WIDTH), np.float32)


def _has_vnni() -> bool:
    """Tell whether the processor sums four products of 8-bit numbers without overflow (Linux tells; else it is no)."""
    try:
        return _VNNI.search(_PROCESSOR.read_text(encoding="utf-8")) is not None
    except OSError:
        return False


@cache
def shared() -> Encoder:
    """Give the encoder of this process, loaded when it is first needed."""
    return Encoder()


def fingerprint(folder: Path = FOLDER) -> str:
    """Give what tells one model from another."""
    return hashlib.sha256(_read(folder / ABOUT)).hexdigest()


def _checked(folder: Path) -> tuple[bytes, bytes]:
    """Give the contents of model and tokenizer, if they are those that were built."""
    hashes = json.loads(_read(folder / ABOUT))["sha256"]
    model, tokenizer = (_read(folder / name) for name in (MODEL, TOKENIZER))
    for name, content in ((MODEL, model), (TOKENIZER, tokenizer)):
        if hashlib.sha256(content).hexdigest() != hashes[name]:
            raise ConfigError(
                f"{folder / name} is not the file that belongs to this version. Install the bot again, or set "
                "matching.encoder to none."
            )
    return model, tokenizer


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"{file} cannot be read ({error.strerror}). Install the bot again, or set matching.encoder to none."
        ) from None
