"""`kb test`: every question of test-questions.yaml asked, and what was taken for what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.app import build_triage
from bot.config import Settings
from bot.knowledge.base import KnowledgeBase
from bot.matching.match import Match, Zone
from bot.matching.measure import Question, load_questions, measure

FILE = "test-questions.yaml"
MOST_SHOWN = 40  # pairs of each confusion list, unless all are asked for
Pair = tuple[str, str]  # what was wanted, what was found


def run_questions(base: KnowledgeBase, settings: Settings, *, everything: bool = False) -> Iterator[str]:
    """Give the measures, then each pair of wanted and found entry with the questions that came to it.

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
    yield f"  {report.traps_left}  of the traps, which no entry answers, are left to them"
    shown, missed = confusions(questions, matches, by_person)
    yield from listed("Shown as the answer, and wrong", shown, everything=everything)
    yield from listed("Came first, and was not shown as the answer", missed, everything=everything)


def confusions(
    questions: Sequence[Question], matches: Sequence[Match], by_person: frozenset[str]
) -> tuple[dict[Pair, list[str]], dict[Pair, list[str]]]:
    """Give the questions by what was wanted and found: those answered wrongly, and those not answered."""
    shown: dict[Pair, list[str]] = {}
    missed: dict[Pair, list[str]] = {}
    for question, match in zip(questions, matches, strict=True):
        found = match.best.entry_id if match.best else "nothing"
        if found in question.entries:
            continue
        wanted = question.entries[0] if question.entries else f"({question.kind})"
        if match.zone is Zone.ANSWER and found not in by_person:
            shown.setdefault((wanted, found), []).append(question.text)
        elif question.entries:
            missed.setdefault((wanted, found), []).append(question.text)
    return shown, missed


def listed(title: str, pairs: Mapping[Pair, Sequence[str]], *, everything: bool) -> Iterator[str]:
    """Give the pairs, the most frequent first, each with its questions below."""
    yield f"{title}: {sum(map(len, pairs.values()))} (how often, wanted -> found, and the questions)"
    ordered = sorted(pairs.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    for (wanted, found), questions in ordered if everything else ordered[:MOST_SHOWN]:
        yield f"  {len(questions):3}  {wanted} -> {found}"
        yield from (f"         {question}" for question in questions)
    if len(ordered) > MOST_SHOWN and not everything:
        yield f"  and {len(ordered) - MOST_SHOWN} more pairs: --all lists them"
