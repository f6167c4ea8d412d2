"""Unknown words -> the knowledge base's own, where only a slip of the fingers lies between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import takewhile

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.matching.everyday_words import EVERYDAY_WORDS
from bot.matching.normalise import Words

SHORTEST = 4  # letters: shorter words have too many neighbours to be corrected
LONG = 8  # letters from which two slips are believed
SHORT = 5  # letters up to which one vowel is not taken for another: "weak" is not "week"
CLEARLY = 3  # times as common in the knowledge base: then of two equally near words the commoner one is meant
MOST_CORRECTIONS = 60  # words of one message; a text with more unknown words is not about our subject

_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_ENDINGS = ("s", "es", "ies", "d", "ed", "ied", "ing", "er", "ers", "est", "ly", "y", "ful", "less", "ness")
_VOWELS = frozenset("aeiouy")
_NOWHERE = (-9, -9)
_PLACE = {letter: (row, at) for row, keys in enumerate(_KEYS) for at, letter in enumerate(keys)}


class Speller:
    """Respells words by the words of the knowledge base; words it knows and words with digits stay.

    A protected word (a drug, a centre, a country) is never respelt. A misspelt one is put right only when it is
    nearer to it than to any other word.
    """

    def __init__(self, counts: Mapping[str, int], protected: frozenset[str]) -> None:
        self._counts = {**dict.fromkeys(sorted(protected), 1), **counts}
        self._protected = protected
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in self._counts:
            if len(word) >= SHORTEST and word.isalpha():
                self._by_length[len(word)].append(word)

    def correct(self, words: Words) -> Words:
        """Give the words, each unknown one respelt if exactly one known word is meant."""
        unknown = [word for word in dict.fromkeys(words) if self._may_respell(word)]
        respelt = {word: self._meant(word) for word in unknown[:MOST_CORRECTIONS]}
        return tuple(respelt.get(word, word) for word in words)

    def _may_respell(self, word: str) -> bool:
        return len(word) >= SHORTEST and word.isalpha() and word not in self._counts and not _is_everyday(word)

    def _meant(self, word: str) -> str:
        near = sorted((distance, -self._counts[other], other) for other, distance in self._near(word))
        if not near:
            return word
        nearest = near[0]
        rivals = [other for other in near[1:] if other[0] == nearest[0]]
        return nearest[2] if self._is_clear(nearest[2], [other for _, _, other in rivals]) else word

    def _is_clear(self, meant: str, rivals: list[str]) -> bool:
        if not rivals:
            return True
        if any(word in self._protected for word in (meant, *rivals)):
            return False
        return self._counts[meant] >= CLEARLY * max(self._counts[other] for other in rivals)

    def _near(self, word: str) -> Iterator[tuple[str, int]]:
        slips = 2 if len(word) >= LONG else 1
        found = process.extract(
            word, self._of_length(len(word), slips), scorer=OSA.distance, score_cutoff=slips, limit=None
        )
        for other, distance, _ in found:
            if len(word) >= LONG or _is_slip(word, other):
                yield other, int(distance)

    def _of_length(self, letters: int, slips: int) -> list[str]:
        lengths = range(letters - slips, letters + slips + 1)
        return [word for length in lengths for word in self._by_length.get(length, ())]


def _is_everyday(word: str) -> bool:
    if word in EVERYDAY_WORDS:
        return True
    stems = (word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))
    return any(form in EVERYDAY_WORDS for stem in stems for form in (stem, f"{stem}e", f"{stem}y", stem[:-1]))


def _is_slip(written: str, meant: str) -> bool:
    """Tell whether one slip of the fingers makes the one from the other: "coast" is no slip for "cost".

    Slips are two letters swapped, one left out (not the first), one struck twice, the key beside, and in words
    that are not short a vowel for another.
    """
    at = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(written, meant, strict=False)))
    if len(written) < len(meant):
        return at > 0
    if len(written) > len(meant):
        return at > 0 and written[at] in (written[at - 1], written[at + 1 : at + 2])
    if written[at + 1 :] != meant[at + 1 :]:
        return True  # the distance is one, so these two letters were swapped
    return at > 0 and _are_confused(written[at], meant[at], vowels=len(written) > SHORT)


def _are_confused(one: str, other: str, *, vowels: bool) -> bool:
    if vowels and one in _VOWELS and other in _VOWELS:
        return True
    (row, at), (other_row, other_at) = _PLACE.get(one, _NOWHERE), _PLACE.get(other, _NOWHERE)
    return abs(row - other_row) <= 1 and abs(at - other_at) <= 1
