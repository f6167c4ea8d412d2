"""What a message sounds like, by the classifier that stands beside the patterns: an alarm, spam, chatter.

The shares come from `Match.kinds`. The bounds were chosen on the tune half of the test questions
(docs/understanding.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.knowledge.examples import CHATTER, HARMLESS, SPAM
from bot.knowledge.safety import RedFlag, Route, Safety
from bot.triage.spam import gives_contact
from bot.triage.speech import Speech, asks_plainly, kind_of, names_the_subject
from bot.triage.wording import raw_sentences, words

Kinds = Mapping[str, float]  # see `Match.kinds`

ALARM_FROM = 0.38  # share of all red flags together in what is told
ASKING_ALARM_FROM = 0.6  # of what plainly asks, which gets an answer or a person anyway
GENERAL_ALARM_FROM = 0.8  # for "do you get bruises when platelets drop?", which is about nobody, and for plain wishes
FEW_WORDS_ALARM_FROM = 0.72  # of two or three words; "help me" has 0.61. One word is found by patterns alone
LIKELIEST_FROM = 0.08  # of one flag: many crumbs are no alarm, and could not say which one
RATHER = 0.85  # times the share of idioms or of chatter is the least that an alarm needs: a miss costs more
IN_A_STORY_FROM = 0.7  # of one sentence of several, and of despair nothing: stories have sad sentences
ASKING_IN_A_STORY_FROM = 0.9  # of a sentence that asks
WORRY_FROM = 0.15  # share of danger to oneself and of hints at it, and half of chatter's: too much for silence
ASKING_WORRY_FROM = 0.25  # of what plainly asks
WORRY_IN_A_STORY_FROM = 0.4  # of one sentence of several
ASKING_WORRY_IN_A_STORY_FROM = 0.7  # of a sentence that asks
FEWEST_HEARD, FEWEST_WORDS = 2, 4  # words that alarm at all, and those that are not few
CRISIS_FROM = 0.5  # share of danger to oneself, above which a pattern for something less urgent does not stand
SPAM_FROM = 0.25  # if it is the largest, beside a contact
BARE_SPAM_FROM = 0.6  # without any contact: members who speak of clinics, money and swindlers reach 0.5
ASKING_SPAM_FROM = 0.95  # of what is plainly asked, and of plain good wishes
CHATTER_FROM = 0.25  # of what is told
KEY_WORDS_TAME_FROM = 0.7  # of key words that name nothing of the subject: chatter and idioms together
TO_ALL_KEY_WORDS_CHATTER_FROM = 0.65  # of key words about the subject, said in a channel
TO_ALL_KEY_WORDS_TAME_FROM = 0.6  # of other key words there
ASKING_CHATTER_FROM = 0.95  # of what is plainly asked, which is all but never chatter
SURE_CHATTER_FROM = 0.9  # of what an entry is sure to answer, and of key words about the subject, said to the bot
TO_ALL_CHATTER_FROM = 0.7  # of what is asked in a channel, of nobody; 0.6 leaves one request in nine unheard
QUESTION_FROM = 0.4  # share of questions in what is told by its form: "neuro refuses to refer me" is one

MOST_SENTENCES = 120  # beyond, neighbours are heard together: only who wants to be misread writes as many in a message
LONG_SENTENCE, SHORT_PIECE = 25, 6  # words: of a sentence that is cut, and the least of a piece of it
_PAUSE = re.compile(r"[,;]+ +| (?=(?:and|but|so|because|then)\b)")

_SOMEBODY = re.compile(
    r"\b(?:i|me|my|myself|we|our|us|he|him|his|she|her|they|them|their|husband|wife|mother|father|son|daughter|now)\b"
)


def danger(kinds: Kinds) -> float:
    """Give the share of all red flags together."""
    return sum(share for kind, share in kinds.items() if kind not in (HARMLESS, CHATTER, SPAM))


def alarm(text: str, kinds: Kinds, safety: Safety) -> RedFlag | None:
    """Give the urgent red flag that a message sounds most like, if it sounds like one at all."""
    if len(words(text).split()) < FEWEST_HEARD:
        return None
    flags = [flag for flag in safety.flags if flag.id in kinds]
    return _likeliest(flags, kinds, max(_enough(text), RATHER * _harmless(kinds), _asked(kinds)))


def alarm_in_story(sentence: str, kinds: Kinds, safety: Safety) -> RedFlag | None:
    """Give the red flag that one sentence of several sounds most like, if it does so beyond doubt."""
    if _has_few_words(sentence):
        return None
    flags = [flag for flag in safety.flags if flag.id in kinds and flag.route is not Route.DISTRESS]
    told = _enough(sentence) == ALARM_FROM
    return _likeliest(flags, kinds, max(IN_A_STORY_FROM if told else ASKING_IN_A_STORY_FROM, _harmless(kinds)))


def _likeliest(flags: Sequence[RedFlag], kinds: Kinds, enough: float) -> RedFlag | None:
    urgent = [flag for flag in flags if flag.route is not Route.WORRY]
    share = sum(kinds[flag.id] for flag in urgent)
    hints = sum(kinds[flag.id] for flag in flags) - share  # they add to what is urgent, and are no alarm by themselves
    if (share + hints if hints <= share else share) < enough:
        return None
    likeliest = max(urgent, key=lambda flag: kinds[flag.id])  # the first in the file, where two are alike
    return likeliest if kinds[likeliest.id] >= LIKELIEST_FROM else None


def _asked(kinds: Kinds) -> float:
    return 1 - sum(kinds.values()) if kinds else 0.0  # the share of questions is what the others leave


def _harmless(kinds: Kinds) -> float:
    return max(kinds.get(HARMLESS, 0.0), kinds.get(CHATTER, 0.0))


def sentences(text: str) -> list[str]:
    """Give the sentences of a message; those without an end are cut at pauses, as a cry may hide between two commas."""
    found = [piece for sentence in raw_sentences(text) for piece in _cut(sentence)]
    together = -(-len(found) // MOST_SENTENCES)
    return [" ".join(found[at : at + together]) for at in range(0, len(found), together or 1)]


def _cut(sentence: str) -> Iterator[str]:
    begun: list[str] = []
    for piece in _PAUSE.split(sentence) if len(sentence.split()) > LONG_SENTENCE else [sentence]:
        begun.append(piece.strip(" ,"))
        if len(" ".join(begun).split()) >= SHORT_PIECE:
            yield ", ".join(begun)
            begun = []
    if begun:
        yield ", ".join(begun)


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


def worries_in_story(sentence: str, kinds: Kinds, safety: Safety) -> bool:
    """Tell whether one sentence of several may be a cry for help after all."""
    share = _to_oneself(kinds, safety)
    if share < max(WORRY_IN_A_STORY_FROM, _harmless(kinds)):
        return False  # as nearly all: the words need not be looked at
    return not _has_few_words(sentence) and (share >= ASKING_WORRY_IN_A_STORY_FROM or not asks_plainly(sentence))


def worries(text: str, kinds: Kinds, safety: Safety) -> bool:
    """Tell whether a message may be a cry for help: silence is no reply to it then, and somebody to call is named."""
    share = _to_oneself(kinds, safety)
    if share < max(WORRY_FROM, kinds.get(CHATTER, 0.0) / 2):
        return False  # as nearly all: the text need not be looked at
    told = ALARM_FROM if _has_few_words(text) else WORRY_FROM
    return share >= (ASKING_WORRY_FROM if asks_plainly(text) else told) and kind_of(text) is not Speech.CHATTER


def _to_oneself(kinds: Kinds, safety: Safety) -> float:
    return sum(kinds.get(flag.id, 0.0) for flag in safety.flags if flag.route in (Route.CRISIS, Route.WORRY))


def sounds_like_spam(text: str, kinds: Kinds) -> bool:
    """Tell whether a message means what spam means, and does not rather mean thanks or talk of an offer."""
    share = kinds.get(SPAM, 0.0)
    if share < max(SPAM_FROM, kinds.get(CHATTER, 0.0), kinds.get(HARMLESS, 0.0)):
        return False  # as nearly all: the text need not be looked at
    if kind_of(text) is Speech.CHATTER or asks_plainly(text):
        return share >= ASKING_SPAM_FROM
    return share >= BARE_SPAM_FROM or gives_contact(text)


def sounds_like_chatter(text: str, kinds: Kinds, *, to_all: bool = False, sure: bool = False) -> bool:
    """Tell whether a message means what thanks, greetings and stories mean; what asks must do so more clearly.

    `to_all`: it was said in a channel, to nobody in particular, where people also ask each other. `sure`: an entry is
    sure to answer it.
    """
    share = kinds.get(CHATTER, 0.0)
    if sure and not to_all and share < SURE_CHATTER_FROM:
        return False
    if asks_plainly(text):
        if to_all and share >= TO_ALL_CHATTER_FROM:
            return True
        return share >= ASKING_CHATTER_FROM and not text.rstrip().endswith("?")
    if kind_of(text) is Speech.QUESTION:
        return _half_a_remark(kinds, to_all=to_all, wanted=sure or names_the_subject(text))
    return share >= CHATTER_FROM


def _half_a_remark(kinds: Kinds, *, to_all: bool, wanted: bool) -> bool:
    """Tell whether key words are chatter; idioms count as well, unless it is `wanted`: what the group is about."""
    share = kinds.get(CHATTER, 0.0)
    if wanted:
        return share >= (TO_ALL_KEY_WORDS_CHATTER_FROM if to_all else SURE_CHATTER_FROM)
    return share + kinds.get(HARMLESS, 0.0) >= (TO_ALL_KEY_WORDS_TAME_FROM if to_all else KEY_WORDS_TAME_FROM)


def sounds_like_question(kinds: Kinds) -> bool:
    """Tell whether a message means what questions mean, whatever its form."""
    return _asked(kinds) >= QUESTION_FROM
