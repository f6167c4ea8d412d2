"""Accessibility: what every platform can show and every screen reader can read aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks.remark import Remark
from bot.knowledge.checks.texts import texts_of
from bot.knowledge.entry import Entry

_PLAIN = "Use paragraphs, `- ` lists and links."
_MARKUP = (
    (re.compile(r"^\s*#.*", re.MULTILINE), "a heading"),
    (re.compile(r"^\s*\|.*|^.*\s\|\s.*\s\|\s.*$", re.MULTILINE), "a table"),
    (re.compile(r"\*\*|__|(?<![\w*])\*\w"), "bold or italics"),
    (re.compile(r"~~|\|\|"), "struck or hidden text"),
    (re.compile(r"^\s*\d+[.)] ", re.MULTILINE), "a numbered list"),
    (re.compile(r"^\s*(?:[*+•–] |-(?=\w))", re.MULTILINE), "a list that does not begin with `- `"),
    (re.compile(r"^\s*>", re.MULTILINE), "a quotation mark at the start of a line"),
    (re.compile(r"`"), "code marks"),
    (re.compile(r"<[a-zA-Z/][^>]*>"), "HTML"),
    (re.compile(r"!\["), "a picture"),
    (re.compile(r"\t| {4,}(?=\S)"), "words set apart by many spaces"),
)
_LINK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")
_ADDRESS = re.compile(r"\]\([^)\s]*(?=\))")  # may hold signs that would be markup in a text
_BARE_LINK = re.compile(r"(?:https?://|www\.)\S+")
_HALF_LINK = re.compile(r"\]\s+\(https?:|\[[^\]]*$|\]\([^)]*$")
_EMPTY_LABELS = frozenset(
    {"", "here", "click here", "link", "this link", "this page", "this", "more", "read more", "source", "website"}
)
# Emoji, arrows, boxes, stars and other signs: read aloud by their long names, or not at all.
_SIGNS = re.compile("[\u2190-\u21ff\u2300-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff\ufe0f\u200d]")
_CAPITALS = re.compile(r"(?:\b[A-Z]{3,}\b ?){3,}")
_BY_LOOK = re.compile(
    r"\b(?:(?:in|marked|shown in|the) (?:red|green|blue|yellow|bold|italics)(?= (?:text|words|box|part|button))|"
    r"(?:see|as shown|the (?:table|picture|box|button|list)) (?:above|below|on the (?:left|right)))\b",
    re.I,
)
_ABBREVIATED = re.compile(r"\b(?:e\.g\.|i\.e\.|etc\.|approx\.|vs\.|w/o?\b|N/A)", re.I)


def markup(_base: KnowledgeBase, entry: Entry, _today: date) -> Iterator[Remark]:
    """Find markup that not every platform can show."""
    for name, field, text in texts_of(entry):
        for pattern, what in _MARKUP:
            found = pattern.search(_ADDRESS.sub("](", text))
            if found:
                says = f"`{name}` has {what}, which not every platform can show. {_PLAIN}"
                yield Remark(says, entry.id, field, found.group().strip())


def links(_base: KnowledgeBase, entry: Entry, _today: date) -> Iterator[Remark]:
    """Find links that lead nowhere, or whose text does not say where they lead."""
    for name, field, text in texts_of(entry):
        for label, address in _LINK.findall(text):
            for says in _link_faults(label, address):
                yield Remark(f"`{name}` has {says}", entry.id, field, label or address)
        bare = _BARE_LINK.search(_LINK.sub(" ", text))
        if bare:
            says = f"`{name}` has a bare address ({bare.group()[:60]}). Write [what it leads to](https://...)."
            yield Remark(says, entry.id, field, bare.group())
        if _HALF_LINK.search(text):
            says = f"`{name}` has a link that is not closed. Write [what it leads to](https://...) without a gap."
            yield Remark(says, entry.id, field)


def _link_faults(label: str, address: str) -> Iterator[str]:
    if label.strip().casefold() in _EMPTY_LABELS:
        yield f"the link text '{label}'. Name what the link leads to."
    elif re.match(r"(?:https?://|www\.)", label.strip()):
        yield f"an address as link text ('{label[:60]}'). Name what the link leads to."
    if not re.fullmatch(r"https?://[^\s/.]+\.[^\s]+", address):
        yield f"the link '{address}'. It must start with https:// and name a site."


def words(_base: KnowledgeBase, entry: Entry, _today: date) -> Iterator[Remark]:
    """Find words and signs that a screen reader garbles, or that only make sense to somebody who sees the page."""
    faults = (
        (_SIGNS, "a sign or emoji", "Say it in words."),
        (_CAPITALS, "shouting in capitals", "Write small letters."),
        (_BY_LOOK, "words that only help those who see the page", "Name what is meant."),
        (_ABBREVIATED, "an abbreviation", "Write it out: for example, that is, and so on, about."),
    )
    for name, field, text in texts_of(entry):
        for pattern, what, do in faults:
            found = pattern.search(text)
            if found:
                yield Remark(f"`{name}` has {what} ('{found.group().strip()}'). {do}", entry.id, field, found.group())
    if not re.search(r"\w", entry.question):
        yield Remark("`question` has no words. It stands on buttons: write the question.", entry.id, "question")
