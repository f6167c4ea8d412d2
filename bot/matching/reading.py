"""A text as it is compared: normalised, spelt, and with its questions known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from bot.knowledge.entry import Entry, Synonyms
from bot.matching.normalise import READ_LIMIT, Normaliser, Words, plain
from bot.matching.spelling import Speller
from bot.matching.usage import Usage

# Thanks at the end ask for nothing, and "price in mexico" must find what "price in mexico, many thanks!" finds.
_CLOSING = (
    *(("many", "thanks"), ("thank", "you"), ("thanks", "a", "lot"), ("thanks", "in", "advance")),
    *((word,) for word in "thanks thankyou thx ty tysm cheers please pls plz xx xxx".split()),
)
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?]+(?!\s|$)[^.!?\n]+)*[.!?]*")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text on its way: as written, in plain words, spelt, and as compared.

    `asked` are the compared words that stand in a question, if others do not: in "I am 40 and live in Leeds. What
    does it cost?" only the second sentence says what is wanted. `respelt` says what each misspelt word was taken for.
    """

    text: str
    plain: Words
    spelt: Words
    words: Words
    asked: Words = ()
    respelt: Mapping[str, str] = field(default_factory=dict)


class Reader:
    """Reads phrasings and messages alike; only messages are spelt."""

    def __init__(self, normaliser: Normaliser, speller: Speller) -> None:
        self._normaliser = normaliser
        self._speller = speller

    @classmethod
    def of(cls, entries: Iterable[Entry], synonyms: Synonyms, others: Iterable[str] = ()) -> Reader:
        """Make a reader that knows every word of the entries, and of other texts."""
        normaliser = Normaliser(synonyms)
        usage = Usage(_sentences(chain((text for entry in entries for text in _texts(entry)), others)))
        protected = frozenset(word for name in synonyms.protected for word in plain(name))
        return cls(normaliser, Speller(usage, normaliser.spellings.union(usage.words()), protected))

    def read_own(self, text: str) -> Reading:
        """Read a text of the knowledge base, whose spelling is right by definition."""
        return self._read(text, spell=False)

    def read(self, text: str) -> Reading:
        """Read a message."""
        return self._read(text, spell=True)

    def _read(self, text: str, *, spell: bool) -> Reading:
        text = text[:READ_LIMIT]
        sentences = [(plain(sentence), sentence.endswith("?")) for sentence in _SENTENCE.findall(text)]
        if spell:
            sentences = _without_thanks(sentences)
        words = [sentence for sentence, _ in sentences]
        spelt, respelt = self._spell(words) if spell else (words, {})
        compared = [self._normaliser.unify(sentence) for sentence in spelt]
        unified = _joined(compared)
        asked = _joined(one for one, (_, is_question) in zip(compared, sentences, strict=True) if is_question)
        return Reading(
            text, _joined(words), _joined(spelt), unified, asked if len(asked) < len(unified) else (), respelt
        )

    def _spell(self, sentences: Sequence[Words]) -> tuple[list[Words], dict[str, str]]:
        """Give the words that are meant, and what each was taken for, if that is the same wherever it stands."""
        meant = self._speller.correct(sentences)
        pairs = set(zip(chain(*sentences), chain(*meant), strict=True))
        meanings = Counter(word for word, _ in pairs)
        respelt = {word: other for word, other in pairs if word != other and meanings[word] == 1}
        return [tuple(" ".join(words).split()) for words in meant], respelt


def _without_thanks(sentences: list[tuple[Words, bool]]) -> list[tuple[Words, bool]]:
    """Take thanks off the end, where anything else is said."""
    kept = list(sentences)
    while kept:
        words, is_question = kept.pop()
        while ending := next((one for one in _CLOSING if words[-len(one) :] == one), None):
            words = words[: -len(ending)]
        if words:
            return [*kept, (words, is_question)]
    return sentences


def _texts(entry: Entry) -> tuple[str, ...]:
    return (*entry.asked_by, *entry.keywords, entry.short, entry.full, *entry.by_country.values())


def _joined(sentences: Iterable[Words]) -> Words:
    return tuple(chain.from_iterable(sentences))


def _sentences(texts: Iterable[str]) -> list[Words]:
    return [plain(sentence) for text in texts for sentence in _SENTENCE.findall(text)]
