"""Accessibility: what every platform can show and every screen reader can read aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks.remark import Remark
from bot.knowledge.checks.texts import names_of, texts_of
from bot.knowledge.entry import Entry

_PLAIN = "Use paragraphs, `- ` lists and links."
_MARKUP = (
    (re.compile(r"^\s*#.*", re.M), "a heading"),
    (re.compile(r"^\s*\|.*|^.*\S[ \t]\|[ \t]\S.*$", re.M), "a table"),
    (re.compile(r"^[ \t]*(?:[-*_=~] ?){3,}$", re.M), "a ruled line"),
    (re.compile(r"\*\*|__|(?<![\w*])\*\w|(?<!\w)_(?=[^\W_])[^_\n]*(?<=\S)_(?!\w)"), "bold or italics"),
    (re.compile(r"~~|\|\|"), "struck or hidden text"),
    (re.compile(r"^\s*\d+[.)] ", re.M), "a numbered list"),
    (re.compile(r"^\s*(?:[*+•–] |-(?=\w))", re.M), "a list that does not begin with `- `"),
    (re.compile(r"^\s*>", re.M), "a quotation mark at the start of a line"),
    (re.compile(r"`"), "code marks"),
    (re.compile(r"<[a-zA-Z/][^>]*>"), "HTML"),
    (re.compile(r"!\["), "a picture"),
    (re.compile(r"\t| {4,}(?=\S)"), "words set apart by many spaces"),
)
_ADDRESS = re.compile(r"\]\([^)\s]*(?=\))")  # may hold signs that would be markup in a text
_COLOUR = r"(?:red|green|blue|yellow|orange|pink|purple|grey|gray|black|white|bold|italics)"
_THING = (
    r"(?:text|word|line|list|box|row|column|field|part|section|button|link|entry|entrie|answer|letter|number|dot|bar|"
    r"circle|arrow|tick|cross|one)s?"
)
_LOOKS = (
    rf"(?:in|the|a|this|that|each|every) {_COLOUR} {_THING}(?! warnings?)|"
    rf"(?:marked|shown|printed|written|highlighted|colou?red) (?:in )?{_COLOUR}|"
    r"(?:see|as shown|the (?:table|picture|box|button|list)) (?:above|below|on the (?:left|right))"
)
# Words that people write in capitals to be loud. An abbreviation that is such a word too (NET, FACT) is none of them.
_LOUD = (
    """no do go so if is only always any anyone best call cannot careful danger dangerous death deadly die dont easy
    emergency ever every everyone everybody expensive fake false free forever good great hate help hope huge hurry
    immediately important just know life lie lies listen look love money more most must need never new nobody none
    not note nothing now once pay please promise proof proven read real really remember right risk risks safe scam
    serious seriously stay stop sure take tell thank true truth urgent very wait want warn warning watch why will
    wrong yes you your"""
).split()
# Emoji, arrows, boxes, stars and other signs: read aloud by their long names, or not at all.
_SIGNS = "[\u2190-\u21ff\u2300-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff\ufe0f\u200d]"
# Letters made bold, round or wide by their code, and words of Latin and Cyrillic letters: read aloud one by one.
_ODD = (
    "[\U0001d400-\U0001d7cb\uff21-\uff3a\uff41-\uff5a\u24b6-\u24e9]+"
    r"|[a-zA-Z]+[\u0400-\u052f]\w*|[\u0400-\u052f]+[a-zA-Z]\w*"
)
_GARBLED = (
    (re.compile(_SIGNS), "a sign or emoji", "Say it in words."),
    (re.compile(r"(?<![\w/:]):[a-z][a-z0-9_+-]+:(?![\w/])"), "the short form of an emoji", "Say it in words."),
    (
        re.compile(rf"(?:\b[A-Z]{{3,}}\b ?){{3,}}|\b(?:{'|'.join(_LOUD).upper()})\b(?![-./]\w)"),
        "shouting in capitals", "Write small letters.",
    ),
    (re.compile(rf"\b(?:{_LOOKS})\b", re.I), "words that only help those who see the page", "Name what is meant."),
    (
        re.compile(r"\b(?:e\.g\.|i\.e\.|etc\.|approx\.|vs\.|w/o?\b|N/A)", re.I),
        "an abbreviation", "Write it out: for example, that is, and so on, about.",
    ),
    (re.compile(_ODD), "letters that only look like ours", "Write plain letters."),
    (re.compile(r"@(?:everyone|here)\b|<[@#]\S+?>"), "a mention that calls people", "Leave it out."),
)  # fmt: skip


def markup(_base: KnowledgeBase, entry: Entry, _today: date) -> Iterator[Remark]:
    """Find markup that not every platform can show."""
    for name, field, text in texts_of(entry):
        for says, found in marked_up(text):
            yield Remark(f"`{name}` has {says}", entry.id, field, found)


def marked_up(text: str) -> Iterator[tuple[str, str]]:
    """Give what not every platform can show in a text: what it is and what to do, and the words."""
    shown = _ADDRESS.sub("](", text)
    for pattern, what in _MARKUP:
        if found := pattern.search(shown):
            yield f"{what}, which not every platform can show. {_PLAIN}", found.group().strip()


def words(_base: KnowledgeBase, entry: Entry, _today: date) -> Iterator[Remark]:
    """Find words and signs that a screen reader garbles, or that only make sense to somebody who sees the page."""
    for name, field, text in (*texts_of(entry), *names_of(entry)):
        for found, what, do in garbled(text):
            yield Remark(f"`{name}` has {what} ('{found}'). {do}", entry.id, field, found)
    if not re.search(r"\w", entry.question):
        yield Remark("`question` has no words. It stands on buttons: write the question.", entry.id, "question")


def garbled(text: str) -> Iterator[tuple[str, str, str]]:
    """Give what a screen reader garbles in a text or is no use to who listens: the words, what they are, what to do."""
    shown = _ADDRESS.sub("](", text)
    for pattern, what, do in _GARBLED:
        if found := pattern.search(shown):
            yield found.group().strip(), what, do
