"""What can be read from a message before deciding: the signals, each from its own module."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.conversation import Considered
from bot.domain.messages import Addressed
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.examples import URGENT
from bot.knowledge.safety import RedFlag, Route, Safety
from bot.matching.match import Match, Zone
from bot.matching.matcher import Matcher
from bot.triage import meaning, members, parts, red_flags, speech, wording
from bot.triage.personal_advice import asks_for_personal_advice
from bot.triage.spam import looks_like_spam
from bot.triage.speech import Speech

TEXT_LIMIT = 4000  # characters that are read; longer messages are handed over with their whole text
MOST_HEARD = 10  # sentences that are listened to in earnest: those that sound most like danger by their words
ELIGIBILITY = "eligibility"  # the topic whose answers depend on the person


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A message with all that was read from it; `parts` holds a reading for each of several questions."""

    text: str
    addressed: Addressed
    flag: RedFlag | None
    spam: str | None
    advice: str | None
    speech: Speech
    match: Match
    worry: bool = False  # it may be a cry for help after all
    heard: tuple[tuple[str, meaning.Kinds], ...] = ()  # sentences of several, and what each sounds like
    parts: tuple[Reading, ...] = ()
    by_person: frozenset[str] = field(default=frozenset())
    eligibility: frozenset[str] = field(default=frozenset())

    def considered(self) -> tuple[Considered, ...]:
        """Give the best five candidates, whatever was decided."""
        return tuple(Considered(one.entry_id, one.probability) for one in self.match.candidates)


_NO_MATCH = Match((), Zone.HAND_OVER)
_LETTERS = re.compile(r"[^\W\d_]+")


class Reader:
    """Reads messages against one knowledge base; pure once built."""

    def __init__(self, knowledge: KnowledgeBase, matcher: Matcher) -> None:
        self.knowledge = knowledge
        self.matcher = matcher
        entries = knowledge.entries.values()
        self._by_person = frozenset(entry.id for entry in entries if entry.by_person)
        self._eligibility = frozenset(entry.id for entry in entries if entry.topic == ELIGIBILITY)

    def read(self, text: str, addressed: Addressed = Addressed.DIRECT) -> Reading:
        """Read one message."""
        return self.read_many([(text, addressed)])[0]

    def read_many(self, messages: Sequence[tuple[str, Addressed]]) -> list[Reading]:
        """Read several messages; matching them together is quicker."""
        texts = [text[:TEXT_LIMIT] if addressed is not Addressed.NO else "" for text, addressed in messages]
        split = [parts.several(text) for text in texts]
        wanted = [text for text in texts if text.strip()]
        wanted += [part for found in split for part in found]
        matches = dict(zip(wanted, self.matcher.match_many(wanted), strict=True))
        readings = [
            self._reading(text, addressed, found, matches, whole)
            for text, (whole, addressed), found in zip(texts, messages, split, strict=True)
        ]
        wording.forget()
        return readings

    def _reading(
        self, text: str, addressed: Addressed, found: Sequence[str], matches: Mapping[str, Match], whole: str
    ) -> Reading:
        """Read a text; `whole` is the message before it was cut: danger is looked for at its end as well."""
        match = matches.get(text, _NO_MATCH)
        respelt = _respelt(text, match)
        parted = [(part, matches[part]) for part in found]
        heard = self._heard(whole, matches) if text else ()
        shows = tuple(red_flags.find_all(whole, self.knowledge.safety, match.corrected)) if text else ()
        sounds_like_spam = meaning.sounds_like_spam(text, match.kinds)
        return Reading(
            text=text,
            addressed=addressed,
            flag=_flag(whole, self.knowledge.safety, match, heard, shows) if text else None,
            spam=looks_like_spam(text) or ("means what spam means" if sounds_like_spam else None),
            advice=_advice(text, respelt),
            speech=_speech(text, respelt, match, addressed),
            match=match,
            worry=any(flag.route is Route.WORRY for flag in shows)
            or meaning.worries(text, match.kinds, self.knowledge.safety)
            or any(meaning.worries_in_story(sentence, kinds, self.knowledge.safety) for sentence, kinds in heard),
            heard=heard,
            parts=tuple(self._part(part, addressed, one) for part, one in parted),
            by_person=self._by_person,
            eligibility=self._eligibility,
        )

    def _heard(self, text: str, matches: Mapping[str, Match]) -> tuple[tuple[str, meaning.Kinds], ...]:
        """Give the sentences of a message that has several, each with what it sounds like."""
        found = meaning.sentences(text)
        if len(found) < 2:
            return ()
        if len(found) > MOST_HEARD:
            guessed = [meaning.danger(self.matcher.kinds(one, by_words=True)) for one in found]
            likeliest = sorted(range(len(found)), key=lambda place: (-guessed[place], place))[:MOST_HEARD]
            found = [found[place] for place in sorted(likeliest)]
        return tuple((one, matches[one].kinds if one in matches else self.matcher.kinds(one)) for one in found)

    def _part(self, text: str, addressed: Addressed, match: Match) -> Reading:
        """Read one question of several: danger, spam and advice were looked for in the whole message."""
        return Reading(
            text=text,
            addressed=addressed,
            flag=None,
            spam=None,
            advice=None,
            speech=_speech(text, _respelt(text, match), match, addressed),
            match=match,
            by_person=self._by_person,
            eligibility=self._eligibility,
        )


