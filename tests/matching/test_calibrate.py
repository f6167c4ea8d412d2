"""Probabilities and thresholds."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from bot.matching.calibrate import HANDED_OVER_TARGET, WRONG_ANSWER_TARGET, Calibration, EncoderName, features
from bot.matching.match import Zone
from tests.matching.conftest import CALIBRATION


def test_only_the_first_candidate_has_a_lead() -> None:
    lines = features(np.array([5.0, 3.0, 1.0]), unknown=0.25, words=0)
    assert lines.tolist() == [[5, 2, 0.25, 0], [3, -2, 0.25, 0], [1, -4, 0.25, 0]]


def test_a_lonely_candidate_leads_over_nothing() -> None:
    assert features(np.array([2.0]), 0, 0).tolist() == [[2, 2, 0, 0]]


def test_probabilities_keep_the_order_of_the_scores() -> None:
    probabilities = CALIBRATION.probabilities(features(np.array([4.0, 3.9, 2.0, 0.0]), 0.1, 7))
    assert sorted(probabilities, reverse=True) == list(probabilities)
    assert all(0 < probability < 1 for probability in probabilities)


def test_unknown_words_lower_the_probability() -> None:
    known, unknown = (CALIBRATION.probabilities(features(np.array([4.0, 1.0]), share, 5))[0] for share in (0, 0.6))
    assert unknown < known


@pytest.mark.parametrize(
    ("probabilities", "zone"),
    [
        ([0.9, 0.0], Zone.ANSWER),
        ([0.89, 0.0], Zone.CLARIFY),
        ([0.2, 0.2, 0.1, 0.0], Zone.CLARIFY),
        ([0.2, 0.1, 0.1, 0.1, 0.1], Zone.HAND_OVER),
        ([], Zone.HAND_OVER),
    ],
)
def test_zones_by_the_first_and_by_the_first_three(probabilities: list[float], zone: Zone) -> None:
    assert CALIBRATION.zone(np.array(probabilities), np.zeros(len(probabilities), bool)) is zone


def test_what_looks_like_a_question_for_a_person_gets_no_choices() -> None:
    probabilities, to_person = np.array([0.5, 0.4, 0.1]), np.array([False, True, False])
    assert CALIBRATION.zone(probabilities, ~to_person & False) is Zone.CLARIFY
    assert CALIBRATION.zone(probabilities, to_person) is Zone.HAND_OVER


@pytest.mark.parametrize(
    ("probabilities", "to_person", "says"),
    [
        ([0.95, 0.5], [], "the first has 95% and needs 90% to be shown"),
        ([0.5, 0.4, 0.1], [], "the answers among the first three add up to 100%, what asks for a person to 0%"),
        ([0.8, 0.8, 0.1], [0, 1], "the answers among the first three add up to 10%, what asks for a person to 160%"),
        ([0.1], [0], "the answers among the first three add up to 0%, what asks for a person to 10%"),
    ],
)
def test_why_is_told_in_shares_that_can_be(probabilities: list[float], to_person: list[int], says: str) -> None:
    flags = np.isin(np.arange(len(probabilities)), to_person)
    why = CALIBRATION.why(np.array(probabilities), flags)
    assert says in why
    assert "-" not in why


def test_a_calibration_comes_back_from_its_file_as_it_was(tmp_path: Path) -> None:
    CALIBRATION.save(tmp_path / "calibration.json")
    assert Calibration.load(tmp_path / "calibration.json") == CALIBRATION


@pytest.mark.parametrize("encoder", get_args(EncoderName))
def test_the_calibrations_we_ship_keep_what_they_promise(encoder: EncoderName) -> None:
    ours = Calibration.of(encoder)
    score, margin, *_ = ours.weights
    assert score >= 0
    assert margin >= 0
    assert ours.evidence["wrong_answer_target"] == WRONG_ANSWER_TARGET
    assert float(ours.evidence["handed_over_of_what_no_entry_answers"].split("%")[0]) >= 100 * HANDED_OVER_TARGET
    for name in ("wrong_among_answers_to_questions", "wrong_among_answers_to_phrasings"):
        assert float(ours.evidence[name].split("%")[0]) <= 100 * WRONG_ANSWER_TARGET
