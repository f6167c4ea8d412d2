"""How many years of school a short answer asks for: the grade of Flesch and Kincaid.

Syllables are counted by syllapy: a list of words and a rule for the rest, no data to fetch. On the short answers of
2026-11 its grades lay within 0.2 of those by the CMU pronouncing dictionary, with the same mean (6.5). Hyphenation
(pyphen, and textstat, which uses it) leaves out many syllables and gave 5.6: nearly a grade too kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks.remark import Remark
from bot.knowledge.entry import Entry

HIGHEST_GRADE = 9.0  # US school grade, product rule for the short answer

_SENTENCE = re.compile(r"(?<=[.!?:;])\s+|\n+")  # Flesch counts what stands between colons as sentences of their own
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*|\d[\d.,]*")


def grade(text: str) -> float:
    """Give the US school grade of a text (J. P. Kincaid and others, 1975); a number counts as one syllable."""
    sentences = [words for part in _SENTENCE.split(text) if (words := _WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    syllables = sum(_syllables(word) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def reading_level(_base: KnowledgeBase, entry: Entry, _today: date) -> Iterator[Remark]:
    """Find what is read first, the short answer or a country's part, where it asks for too many years of school."""
    parts = ((f"by_country: {country}", "by_country", part) for country, part in entry.by_country.items())
    for name, field, text in (("short", "short", entry.short), *parts):
        found = grade(text)
        if found > HIGHEST_GRADE:
            says = (
                f"`{name}` reads at US grade {found:.1f}; {HIGHEST_GRADE:g} is the most. "
                f"Break up or put more simply: '{hardest(text)}'"
            )
            yield Remark(says, entry.id, field, hardest(text))


def hardest(text: str) -> str:
    """Give the sentence that does most for the grade."""
    return max(_SENTENCE.split(text), key=lambda sentence: grade(sentence) * len(sentence))


def _syllables(word: str) -> int:
    import syllapy  # type: ignore[import-untyped]  # reads its list of words when it is imported

    return max(1, int(syllapy.count(word)))
