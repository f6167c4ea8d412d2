"""What a message sounds like, by the classifier that stands beside the patterns: an alarm, spam, chatter.

The shares come from `Match.kinds`. The bounds were chosen on wordings held out of `knowledge/examples.yaml` and on the
tune half of the test questions (docs/understanding.md).
"""

from __future__ import annotations

import re

from bot.knowledge.examples import CHATTER, SPAM
from bot.knowledge.safety import RedFlag, Route, Safety
from bot.matching.match import Match
from bot.triage.wording import words

ALARM_FROM = 0.35  # share of all urgent red flags together: one entry's phrasing in 350 gets there
GENERAL_ALARM_FROM = 0.7  # for "do you get bruises when platelets drop?": a question that is about nobody
CRISIS_FROM = 0.5  # share of danger to oneself, above which a pattern for something less urgent does not stand
SPAM_FROM = 0.2  # one phrasing in 1,400
CHATTER_FROM = 0.25  # one phrasing in 900

_SOMEBODY = re.compile(
    r"\b(?:i|me|my|myself|we|our|us|he|him|his|she|her|they|them|their|husband|wife|mother|father|son|daughter|now)\b"
)


def alarm(text: str, match: Match, safety: Safety) -> RedFlag | None:
    """Give the urgent red flag that a message sounds most like, if it sounds like one at all."""
    flags = [flag for flag in safety.flags if flag.id in match.kinds]
    enough = GENERAL_ALARM_FROM if "?" in text and not _SOMEBODY.search(words(text)) else ALARM_FROM
    if sum(match.kinds[flag.id] for flag in flags) < enough:
        return None
    return max(flags, key=lambda flag: match.kinds[flag.id])  # the first in the file, where two are alike


def crisis(match: Match, safety: Safety) -> RedFlag | None:
    """Give danger to oneself where a message sounds like that more than like everything else together."""
    flags = [flag for flag in safety.flags if flag.route is Route.CRISIS]
    return next((flag for flag in flags if match.kinds.get(flag.id, 0.0) >= CRISIS_FROM), None)


def sounds_like_spam(match: Match) -> bool:
    """Tell whether a message means what spam means, and does not rather mean thanks or greetings."""
    return match.kinds.get(SPAM, 0.0) >= max(SPAM_FROM, match.kinds.get(CHATTER, 0.0))


def sounds_like_chatter(match: Match) -> bool:
    """Tell whether a message means what thanks, greetings and stories mean."""
    return match.kinds.get(CHATTER, 0.0) >= CHATTER_FROM
