"""What an answer may never say: verdicts, promises, doses, orders about medicines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks.remark import Remark
from bot.knowledge.checks.texts import texts_of
from bot.knowledge.entry import Entry

# What stands before the banned words in the same clause and turns them round.
_DENIED = re.compile(
    r"\b(?:no|not(?! only)|never|nobody|none|nothing|neither|nor|without|cannot|too good|"
    r"(?:promis|claim)\w*|(?:the|that) word|call(?:s|ed)?|feel(?:s|ing)?|felt)\b|n['\u2019]t\b",
    re.I,
)
_OPEN = re.compile(r"\b(?:if|whether|unless|cannot|nobody)\b|n['\u2019]t\b", re.I)
_NEVER = re.compile(r"(?!)")
_CLAUSE = re.compile(
    r"[.!?:;\n]\s|\n|\b(?:but|no wonder)\b|^\W*(?:yes|no),|, (?=(?:and )?(?:it|this|that|they|hsct|you)\b)", re.I
)
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|\n")

# Any helping verb, adverb or article may stand between "you" and the verdict.
_BETWEEN = (
    r"(?: (?:are|is|be|been|were|would|will|may|might|could|can|should|must|do|seem|sound|look|appear|remain|to|"
    r"(?:are|is|would|do|could|wo)n['\u2019]t|not|no|longer|like|\w+ly|almost|also|still|now|very|quite|just|too|"
    r"a|an|the|good|ideal|perfect|poor|bad|great|strong|right|fit))*"
)
_YOU = rf"\byou(?:['\u2019](?:re|d|ll|ve))?{_BETWEEN}"
_NUMBER = r"\b(?:\d+(?:[.,]\d+)*|one|two|three|four|five|six|seven|eight|nine|ten|half an?)"
_UNIT = (
    r"(?:mg|mcg|[\u00b5\u03bcu]g|ml|iu|(?-i:g)|(?:milli|micro)?gram(?:me)?s?|millilit(?:er|re)s?|"
    r"(?:million |international )*units|tablets?|capsules?|pills?|puffs?)"
)
_TIED = r"\b(?!/d?l\b)(?:/(?:kg|m2|m\u00b2))?"  # grams in a litre of blood are a result, not a dose
_MEDICINE = (
    r"(?:\w+(?:mab|mod|fumarate|ribine|prine|antrone|phosphamide|ciclovir|cillin|cetamol|profen|solone)|tysabri|ocrevus|"
    r"lemtrada|gilenya|mavenclad|tecfidera|vumerity|aubagio|kesimpta|briumvi|copaxone|rebif|avonex|betaferon|plegridy|"
    r"zeposia|mayzent|ponvory|medicines?|medication|drugs?|tablets?|pills?|steroids?|antibiotics?|antivirals?|dmts?)"
)
_TAKING = (
    rf"(?:stop|start|skip|double|halve|increase|reduce|quit|take|come off)(?: taking| using)?"
    rf"(?: (?:your|the|all|any|some))* {_MEDICINE}\b(?! (?:list|box|card|names?|with you))"
)


class _Ban(NamedTuple):
    """Words that are banned, what they are, and what before them in their clause makes them innocent."""

    words: re.Pattern[str]
    what: str
    unless: re.Pattern[str]
    may_be_asked: bool = True


def _ban(words: str, what: str, unless: re.Pattern[str] = _DENIED, *, may_be_asked: bool = True) -> _Ban:
    return _Ban(re.compile(words, re.I), what, unless, may_be_asked)


_VERDICT, _PROMISE, _ORDER = "a verdict on eligibility", "a promise", "an order about a medicine"
_BANNED = (
    _ban(rf"{_YOU} (?:(?:in)?eligible|(?:un)?suitable|candidate|qualify)\b", _VERDICT, _OPEN),
    _ban(rf"{_YOU} too (?:old|young|ill|sick|disabled|frail|late)\b", _VERDICT, _OPEN),
    _ban(
        rf"{_YOU} (?:meet|fulfil|satisfy)l? (?:all |every )?(?:of )?(?:the |their )?criteri(?:a|on)\b", _VERDICT, _OPEN
    ),
    _ban(r"\b(?:cur(?:e|es|ed|ing))\b", "the promise of a cure"),
    _ban(r"\bguarante(?:e|es|ed|eing)\b", "a guarantee"),
    _ban(r"\b(?:100|a hundred) ?(?:%|percent|per cent) (?:safe|effective|success|certain|sure)\b", _PROMISE),
    _ban(
        r"\b(?:completely|totally|entirely|perfectly|absolutely|fully) (?:safe|harmless)\b|\brisk[- ]free\b", _PROMISE
    ),
    _ban(r"\b(?:always|never) (?:works?|fails?|helps?)\b|\bworks for every(?:one|body)\b", _PROMISE),
    _ban(r"\b(?:(?:is|are|has|have|carries|with) no|without(?: any)?) (?:risks?|dangers?|side effects)\b", _PROMISE),
    _ban(r"\bmirac(?:le|ulous)\b", _PROMISE, _NEVER, may_be_asked=False),
    _ban(rf"{_NUMBER}(?: ?(?:-|\u2013|to) ?\d+)? ?{_UNIT}{_TIED}", "a dose", _NEVER, may_be_asked=False),
    _ban(r"\byou should (?:stop|start|take|skip|double)\b", _ORDER, _NEVER),
    _ban(rf"\byou (?:must|should|need to|have to|ought to|can|may)(?: \w+ly| just| now)? {_TAKING}", _ORDER, _OPEN),
    _ban(rf"(?:^|(?<=[.!?:;\n] )|(?<=\n)|(?<=- )|(?<=please ))(?:(?:just|now|simply) )?{_TAKING}", _ORDER, _NEVER),
)


def promises(_base: KnowledgeBase, entry: Entry, _today: date) -> Iterator[Remark]:
    """Find what an answer may never say; that it is not so ("not a cure", "no guarantee") may be said."""
    for name, field, text in texts_of(entry):
        for what, words in banned(text):
            says = f"`{name}` holds {what} ('{words}'). Say what is known, or send the reader to their team."
            yield Remark(says, entry.id, field, words)


def banned(text: str) -> Iterator[tuple[str, str]]:
    """Give, for each kind of banned words in a text, what they are and the first of them."""
    said: set[str] = set()
    for ban in _BANNED:
        for found in ban.words.finditer(text):
            if ban.what not in said and not _innocent(ban, text, found):
                said.add(ban.what)
                yield ban.what, found.group()


def _innocent(ban: _Ban, text: str, found: re.Match[str]) -> bool:
    """Tell whether the clause turns the words round, or the sentence only asks."""
    start = max((one.end() for one in _CLAUSE.finditer(text, 0, found.start())), default=0)
    if ban.unless.search(text, start, found.start()):
        return True
    end = _SENTENCE_END.search(text, found.end())
    return ban.may_be_asked and end is not None and end.group() == "?"
