"""Text as people write it -> the plain words that are compared; phrasings and messages go the same way."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from bot.knowledge.entry import Synonyms

READ_LIMIT = 4_000  # characters: a longer message is compared by its beginning (about 700 words)

SHOUTED = 12  # characters in capitals from which they say nothing: "HELP US PLEASE" is not about a country

Words = tuple[str, ...]

_COUNTRY_US = re.compile(r"\bUS\b")  # the country; "us" in small letters is people
_LINK = re.compile(r"https?://\S+")
_APOSTROPHES = re.compile("['\u2018\u2019\u201b\u02bc\u2032\u00b4`]")
_NOT = re.compile("(?<=[a-mo-z])['\u2019]t\\b")  # "ca't" without its n: "cat" is another word
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{3,}")  # "sooooo", but not the numeral "iii"
_WORD = re.compile(r"\d+(?:\.\d+)+|[^\W_]+")
_CURRENCIES = str.maketrans({"$": " dollars ", "£": " pounds ", "€": " euros "})


def plain(text: str) -> Words:
    """Give the words without case, accents, apostrophes, punctuation and invisible characters.

    Decimal numbers stay whole ("6.5"), thousands lose their comma ("54,000").
    """
    text = _LINK.sub(" ", text[:READ_LIMIT])
    if not (text.isupper() and len(text) > SHOUTED):
        text = _COUNTRY_US.sub("usa", text)
    text = unicodedata.normalize("NFKC", text).casefold()
    text = _APOSTROPHES.sub("", _NOT.sub("nt", _INVISIBLE.sub("", text))).translate(_CURRENCIES)
    text = _DRAWN_OUT.sub(r"\1\1", _THOUSANDS.sub("", _without_accents(text)))
    return tuple(_WORD.findall(text[:READ_LIMIT]))


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    letters = (letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return "".join(letters)


class Normaliser:
    """Puts every spelling and name of a thing into the one that is compared."""

    def __init__(self, synonyms: Synonyms) -> None:
        same = {plain(other): plain(word) for other, word in synonyms.same.items()}
        same |= {word: word for word in same.values()}  # "heart attack" stays whole before "attack" is looked at
        self._by_first: dict[str, list[tuple[Words, Words]]] = defaultdict(list)
        for other, word in sorted(same.items(), key=lambda pair: (-len(pair[0]), pair[0])):
            if other:
                self._by_first[other[0]].append((other, word))
        self.spellings = frozenset(part for pair in same.items() for words in pair for part in words)

    def words(self, text: str) -> Words:
        """Give the words of a text as they are compared."""
        return self.unify(plain(text))

    def unify(self, words: Sequence[str]) -> Words:
        """Give plain words with each known name of a thing, the longest first, put into the compared one."""
        words = tuple(words)
        result: list[str] = []
        at = 0
        while at < len(words):
            other, word = self._name_at(words, at)
            result += word
            at += len(other)
        return tuple(result)

    def _name_at(self, words: Words, at: int) -> tuple[Words, Words]:
        for other, word in self._by_first.get(words[at], ()):
            if words[at : at + len(other)] == other:
                return other, word
        return (words[at],), (words[at],)
