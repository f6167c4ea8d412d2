"""The knowledge base as it is: nothing about single wordings, only what must always hold."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.cli.kb_check import unheard
from bot.cli.kb_home import AIM
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.examples import QUESTION, TAME
from bot.knowledge.loader import load
from bot.matching.left_out import left_out
from bot.matching.match import Zone
from bot.matching.matcher import Matcher
from bot.matching.measure import Split, load_questions, measure
from bot.matching.normalise import Normaliser, plain
from bot.matching.reading import Reader
from bot.triage.triage import Triage

pytestmark = pytest.mark.no_cover  # thousands of messages go over the same lines
KNOWLEDGE = Path(__file__).parents[2] / "knowledge"


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return load(KNOWLEDGE)


@pytest.fixture(scope="module")
def ours(triage: Triage) -> Matcher:
    return triage.matcher


def test_names_put_into_one_stay_put(base: KnowledgeBase) -> None:
    normaliser = Normaliser(base.synonyms)
    for word in set(base.synonyms.same.values()):
        assert normaliser.words(word) == plain(word), f"synonyms.yaml: '{word}' is also another way to write something"


def test_no_name_stands_for_two_things(base: KnowledgeBase) -> None:
    meant = Counter(plain(other) for other in base.synonyms.same)
    assert [other for other, n in meant.items() if n > 1] == []


def test_protected_names_are_never_respelt(base: KnowledgeBase) -> None:
    reader = Reader.of(base.entries.values(), base.synonyms)
    for name in base.synonyms.protected:
        assert reader.read(name).spelt == plain(name)


def test_what_questions_sound_like_is_shown_by_every_entry(base: KnowledgeBase) -> None:
    assert base.examples[QUESTION]
    assert not unheard(base), (
        f"copy some of their phrasings to `{QUESTION}` in examples.yaml, so that they raise no alarm"
    )


def test_nothing_is_an_example_of_danger_and_of_what_raises_no_alarm(base: KnowledgeBase) -> None:
    tame = {plain(text) for kind in TAME for text in base.examples[kind]}
    both = [text for kind in base.examples.keys() - set(TAME) for text in base.examples[kind] if plain(text) in tame]
    assert both == []


def test_a_phrasing_asked_again_is_nearly_always_found(base: KnowledgeBase, ours: Matcher) -> None:
    pairs = [(entry.id, phrasing) for entry in base.entries.values() for phrasing in entry.phrasings[::4]]
    missed = [text for entry_id, text in pairs if entry_id != getattr(ours.match(text).best, "entry_id", None)]
    assert len(missed) <= 0.02 * len(pairs), missed


def test_the_very_question_of_an_entry_is_answered_by_it(base: KnowledgeBase, ours: Matcher) -> None:
    others = {
        entry.question: match.zone
        for entry in base.entries.values()
        if (match := ours.match(entry.question)).zone is not Zone.ANSWER or match.candidates[0].entry_id != entry.id
    }
    assert not others


def test_the_tune_half_stays_as_good_as_it_was(base: KnowledgeBase, ours: Matcher) -> None:
    questions = [one for one in load_questions(KNOWLEDGE / "test-questions.yaml") if one.split is Split.TUNE]
    by_person = {entry.id for entry in base.entries.values() if entry.by_person}
    report = measure(questions, ours.match_many([one.text for one in questions]), by_person)
    assert report.first.value > 0.75
    assert report.first_three.value > 0.88
    assert report.answered.value > 0.20
    assert report.wrong.value < 0.06
    assert report.handed_over.value > 0.80


def test_phrasings_find_exactly_their_own_entry_with_themselves_left_out(base: KnowledgeBase) -> None:
    asked = left_out(list(base.entries.values()), base.synonyms)
    assert asked
    home = sum(one.place == 1 for one in asked)
    assert home >= AIM * len(asked), f"{home} of {len(asked)}: hsct-bot kb check --lost lists the others"
