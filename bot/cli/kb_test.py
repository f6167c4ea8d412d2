"""`kb test`: every question of test-questions.yaml asked, and what was taken for what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.app import build_triage
from bot.config import Settings
from bot.knowledge.base import KnowledgeBase
from bot.matching.match import Match, Zone
from bot.matching.measure import Question, load_questions, measure

FILE = "test-questions.yaml"
MOST_SHOWN = 40  # lines of the confusion list


def run_questions(base: KnowledgeBase, settings: Settings) -> Iterator[str]:
    """Give the measures, then each pair of wanted and found entry with how often it came about.

    Raises:
        KnowledgeError: the file is not there, or not in its form.
    """
    questions = load_questions(settings.knowledge / FILE)
    unknown = sorted({entry for question in questions for entry in question.entries} - set(base.entries))
    if unknown:
        yield f"{FILE} wants entries that are not there: {', '.join(unknown)}. Mend their ids."
    matcher = build_triage(base, settings.cache, settings.matching.encoder).matcher
    matches = matcher.match_many([question.text for question in questions])
    by_person = frozenset(entry.id for entry in base.entries.values() if entry.by_person)
    report = measure(questions, matches, by_person)
    yield f"{len(questions)} questions; shares with the interval that is 95% sure:"
    yield f"  {report.first}  the right entry comes first"
    yield f"  {report.first_three}  it is among the first three"
    yield f"  {report.answered}  it is shown as the answer"
    yield f'  {report.offered}  it is offered in a "did you mean"'
    yield f"  {report.wrong}  of the answers shown are wrong"
    yield f"  {report.left_to_people}  of what belongs to people is left to them"
    yield from _confusions(questions, matches, by_person)


def _confusions(questions: Sequence[Question], matches: Sequence[Match], by_person: frozenset[str]) -> Iterator[str]:
    shown: Counter[tuple[str, str]] = Counter()
    missed: Counter[tuple[str, str]] = Counter()
    for question, match in zip(questions, matches, strict=True):
        found = match.best.entry_id if match.best else "nothing"
        if found in question.entries:
            continue
        wanted = question.entries[0] if question.entries else f"({question.kind})"
        if match.zone is Zone.ANSWER and found not in by_person:
            shown[wanted, found] += 1
        elif question.entries:
            missed[wanted, found] += 1
    yield from _listed("Shown as the answer, and wrong", shown)
    yield from _listed("Came first, and was not shown as the answer", missed)


def _listed(title: str, pairs: Counter[tuple[str, str]]) -> Iterator[str]:
    yield f"{title}: {pairs.total()} (how often, wanted -> found)"
    ordered = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    for (wanted, found), count in ordered[:MOST_SHOWN]:
        yield f"  {count:3}  {wanted} -> {found}"
    if len(ordered) > MOST_SHOWN:
        yield f"  and {len(ordered) - MOST_SHOWN} more pairs, once each or so"
