"""What a message sounds like, by the classifier that stands beside the patterns: an alarm, spam, chatter.

The shares come from `Match.kinds`. The bounds were chosen on wordings held out of `knowledge/examples.yaml` and on the
tune half of the test questions (docs/understanding.md).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.knowledge.examples import CHATTER, HARMLESS, SPAM
from bot.knowledge.safety import RedFlag, Route, Safety
from bot.triage.spam import gives_contact
from bot.triage.speech import Speech, asks_plainly, kind_of
from bot.triage.wording import words

Kinds = Mapping[str, float]  # see `Match.kinds`

ALARM_FROM = 0.3  # share of all urgent red flags together in what is told
ASKING_ALARM_FROM = 0.6  # of what plainly asks, which gets an answer or a person anyway
GENERAL_ALARM_FROM = 0.8  # for "do you get bruises when platelets drop?", which is about nobody, and for plain wishes
FEW_WORDS_ALARM_FROM = 0.6  # of two or three words: "and then" or "not for me" mean what stands above them
RATHER = 0.65  # times the share of idioms or of chatter is the least that an alarm needs: a miss costs more
IN_A_STORY_FROM = 0.7  # of one sentence of several, and of despair nothing: stories have sad sentences
ASKING_IN_A_STORY_FROM = 0.9  # of a sentence that asks
WORRY_FROM = 0.12  # share of danger to oneself, and at least half of chatter's: too little for an alarm, or for silence
FEWEST_WORDS = 4
CRISIS_FROM = 0.5  # share of danger to oneself, above which a pattern for something less urgent does not stand
SPAM_FROM = 0.25  # if it is the largest, beside a contact
BARE_SPAM_FROM = 0.8  # without any contact: members who speak of clinics, money and swindlers reach 0.8
ASKING_SPAM_FROM = 0.95  # of what is plainly asked, and of plain good wishes
CHATTER_FROM = 0.25  # of what is told
KEY_WORDS_CHATTER_FROM = 0.5  # of key words: more than everything else together
ASKING_CHATTER_FROM = 0.95  # of what is plainly asked, which is all but never chatter
TO_ALL_CHATTER_FROM = 0.85  # of what is asked in a channel, of nobody: no question for an entry or a person gets there

_SOMEBODY = re.compile(
    r"\b(?:i|me|my|myself|we|our|us|he|him|his|she|her|they|them|their|husband|wife|mother|father|son|daughter|now)\b"
)


def alarm(text: str, kinds: Kinds, safety: Safety) -> RedFlag | None:
    """Give the urgent red flag that a message sounds most like, if it sounds like one at all."""
    flags = [flag for flag in safety.flags if flag.id in kinds]
    return _likeliest(flags, kinds, max(_enough(text), RATHER * _harmless(kinds)))


def alarm_in_story(sentence: str, kinds: Kinds, safety: Safety) -> RedFlag | None:
    """Give the red flag that one sentence of several sounds most like, if it does so beyond doubt."""
    if _has_few_words(sentence):
        return None
    flags = [flag for flag in safety.flags if flag.id in kinds and flag.route is not Route.DISTRESS]
    told = _enough(sentence) == ALARM_FROM
    return _likeliest(flags, kinds, max(IN_A_STORY_FROM if told else ASKING_IN_A_STORY_FROM, _harmless(kinds)))


def _likeliest(flags: Sequence[RedFlag], kinds: Kinds, enough: float) -> RedFlag | None:
    if sum(kinds[flag.id] for flag in flags) < enough:
        return None
    return max(flags, key=lambda flag: kinds[flag.id])  # the first in the file, where two are alike


def _harmless(kinds: Kinds) -> float:
    return max(kinds.get(HARMLESS, 0.0), kinds.get(CHATTER, 0.0))


def at_most(most: int, sentences: Sequence[str]) -> list[str]:
    """Give sentences as they are, or where there are more than `most`, as many neighbours together as it takes."""
    together = -(-len(sentences) // most)
    return [" ".join(sentences[at : at + together]) for at in range(0, len(sentences), together)]


def _has_few_words(text: str) -> bool:
    return len(words(text).split()) < FEWEST_WORDS


def _enough(text: str) -> float:
    """Give the share of danger from which a message is an alarm: the plainer it asks, the more."""
    of_nobody = "?" in text and not _SOMEBODY.search(words(text))
    if of_nobody or kind_of(text) is Speech.CHATTER:
        return GENERAL_ALARM_FROM
    if asks_plainly(text):
        return ASKING_ALARM_FROM
    return FEW_WORDS_ALARM_FROM if _has_few_words(text) else ALARM_FROM


def crisis(kinds: Kinds, safety: Safety) -> RedFlag | None:
    """Give danger to oneself where a message sounds like that more than like everything else together."""
    flags = [flag for flag in safety.flags if flag.route is Route.CRISIS]
    return next((flag for flag in flags if kinds.get(flag.id, 0.0) >= CRISIS_FROM), None)


def worries(text: str, kinds: Kinds, safety: Safety) -> bool:
    """Tell whether a message may be a cry for help after all, so that it must not be met with silence."""
    least = ALARM_FROM if _has_few_words(text) else WORRY_FROM
    share = sum(kinds.get(flag.id, 0.0) for flag in safety.flags if flag.route is Route.CRISIS)
    return share >= max(least, kinds.get(CHATTER, 0.0) / 2) and kind_of(text) is not Speech.CHATTER


def sounds_like_spam(text: str, kinds: Kinds) -> bool:
    """Tell whether a message means what spam means, and does not rather mean thanks or talk of an offer."""
    share = kinds.get(SPAM, 0.0)
    if share < max(SPAM_FROM, kinds.get(CHATTER, 0.0), kinds.get(HARMLESS, 0.0)):
        return False  # as nearly all: the text need not be looked at
    if kind_of(text) is Speech.CHATTER or asks_plainly(text):
        return share >= ASKING_SPAM_FROM
    return share >= BARE_SPAM_FROM or gives_contact(text)


def sounds_like_chatter(text: str, kinds: Kinds, *, to_all: bool = False) -> bool:
    """Tell whether a message means what thanks, greetings and stories mean; what asks must do so more clearly.

    `to_all`: it was said in a channel, to nobody in particular, where people also ask each other.
    """
    share = kinds.get(CHATTER, 0.0)
    if asks_plainly(text):
        if to_all and share >= TO_ALL_CHATTER_FROM:
            return True
        return share >= ASKING_CHATTER_FROM and not text.rstrip().endswith("?")
    if kind_of(text) is Speech.QUESTION:
        return share > KEY_WORDS_CHATTER_FROM
    return share >= CHATTER_FROM
