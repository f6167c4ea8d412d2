"""Interface texts: every key that is used exists, and every key that exists is used."""

from __future__ import annotations

import re

from bot.domain.escalation import Reason, Status
from bot.texts import texts_in
from tests.world import ROOT

CODE = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot").rglob("*.py"))
QUOTED = set(re.findall(r'["\x27]([a-z_]+\.[a-z_]+)["\x27]', CODE))
ASKED_FOR = set(re.findall(r'texts\(\s*["\x27]([a-z_]+\.[a-z_.]+)["\x27]', CODE))
PREFIXES = tuple(re.findall(r'f"([a-z_]+\.[a-z_]*)\{', CODE))


def test_every_key_that_the_code_names_exists() -> None:
    assert ASKED_FOR - texts_in().names() == set()
    assert len(ASKED_FOR) > 100, "the pattern finds how texts are asked for"


def test_every_text_is_used() -> None:
    unused = {key for key in texts_in().names() if key not in QUOTED and not key.startswith(PREFIXES)}
    assert unused == set()


def test_every_reason_and_status_has_words() -> None:
    texts = texts_in()
    assert all(f"{part}.{reason}" in texts for part in ("reason", "why") for reason in Reason)
    assert all(f"status.{status}" in texts for status in Status)


def test_labels_fit_on_buttons_and_hold_no_emoji_alone() -> None:
    texts = texts_in()
    for key in texts.names():
        if key.startswith("button."):
            label = texts(key)
            assert len(label) <= 80
            assert re.search(r"[a-zA-Z]{2}", label)


def test_no_text_is_cut_off_by_a_comment_sign() -> None:
    lines = (ROOT / "bot" / "locales" / "en.yaml").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if " #" in line and not line.startswith("#"):
            assert line.count('"') >= 2 or line.lstrip().startswith("-"), f"put quotes round it: {line}"
