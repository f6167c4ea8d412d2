"""How well matching does on `knowledge/test-questions.yaml`; so that `kb test` and the tools say the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from math import exp, lgamma, log, log1p
from pathlib import Path

from bot.errors import KnowledgeError
from bot.knowledge.yaml_lines import read_yaml
from bot.matching.match import Match, Zone

SURE = 0.95  # share of certainty of every interval given


class Split(StrEnum):
    """Half of the questions may be learnt from (thresholds, choices of method), half only measured on."""

    TUNE = "tune"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Question:
    """A message with the entries any of which answers it; none: it belongs to a person, or to nobody."""

    id: str
    text: str
    kind: str
    entries: tuple[str, ...] = ()

    @property
    def split(self) -> Split:
        """Give the half it belongs to, by its id alone, so that it never moves."""
        return Split.TUNE if hashlib.sha256(self.id.encode()).digest()[0] < 128 else Split.TEST


FOR_PEOPLE = frozenset({"person", "off-topic"})  # kinds that no entry answers
TRAP = "trap"  # nor does one answer these, which were written to be mistaken for what an entry answers
NOT_MATCHED = frozenset({"crisis", "emergency"})  # kinds that red flags catch before anything is matched


def load_questions(file: Path) -> tuple[Question, ...]:
    """Read the test questions that reach the matcher.

    Raises:
        KnowledgeError: the file cannot be read, or a question lacks `id`, `text` or `kind`.
    """
    _, data = read_yaml(file, str(file))
    items = data.get("questions") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise KnowledgeError([f"{file}: must begin with `questions:` and a list."])
    questions = (_question(item, f"{file}: question {number}") for number, item in enumerate(items, 1))
    return tuple(question for question in questions if question.kind not in NOT_MATCHED)


def _question(item: object, where: str) -> Question:
    if not isinstance(item, dict) or not {"id", "text", "kind"} <= item.keys():
        raise KnowledgeError([f"{where}: needs `id`, `text` and `kind`."])
    return Question(str(item["id"]), str(item["text"]), str(item["kind"]), tuple(item.get("entries") or ()))


@dataclass(frozen=True, slots=True)
class Share:
    """A count out of another, with the interval that is sure to hold the true share."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """Give the share, 0 of nothing."""
        return self.part / self.whole if self.whole else 0.0

    @property
    def upper(self) -> float:
        """Give the exact (Clopper-Pearson) one-sided upper bound."""
        return _bound(self.part, self.whole, 1 - SURE)

    @property
    def interval(self) -> tuple[float, float]:
        """Give the exact two-sided interval."""
        tail = (1 - SURE) / 2
        return 1 - _bound(self.whole - self.part, self.whole, tail), _bound(self.part, self.whole, tail)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:6.1%}  {self.part:4} of {self.whole:<4} ({low:.1%} to {high:.1%})"


def _bound(part: int, whole: int, tail: float) -> float:
    """Give the share at which seeing at most `part` of `whole` has the probability `tail` (by bisection)."""
    if part >= whole:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        at_most = sum(_chance(n, whole, middle) for n in range(part + 1))
        low, high = (middle, high) if at_most > tail else (low, middle)
    return high


def _chance(part: int, whole: int, share: float) -> float:
    ways = lgamma(whole + 1) - lgamma(part + 1) - lgamma(whole - part + 1)
    return exp(ways + part * log(share) + (whole - part) * log1p(-share))


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a set of questions; `in_scope` are those that an entry answers."""

    first: Share  # in scope: the right entry came first
    first_three: Share  # in scope: it was among the first three
    answered: Share  # in scope: it was shown
    offered: Share  # in scope: it was among the choices of a "did you mean"
    wrong: Share  # of all answers shown, traps apart: another entry, or none, would have been right
    held: Share  # of the "did you mean": the right entry was among the choices
    left_to_people: Share  # person and off-topic: no entry was shown as the answer
    handed_over: Share  # person and off-topic: not even choices were offered
    traps_left: Share  # written as traps: no entry was shown as the answer


def measure(questions: Sequence[Question], matches: Sequence[Match], by_person: AbstractSet[str]) -> Report:
    """Compare matches with what was wanted.

    An entry of `by_person` hands over by design: showing it is never a wrong answer, only no answer.
    """
    pairs = list(zip(questions, matches, strict=True))
    in_scope = [pair for pair in pairs if pair[0].entries]
    shown = [pair for pair in pairs if _is_shown(pair[1], by_person) and pair[0].kind != TRAP]
    traps = [pair for pair in pairs if pair[0].kind == TRAP]
    clarified = [pair for pair in pairs if pair[1].zone is Zone.CLARIFY]
    for_people = [pair for pair in pairs if pair[0].kind in FOR_PEOPLE]
    return Report(
        first=_share(_has(question, match, 1) for question, match in in_scope),
        first_three=_share(_has(question, match, 3) for question, match in in_scope),
        answered=_share(_is_shown(match, by_person) and _has(question, match, 1) for question, match in in_scope),
        offered=_share(match.zone is Zone.CLARIFY and _has(question, match, 3) for question, match in in_scope),
        wrong=_share(not _has(question, match, 1) for question, match in shown),
        held=_share(_has(question, match, 3) for question, match in clarified),
        left_to_people=_share(not _is_shown(match, by_person) for _, match in for_people),
        handed_over=_share(_goes_to_person(match, by_person) for _, match in for_people),
        traps_left=_share(not _is_shown(match, by_person) for _, match in traps),
    )


def _share(outcomes: Iterable[bool]) -> Share:
    counted = list(outcomes)
    return Share(sum(counted), len(counted))


def _has(question: Question, match: Match, first: int) -> bool:
    return any(candidate.entry_id in question.entries for candidate in match.candidates[:first])


def _is_shown(match: Match, by_person: AbstractSet[str]) -> bool:
    return match.zone is Zone.ANSWER and match.candidates[0].entry_id not in by_person


def _goes_to_person(match: Match, by_person: AbstractSet[str]) -> bool:
    return match.zone is Zone.HAND_OVER or (match.zone is Zone.ANSWER and not _is_shown(match, by_person))
