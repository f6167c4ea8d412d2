"""Text as people write it -> sentences of plain words, in which cues and question words are looked for.

Unlike matching it keeps sentences, commas and small words: "no", "my" and "since" decide whether somebody is in danger.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


def regex(text: str, flags: int = 0) -> re.Pattern[str]:
    """Compile a regular expression written over several lines: line breaks, indents and `# ` lines do not count.

    A space that a line begins with is written as a backslash and a space.
    """
    return re.compile(re.sub(r"\n\s*(?:# [^\n]*)?", "", text), flags)


KEPT = 512  # texts: each sentence of a message is looked at from a dozen sides; `forget` clears them after it

_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u201b\u02bc\u2032\u00b4`", "'"))
_LINK = re.compile(r"https?://\S+|www\.\S+")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")  # "pleeease": no English word has three alike in a row
_SPELT_OUT = re.compile(r"(?<![\w'])(?:[a-z][ .*-]){3,}[a-z](?![\w'])")  # "s u i c i d e"
_DISGUISED = re.compile(r"(?<=[a-z])[013$@!*](?=[a-z])")  # "su1cide", "k!ll"
_UNDISGUISED = {"0": "o", "1": "i", "3": "e", "$": "s", "@": "a", "!": "i", "*": ""}
_ABBREVIATION = re.compile(r"\b([a-z])\.\s?([a-z])\.(?=\s|$|,)")  # "u.k."
_MONEY = re.compile(r"[$£€](?=\s?\d)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_DECIMAL = re.compile(r"(?<=\d)[,'·](?=\d{1,2}(?!\d))")  # "38,5"
_BROKEN_LINE = re.compile(r"(?<=[^\s.!?])[ \t]*\n(?=[a-z])")  # a sentence that goes on in the next line
_BREAK = re.compile(r"[.!?]+(?=\s|$|[^\W\d])|[?!;]+|\n")
# After a closing mark and a space, between "?" or "!" and a word, at a blank or new line; "e.g. x", "Dr. X" stay whole.
_RAW_BREAK = regex(r"""
    (?<=[?!])(?=[^\s?!.)])
    |(?<=[.!?…])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\b[Dd]r\.)(?<!\bvs\.)(?<!\bapprox\.)(?<!\b[A-Z]\.)\s+
    |(?<=[a-z]{2})\.(?=[A-Z])|\n+|…\s*
