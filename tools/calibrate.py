"""Finds the constants of `bot/matching/calibration-*.json` anew: python -m tools.calibrate [--write]

What is learnt from: the tune half of knowledge/test-questions.yaml, less chatter, spam, despair and traps, and the
phrasings, each asked of a matcher that has not seen it (held out by its place in the list, so that all entries are
reduced alike).
The test half is not read here. Thresholds are picked on probabilities that a calibration fitted without the question in
hand gave.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.entry import Entry
from bot.knowledge.loader import load
from bot.matching.cache import views
from bot.matching.calibrate import (
    CALIBRATION_FILES,
    CANDIDATES,
    CHOICES,
    FEATURES,
    HANDED_OVER_TARGET,
    WRONG_ANSWER_BOUND,
    WRONG_ANSWER_TARGET,
    Calibration,
    Doubles,
    Flags,
    hope,
)
from bot.matching.matcher import Explanation, Matcher
from bot.matching.measure import FOR_PEOPLE, TRAP, Question, Share, Split, load_questions
from bot.matching.scores import FitView
from bot.matching.vectors import Vectors

KNOWLEDGE = Path(__file__).parent.parent / "knowledge"

FOLDS = 4  # parts of the phrasings; each is asked of a matcher fitted without it
PARTS = 10  # of the questions; the probabilities of each come from a calibration fitted without it
HELD_OUT_WEIGHT = 0.5  # of the questions' weight that all held-out phrasings together have
RIDGE = 1e-3  # keeps the regression finite
# Not asked here: chatter and spam are left alone before an answer could be shown, despair gets a warm line and a person
# whatever else is shown, and near-misses written as traps are far more of these messages than of what people ask. What
# slips through `evaluate` counts.
LEFT_ALONE = frozenset({"chatter", "spam", "not-spam", "distress", TRAP})
FEWEST = 30  # messages below which a share is not looked at
FEWEST_BOUND = 240  # and below which the bound is not: a single mistake would break it
DIGITS = 3  # of a share that is held against its target: 1.04% counts as 1%
GRID = np.round(np.arange(0.10, 0.995, 0.01), 2)
NOTHING = Calibration(bias=0.0, weights=(0.0, 0.0, 0.0, 0.0), answer_from=2.0, clarify_from=2.0)


@dataclass(frozen=True)
class Asked:
    """Messages with what matching made of them: candidate by candidate, best first."""

    lines: NDArray[np.float64]  # message x candidate x feature
    right: Flags  # message x candidate
    known: Flags  # message x candidate: whether `right` is to be believed
    for_person: Flags  # message x candidate: it hands over, so as the first it shows nothing
    for_people: Flags  # message: no entry answers it, and somebody should

    def probabilities(self, calibration: Calibration) -> Doubles:
        """Give the probability of each candidate of each message."""
        return np.array([calibration.probabilities(lines) for lines in self.lines])


def asked(explanations: Sequence[Explanation], questions: Sequence[Question], entries: Mapping[str, Entry]) -> Asked:
    """Put explanations beside what was wanted; nothing wanted and a person candidate: nobody knows."""
    pairs = zip(explanations, questions, strict=True)
    explanations, questions = zip(*(pair for pair in pairs if len(pair[0].considered) == CANDIDATES), strict=True)
    ids = [[considered.candidate.entry_id for considered in one.considered] for one in explanations]
    person = np.array([[entries[entry_id].by_person for entry_id in row] for row in ids])
    nothing = np.array([not one.entries for one in questions])
    return Asked(
        lines=np.array([_lines(one) for one in explanations]),
        right=np.array(
            [[entry_id in one.entries for entry_id in row] for row, one in zip(ids, questions, strict=True)]
        ),
        known=~(person & nothing[:, None]),
        for_person=person,
        for_people=np.array([one.kind in FOR_PEOPLE for one in questions]),
    )


def _lines(explanation: Explanation) -> Doubles:
    return np.array([considered.features for considered in explanation.considered])


def ask_questions(base: KnowledgeBase, questions: Sequence[Question], others: Sequence[FitView]) -> Asked:
    """Ask questions of a matcher that knows everything."""
    matcher = Matcher.fit(base.entries.values(), base.synonyms, _nothing(others), others, examples=base.examples)
    explanations = [matcher.explain(question.text) for question in questions]
    return asked(explanations, questions, base.entries)


def ask_phrasings(base: KnowledgeBase, others: Sequence[FitView]) -> Asked:
    """Ask each phrasing of a matcher that has not seen it."""
    pairs = [pair for fold in range(FOLDS) for pair in _ask_fold(base, fold, others)]
    return asked([pair[0] for pair in pairs], [pair[1] for pair in pairs], base.entries)


def _ask_fold(base: KnowledgeBase, fold: int, others: Sequence[FitView]) -> Iterator[tuple[Explanation, Question]]:
    kept = [replace(entry, phrasings=_fold(entry, lambda part: part != fold)) for entry in base.entries.values()]
    matcher = Matcher.fit(kept, base.synonyms, _nothing(others), others, examples=base.examples)
    for entry in base.entries.values():
        for phrasing in _fold(entry, lambda part: part == fold):
            yield matcher.explain(phrasing), Question("", phrasing, "entry", (entry.id,))


def _nothing(others: Sequence[FitView]) -> Calibration:
    if not others:
        return NOTHING
    return replace(NOTHING, weights=(0.0,) * len(FEATURES), views=("lexical", "sentences"))


def _fold(entry: Entry, wanted: Callable[[int], bool]) -> tuple[str, ...]:
    return tuple(phrasing for place, phrasing in enumerate(entry.phrasings) if wanted(place % FOLDS))


def fit(questions: Asked, phrasings: Asked, kept: Flags) -> Calibration:
    """Fit the regression on the kept questions and all held-out phrasings."""
    lines = np.concatenate((questions.lines[kept][questions.known[kept]], phrasings.lines[phrasings.known]))
    right = np.concatenate((questions.right[kept][questions.known[kept]], phrasings.right[phrasings.known]))
    ours, theirs = int(questions.known[kept].sum()), int(phrasings.known.sum())
    weight = np.concatenate((np.ones(ours), np.full(theirs, HELD_OUT_WEIGHT * ours / theirs)))
    bias, *weights = _logistic(lines, right.astype(float), weight)
    if min(weights[:2]) < 0:
        raise SystemExit("A higher score or margin would lower the probability: look at the data before using this.")
    return replace(NOTHING, bias=bias, weights=tuple(weights))


def _logistic(lines: Doubles, right: Doubles, weight: Doubles) -> list[float]:
    """Fit by Newton's method; gives the bias and a weight for each feature."""
    columns = np.column_stack((np.ones(len(lines)), lines))
    ridge = RIDGE * weight.sum() * np.diag([0.0] + [1.0] * lines.shape[1])
    solution = np.zeros(columns.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-columns @ solution))
        slope = columns.T @ (weight * (chance - right)) + ridge @ solution
        curvature = (columns * (weight * chance * (1 - chance))[:, None]).T @ columns + ridge
        solution -= np.linalg.solve(curvature, slope)
    return [round(float(value), 4) for value in solution]


