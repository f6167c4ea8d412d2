"""Message -> the entries it may mean: read, score, calibrate, decide how sure that is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Self

import numpy as np

from bot.errors import ConfigError
from bot.knowledge.entry import Entry, Synonyms
from bot.knowledge.examples import QUESTION
from bot.matching import learnt
from bot.matching.calibrate import CANDIDATES, Calibration, Doubles, features
from bot.matching.everyday_words import EVERYDAY_WORDS
from bot.matching.match import Candidate, Match, Zone
from bot.matching.ngrams import Floats, Places
from bot.matching.normalise import Words
from bot.matching.reading import Reader, Reading
from bot.matching.scores import FitView, LexicalView, Row, View, rows_of
from bot.matching.tone import FitTone, Tone

COURTESIES = frozenset(
    "a again all and any anyone dear everyone folks good hello help hey hi hiya info information me morning afternoon "
    "evening night on ok okay please thanks the there you about something tell".split()
)  # words that ask for nothing by themselves
SHARE = 0.5  # of the score is by meaning, the rest by words: best on held-out phrasings; flat from 0.4 to 0.55
FEW_SHARE = 0.65  # where entries have few phrasings, words say less: best on CLINC150 and BANKING77 with 5 each
FEW = 12  # phrasings and keywords of an entry, on average
DIGITS = 4  # of a score: beyond, two machines may differ, and equal scores must tie everywhere


@dataclass(frozen=True, slots=True)
class Considered:
    """A candidate with the score it got and how far it lies behind the first."""

    candidate: Candidate
    score: float
    behind: float
    by_view: tuple[float, ...]  # by words, and by meaning where there is an encoder
    features: tuple[float, ...]  # what its probability was made of


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a message was read and weighed; what `kb try` prints."""

    reading: Reading
    considered: tuple[Considered, ...]
    zone: Zone
    unknown: float  # share of the message, by weight, in words that no entry uses
    kinds: Mapping[str, float]  # see `Match`
    why: str  # this zone

    @property
    def match(self) -> Match:
        """Give the outcome alone."""
        candidates = tuple(considered.candidate for considered in self.considered)
        reading = self.reading
        plain, spelt = " ".join(reading.plain), " ".join(reading.spelt)
        return Match(candidates, self.zone, plain, spelt, reading.respelt, self.kinds)


