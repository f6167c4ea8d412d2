"""What a message sounds like, by the classifier that stands beside the patterns: an alarm, spam, chatter.

The shares come from `Match.kinds`. The bounds were chosen on wordings held out of `knowledge/examples.yaml` and on the
tune half of the test questions (docs/understanding.md).
"""

from __future__ import annotations

import re

from bot.knowledge.examples import CHATTER, HARMLESS, SPAM
from bot.knowledge.safety import RedFlag, Route, Safety
from bot.matching.match import Match
from bot.triage.spam import gives_contact
from bot.triage.speech import Speech, asks_plainly, kind_of
from bot.triage.wording import words

ALARM_FROM = 0.35  # share of all urgent red flags together, if it is the largest: one entry's phrasing in 60 gets there
ASKING_ALARM_FROM = 0.65  # of a plain question, which gets an answer or a person anyway: one phrasing in 200
GENERAL_ALARM_FROM = 0.7  # for "do you get bruises when platelets drop?", which is about nobody, and for plain wishes
WORRY_FROM = 0.12  # share of danger to oneself, and at least half of chatter's: too little for an alarm, or for silence
FEWEST_WORDS = 4  # below that only patterns alarm: "nothing", "and then" or "not for me" mean what stands above them
CRISIS_FROM = 0.5  # share of danger to oneself, above which a pattern for something less urgent does not stand
SPAM_FROM = 0.25  # if it is the largest, beside a contact: one phrasing in 140, three in four of the held-out offers
BARE_SPAM_FROM = 0.6  # without any contact: members who speak of clinics and money reach 0.45, offers without one 0.7
ASKING_SPAM_FROM = 0.8  # of what is plainly asked, and of plain good wishes
CHATTER_FROM = 0.25  # of what is told; of key words it must be more than all entries together have
ASKING_CHATTER_FROM = 0.95  # of what is plainly asked, which is all but never chatter
TO_ALL_CHATTER_FROM = 0.85  # of what is asked in a channel, of nobody: no question for an entry or a person gets there

_SOMEBODY = re.compile(
    r"\b(?:i|me|my|myself|we|our|us|he|him|his|she|her|they|them|their|husband|wife|mother|father|son|daughter|now)\b"
)


def alarm(text: str, match: Match, safety: Safety) -> RedFlag | None:
    """Give the urgent red flag that a message sounds most like, if it sounds like one at all."""
    if _has_few_words(text):
        return None
    flags = [flag for flag in safety.flags if flag.id in match.kinds]
    rather = max(match.kinds.get(HARMLESS, 0.0), match.kinds.get(CHATTER, 0.0))
    if sum(match.kinds[flag.id] for flag in flags) < max(_enough(text), rather):
        return None
    return max(flags, key=lambda flag: match.kinds[flag.id])  # the first in the file, where two are alike


def _has_few_words(text: str) -> bool:
    return len(words(text).split()) < FEWEST_WORDS


def _enough(text: str) -> float:
    of_nobody = "?" in text and not _SOMEBODY.search(words(text))
    if of_nobody or kind_of(text) is Speech.CHATTER:
        return GENERAL_ALARM_FROM
    return ASKING_ALARM_FROM if asks_plainly(text) else ALARM_FROM


def crisis(match: Match, safety: Safety) -> RedFlag | None:
    """Give danger to oneself where a message sounds like that more than like everything else together."""
    flags = [flag for flag in safety.flags if flag.route is Route.CRISIS]
    return next((flag for flag in flags if match.kinds.get(flag.id, 0.0) >= CRISIS_FROM), None)


def worries(text: str, match: Match, safety: Safety) -> bool:
    """Tell whether a message may be a cry for help after all, so that it must not be met with silence."""
    least = ALARM_FROM if _has_few_words(text) else WORRY_FROM
    share = sum(match.kinds.get(flag.id, 0.0) for flag in safety.flags if flag.route is Route.CRISIS)
    return share >= max(least, match.kinds.get(CHATTER, 0.0) / 2) and kind_of(text) is not Speech.CHATTER


def sounds_like_spam(text: str, match: Match) -> bool:
    """Tell whether a message means what spam means, and does not rather mean thanks or talk of an offer."""
    share = match.kinds.get(SPAM, 0.0)
    if share < max(SPAM_FROM, match.kinds.get(CHATTER, 0.0), match.kinds.get(HARMLESS, 0.0)):
        return False  # as nearly all: the text need not be looked at
    if kind_of(text) is Speech.CHATTER or asks_plainly(text):
        return share >= ASKING_SPAM_FROM
    return share >= BARE_SPAM_FROM or gives_contact(text)


def sounds_like_chatter(text: str, match: Match, *, to_all: bool = False) -> bool:
    """Tell whether a message means what thanks, greetings and stories mean; what asks must do so more clearly.

    `to_all`: it was said in a channel, to nobody in particular, where people also ask each other.
    """
    share = match.kinds.get(CHATTER, 0.0)
    if asks_plainly(text):
        if to_all and share >= TO_ALL_CHATTER_FROM:
            return True
        return share >= ASKING_CHATTER_FROM and not text.rstrip().endswith("?")
    if kind_of(text) is Speech.QUESTION:
        return share > 1 - sum(match.kinds.values())
    return share >= CHATTER_FROM
