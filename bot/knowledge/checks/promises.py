"""What an answer may never say: verdicts, promises, doses, orders about medicines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks.bans import BANS, Ban
from bot.knowledge.checks.innocence import is_innocent
from bot.knowledge.checks.plain import plain, run_on, unwrapped
from bot.knowledge.checks.remark import Remark
from bot.knowledge.checks.texts import names_of, texts_of
from bot.knowledge.entry import Entry

_WORDS = re.compile("[a-z\u03bc]+")  # as the patterns have them; an accent makes more words, never fewer
_SENTENCE_END = re.compile(r"[.!?]\s|\n")  # no banned words go on beyond it


class Sentence(NamedTuple):
    """Where a sentence stands in a text, and its words."""

    start: int
    end: int
    words: set[str]


def promises(_base: KnowledgeBase, entry: Entry, _today: date) -> Iterator[Remark]:
    """Find what an answer may never say; that it is not so ("not a cure", "no guarantee") may be said."""
    for name, field, text in (*texts_of(entry), *names_of(entry)):
        for what, words in banned(text):
            says = f"`{name}` holds {what} ('{words}'). Say what is known, or send the reader to their team."
            yield Remark(says, entry.id, field, words)


def banned(text: str) -> Iterator[tuple[str, str]]:
    """Give, for each kind of banned words in a text, what they are and the first of them.

    It is read as people see it, without marks and unseen characters: line by line, and with wrapped lines made whole.
    """
    said: set[str] = set()
    lines = run_on(plain(text))
    for read in dict.fromkeys((lines, unwrapped(lines))):
        for what, words in _banned(read):
            if what not in said:
                said.add(what)
                yield what, words


def _banned(text: str) -> Iterator[tuple[str, str]]:
    sentences = sentences_of(text)
    words = set().union(*(sentence.words for sentence in sentences))
    for ban in BANS:
        for found in found_in(text, ban, sentences) if ban.may_be_among(words) else ():
            if not is_innocent(text, found, ban.unless, may_be_asked=ban.may_be_asked):
                yield ban.what, found.group()
                break


def sentences_of(text: str) -> list[Sentence]:
    """Give the sentences of a text, headings and list items among them."""
    ends = [one.end() for one in _SENTENCE_END.finditer(text)]
    spans = zip([0, *ends], [*ends, len(text)], strict=True)
    return [Sentence(start, end, set(_WORDS.findall(text[start:end].casefold()))) for start, end in spans]


def found_in(text: str, ban: Ban, sentences: Iterable[Sentence]) -> Iterator[re.Match[str]]:
    """Give all that `ban.words` finds in a text; only sentences with the words for it are searched."""
    for sentence in sentences:
        if ban.may_be_among(sentence.words):  # a letter more, so that "$" is not taken to stand at the end of a line
            yield from ban.words.finditer(text, sentence.start, sentence.end + 1)
