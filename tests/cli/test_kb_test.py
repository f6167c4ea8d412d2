"""`kb test`: which entry was taken for which, with the questions."""

from __future__ import annotations

from bot.cli.kb_test import confusions, listed
from bot.matching.match import Candidate, Match, Zone
from bot.matching.measure import Question


def test_the_confusion_list_names_the_questions_and_hides_none_when_all_are_asked_for() -> None:
    pairs = {(f"wanted-{number:02}", "found"): [f"question {number}"] for number in range(50)}
    pairs["often", "found"] = ["first wording", "second wording"]
    some = list(listed("Wrong", pairs, everything=False))
    assert some[0] == "Wrong: 52 (how often, wanted -> found, and the questions)"
    assert some[1:4] == ["    2  often -> found", "         first wording", "         second wording"]
    assert some[-1] == "  and 11 more pairs: --all lists them"
    shown = "\n".join(listed("Wrong", pairs, everything=True))
    assert all(f"question {number}\n" in f"{shown}\n" for number in range(50))
    assert "--all" not in shown


def test_a_question_stands_under_what_it_was_taken_for() -> None:
    wrong = Match((Candidate("cost-russia", 0.9, ""),), Zone.ANSWER)
    unsure = Match((Candidate("cost-russia", 0.4, ""),), Zone.HAND_OVER)
    asked = [
        Question("1", "price in mexico?", "answer", ("cost-mexico",)),
        Question("2", "and the cost?", "answer", ("cost-mexico",)),
    ]
    shown, missed = confusions(asked, [wrong, unsure], frozenset())
    assert shown == {("cost-mexico", "cost-russia"): ["price in mexico?"]}
    assert missed == {("cost-mexico", "cost-russia"): ["and the cost?"]}