def out_of_sample(questions: Asked, phrasings: Asked) -> Doubles:
    """Give each question's probabilities by a calibration fitted without it."""
    part = np.arange(len(questions.right)) % PARTS
    result = np.zeros(questions.right.shape)
    for number in range(PARTS):
        result[part == number] = questions.probabilities(fit(questions, phrasings, part != number))[part == number]
    return result


def wrong_from(threshold: float, messages: Asked, probabilities: Doubles) -> Share:
    """Count wrong answers among those shown from a threshold on."""
    shown = (probabilities[:, 0] >= threshold) & ~messages.for_person[:, 0]
    return Share(int((shown & ~messages.right[:, 0]).sum()), int(shown.sum()))


def offered_from(threshold: float, answer_from: float, messages: Asked, probabilities: Doubles) -> Flags:
    """Tell which messages get choices."""
    hopes = np.array([hope(*pair) for pair in zip(probabilities, messages.for_person, strict=True)])
    offered: Flags = (probabilities[:, 0] < answer_from) & (hopes >= threshold)
    return offered


def handed_over_from(threshold: float, answer_from: float, messages: Asked, probabilities: Doubles) -> Share:
    """Count how many of what no entry answers go to a person at once."""
    shown = (probabilities[:, 0] >= answer_from) & ~messages.for_person[:, 0]
    kept = messages.for_people & (shown | offered_from(threshold, answer_from, messages, probabilities))
    whole = int(messages.for_people.sum())
    return Share(whole - int(kept.sum()), whole)


def held_from(threshold: float, answer_from: float, messages: Asked, probabilities: Doubles) -> Share:
    """Count how many of the choices offered hold the right entry."""
    offered = offered_from(threshold, answer_from, messages, probabilities)
    return Share(int((offered & messages.right[:, :CHOICES].any(axis=1)).sum()), int(offered.sum()))


