"""Is someone in danger, and which notice do they need.

Recall comes first: a cue counts unless something in its own sentence makes it harmless. A false alarm costs a minute,
a miss may cost a life.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.knowledge.safety import Cue, Excuse, RedFlag, Route, Safety
from bot.triage import temperatures
from bot.triage.cues import SMALL, Pattern, Phrases, Speller, Words
from bot.triage.wording import sentences

READ_FROM_START, READ_FROM_END = 6_000, 2_000  # characters; a platform delivers about 4,000 in one message

# With danger to oneself and an urgent symptom in one message, the crisis text goes out: it also names the emergency
# number first and says what to do about the body, while the text for a symptom would pass over the wish to die.
URGENCY = tuple(Route)


@dataclass(frozen=True, slots=True)
class _Excuse:
    """An excuse, compiled."""

    any: Pattern | None
    just_before: Pattern | None
    but: Pattern | None
    but_just_before: Pattern | None
    but_in_message: Pattern | None
    same_clause: bool

    def holds(self, sentence: str, at: int, message: str) -> bool:
        before = sentence[:at].rstrip()
        scope = _clause(sentence, at) if self.same_clause else sentence
        if not (_in(self.any, scope) or _in(self.just_before, before)):
            return False
        return not (_in(self.but, sentence) or _in(self.but_just_before, before) or _in(self.but_in_message, message))


@dataclass(frozen=True, slots=True)
class _Cue:
    """A cue, compiled."""

    number: int
    any: Pattern
    with_: Pattern | None
    unless: Pattern | None
    excuses: tuple[_Excuse, ...]

    def shows_in(self, sentence: str, message: str) -> bool:
        if self.with_ and not self.with_.search(message):
            return False
        return any(self._counts(found.start(), sentence, message) for found in self.any.finditer(sentence))

    def _counts(self, at: int, sentence: str, message: str) -> bool:
        return not _in(self.unless, sentence) and not any(
            excuse.holds(sentence, at, message) for excuse in self.excuses
        )


# Where a new clause begins: at a pause, at "but", and at an "and" that is followed by a subject or a verb.
_CLAUSE = re.compile(r" , | but | and (?=(?:i|he|she|we|my|his|her|now|today|have|has|am|is|are|cant|then)\b)")
_OPENING_WORDS = 5  # "ten years ago, ..." in front of a pause still belongs to what follows


def _clause(sentence: str, at: int) -> str:
    """Give the clause that holds what begins at `at`, with a short opening of the sentence put in front."""
    cuts = [0, *(found.end() for found in _CLAUSE.finditer(sentence)), len(sentence) + 1]
    number = next(place for place, cut in enumerate(cuts[1:]) if at < cut)
    clause = sentence[cuts[number] : cuts[number + 1]]
    opening = sentence[: cuts[1]]
    return clause if number == 0 or len(opening.split()) > _OPENING_WORDS else f"{opening}{clause}"


def _in(pattern: Pattern | None, text: str) -> bool:
    return bool(pattern and pattern.search(text))


class _Compiled:
    """Everything of one `safety.yaml` that is needed to read a message."""

    def __init__(self, safety: Safety) -> None:
        self.phrases = Phrases(safety.words, safety.small_words)
        self.speller = Speller(safety)
        excuses = {name: self._excuse(excuse) for name, excuse in safety.excuses.items()}
        # Word -> the cues that have a phrase with it (by their numbers), and what else that phrase needs.
        self._by_word: dict[str, list[tuple[int, tuple[Words, ...]]]] = defaultdict(list)
        self._always: set[int] = set()
        self._all_needed: set[str] = set()
        self._count = 0
        self.flags = sorted(
            ((flag, tuple(self._cue(cue, excuses) for cue in flag.cues)) for flag in safety.flags),
            key=lambda pair: URGENCY.index(pair[0].route),
        )
        self._beginnings = sorted({len(word) - 1 for word in self._all_needed if word.endswith("*")})
        self._telling = lru_cache(maxsize=4096)(self._telling_of)

    def ready(self, found: tuple[str, ...]) -> tuple[str, ...]:
        """Give sentences with temperatures and small words marked, as the cues expect them."""
        marked = (temperatures.mark(sentence, before) for sentence, before in zip(found, ("", *found), strict=False))
        return tuple(self.phrases.ready(sentence) for sentence in marked)

    def possible(self, sentence: str) -> set[int]:
        """Give the numbers of the cues that a sentence may hold, by its words."""
        said = frozenset().union(*map(self._telling, sentence.replace(SMALL, "").split()))
        found = set(self._always)
        for word in said:
            for number, others in self._by_word.get(word, ()):
                if number not in found and not any(words.isdisjoint(said) for words in others):
                    found.add(number)
        return found

    def _telling_of(self, word: str) -> Words:
        """Give a word and its beginnings, as far as any cue needs them."""
        forms = {word, *(f"{word[:letters]}*" for letters in self._beginnings)}
        return frozenset(forms & self._all_needed)

    def _excuse(self, excuse: Excuse) -> _Excuse:
        return _Excuse(
            any=self.phrases.anywhere(excuse.any),
            just_before=self.phrases.at_end(excuse.just_before),
            but=self.phrases.anywhere(excuse.but),
            but_just_before=self.phrases.at_end(excuse.but_just_before),
            but_in_message=self.phrases.anywhere(excuse.but_in_message),
            same_clause=excuse.same_clause,
        )

    def _cue(self, cue: Cue, excuses: Mapping[str, _Excuse]) -> _Cue:
        phrases = self.phrases.anywhere
        any_of = phrases(cue.any)
        if any_of is None:
            raise ValueError("a cue without phrases; parse_safety lets none through")
        number = self._count = self._count + 1
        for phrase in cue.any:
            self._index(number, self.phrases.needed(phrase))
        return _Cue(
            number, any_of, phrases(cue.with_), phrases(cue.unless), tuple(excuses[name] for name in cue.excuses)
        )

    def _index(self, number: int, needed: tuple[Words, ...]) -> None:
        if not needed:
            self._always.add(number)
            return
        self._all_needed.update(*needed)
        telling, *others = needed
        for word in telling:
            self._by_word[word].append((number, tuple(others)))


@lru_cache(maxsize=4)
def _compiled(safety: Safety) -> _Compiled:
    return _Compiled(safety)


def find_all(text: str, safety: Safety, corrected: str = "") -> Iterator[RedFlag]:
    """Give every red flag of a message, the most urgent first (by route, then in the order of the file).

    `corrected` is the text as the matcher's speller left it; it is read as well, never instead.
    """
    compiled = _compiled(safety)
    readings = tuple(dict.fromkeys(_readings(text, corrected, compiled)))
    said = [(sentence, compiled.possible(sentence), " ".join(one)) for one in readings for sentence in one]
    for flag, cues in compiled.flags:
        if any(
            cue.number in possible and cue.shows_in(sentence, message)
            for sentence, possible, message in said
            for cue in cues
        ):
            yield flag


def _readings(text: str, corrected: str, compiled: _Compiled) -> Iterator[tuple[str, ...]]:
    as_written = sentences(_cut(text))
    yield compiled.ready(as_written)
    yield compiled.ready(tuple(compiled.speller.respell(sentence) for sentence in as_written))
    if corrected:
        yield compiled.ready(sentences(_cut(corrected)))


def _cut(text: str) -> str:
    if len(text) <= READ_FROM_START + READ_FROM_END:
        return text
    return f"{text[:READ_FROM_START]}\n\n{text[-READ_FROM_END:]}"


def untrue_examples(safety: Safety) -> tuple[str, ...]:
    """Check the file against its own examples: what each flag must find, and what must not pass for it."""
    missed = (
        f"red flag '{flag.id}' is not found in: {text}. Add a cue for these words."
        for flag in safety.flags
        for text in flag.trips
        if flag not in find_all(text, safety)
    )
    false = (
        f"red flag '{flag.id}' is found in: {text}. Add an `unless` for these words."
        for flag in safety.flags
        for text in flag.spares
        if flag in find_all(text, safety)
    )
    return (*missed, *false)
