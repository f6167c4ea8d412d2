"""What an answer may never say: verdicts, promises, doses, orders about medicines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks.remark import Remark
from bot.knowledge.checks.texts import texts_of
from bot.knowledge.entry import Entry

_VERDICT, _CURE, _PROMISE = "a verdict on eligibility", "the promise of a cure", "a promise"
_BANNED = (
    (re.compile(r"\byou(?:'re| are)(?: not| probably| likely)? eligible\b", re.I), _VERDICT),
    (re.compile(r"\byou (?:do not |don't )?qualify\b", re.I), _VERDICT),
    (re.compile(r"\b(?:it|hsct|treatment|transplant) (?:cures|cured|will cure|can cure)\b", re.I), _CURE),
    (re.compile(r"\b(?:will|can) be cured\b", re.I), _CURE),
    (re.compile(r"\b(?<!no )(?<!not )guarante(?:e|es|ed|eing)\b", re.I), "a guarantee"),
    (re.compile(r"\b(?<!not )(?<!never )(?:100 ?(?:%|percent) (?:safe|effective)|risk[- ]free)\b", re.I), _PROMISE),
    (re.compile(r"\bmirac(?:le|ulous)\b", re.I), _PROMISE),
    (re.compile(r"\b\d+(?:[.,]\d+)? ?(?:mg|mcg|µg|ml|iu)\b(?:/kg)?", re.I), "a dose"),
    (re.compile(r"\byou should (?:stop|start|take|skip|double)\b", re.I), "an order about a medicine"),
)  # fmt: skip


def promises(_base: KnowledgeBase, entry: Entry, _today: date) -> Iterator[Remark]:
    """Find what an answer may never say; that it is not so ("not a cure", "no guarantee") may be said."""
    for name, field, text in texts_of(entry):
        for pattern, what in _BANNED:
            found = pattern.search(text)
            if found:
                words = found.group()
                says = f"`{name}` holds {what} ('{words}'). Say what is known, or send the reader to their team."
                yield Remark(says, entry.id, field, words)