def lowest(fits: Callable[[float], bool]) -> float:
    """Give the lowest threshold of the grid from which upward all fit."""
    chosen = 1.0
    for threshold in reversed(GRID.tolist()):
        if not fits(threshold):
            break
        chosen = threshold
    return chosen


def choose_answer_from(
    questions: Asked, probabilities: Doubles, phrasings: Asked, theirs: Doubles
) -> tuple[float, bool]:
    """Give the threshold for answering, and whether the upper bound holds as well as the target.

    The target is kept among the questions and among the held-out phrasings. Where there are too few questions for the
    bound to get that low, it is kept alone.
    """

    def bound_holds(threshold: float) -> bool:
        wrong = wrong_from(threshold, questions, probabilities)
        return wrong.whole < FEWEST_BOUND or (wrong.upper <= WRONG_ANSWER_BOUND and shares_hold(threshold))

    def shares_hold(threshold: float) -> bool:
        both = (wrong_from(threshold, questions, probabilities), wrong_from(threshold, phrasings, theirs))
        return all(wrong.whole < FEWEST or round(wrong.value, DIGITS) <= WRONG_ANSWER_TARGET for wrong in both)

    by_bound = lowest(bound_holds)
    if wrong_from(by_bound, questions, probabilities).whole >= FEWEST_BOUND:
        return by_bound, True
    return lowest(shares_hold), False


def calibrate(
    base: KnowledgeBase, tune: Sequence[Question], today: date, others: Sequence[FitView] = ()
) -> Calibration:
    """Find the constants and say what they rest on."""
    questions, phrasings = ask_questions(base, tune, others), ask_phrasings(base, others)
    calibration = fit(questions, phrasings, np.ones(len(questions.right), bool))
    probabilities, theirs = out_of_sample(questions, phrasings), phrasings.probabilities(calibration)
    answer_from, bound_holds = choose_answer_from(questions, probabilities, phrasings, theirs)

    def enough_handed_over(threshold: float) -> bool:
        return handed_over_from(threshold, answer_from, questions, probabilities).value >= HANDED_OVER_TARGET

    clarify_from = lowest(enough_handed_over)
    handed_over = handed_over_from(clarify_from, answer_from, questions, probabilities)
    evidence = {
        "learnt_from": f"{len(tune)} questions of the tune half, {len(phrasings.right)} phrasings held out by place",
        "knowledge": f"{len(base.entries)} entries, version {base.version}",
        "wrong_answer_target": WRONG_ANSWER_TARGET,
        "wrong_answer_bound": WRONG_ANSWER_BOUND,
        "upper_bound_holds": bound_holds,
        "wrong_among_answers_to_questions": _in_words(wrong_from(answer_from, questions, probabilities)),
        "wrong_among_answers_to_phrasings": _in_words(wrong_from(answer_from, phrasings, theirs)),
        "one_sided_upper_bound_on_questions": round(wrong_from(answer_from, questions, probabilities).upper, 3),
        "handed_over_target": HANDED_OVER_TARGET,
        "handed_over_of_what_no_entry_answers": _in_words(handed_over),
        "choices_that_hold_the_right_entry": _in_words(held_from(clarify_from, answer_from, questions, probabilities)),
    }
    return replace(
        calibration,
        answer_from=answer_from,
        clarify_from=clarify_from,
        views=_nothing(others).views,
        made_on=today.isoformat(),
        evidence=evidence,
    )


def _in_words(share: Share) -> str:
    return " ".join(str(share).split())


def main() -> None:
    """Print the constants, and write them if told to."""
    parser = argparse.ArgumentParser(description="Find the constants of matching anew.")
    parser.add_argument("--knowledge", type=Path, default=KNOWLEDGE)
    parser.add_argument("--write", action="store_true", help="keep them in bot/matching")
    parser.add_argument("--cache", type=Path, help="folder for the vectors of phrasings, which take a minute")
    options = parser.parse_args()
    questions = load_questions(options.knowledge / "test-questions.yaml")
    tune = [one for one in questions if one.split is Split.TUNE and one.kind not in LEFT_ALONE]
    for encoder, file in CALIBRATION_FILES.items():
        others = views(encoder, Vectors(options.cache))
        calibration = calibrate(load(options.knowledge), tune, datetime.now(UTC).date(), others)
        print(json.dumps(asdict(calibration), indent=2), flush=True)
        if options.write:
            calibration.save(file)


if __name__ == "__main__":
    main()
