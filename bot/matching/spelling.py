"""Misspelt words -> the words of the knowledge base that are meant.

Which word is meant is told by how common it is there, by the words it stands between, and by how likely the slip is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.matching import slips
from bot.matching.everyday_words import is_everyday
from bot.matching.normalise import Words
from bot.matching.usage import END, Usage

SHORTEST = 2  # letters of a word that is respelt
FEW = 4  # letters of a word that is respelt whatever stands beside it; "th" and "dke" have too many neighbours
CLEARLY = 3  # times as likely as any other: then a word is meant
ODD = 0.05  # how likely a slip is that fingers hardly make, beside others
FITTING = 2  # times a word stands beside each neighbour before it is believed to be meant by one that never does
RARE = 100  # times a word stands anywhere; that a commoner one never stands beside its neighbours tells too little
LONGEST = 24  # letters that are taken apart
TOGETHER = 3  # times two words stand beside each other before they are believed to have been written as one
MOST_MET = 2_000  # words whose neighbours are remembered, as many as the longest message has
MOST_CORRECTIONS = 60  # words of one message; a text with more unknown words is not about our subject


class Speller:
    """Respells unknown words by the words of the knowledge base, and words it knows where they are out of place.

    A protected word (a drug, a centre, a country) is never respelt. A misspelt one is put right only when it is
    nearer to it than to any other word. Words with digits stay.
    """

    def __init__(self, usage: Usage, known: Iterable[str], protected: frozenset[str]) -> None:
        self._usage = usage
        self._known = frozenset(known) | protected
        self._protected = protected
        self._met: dict[tuple[str, int], Sequence[tuple[str, int]]] = {}
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in sorted(self._known):
            if _is_word(word):
                self._by_length[len(word)].append(word)

    def correct(self, sentences: Sequence[Words]) -> list[Words]:
        """Give each word of each sentence, a misspelt one respelt if exactly one is meant, or as two with a space."""
        left = MOST_CORRECTIONS
        corrected = []
        for words in sentences:
            respelt = [END, *words, END]
            unknown = [at for at, word in enumerate(words, 1) if self._is_unknown(word)][:left]
            left -= len(unknown)
            self._respell(respelt, unknown)
            changed = {at for at, word in enumerate(words, 1) if respelt[at] != word}
            # a word that was put right tells what its neighbours are
            self._respell(respelt, [at for at in unknown if at not in changed and {at - 1, at + 1} & changed])
            kept = (at for at, word in enumerate(words, 1) if respelt[at] == word)
            odd = [at for at in kept if self._is_out_of_place(*_between(respelt, at))][:left]
            left -= len(odd)
            for at in odd:
                respelt[at] = self._fitting(*_between(respelt, at))
            corrected.append(tuple(respelt[1:-1]))
        return corrected

    def _respell(self, words: list[str], places: Iterable[int]) -> None:
        for at in places:
            words[at] = self._meant(*_between(words, at))

    def _is_unknown(self, word: str) -> bool:
        return _is_word(word) and word not in self._known and not is_everyday(word)

    def _is_out_of_place(self, before: str, word: str, after: str) -> bool:
        """Tell whether a word never stands beside its neighbours, and is not so common that it might anywhere."""
        if not _is_word(word) or word in self._protected or self._usage.of(word) > RARE:
            return False
        return not self._usage.of_pair(before, word) and not self._usage.of_pair(word, after)

    def _meant(self, before: str, word: str, after: str) -> str:
        """Give what is meant by an unknown word: one word, or two with a space between."""
        near = dict(self._within(word, 2 if len(word) >= slips.LONG else 1))
        least = min(near.values(), default=0)
        nearest = {other: slips.is_likely(word, other) for other, distance in near.items() if distance == least}
        if not self._protected.isdisjoint(nearest):
            likely = [other for other, is_likely in nearest.items() if is_likely]
            return likely[0] if len(likely) == 1 and len(word) >= FEW else word
        return (
            self._likeliest(before, nearest, after, needed=2 if len(word) < FEW else 0)
            or self._likeliest(before, self._two_slips_away(word), after, needed=2)
            or self._apart(before, word, after)
            or word
        )

    def _fitting(self, before: str, word: str, after: str) -> str:
        """Give what is meant by a word that is out of place: one that looks like it and is at home there, if any."""
        likely = {
            other: True
            for other, _ in self._within(word, 1)
            if other != word
            and other not in self._protected
            and slips.is_likely(word, other)
            and min(self._usage.of_pair(before, other), self._usage.of_pair(other, after)) >= FITTING
        }
        return self._likeliest(before, likely, after, needed=2) or word

    def _likeliest(self, before: str, others: Mapping[str, bool], after: str, *, needed: int) -> str | None:
        """Give the clearly likeliest of words, each with whether its slip is likely.

        `needed` is how many neighbours it must have been seen beside, of a slip that is not likely both. The end of a
        text is none, as names stand there ("my name is Aoife" is not "alive"), nor is its beginning, but for a likely
        slip in a word of more than two letters ("Ed died", "Lizzy and I").
        """
        weights = sorted(
            (-self._usage.likelihood(before, other, after) * (1 if is_likely else ODD), other)
            for other, is_likely in others.items()
        )
        if not weights or (len(weights) > 1 and -weights[0][0] < CLEARLY * -weights[1][0]):
            return None
        best = weights[0][1]
        seen = (after != END and self._usage.of_pair(best, after) > 0) + (
            (before != END or (others[best] and len(best) > SHORTEST)) and self._usage.of_pair(before, best) > 0
        )
        return best if seen >= (needed if others[best] or len(best) >= slips.LONG else 2) else None

    def _apart(self, before: str, word: str, after: str) -> str | None:
        """Give the two words that were written as one, where they are known to stand beside each other."""
        if len(word) > LONGEST:
            return None
        weights = sorted(
            (-self._usage.likelihood(before, one, other) * self._usage.likelihood(one, other, after), f"{one} {other}")
            for one, other in ((word[:at], word[at:]) for at in range(1, len(word)))
            if self._usage.of_pair(one, other) >= TOGETHER
        )
        return weights[0][1] if weights else None

    def _two_slips_away(self, word: str) -> dict[str, bool]:
        """Give the words two slips away from one that is neither so long that they are near nor too short for that."""
        far = self._within(word, 2) if FEW <= len(word) < slips.LONG else ()
        return {other: False for other, _ in far if other not in self._protected}

    def _within(self, word: str, distance: int) -> Sequence[tuple[str, int]]:
        """Give the words up to so many slips away: looking is slow, and a sentence is read again by itself."""
        known = self._met.get((word, distance))
        if known is None:
            if len(self._met) >= MOST_MET:
                self._met.clear()
            lengths = range(len(word) - distance, len(word) + distance + 1)
            words = [other for length in lengths for other in self._by_length.get(length, ())]
            found = process.extract(word, words, scorer=OSA.distance, score_cutoff=distance, limit=None)
            known = self._met[word, distance] = [(other, int(far)) for other, far, _ in found]
        return known


def _is_word(word: str) -> bool:
    return len(word) >= SHORTEST and word.isascii() and word.isalpha()


def _between(words: Sequence[str], at: int) -> tuple[str, str, str]:
    """Give the word before, the word, and the word after; what was taken apart is two."""
    return words[at - 1].rpartition(" ")[2], words[at], words[at + 1].partition(" ")[0]
