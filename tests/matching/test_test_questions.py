"""The test questions measure honestly: enough of each kind, and none that the matcher was taught."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest
from rapidfuzz import fuzz, process

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.yaml_lines import read_yaml
from bot.matching.normalise import plain
from tests.world import ROOT

NEAR_DUPLICATE = 90  # token_sort_ratio of the plain words: "day zero what happens", "what happens on day zero"
FILE = ROOT / "knowledge" / "test-questions.yaml"


@pytest.fixture(scope="module")
def questions() -> list[dict[str, Any]]:
    data = read_yaml(FILE, FILE.name)[1]
    assert isinstance(data, dict)
    found = data["questions"]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(
    ("kinds", "least"),
    [
        ({"entry"}, 500),
        ({"person"}, 150),
        ({"chatter"}, 60),
        ({"off-topic"}, 40),
        ({"crisis", "emergency"}, 30),
        ({"hard-negative"}, 30),
        ({"spam"}, 20),
    ],
)
def test_there_are_enough_of_each_kind(questions: list[dict[str, Any]], kinds: set[str], least: int) -> None:
    assert sum(one["kind"] in kinds for one in questions) >= least


def test_every_entry_is_asked_for_five_times(questions: list[dict[str, Any]], knowledge: KnowledgeBase) -> None:
    asked = Counter(entry_id for one in questions if one["kind"] == "entry" for entry_id in one["entries"])
    rare = {entry.id for entry in knowledge.entries.values() if not entry.by_person and asked[entry.id] < 5}
    assert not rare, "write more test questions for these, without reading their phrasings"


def test_no_number_is_used_twice(questions: list[dict[str, Any]]) -> None:
    assert [number for number, n in Counter(one["id"] for one in questions).items() if n > 1] == []


def in_order(text: str) -> str:
    """Give its words in the order of the alphabet: sorted once, not in each of a million comparisons."""
    return " ".join(sorted(plain(text)))


def taught(asked: Iterable[str], texts: Iterable[str]) -> dict[str, str]:
    """Give the questions that are nearly one of the texts, whatever the order of their words, each with that text."""
    known = {in_order(text): text for text in texts}
    pairs = [
        (one, process.extractOne(in_order(one), known.keys(), scorer=fuzz.ratio, score_cutoff=NEAR_DUPLICATE))
        for one in asked
    ]
    return {one: known[near[0]] for one, near in pairs if near}


def test_no_test_question_is_nearly_a_phrasing(questions: list[dict[str, Any]], knowledge: KnowledgeBase) -> None:
    asked = [one["text"] for one in questions if one["kind"] != "chatter"]
    phrasings = [text for one in knowledge.entries.values() for text in one.asked_by]
    assert not taught(asked, phrasings), (
        "take the phrasing out of the entry, or this question out of the test questions"
    )


def test_no_test_question_is_nearly_an_example(questions: list[dict[str, Any]], knowledge: KnowledgeBase) -> None:
    examples = [text for texts in knowledge.examples.values() for text in texts]
    asked = [one["text"] for one in questions if len(one["text"].split()) > 2]  # there is one way to say "me too"
    assert not taught(asked, examples), "take it out of examples.yaml, or out of `trips` or `not` of safety.yaml"
