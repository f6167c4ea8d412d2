"""The words of a text as a reader sees them: without marks, unseen characters and odd spaces."""

from __future__ import annotations

import re
import unicodedata

# Letters and signs that look like others, as people who read English take them; styled ones are undone by NFKD.
_ALIKE = str.maketrans(
    "\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u0456\u0458\u0455\u0501\u04bb"  # Cyrillic
    "\u0410\u0421\u0415\u041e\u0420\u0425\u0423\u0406\u0408\u0405\u0412\u041a\u041c\u041d\u0422\u0131\u0261\u2010\u2011\u02bc",
    "aceopxyijsdhACEOPXYIJSBKMHTig--'",
)
_UNSEEN = ("Cf", "Mn")  # format characters, and marks on a letter, which letters of English have none of
_SPACES = re.compile(r" [^\S\n]+|[^\S\n ][^\S\n]*")  # all but a single plain space
_MARKS = "*`~|_"  # one of them is in every emphasis
_LINK = re.compile(r"\[([^\]\n]*)\]\(")
_LIST_MARK = re.compile(r"(?m)^ ?[*+\u2022](?= )")
_EMPHASIS = re.compile(r"[*`]|~~|\|\||(?<![^\W_])_+|_+(?![^\W_])")
# A line that was broken at the margin or after a word that wants another one, and goes on in lower case.
_WANTING = "not|never|no|a|an|the|that|to|of|or|if|whether|can|cannot|is|are|be|you|your"
_RUNS_ON = re.compile(rf"((?<=[^\n]{{39}}[\w,])|\b(?:{_WANTING})) ?\n ?(?=[a-z])")
_WRAPPED = re.compile(r"(?<!\n) ?\n ?(?!\n| ?(?:-|\d+[.)]) )")


def plain(text: str) -> str:
    """Give a text without emphasis, links' brackets and format characters, every gap in a line as one space.

    Its letters are the plain ones that they look like.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_ALIKE))
        text = text.translate({ord(one): None for one in set(text) if unicodedata.category(one) in _UNSEEN})
    text = _LINK.sub(r"\1 (", _LIST_MARK.sub("-", _SPACES.sub(" ", text)))
    return _SPACES.sub(" ", _EMPHASIS.sub("", text)) if any(mark in text for mark in _MARKS) else text


def run_on(text: str) -> str:
    """Give a plain text with the lines made whole that were broken in the middle of a sentence."""
    return _RUNS_ON.sub(r"\1 ", text) if "\n" in text else text


def unwrapped(text: str) -> str:
    """Give a plain text with its paragraphs on one line each; list items keep theirs."""
    return _WRAPPED.sub(" ", text) if "\n" in text else text
