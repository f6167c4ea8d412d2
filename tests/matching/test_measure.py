"""How matching is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.matching.match import Candidate, Match, Zone
from bot.matching.measure import Question, Share, Split, load_questions, measure


def match(zone: Zone, *entry_ids: str) -> Match:
    return Match(tuple(Candidate(entry_id, 0.5, "") for entry_id in entry_ids), zone)


def test_what_became_of_each_question_is_counted_once() -> None:
    outcomes = [
        (Question("1", "", "entry", ("a",)), match(Zone.ANSWER, "a", "b")),
        (Question("2", "", "entry", ("a",)), match(Zone.ANSWER, "b", "a")),
        (Question("3", "", "entry", ("a", "c")), match(Zone.CLARIFY, "b", "d", "c")),
        (Question("4", "", "entry", ("a",)), match(Zone.HAND_OVER, "a")),
        (Question("5", "", "person"), match(Zone.ANSWER, "to-person")),
        (Question("6", "", "off-topic"), match(Zone.CLARIFY, "a")),
        (Question("7", "", "off-topic"), match(Zone.HAND_OVER)),
        (Question("8", "", "trap"), match(Zone.ANSWER, "a")),
        (Question("9", "", "trap"), match(Zone.CLARIFY, "a")),
    ]
    report = measure([one for one, _ in outcomes], [one for _, one in outcomes], {"to-person"})
    assert report.first == Share(2, 4)
    assert report.first_three == Share(4, 4)
    assert report.answered == Share(1, 4)
    assert report.offered == Share(1, 4)
    assert report.wrong == Share(1, 2)
    assert report.held == Share(1, 3)
    assert report.left_to_people == Share(3, 3)
    assert report.handed_over == Share(2, 3)
    assert report.traps_left == Share(1, 2), "and its answer is none of those that are wrong"


@pytest.mark.parametrize(("part", "whole", "upper"), [(0, 59, 0.0495), (1, 93, 0.0500), (0, 1, 0.95), (3, 3, 1.0)])
def test_the_upper_bound_is_exact(part: int, whole: int, upper: float) -> None:
    assert Share(part, whole).upper == pytest.approx(upper, abs=5e-4)


def test_the_interval_is_the_published_one() -> None:
    assert Share(5, 100).interval == pytest.approx((0.0164, 0.1128), abs=1e-4)
    assert Share(0, 0).interval == (0, 1)


def test_a_question_never_changes_its_half() -> None:
    halves = [Question(f"q{number:04}", "", "entry").split for number in range(1000)]
    assert 400 < halves.count(Split.TUNE) < 600
    assert Question("q0001", "other words", "person").split is halves[1]


def test_questions_that_red_flags_catch_are_not_measured(tmp_path: Path) -> None:
    file = tmp_path / "questions.yaml"
    file.write_text(
        "questions:\n  - {id: a, text: what is it, kind: entry, entries: [x]}\n  - {id: b, text: help, kind: crisis}\n"
    )
    assert load_questions(file) == (Question("a", "what is it", "entry", ("x",)),)


@pytest.mark.parametrize("text", ["[]", "questions: {}", "questions: [{id: a}]"])
def test_a_mistake_in_the_file_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "questions.yaml"
    file.write_text(text)
    with pytest.raises(KnowledgeError, match=r"questions\.yaml"):
        load_questions(file)
