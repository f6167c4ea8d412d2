"""The reading level: plain words pass, the words of papers do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks import check
from bot.knowledge.checks.reading_level import HIGHEST_GRADE, grade

PLAIN = "Your own stem cells are taken from your blood. Then strong drugs wipe out most of your immune system."
PAPER = (
    "Autologous haematopoietic transplantation demonstrates considerable efficacy regarding inflammatory activity, "
    "notwithstanding heterogeneous conditioning intensities across institutional protocols."
)


def test_plain_words_are_easy_and_papers_are_not() -> None:
    assert grade(PLAIN) < 6 < 20 < grade(PAPER)


@pytest.mark.parametrize(
    ("text", "words", "syllables"),
    [
        ("The cat sat on the mat.", 6, 6),
        ("This is a sentence.", 4, 5),
        ("Hospitals differ.", 2, 5),
        ("In 2019 it was so.", 5, 5),
    ],
)
def test_the_formula_is_that_of_kincaid(text: str, words: int, syllables: int) -> None:
    assert grade(text) == pytest.approx(0.39 * words + 11.8 * syllables / words - 15.59)


def test_shorter_sentences_read_more_easily() -> None:
    assert grade("It helps some people. It harms others. Nobody can say whom.") < grade(
        "It helps some people and it harms others and nobody can say whom."
    )


def test_no_words_are_no_grade() -> None:
    assert grade("") == grade("...") == 0.0


def test_a_short_answer_in_the_words_of_papers_is_refused_with_its_hardest_sentence(knowledge: KnowledgeBase) -> None:
    entry = replace(knowledge.entries["cost-mexico"], short=f"{PLAIN} {PAPER}")
    base = replace(knowledge, entries={**knowledge.entries, entry.id: entry})
    (found,) = check(base, date(2026, 11, 29))
    assert "Autologous haematopoietic transplantation" in str(found)


def test_every_short_answer_reads_at_grade_nine_or_below(knowledge: KnowledgeBase) -> None:
    hard = {
        entry.id: round(grade(entry.short), 1)
        for entry in knowledge.entries.values()
        if grade(entry.short) > HIGHEST_GRADE
    }
    assert hard == {}
