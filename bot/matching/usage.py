"""How often words stand in the knowledge base, and beside which: what a misspelt word between two others may mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise

import numpy as np

from bot.matching.ngrams import Numbers, number_of
from bot.matching.normalise import Words

END = ""  # stands before the first word of a text and behind its last
UNSEEN = 2.0  # times that a word counts as having been seen beside each other, spread by how common these are


class Usage:
    """Counts words and neighbours; holds plain numbers only and can be pickled."""

    def __init__(self, texts: Iterable[Words]) -> None:
        texts = [(END, *words, END) for words in texts]
        self._words = Counter(chain.from_iterable(texts))
        self._total = self._words.total() or 1
        pairs = Counter(f"{one} {other}" for words in texts for one, other in pairwise(words))
        numbers = np.fromiter(map(number_of.__wrapped__, pairs), np.uint64, len(pairs))
        order = np.argsort(numbers)
        self._pairs: Numbers = numbers[order]
        self._times = np.fromiter(pairs.values(), np.int32, len(pairs))[order]

    def of(self, word: str) -> int:
        """Count a word."""
        return self._words[word]

    def words(self) -> Iterator[str]:
        """Give the words that stand there."""
        return (word for word in self._words if word != END)

    def of_pair(self, one: str, other: str) -> int:
        """Count how often one word is followed by another."""
        number = np.uint64(number_of.__wrapped__(f"{one} {other}"))  # what members write fills no cache
        at = int(self._pairs.searchsorted(number))
        return int(self._times[at]) if at < len(self._pairs) and self._pairs[at] == number else 0

    def likelihood(self, before: str, word: str, after: str) -> float:
        """Give how likely a word is between two others, of which an unknown one tells nothing."""
        likely = share = self._words[word] / self._total
        if self._words[before]:
            likely = (self.of_pair(before, word) + UNSEEN * share) / (self._words[before] + UNSEEN)
        if self._words[after]:
            shared = self._words[after] / self._total
            likely *= (self.of_pair(word, after) + UNSEEN * shared) / (self._words[word] + UNSEEN)
        return likely