def _flag(
    text: str, safety: Safety, match: Match, heard: Sequence[tuple[str, meaning.Kinds]], shows: Sequence[RedFlag]
) -> RedFlag | None:
    """Give the most urgent of what the patterns find (`shows`) and what the message or a sentence of it sounds like."""
    shown = next((flag for flag in shows if flag.route is not Route.WORRY), None)
    if shown and shown.route is Route.CRISIS:
        return shown
    urgent = shown is not None and shown.route in URGENT
    whole = meaning.crisis(match.kinds, safety) if urgent else meaning.alarm(text, match.kinds, safety)
    in_story = (meaning.alarm_in_story(sentence, kinds, safety) for sentence, kinds in heard)
    found = [flag for flag in (shown, whole, *in_story) if flag]
    return min(found, key=lambda flag: red_flags.URGENCY.index(flag.route), default=None)


def _respelt(text: str, match: Match) -> str:
    """Give the text with its misspelt words put right and everything else, pauses above all, as it was written."""
    meant = match.respelt
    return _LETTERS.sub(lambda found: meant.get(found[0].casefold(), found[0]), text) if meant else text


def _advice(text: str, respelt: str) -> str | None:
    return asks_for_personal_advice(text) or (asks_for_personal_advice(respelt) if respelt != text else None)


def _speech(text: str, respelt: str, match: Match, addressed: Addressed) -> Speech:
    """Give the kind of utterance; what sounds like chatter is that, unless it plainly asks or an entry is sure.

    In a channel for questions, what is for another member is chatter, whatever it asks. What it means and the respelt
    text can make a question of a statement, never a statement of a question.
    """
    to_all, sure = addressed is Addressed.ASK_CHANNEL, match.zone is Zone.ANSWER
    if to_all and members.is_for_a_member(text):
        return Speech.CHATTER
    kind = speech.kind_of(text)
    if kind is Speech.STATEMENT and meaning.sounds_like_question(match.kinds):
        return Speech.QUESTION
    asked = respelt if respelt != text and speech.asks_plainly(respelt) else text
    if meaning.sounds_like_chatter(asked, match.kinds, to_all=to_all, sure=sure):
        return Speech.CHATTER
    if kind is not Speech.STATEMENT:
        return kind
    return Speech.QUESTION if respelt != text and speech.kind_of(respelt) is Speech.QUESTION else kind
