"""What an answer may never say: verdicts, promises, doses, orders about medicines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks.innocence import DENIED, HEDGED, NEVER, OPEN, UNSURE, is_innocent
from bot.knowledge.checks.plain import plain, unwrapped
from bot.knowledge.checks.remark import Remark
from bot.knowledge.checks.texts import names_of, texts_of
from bot.knowledge.entry import Entry

# Any helping verb, adverb or article may stand between "you" and the verdict.
_BETWEEN = (
    r"(?: (?:are|is|be|been|were|would|will|may|might|could|can|should|must|do|seem|sound|look|appear|remain|to|"
    r"(?:are|is|would|do|could|wo)n['\u2019]t|not|no|longer|like|\w+ly|almost|also|still|now|very|quite|just|too|"
    r"a|an|the|good|ideal|perfect|poor|bad|great|strong|right|fit))*"
)
_YOU = rf"\b(?:you|(?:people|some(?:body|one)|any(?:body|one)|a person) like you)(?:['\u2019](?:re|d|ll|ve))?{_BETWEEN}"
_HSCT = r"(?:hsct|(?:a|an|the) (?:hsct|(?:stem cell )?transplant))"
_NUMBER = r"\b(?:\d+(?:[.,]\d+)*|one|two|three|four|five|six|seven|eight|nine|ten|half an?)"
_UNIT = (
    r"(?:mg|mcg|[\u00b5\u03bcu]g|ml|iu|(?-i:g)|(?:milli|micro)?gram(?:me)?s?|millilit(?:er|re)s?|"
    r"(?:million |international )*units|tablets?|capsules?|pills?|puffs?)"
)
_TIED = r"\b(?!/d?l\b| (?:per|a|in a) lit)(?:/(?:kg|m2|m\u00b2))?"  # grams in a litre of blood are a result, no dose
_TIMES = r"(?:once|twice|(?:two|three|four|five|six|\d+) times) (?:a|each|per|every) (?:day|week)|every \w+ hours"
_MEDICINE = (
    r"(?:\w+(?:mab|mod|fumarate|ribine|prine|antrone|phosphamide|ciclovir|cillin|cetamol|profen|solone)|tysabri|ocrevus|"
    r"lemtrada|gilenya|mavenclad|tecfidera|vumerity|aubagio|kesimpta|briumvi|copaxone|rebif|avonex|betaferon|plegridy|"
    r"zeposia|mayzent|ponvory|medicines?|medication|drugs?|tablets?|pills?|steroids?|antibiotics?|antivirals?|dm[td]s?)"
)
_CHANGE = (
    r"(?:stop|start|skip|double|halve|increase|reduce|quit|take|delay|miss|pause|drop|restart|swap|"
    r"(?:give|bring) up|leave out|put off|come off|go o(?:ff|n)|cut (?:down|back)(?: on)?|switch(?: to| from| off)?)"
)
_WHOSE = r"(?: (?:your|the|all|any|some|next|last|daily|ms))*"
_DOSES = r" (?:your|the)(?: (?:next|last|daily))? (?:infusions?|doses?)"  # "double doses were used" is no order
_TAKING = rf"{_CHANGE}(?: taking| using)?(?:{_WHOSE} {_MEDICINE}|{_DOSES})\b(?! (?:list|box|card|names?|with you))"
_STOPPING = rf"(?:stopp|start|skipp|doubl|halv|switch|delay)ing(?: to| from)?{_WHOSE} {_MEDICINE}\b"
_ILL = (
    r"(?:(?:your |the )?ms|relapses?|progression|"
    r"(?:your|the|all|any|every) (?:\w+ )?(?:relapses?|disease|disability|symptoms?|lesions))"
)


_OF_ILL = (
    rf"(?:{_ILL}|(?:nerve |brain |old )?(?:disability|damage|lesions|attacks))\b"
    r"(?! (?:drug|medic|treat|therap|tablet)\w*)"
)
_ENDS = ("stop", "halt", "end", "reverse", "heal", "defeat", "erase", "eliminate", "eradicate")


class _Ban(NamedTuple):
    """Words that are banned, what they are, and what before them in their clause makes them innocent.

    A text without any of `near` cannot hold them, and is not searched: that is most of the time of the search.
    """

    words: re.Pattern[str]
    what: str
    unless: re.Pattern[str]
    may_be_asked: bool
    near: tuple[str, ...]


def _ban(words: str, what: str, unless: re.Pattern[str] = DENIED, *, may_be_asked: bool = True, near: str = "") -> _Ban:
    return _Ban(re.compile(words, re.I), what, unless, may_be_asked, tuple(near.split("|")))


_VERDICT, _PROMISE, _ORDER, _DOSE = "a verdict on eligibility", "a promise", "an order about a medicine", "a dose"
_BANNED = (
    _ban(
        rf"{_YOU} (?:(?:in)?eligible|(?:un)?suitable|candidate|qualify)\b",
        _VERDICT,
        OPEN,
        near="eligib|suitab|candidate|qualify",
    ),
    _ban(rf"{_YOU} too (?:old|young|ill|sick|disabled|frail|late)\b", _VERDICT, OPEN, near=" too "),
    _ban(
        rf"{_YOU} (?:meet|fulfil|satisfy)l? (?:all |every )?(?:of )?(?:the |their )?criteri(?:a|on)\b",
        _VERDICT,
        OPEN,
        near="criteri",
    ),
    _ban(
        rf"{_YOU} be (?:accepted|refused|rejected|turned (?:down|away))\b",
        _VERDICT,
        OPEN,
        near="be accepted|be refused|be rejected|be turned",
    ),
    _ban(
        rf"\byou (?:should|must|need to|ought to|have to) (?:have|get|do|choose|refuse|avoid) {_HSCT}",
        _VERDICT,
        OPEN,
        near="you should|you must|you need to|you ought to|you have to",
    ),
    _ban(
        rf"\byou (?:can|cannot|can['\u2019]t|may|may not) (?:have|get) {_HSCT}\b",
        _VERDICT,
        OPEN,
        near="have hsct|get hsct|have a|get a|have the|get the",
    ),
    _ban(
        r"\brules? you out\b|\byou(?: are|['\u2019]re) ruled out\b|\bmakes? you (?:in|un)?(?:eligible|suitable)\b",
        _VERDICT,
        OPEN,
        near="you out|ruled out|s you |ke you ",
    ),
    _ban(
        r"\b(?:is|are|(?:will|would) be) (?:not |too |the |a )*(?:right|wrong|(?:un)?suitable|best|good|bad|"
        r"dangerous|risky|an option)(?: \w+)? for you\b",
        _VERDICT,
        UNSURE,
        near="for you",
    ),
    _ban(r"\bcur(?:e|es|ed|ing|ative)\b", "the promise of a cure", near="cure|curing|curative"),
    _ban(r"\bguarante(?:e|es|ed|eing)\b", "a guarantee", near="guarante"),
    _ban(
        r"\b(?:100|a hundred) ?(?:%|percent|per cent) (?:safe|effective|success|certain|sure)\b",
        _PROMISE,
        near="100|hundred",
    ),
    _ban(
        r"\b(?:completely|totally|entirely|perfectly|absolutely|fully) (?:safe|harmless)\b|\brisk[- ]free\b",
        _PROMISE,
        near="safe|harmless|risk",
    ),
    _ban(
        r"\b(?:always|never) (?:works?|fails?|helps?)\b|\bworks for every(?:one|body)\b",
        _PROMISE,
        near="always|never|works for",
    ),
    _ban(
        r"\b(?:(?:is|are|has|have|carries|with) no|without(?: any)?) (?:risks?|dangers?|side effects)\b",
        _PROMISE,
        near=" risk| danger| side effects",
    ),
    _ban(
        rf"\b(?:will|going to) (?:\w+ly )?(?:stop|halt|end|reverse|heal|defeat|erase) {_ILL}\b",
        _PROMISE,
        UNSURE,
        near=" stop | halt | end | reverse | heal | defeat | erase ",
    ),
    _ban(
        r"\byou(?: will|['\u2019]ll) (?:\w+ly )?(?:(?:walk|run|see|be well) again|get better|be fine\b(?! to)|"
        r"(?:fully|completely|surely) recover|recover(?: fully| completely|(?=[.!])))",
        _PROMISE,
        UNSURE,
        near="again|get better|be fine|recover",
    ),
    _ban(
        r"\byou(?: will|['\u2019]ll) never (?:\w+ ){1,3}(?:relapses?|wheelchair|drugs?|symptoms?|ms)\b",
        _PROMISE,
        OPEN,
        near=" never ",
    ),
    _ban(
        rf"\b(?:(?:{'|'.join(_ENDS)})s|(?:stem cells|transplants)(?: \w+ly)? (?:{'|'.join(_ENDS)})) {_OF_ILL}"
        r"(?! (?:in|for) (?:some|a few)\b)",
        _PROMISE,
        HEDGED,
        near="|".join(_ENDS),
    ),
    _ban(
        r"\byou(?:(?: will|['\u2019]ll) (?:not|never)| won['\u2019]t)(?: \w+){0,2}? "
        r"(?:relapse|get worse|worsen|progress)\b",
        _PROMISE,
        HEDGED,
        near="relapse|worse|progress",
    ),
    _ban(
        r"\b(?:ms|(?:the|your) disease|relapses?|lesions?|attacks?) (?:(?:will|can|do|does) (?:not|never)|cannot|never|"
        r"(?:wo|ca|do|does)n['\u2019]t)(?: \w+)? (?:comes? back|returns?)\b",
        _PROMISE,
        HEDGED,
        near="come back|comes back|return",
    ),
    _ban(
        r"\bpermanent (?:remission|relief)\b|\bonce and for all\b|\b(?:ms|relapse)[- ]free for (?:life|ever|good)\b",
        _PROMISE,
        HEDGED,
        near="permanent|once and for all|free for",
    ),
    _ban(
        r"\bms (?:is|will be) gone\b|\b(?:free of|free from|rid of) ms\b(?= for|[.,;!]|$)|\bgone for (?:good|ever)\b",
        _PROMISE,
        UNSURE,
        near="gone|free of|free from|rid of",
    ),
    _ban(
        r"\b(?:sure|certain|bound) to (?:work|help|succeed)\b|\bsuccess is (?:certain|sure|assured)\b",
        _PROMISE,
        near="sure to|certain to|bound to|success is",
    ),
    _ban(
        r"\b(?:we|i) (?:can |do |will )?promise (?:you|that|a|the|success|results)\b", _PROMISE, NEVER, near="promise"
    ),
    _ban(r"\bnothing (?:can|will|could) go wrong\b|\bnothing to lose\b", _PROMISE, NEVER, near="nothing "),
    _ban(r"\bis (?:\w+ )?safe for (?:every(?:one|body)|all|any(?:one|body))\b", _PROMISE, UNSURE, near="safe for"),
    _ban(r"\bmirac(?:le|ulous)\b", _PROMISE, NEVER, may_be_asked=False, near="mirac"),
    _ban(rf"{_NUMBER}(?: ?(?:-|\u2013|to) ?\d+)? ?{_UNIT}{_TIED}", _DOSE, NEVER, may_be_asked=False),
    _ban(
        r"\ba (?:milli|micro)?gram\b(?!-)|\b\d+ per (?:kilo|kg|square met)",
        _DOSE,
        NEVER,
        may_be_asked=False,
        near="gram|per ",
    ),
    _ban(
        rf"\btake (?:it|one|{_MEDICINE})\b[^.!?\n]{{0,40}}?\b(?:{_TIMES})\b",
        _DOSE,
        NEVER,
        may_be_asked=False,
        near="take ",
    ),
    _ban(r"\byou should (?:stop|start|take|skip|double)\b", _ORDER, NEVER, near="you should"),
    _ban(
        rf"\byou (?:must|should|need to|have to|ought to|can|may)(?: \w+ly| just| now)? {_TAKING}",
        _ORDER,
        OPEN,
        near="you must|you should|you need to|you have to|you ought to|you can|you may",
    ),
    _ban(
        r"(?:^|(?<=[.!?:;\n] )|(?<=\n)|(?<=- )|(?<=please )|(?<=, so )|(?<=, then ))"
        rf"(?:(?:just|now|simply) )?{_TAKING}",
        _ORDER,
        NEVER,
    ),
    _ban(
        rf"\b(?:is|it['\u2019]s) (?:best|better|safe|fine|okay|ok|wise|time|right) to {_TAKING}",
        _ORDER,
        UNSURE,
        near="best to|better to|safe to|fine to|ok to|okay to|wise to|time to|right to",
    ),
    _ban(
        rf"\b(?:we|i) (?:advise|recommend|suggest) (?:(?:you|people) )?(?:(?:to )?{_TAKING}|{_STOPPING})",
        _ORDER,
        NEVER,
        near="advise|recommend|suggest",
    ),
    _ban(rf"\b{_STOPPING}(?: \w+)? is (?:safe|fine|best|right|okay|harmless)\b", _ORDER, UNSURE, near="ing "),
    _ban(
        rf"\b(?:do not|don['\u2019]t) take (?:your|the) {_MEDICINE} (?:any ?more|any longer|again)\b",
        _ORDER,
        NEVER,
        near="take your|take the",
    ),
)


def promises(_base: KnowledgeBase, entry: Entry, _today: date) -> Iterator[Remark]:
    """Find what an answer may never say; that it is not so ("not a cure", "no guarantee") may be said."""
    for name, field, text in (*texts_of(entry), *names_of(entry)):
        for what, words in banned(text):
            says = f"`{name}` holds {what} ('{words}'). Say what is known, or send the reader to their team."
            yield Remark(says, entry.id, field, words)


def banned(text: str) -> Iterator[tuple[str, str]]:
    """Give, for each kind of banned words in a text, what they are and the first of them.

    It is read as people see it, without marks and unseen characters: line by line, and with wrapped lines made whole.
    """
    said: set[str] = set()
    lines = plain(text)
    for read in dict.fromkeys((lines, unwrapped(lines))):
        for what, words in _banned(read):
            if what not in said:
                said.add(what)
                yield what, words


def _banned(text: str) -> Iterator[tuple[str, str]]:
    low = text.casefold()
    for ban in _BANNED:
        if not any(word in low for word in ban.near):
            continue
        for found in ban.words.finditer(text):
            if not is_innocent(text, found, ban.unless, may_be_asked=ban.may_be_asked):
                yield ban.what, found.group()
                break