""")
_PAUSE_DOTS = re.compile(r"\.{2,}|…")
_PAUSE = re.compile(r"\.{2,}|…|,|:|\s[-–—]+\s|[()\[\]\"]")
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+|,")

# Contractions and short forms, each to the one form in which cues are compared.
_SUFFIXES = {"'ll": " will", "'ve": " have", "'re": " are", "'m": " am", "'d": " would", "n't": "nt"}
_SUFFIX = re.compile(r"(?<=[a-z])('ll|'ve|'re|'m|'d|n't)\b")
_HE_IS = re.compile(r"\b(he|she|who)'s\b")
_SHORT_FORMS = {
    "im": "i am", "ive": "i have", "ur": "your", "u": "you", "ya": "you", "youre": "you are", "hes": "he is",
    "shes": "she is", "theyre": "they are", "weve": "we have", "wanna": "want to", "gonna": "going to",
    "gotta": "got to", "tryna": "trying to", "dnt": "dont", "donot": "dont", "cnt": "cant", "carnt": "cant",
    "cannot": "cant", "cudnt": "couldnt", "wudnt": "wouldnt", "aint": "isnt", "b4": "before", "coz": "because",
    "cuz": "because", "cos": "because", "pls": "please", "plz": "please", "thx": "thanks", "atm": "at the moment",
    "rn": "right now", "2day": "today", "2nite": "tonight", "tonite": "tonight", "hubby": "husband",
    "mum": "mother", "mom": "mother", "mam": "mother", "dad": "father", "dr": "doctor", "tmrw": "tomorrow",
    "hwo": "how", "waht": "what", "wat": "what", "wot": "what", "whta": "what", "wich": "which", "whcih": "which",
    "wher": "where", "wen": "when", "woud": "would", "woudl": "would", "wud": "would", "cud": "could", "coud": "could",
    "shud": "should", "shoud": "should", "deos": "does", "teh": "the", "thier": "their",
    "wats": "whats", "wots": "whats", "w": "with", "abt": "about", "bf": "boyfriend", "gf": "girlfriend",
}  # fmt: skip
_TWO_WORDS = {
    "can not": "cant", "do not": "dont", "does not": "doesnt", "did not": "didnt", "will not": "wont",
    "would not": "wouldnt", "is not": "isnt", "has not": "hasnt", "have not": "havent", "had not": "hadnt",
    "could not": "couldnt", "was not": "wasnt", "should not": "shouldnt", "it is": "its", "that is": "thats",
    "what is": "whats", "there is": "theres", "any more": "anymore", "my self": "myself", "him self": "himself",
    "her self": "herself", "every one": "everyone", "id do": "i would do", "id rather": "i would rather",
    "id be": "i would be", "id like": "i would like", "id give": "i would give", "id kill": "i would kill",
}  # fmt: skip
_PAIR = re.compile(rf"(?<![\w/])(?:{'|'.join(_TWO_WORDS)})(?![\w/*?])")


@lru_cache(maxsize=KEPT)
def plain(text: str) -> str:
    """Give text in small letters without accents, tricks and typographic signs; sentences stay as they are."""
    text = text.casefold() if text.isascii() else _without_marks(text)
    text = _LINK.sub(" ", text.translate(_APOSTROPHES)).replace("&", " and ").replace("%", " percent ")
    text = _ABBREVIATION.sub(r"\1\2", _MONEY.sub(" money ", _THOUSANDS.sub("", text)))
    text = _SPELT_OUT.sub(lambda found: re.sub(r"[ .*-]", "", found[0]), text)
    text = _DISGUISED.sub(lambda found: _UNDISGUISED[found[0]], text)
    return _DECIMAL.sub(".", _DRAWN_OUT.sub(r"\1", text))


def _without_marks(text: str) -> str:
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text)).casefold()
    return "".join(sign for sign in text if unicodedata.category(sign) not in ("Mn", "Cf"))


def sentences(text: str) -> tuple[str, ...]:
    """Give the sentences of a message as plain words with single spaces; a pause inside one is a lone comma."""
    whole = plain(_BROKEN_LINE.sub(" ", text))
    found = (_words(_PAUSE.sub(" , ", part)) for part in _BREAK.split(_PAUSE_DOTS.sub(" , ", whole)))
    return tuple(sentence for sentence in found if sentence.strip(" ,"))


def raw_sentences(text: str) -> tuple[str, ...]:
    """Give the sentences of a message as they were written, each with its closing marks."""
    whole = _BROKEN_LINE.sub(" ", text)
    return tuple(part.strip() for part in _RAW_BREAK.split(whole) if part.strip())


@lru_cache(maxsize=KEPT)
def words(text: str) -> str:
    """Give one line of plain words, as in a sentence, for a phrase or a message whose sentences do not matter."""
    return _words(_PAUSE.sub(" , ", plain(text)))


def forget() -> None:
    """Keep nothing of what was read."""
    plain.cache_clear()
    words.cache_clear()


def joined(text: str) -> str:
    """Give plain words with each pair that is also written as one ("can not") as that one."""
    return _PAIR.sub(lambda found: _TWO_WORDS[found[0]], text)


def _words(text: str) -> str:
    text = _HE_IS.sub(r"\1 is", text)
    text = _SUFFIX.sub(lambda found: _SUFFIXES[found[0]], text).replace("'", "")
    return joined(" ".join(_SHORT_FORMS.get(word, word) for word in _TOKEN.findall(text)))
