"""The phrases of `safety.yaml` as regular expressions, and the words in them that are found in spite of a typo.

A phrase is words in their order. `a/b` is one or the other, `word*` any ending, `word?` may be missing, `...` up to
four other words, `^` the beginning of the sentence, `<name>` a list of `words:`. Between two words there may be a pause
(a comma, a dash) and small words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.knowledge.safety import Safety
from bot.knowledge.safety_form import slots
from bot.triage import temperatures
from bot.triage.wording import joined, words

SMALL = "~"  # put behind each small word of a sentence, so that a pattern need not list them all
_SMALL_WORD = rf" [^ ]+{SMALL}"
_BETWEEN = rf"(?: ,)?(?:{_SMALL_WORD}){{0,3}}? "  # what may stand between two words of a phrase
_GAP = rf"(?:(?:{_SMALL_WORD}){{0,2}} [^ ]+){{0,4}}?"
_START, _END = "(?<![^ ])", "(?![^ ])"
_OPENING = (
    r"(?<!.)(?:(?:hi|hello|hey|so|and|but|also~?|just~?|please|question|ok|well|thanks|all~?|,) )*"  # what "^" is
)
_COUNTED = "one|two|three|four|five|six|seven|eight|nine|ten|twelve|few|couple of|several"
_TAGS = {
    "fever temperature": temperatures.HIGH,
    "low temperature": temperatures.LOW,
    "number": rf"(?:\d+(?:\.\d+)?|{temperatures.HIGH}|{temperatures.LOW}|{_COUNTED})",
    "ten or more": r"(?:[1-9]\d+(?:\.\d+)?)",
    "year": r"(?:19|20)\d\d",
}
_SHORTEST = 4  # letters: "fevr"; anything shorter is a typo of too many words
_TWO_EDITS_FROM = 8  # letters

Words = frozenset[str]


class Pattern:
    """What finds phrases; compiled when first used: a message needs few of them, and all take most of a second."""

    def __init__(self, written: Callable[[], str]) -> None:
        self._written = written

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._written())

    def search(self, text: str) -> re.Match[str] | None:
        """Give the first place where a phrase is found."""
        return self._compiled.search(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Give each place where a phrase is found."""
        return self._compiled.finditer(text)


class Phrases:
    """Compiles phrases that may use the word lists of one `safety.yaml`."""

    def __init__(self, lists: Mapping[str, Iterable[str]], small_words: Iterable[str]) -> None:
        self._small = frozenset(small_words)
        self._lists: dict[str, str] = {}
        self._needed: dict[str, Words | None] = {}
        for name, phrases in lists.items():  # a list may use those above it
            self._lists[name] = self._either(phrases)
            self._needed[name] = self._needed_by_one(phrases)

    def ready(self, sentence: str) -> str:
        """Give a sentence as the patterns expect it."""
        return " ".join(word + SMALL if word in self._small else word for word in sentence.split())

    def anywhere(self, phrases: Iterable[str]) -> Pattern | None:
        """Give what finds any of the phrases in a sentence, or None where there are none."""
        wanted = tuple(phrases)
        return Pattern(lambda: f"{_START}{self._either(wanted)}{_END}") if wanted else None

    def needed(self, phrase: str) -> tuple[Words, ...]:
        """Give sets of words, of each of which a sentence holds one if the phrase is in it, the most telling set first.

        "breath*" is any word that begins so. Most messages lack a word of every phrase, and looking for words is far
        quicker than trying patterns.
        """
        slots = (self._needed_in(slot) for slot in _slots(phrase) if not slot.endswith("?"))
        return tuple(sorted(filter(None, slots), key=lambda words: (not words.isdisjoint(self._small), len(words))))

    def _needed_by_one(self, phrases: Iterable[str]) -> Words | None:
        """Give words of which a sentence holds one if any of the phrases is in it, if that is known."""
        needed = [self.needed(phrase) for phrase in phrases]
        return frozenset().union(*(words[0] for words in needed)) if all(needed) else None

    def _needed_in(self, slot: str) -> Words | None:
        if slot in ("...", "^"):
            return None
        options = [self._needed_of(word) for word in slot.split("/")]
        return None if None in options else frozenset().union(*filter(None, options))

    def _needed_of(self, word: str) -> Words | None:
        name = word.strip("<>")
        if name != word:
            if name in _TAGS:
                return frozenset({_TAGS[name]}) if _TAGS[name].isalpha() else None
            return self._needed[name]
        longest = max(words(word.removesuffix("*")).split(), key=len, default="")
        return frozenset({longest + "*" * word.endswith("*")}) if longest else None

    def at_end(self, phrases: Iterable[str]) -> Pattern | None:
        """Give what finds a phrase at the end of a text, small words between not counted.

        "No cough or" at the end counts as well: the "no" reaches over an "or".
        """
        wanted = tuple(phrases)
        if not wanted:
            return None
        small = f"(?:{_SMALL_WORD})*"
        listed = r"(?:(?: (?!if |idea |clue |matter |but )[^ ]+){1,3} (?:or|nor))?"
        return Pattern(lambda: f"{_START}{self._either(wanted)}{small}{listed}{small}$")

    def _either(self, phrases: Iterable[str]) -> str:
        return f"(?:{'|'.join(self._phrase(phrase) for phrase in phrases)})"

    def _phrase(self, phrase: str) -> str:
        pattern, begun = "", False
        for slot in _slots(phrase):
            if slot in ("...", "^"):
                pattern += _GAP if slot == "..." else _OPENING
                continue
            optional = slot.endswith("?")
            piece = self._slot(slot.removesuffix("?"))
            if optional:
                pattern += f"(?:{_BETWEEN}{piece})?" if begun else f"(?:{piece}{_BETWEEN})?"
                continue
            pattern += _BETWEEN + piece if begun else piece
            begun = True
        return pattern

    def _slot(self, slot: str) -> str:
        return f"(?:{'|'.join(self._one(word) for word in slot.split('/'))})"

    def _one(self, word: str) -> str:
        name = word.strip("<>")
        return self._word(word) if name == word else _TAGS.get(name) or self._lists[name]

    def _word(self, word: str) -> str:
        pattern = self.ready(words(word.removesuffix("*")))
        return f"{pattern}[a-z]*{SMALL}?" if word.endswith("*") else pattern


def _slots(phrase: str) -> list[str]:
    return slots(joined(phrase.casefold().replace("'", "")))


class Speller:
    """Finds the key words of `safety.yaml` in spite of a typo; `not_typos` are words that merely look like one."""

    def __init__(self, safety: Safety) -> None:
        self._keys = tuple(sorted(safety.key_words))
        self._known = safety.key_words | safety.not_typos
        self._respelt = lru_cache(maxsize=4096)(self._respell_word)

    def respell(self, sentence: str) -> str:
        """Give the sentence with each word that is nearly a key word put into it."""
        return " ".join(self._respelt(word) for word in sentence.split())

    def _respell_word(self, word: str) -> str:
        if len(word) < _SHORTEST or word in self._known:
            return word
        edits = 2 if len(word) >= _TWO_EDITS_FROM else 1
        same_start = [key for key in self._keys if key[0] == word[0] or key[1::-1] == word[:2]]
        best = process.extractOne(word, same_start, scorer=OSA.distance, score_cutoff=edits)
        return best[0] if best else word
