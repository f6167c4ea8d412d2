"""Scores -> probabilities, and the two thresholds; `calibration-*.json` hold the constants and where they come from.

The constants are found by `tools/calibrate.py`: run it again when many entries or test questions have changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from bot.matching.match import Zone

WRONG_ANSWER_TARGET = 0.01  # share of wrong among the answers shown; half of the goal, as traps and despair come on top
WRONG_ANSWER_BOUND = 0.02  # that the true share stays under with 95% certainty
# Of what no entry answers so much must go to a person at once; choices give way, not this. A little above the aim, as
# what is picked on a half flatters it.
HANDED_OVER_TARGET = 0.945
CHOICES = 3  # entries in a "did you mean"
CANDIDATES = 5  # entries that get a probability
FEATURES = ("score", "margin", "unknown", "length", "nearness")  # the last only where there is an encoder

EncoderName = Literal["minilm", "none"]
CALIBRATION_FILES: Mapping[EncoderName, Path] = {
    "minilm": Path(__file__).with_name("calibration-minilm.json"),
    "none": Path(__file__).with_name("calibration-none.json"),
}

Doubles = NDArray[np.float64]
Flags = NDArray[np.bool_]


def features(scores: Doubles, unknown: float, words: int, nearness: Doubles | None = None) -> Doubles:
    """Give one line of features for each candidate, from the scores of the best, best first.

    The margin is the lead over the best other one, so it is negative for all but the first. `unknown` is the share
    of the message in words that no entry uses, `nearness` how near the nearest phrasing of each is in meaning.
    """
    leader = scores[0]
    second = scores[1] if len(scores) > 1 else 0.0
    margins = np.where(np.arange(len(scores)) == 0, leader - second, scores - leader)
    shared = np.ones(len(scores))
    columns = [scores, margins, unknown * shared, np.log1p(words) * shared]
    return np.column_stack(columns if nearness is None else [*columns, nearness])


def hope(probabilities: Doubles, for_person: Flags) -> float:
    """Give how likely the first three hold an answer, less how likely a person is to be asked for.

    What looks like a question for a person is not kept from one by a list of titles.
    """
    answering, handing_over = _for_and_against(probabilities, for_person)
    return answering - handing_over


def _for_and_against(probabilities: Doubles, for_person: Flags) -> tuple[float, float]:
    """Give how likely the first three hold an answer, and how likely a person is to be asked for; each is a sum."""
    answering, handing_over = probabilities[:CHOICES][~for_person[:CHOICES]], probabilities[for_person]
    return float(answering.sum()), float(handing_over.sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A logistic regression on the `FEATURES`, the thresholds, and the measurements behind them."""

    bias: float
    weights: tuple[float, ...]  # of the features, in their order
    answer_from: float  # probability of the first candidate from which it is shown as the answer
    clarify_from: float  # `hope` of the candidates from which the first three are offered
    views: tuple[str, ...] = ("lexical",)
    made_on: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)

    def probabilities(self, lines: Doubles) -> Doubles:
        """Give for each candidate the probability that its entry answers the message."""
        odds = lines @ np.array(self.weights) + self.bias
        result: Doubles = 1 / (1 + np.exp(-odds))
        return result

    def zone(self, probabilities: Doubles, for_person: Flags) -> Zone:
        """Tell what the probabilities of the candidates, best first, allow; some are of entries that hand over."""
        if len(probabilities) and probabilities[0] >= self.answer_from:
            return Zone.ANSWER
        return Zone.CLARIFY if hope(probabilities, for_person) >= self.clarify_from else Zone.HAND_OVER

    def why(self, probabilities: Doubles, for_person: Flags) -> str:
        """Say what the zone rests on, in one line."""
        shown = f"the first has {probabilities[0]:.0%} and needs {self.answer_from:.0%} to be shown"
        if self.zone(probabilities, for_person) is Zone.ANSWER:
            return shown
        answering, handing_over = _for_and_against(probabilities, for_person)
        return (
            f"{shown}; the answers among the first three add up to {answering:.0%}, what asks for a person to "
            f"{handing_over:.0%}, and to be offered they need {self.clarify_from:.0%} more than that"
        )

    @classmethod
    def of(cls, encoder: EncoderName) -> Self:
        """Read the calibration that is shipped for matching with an encoder, or without."""
        return cls.load(CALIBRATION_FILES[encoder])

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a calibration from its file."""
        values = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{**values, "weights": tuple(values["weights"].values()), "views": tuple(values["views"])})

    def save(self, path: Path) -> None:
        """Write the file that `load` reads."""
        values = {**asdict(self), "weights": dict(zip(FEATURES, self.weights, strict=False))}
        path.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
