"""Enough phrasings, and no two that say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import combinations

import numpy as np
from rapidfuzz import fuzz, process

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks.remark import Remark
from bot.knowledge.entry import Entry
from bot.knowledge.more_phrasings import FILE

FEWEST_PHRASINGS = 8  # an entry needs that many different voices to be found
ALIKE = 92  # percent of letters alike, words in any order: above, two phrasings differ in an ending or a small word
TOGETHER = 500  # phrasings compared at a time, to fit into memory

# Words that do not change what is asked; left out before two phrasings are compared.
_EMPTY_WORDS = frozenset(
    """a an the what whats is are was do does did of in on to for and or it its this that be been please hi hello hey
    thanks thank you can could would will i me my we us there some any just so sorry tell know like about""".split()
)


def enough(_base: KnowledgeBase, entry: Entry, _today: date) -> Iterator[Remark]:
    """Find entries with too few phrasings."""
    count = len(set(entry.phrasings))
    if count < FEWEST_PHRASINGS:
        says = f"has {count} phrasings. Add some, as different people would ask: {FEWEST_PHRASINGS} or more."
        yield Remark(says, entry.id, "phrasings")


def alike(base: KnowledgeBase, of: str = "") -> Iterator[Remark]:
    """Find phrasings that say the same: in one entry the second adds nothing, in two entries it points both ways.

    Those of `more-phrasings.yaml` are compared as well, and come last: of two alike one there is the one to take out.
    With an entry in `of`, only its phrasings are compared, with all there are.
    """
    entries = sorted(base.entries.values(), key=lambda entry: entry.id != of)
    owned = [(entry.id, phrasing) for entry in entries for phrasing in entry.phrasings]
    in_entries = len(owned)
    owned += [(entry.id, phrasing) for entry in entries for phrasing in entry.more_phrasings]
    most = len(base.entries[of].phrasings) if of else len(owned)
    seen: set[tuple[str, str]] = set()
    for first, second in _pairs([phrasing for _, phrasing in owned], most):
        (one, phrasing), (other, twin) = owned[first], owned[second]
        if (other, twin) in seen:
            continue
        seen.add((other, twin))
        if one == other:
            says = f"'{phrasing}' and '{twin}' are the same. Put one of them into other words, or take it out."
        else:
            says = f"'{twin}' stands in '{one}' and in '{other}' ('{phrasing}' there). Keep it in one of them."
        yield _on(says, other, "phrasings" if second < in_entries else FILE, twin)


def questions(base: KnowledgeBase, of: str = "") -> Iterator[Remark]:
    """Find questions that another entry has too, on its button or among its phrasings: they point both ways.

    With an entry in `of`, only what it shares with others is given.
    """
    asked: dict[str, list[str]] = {}
    for entry in base.entries.values():
        asked.setdefault(_key(entry.question), []).append(entry.id)
    for entry in base.entries.values():
        for field, text in _wordings(entry):
            for other in asked.get(_key(text), ()):
                told = other == entry.id or (field == "question" and entry.id < other)  # once is enough
                if not told and (not of or of in (entry.id, other)):
                    says = f"'{text}' is the question of '{other}' too. Keep it in one of them."
                    yield _on(says, entry.id, field, text)


def of_no_entry(base: KnowledgeBase) -> Iterator[Remark]:
    """Find lines of `more-phrasings.yaml` that nothing is learnt from, as their entry is gone or was misspelt."""
    for name in base.of_no_entry:
        says = f"'{name}' is no entry. Put these lines under the entry that answers them, or take them out."
        yield Remark(says, words=f"  {name}:", file=FILE)


def _wordings(entry: Entry) -> Iterator[tuple[str, str]]:
    """Give each wording of its question, and in which field or file it stands."""
    yield "question", entry.question
    yield from (("phrasings", text) for text in entry.phrasings)
    yield from ((FILE, text) for text in entry.more_phrasings)


def _on(says: str, entry: str, where: str, words: str) -> Remark:
    return Remark(says, words=words, file=FILE) if where == FILE else Remark(says, entry, where, words)


def _pairs(texts: list[str], most: int) -> Iterator[tuple[int, int]]:
    """Give pairs of places, the smaller first and below `most`, of texts that are alike."""
    keys = [_key(text) for text in texts]
    groups: dict[str, list[int]] = {}
    for place, key in enumerate(keys):
        groups.setdefault(key, []).append(place)
    for places in groups.values():
        yield from (pair for pair in combinations(places, 2) if pair[0] < most)
    distinct = list(groups)
    wanted = len({keys[place] for place in range(most)})  # the first texts have the first keys
    for start in range(0, wanted, TOGETHER):
        scores = process.cdist(
            distinct[start : min(start + TOGETHER, wanted)], distinct, scorer=fuzz.ratio, score_cutoff=ALIKE
        )
        for row, column in np.argwhere(scores):
            if start + row < column:
                first, second = groups[distinct[start + row]][0], groups[distinct[column]][0]
                yield min(first, second), max(first, second)


def _key(text: str) -> str:
    """Give the words that matter, in the order of the alphabet; all of them where none matters."""
    words = re.findall(r"\w+", text.casefold().replace("'", "").replace("\u2019", ""))
    return " ".join(sorted(word for word in words if word not in _EMPTY_WORDS) or sorted(words))
