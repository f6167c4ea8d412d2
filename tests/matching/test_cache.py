"""The fitted matcher on disk."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.loader import load
from bot.matching import cache
from bot.matching.cache import KEPT, fit, load_or_fit, takes_minutes
from bot.matching.matcher import Matcher
from bot.matching.tone import Tone

TEXT = "whats the price in mexico"
CRY = "i cannot go on like this"
EXAMPLES = {"distress": ("i cannot go on", "make it stop"), "question": ("what is the price", "how long is the wait")}


@pytest.fixture(scope="module")
def base(small_knowledge: Path) -> KnowledgeBase:
    return load(small_knowledge)


def with_phrasing(base: KnowledgeBase, text: str) -> KnowledgeBase:
    entry = base.entries["cost-mexico"]
    return replace(base, entries={**base.entries, entry.id: replace(entry, phrasings=(*entry.phrasings, text))})


def test_what_comes_from_the_cache_decides_the_same(base: KnowledgeBase, tmp_path: Path) -> None:
    fitted = load_or_fit(base, tmp_path, "none")
    again = load_or_fit(base, tmp_path, "none")
    assert again is not fitted
    assert again.match(TEXT) == fitted.match(TEXT)


def test_nothing_is_fitted_twice(base: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_or_fit(base, tmp_path, "none")
    monkeypatch.setattr(Matcher, "fit", lambda *_: pytest.fail("it was fitted again"))
    load_or_fit(base, tmp_path, "none")


def test_changed_knowledge_is_fitted_anew_and_old_files_go(base: KnowledgeBase, tmp_path: Path) -> None:
    for number in range(KEPT + 2):
        load_or_fit(with_phrasing(base, f"number {number}"), tmp_path, "none")
    assert len(list(tmp_path.iterdir())) == KEPT


def test_what_is_not_matched_by_changes_nothing_in_what_is_fitted(base: KnowledgeBase, tmp_path: Path) -> None:
    entry = replace(base.entries["cost-mexico"], review_after=date(2031, 1, 1), sources=(), related=(), topic="other")
    other = replace(base, version="v2", entries={**base.entries, entry.id: entry})
    kept = [pickle.dumps(fit(one, None, "none")) for one in (base, other)]
    assert kept[0] == kept[1], "if this fails, wording_of leaves out something that the matcher is fitted to"
    load_or_fit(base, tmp_path, "none")
    load_or_fit(other, tmp_path, "none")
    assert len(list(tmp_path.iterdir())) == 1


def test_for_another_answer_nothing_is_fitted_and_its_words_are_known(
    base: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = base.entries["cost-mexico"]
    other = replace(base, entries={**base.entries, entry.id: replace(entry, full=f"{entry.full} Ask the velodrome.")})
    assert "velodrome" not in load_or_fit(base, tmp_path, "none").match("price at the velodrone").corrected
    fitted = fit(other, None, "none").match("price at the velodrone")
    with monkeypatch.context() as patched:
        patched.setattr(Matcher, "fit", lambda *_: pytest.fail("it was fitted again"))
        found = load_or_fit(other, tmp_path, "none").match("price at the velodrone")
        assert load_or_fit(other, tmp_path, "none").match("price at the velodrone") == found, "it is kept"
    assert found == fitted
    assert "velodrome" in found.corrected
    assert len(list(tmp_path.iterdir())) == 2


def test_for_another_phrasing_what_messages_sound_like_is_not_learnt_again(
    base: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = replace(base, examples=EXAMPLES)
    load_or_fit(base, tmp_path, "minilm")
    other = with_phrasing(base, "how many wampum")
    fitted = fit(other, None, "minilm")
    with monkeypatch.context() as patched:
        patched.setattr(Tone, "fit", lambda *_, **__: pytest.fail("it was learnt again"))
        found = load_or_fit(other, tmp_path, "minilm")
    for text in ("how many wampum", CRY, TEXT):
        assert found.match(text) == fitted.match(text), "a start decides as the reload before it"
    assert found.kinds(CRY)["distress"] > 0.5


def test_another_example_is_learnt(base: KnowledgeBase, tmp_path: Path) -> None:
    base = replace(base, examples=EXAMPLES)
    before = load_or_fit(base, tmp_path, "none").kinds("the tunnel is dark")["distress"]
    taught = {**EXAMPLES, "distress": (*EXAMPLES["distress"], "there is no light in my tunnel")}
    assert (
        load_or_fit(replace(base, examples=taught), tmp_path, "none").kinds("the tunnel is dark")["distress"] > before
    )


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\x80\x05N."])
def test_a_spoilt_file_costs_a_fit_and_nothing_else(base: KnowledgeBase, tmp_path: Path, content: bytes) -> None:
    load_or_fit(base, tmp_path, "none")
    (file,) = tmp_path.iterdir()
    file.write_bytes(content)
    assert load_or_fit(base, tmp_path, "none").match(TEXT).best
    assert file.read_bytes() != content


def test_a_folder_that_cannot_be_written_costs_nothing_else(base: KnowledgeBase, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert load_or_fit(base, blocked / "cache", "none").match(TEXT).best


def test_only_what_has_very_much_to_encode_takes_minutes(
    base: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = base
    for number in range(30):
        other = with_phrasing(other, f"a phrasing whose vector does not come along, number {number}")
    monkeypatch.setattr(cache, "MANY", 25)
    assert not takes_minutes(base, tmp_path, "minilm"), "all of its vectors come along"
    assert takes_minutes(other, tmp_path, "minilm")
    assert not takes_minutes(other, tmp_path, "none")
    load_or_fit(other, tmp_path, "minilm")
    assert not takes_minutes(other, tmp_path, "minilm"), "it is there from now on"
