"""The red flags' file: what it must hold, and how its mistakes are told."""

from __future__ import annotations

import copy
import re
from datetime import date
from typing import Any

import pytest

from bot.errors import KnowledgeError
from bot.knowledge.safety import Route, Safety, parse_safety

FLAG: dict[str, Any] = {
    "id": "fire",
    "route": "emergency",
    "title": "Fire",
    "text": "Get out. {line}",
    "line": "brigade",
    "excuses": ["denied"],
    "cues": ["it burns", {"any": ["smoke/flames ... <room>"], "unless": ["cigar smoke"]}],
    "trips": ["it burns here"],
    "not": ["no, it burns not"],
}
FILE: dict[str, Any] = {
    "words": {"room": ["kitchen", "hall"]},
    "excuses": {"denied": {"just_before": ["no", "not"]}},
    "same_line_as": {"Norway": "EU"},
    "lines": {"brigade": {"UK": "Call 999.", "EU": "Call 112.", "unknown": "Call the brigade."}},
    "red_flags": [FLAG],
    "helplines": [
        {
            "country": "UK",
            "reviewed_on": date(2026, 11, 23),
            "review_after": date(2027, 5, 23),
            "lines": [
                {"name": "Brigade", "number": "999", "use": "fire", "confidence": "high", "look_up": "https://a.org"}
            ],
        }
    ],
}


def _file(flag: dict[str, Any]) -> dict[str, Any]:
    data = copy.deepcopy(FILE)
    data["red_flags"][0].update(flag)
    return data


def test_the_line_of_the_country_is_filled_in() -> None:
    fire = parse_safety(FILE, "safety.yaml").flag("fire")
    assert fire.advice_for("UK") == "Get out. Call 999."
    assert fire.advice_for("Norway") == "Get out. Call 112."
    assert fire.advice_for("Peru") == fire.advice_for() == "Get out. Call the brigade."


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"route": "urgent"}, "`route` cannot be 'urgent'"),
        ({"text": "Get out."}, "`text` has no {line}"),
        ({"line": "police"}, "there is no 'police'"),
        ({"excuses": ["joke"]}, "there is no 'joke'"),
        ({"cues": []}, "`cues` must be a list with at least one item"),
        ({"cues": [{"any": ["fire"], "unles": ["lit"]}]}, "unknown key `unles`"),
        ({"cues": ["fire (big"]}, "cannot be read at '(big'"),
        ({"cues": ["... fire"]}, "matches almost anything"),
        ({"cues": ["fire in <cellar>"]}, "<cellar> is not a list of `words`"),
        ({"trips": None}, "`trips` must be a list"),
        ({"title": 5}, "`title` is missing or not text"),
        ({"sources": [{"name": "A", "year": 2020}]}, "a source needs `url` or `doi`"),
        ({"sources": []}, "`sources` must be a list with at least one item"),
    ],
)
def test_a_mistake_is_told_with_its_place(change: dict[str, Any], problem: str) -> None:
    with pytest.raises(KnowledgeError) as caught:
        parse_safety(_file(change), "safety.yaml")
    told = [line for line in caught.value.problems if problem in line]
    assert told
    assert told[0].startswith("safety.yaml: ")


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(KnowledgeError) as caught:
        parse_safety(_file({"route": "urgent", "line": "police", "cues": ["*"]}), "safety.yaml")
    assert len(caught.value.problems) >= 3


def test_two_flags_of_one_id_are_refused() -> None:
    data = copy.deepcopy(FILE)
    data["red_flags"].append(copy.deepcopy(FLAG))
    with pytest.raises(KnowledgeError, match="'fire' is there twice"):
        parse_safety(data, "safety.yaml")


@pytest.mark.parametrize("data", [None, [], "red flags", 5])
def test_a_file_that_is_no_mapping_is_refused(data: object) -> None:
    with pytest.raises(KnowledgeError):
        parse_safety(data, "safety.yaml")


@pytest.mark.parametrize(
    "country", ["UK", "Ireland", "EU", "US", "Canada", "Australia", "New Zealand", "Germany", None]
)
def test_every_text_names_somebody_to_call(safety: Safety, country: str | None) -> None:
    for flag in safety.flags:
        advice = flag.advice_for(country)
        assert "{" not in advice
        if flag.route in (Route.CRISIS, Route.EMERGENCY):
            assert any(number in advice for number in ("999", "112", "911", "000", "111")), flag.id


def test_a_text_is_short_enough_to_be_read_in_danger(safety: Safety) -> None:
    for flag in safety.flags:
        assert len(flag.advice_for(None)) <= 1_600, flag.id
        assert max(len(part.split()) for part in re.split(r"[.:;\n]", flag.text)) <= 32, flag.id  # words


def test_every_route_is_used(safety: Safety) -> None:
    assert {flag.route for flag in safety.flags} == set(Route)