class Matcher:
    """Finds the entries that may answer a message; the same message always gets the same outcome.

    It holds plain data only and can be pickled.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        reader: Reader,
        rows: Sequence[Row],
        lexical: LexicalView,
        others: Sequence[View],
        calibration: Calibration,
        tone: Tone | None = None,
    ) -> None:
        self.tone = tone  # what messages sound like, which no entry is part of
        self._ids = tuple(entry.id for entry in entries)
        self._for_person = np.array([entry.by_person for entry in entries], bool)
        self._reader = reader
        self._lexical = lexical
        self._others = tuple(others)
        self._calibration = calibration
        self._meaning_share = FEW_SHARE if len(rows) < FEW * len(entries) else SHARE
        self._texts: tuple[str, ...] = tuple(row.reading.text for row in rows)
        self._keyword_of = _users(entries, reader, alone=True)
        self._used_by = _users(entries, reader, alone=False)
        asked = [reader.read_own(entry.question).words for entry in entries]
        counts = Counter(asked)  # what two entries ask is the very question of neither
        self._questions = {words: place for place, words in enumerate(asked) if counts[words] == 1}
        self._gone = np.zeros(len(entries), bool)

    @classmethod
    def fit(
        cls,
        entries: Iterable[Entry],
        synonyms: Synonyms,
        calibration: Calibration,
        others: Sequence[FitView] = (),
        *,
        examples: Mapping[str, Sequence[str]] | None = None,
        tone: FitTone | None = None,
    ) -> Self:
        """Learn from entries; `others` are further views, whose scores are averaged with those of the words.

        `examples` are messages by their kind; their words are known to the speller. What `tone` gives is what
        `Match.kinds` tells.

        Takes seconds: keep it off the event loop.

        Raises:
            ConfigError: the calibration was made for other views.
        """
        if len(calibration.views) != 1 + len(others):
            raise ConfigError(
                f"The calibration was made for the views {', '.join(calibration.views)}, and there are "
                f"{1 + len(others)} now. Run tools/calibrate.py --write, or take the further view out."
            )
        entries = sorted(entries, key=lambda entry: entry.id)
        reader = reader_of(entries, synonyms, examples or {})
        rows = rows_of(entries, reader)
        views = [fit(rows, len(entries)) for fit in others]
        lexical = LexicalView.fit(rows, len(entries), learnt.start(learnt.WORDS, rows, len(entries)))
        return cls(entries, reader, rows, lexical, views, calibration, tone(reader) if tone else None)

    def only(self, known: Container[str]) -> Self:
        """Give one that finds no other entries than these: for the time between a change and the fitting to it."""
        matcher = copy(self)
        matcher._gone = np.array([name not in known for name in self._ids], bool)  # noqa: SLF001 - of its own
        return matcher

    def with_words_of(
        self, entries: Iterable[Entry], synonyms: Synonyms, examples: Mapping[str, Sequence[str]]
    ) -> Self:
        """Give the one that fitting would give where nothing but answers is new: it knows how their words are spelt."""
        matcher = copy(self)
        matcher._reader = reader_of(entries, synonyms, examples)  # noqa: SLF001 - of its own
        return matcher

    def match(self, text: str) -> Match:
        """Give the best candidates for a message and how sure they are."""
        return self.explain(text).match

    def kinds(self, text: str, *, by_words: bool = False) -> Mapping[str, float]:
        """Tell how much a text sounds like each kind of example (see `Match.kinds`); by words alone it is a guess."""
        return self._kinds(self._reader.read(text), by_words=by_words)

    def _kinds(self, reading: Reading, *, by_words: bool = False) -> Mapping[str, float]:
        if self.tone is None or not reading.words:
            return {}
        return self.tone.shares(reading, by_words=by_words)

    def match_many(self, texts: Iterable[str]) -> list[Match]:
        """Match several messages."""
        return [self.match(text) for text in texts]

    def explain(self, text: str) -> Explanation:
        """Match a message and tell how it came about."""
        reading = self._reader.read(text)
        kinds = self._kinds(reading)
        weighed = self._lexical.weigh(reading)
        if weighed is None or self._gone.all():
            return Explanation(reading, (), Zone.HAND_OVER, unknown=1.0, kinds=kinds, why="no word is known")
        seen = [view.see(reading) for view in self._others]
        by_view = [weighed.scores, *(one.scores for one in seen)]
        scores = np.where(self._gone, -np.inf, self._scores(by_view))
        own = self._questions.get(reading.words)
        best = _first(own, _best(scores))
        unknown = self._lexical.unknown_share(reading)
        near = seen[0].nearness(best).astype(np.float64).round(DIGITS) if seen else None
        lines = features(scores[best], unknown, len(reading.words), near)
        probabilities = self._calibration.probabilities(lines)
        considered = tuple(
            Considered(
                Candidate(self._ids[entry], round(float(probability), DIGITS), self._texts[weighed.nearest(entry)]),
                score=float(scores[entry]),
                behind=max(
                    0.0, float(scores[best[0]] - scores[entry])
                ),  # the very question may stand before a higher one
                by_view=tuple(round(float(view[entry]), DIGITS) for view in by_view),
                features=tuple(line),
            )
            for entry, probability, line in zip(best, probabilities, lines.tolist(), strict=True)
        )
        zone = self._calibration.zone(probabilities, self._for_person[best])
        why = self._calibration.why(probabilities, self._for_person[best])
        if zone is not Zone.ANSWER and own == best[0]:
            zone, why = Zone.ANSWER, "it is the very question of the first"
        of_one_word = self._of_one_word(zone, reading.words, considered)
        why = why if of_one_word is zone else "a single word"
        return Explanation(reading, considered, of_one_word, unknown, kinds, why)

    def _scores(self, by_view: Sequence[Floats]) -> Doubles:
        scores = by_view[0].astype(np.float64)
        if len(by_view) > 1:
            meant = np.mean(by_view[1:], axis=0, dtype=np.float64)
            scores = (1 - self._meaning_share) * scores + self._meaning_share * meant
        return np.round(scores, DIGITS)

    def _of_one_word(self, zone: Zone, words: Words, considered: Sequence[Considered]) -> Zone:
        """Give the zone as it is, except that a single word is answered only if it can mean one entry alone."""
        content = set(words) - COURTESIES
        if len(content) > 1:
            return zone
        if not content:
            return Zone.HAND_OVER
        word = content.pop()
        keyword_of, used_by = self._keyword_of.get(word, frozenset()), self._used_by.get(word, frozenset())
        if zone is Zone.ANSWER and keyword_of == used_by == {considered[0].candidate.entry_id}:
            return Zone.ANSWER if word not in EVERYDAY_WORDS else Zone.CLARIFY
        return Zone.CLARIFY if keyword_of or zone is Zone.ANSWER else zone


def reader_of(entries: Iterable[Entry], synonyms: Synonyms, examples: Mapping[str, Sequence[str]]) -> Reader:
    """Give the reader that knows the words of entries and examples."""
    in_order = sorted(entries, key=lambda entry: entry.id)
    others = [text for kind, texts in sorted(examples.items()) if kind != QUESTION for text in texts]
    return Reader.of(in_order, synonyms, others)  # without questions: many are phrasings, and would count twice


def _users(entries: Sequence[Entry], reader: Reader, *, alone: bool) -> dict[str, frozenset[str]]:
    """Give for each word the entries with a keyword that is this word (`alone`) or has it among others."""
    users: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for words in (reader.read_own(keyword).words for keyword in entry.keywords):
            for word in words if not alone or len(words) == 1 else ():
                users[word].add(entry.id)
    return {word: frozenset(ids) for word, ids in users.items()}


def _first(own: int | None, best: Places) -> Places:
    """Put the entry whose very question was asked before others that fit as well."""
    return np.array([own, *(entry for entry in best if entry != own)]) if own in best else best


def _best(scores: Doubles) -> Places:
    """Give the places of the highest scores; entries stand by id, so ties go by id."""
    if len(scores) > CANDIDATES:
        least = np.partition(scores, -CANDIDATES)[-CANDIDATES]
        (likely,) = np.nonzero(scores >= least)
    else:
        likely = np.arange(len(scores))
    likely = likely[np.isfinite(scores[likely])]
    return likely[np.argsort(-scores[likely], kind="stable")][:CANDIDATES]
