"""The sentence encoder against the model it was made from, and what happens without its files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from bot.errors import ConfigError
from bot.matching.encoder import ABOUT, FOLDER, MODEL, TOKENIZER, WIDTH, Encoder, _has_vnni, shared

REFERENCE: dict[str, list[float]] = json.loads(
    Path(__file__).with_name("encoder_reference.json").read_text(encoding="utf-8")
)
NEAREST = 0.99  # cosine to the model in full precision; 8-bit numbers reach 0.992 to 0.996
LARGEST_GAP = 0.025  # of a single number; 0.020 is the largest there is
MOST_BYTES = 25 * 1024 * 1024


@pytest.mark.parametrize("text", REFERENCE, ids=lambda text: text[:30])
def test_vectors_are_those_of_the_model_in_full_precision(text: str) -> None:
    vector, expected = shared().encode(text), np.array(REFERENCE[text])
    assert vector @ expected >= NEAREST
    assert np.abs(vector - expected).max() <= LARGEST_GAP


def test_every_vector_has_length_one() -> None:
    for text in ("", "hsct", "wprds nbody knws " * 300, "\x00 👍", "Что такое HSCT"):
        assert np.linalg.norm(shared().encode(text)) == pytest.approx(1, abs=1e-5)


def test_the_same_text_always_gets_the_same_bytes() -> None:
    texts = ["how long is hair gone", "hsct", "can I still have children after the treatment?"] * 4
    alone = [shared().encode(text).tobytes() for text in texts]
    assert [row.tobytes() for row in shared().encode_many(texts)] == alone
    assert Encoder().encode(texts[0]).tobytes() == alone[0]


@pytest.mark.skipif(not _has_vnni(), reason="the quick way is exact only on a processor with VNNI")
def test_both_ways_of_multiplying_give_the_same_bytes() -> None:
    quick, everywhere = Encoder(quick=True), Encoder(quick=False)
    for text in REFERENCE:
        assert quick.encode(text).tobytes() == everywhere.encode(text).tobytes()


def test_no_texts_are_no_rows() -> None:
    assert shared().encode_many([]).shape == (0, WIDTH)


def test_what_means_the_same_is_nearer_than_what_shares_words() -> None:
    asked, same, other = shared().encode_many(
        [
            "will I be able to have children afterwards",
            "does it make you infertile",
            "will I be able to walk afterwards",
        ]
    )
    assert asked @ same > 0.3
    assert (
        shared().encode("my hair fell out") @ shared().encode("going bald")
        > shared().encode("my hair fell out") @ other
    )


def test_the_files_are_small_enough_and_come_with_their_licence() -> None:
    assert sum((FOLDER / name).stat().st_size for name in (MODEL, TOKENIZER)) <= MOST_BYTES
    assert "Apache License" in (FOLDER / "LICENSE").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [MODEL, TOKENIZER])
def test_another_file_in_its_place_is_refused(name: str, tmp_path: Path) -> None:
    for other in (ABOUT, MODEL, TOKENIZER):
        shutil.copy(FOLDER / other, tmp_path)
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes() + b" ")
    with pytest.raises(ConfigError, match=r"is not the file .* matching\.encoder to none"):
        Encoder(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"model\.json cannot be read"):
        Encoder(tmp_path)
