"""What nobody may be told, as patterns: verdicts, promises, doses, orders about medicines."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.knowledge.checks.innocence import DENIED, HEDGED, NEVER, OPEN, UNSURE
from bot.knowledge.checks.vocabulary import (
    CHANGE_WORDS,
    ENDS,
    HSCT,
    ILL,
    ILL_WORDS,
    MEDICINE,
    NUMBER,
    OF_ILL,
    STOPPING,
    TAKING,
    TIED,
    TIMES,
    UNIT,
    UNIT_WORDS,
    YOU,
)


class Ban(NamedTuple):
    """Words that are banned, what they are, and what before them in their clause makes them innocent.

    A text that lacks all words of one of `near` cannot hold them, and is not searched: that saves most of the time.
    """

    words: re.Pattern[str]
    what: str
    unless: re.Pattern[str]
    may_be_asked: bool
    near: tuple[frozenset[str], ...]  # lower case, letters alone

    def may_be_among(self, words: set[str]) -> bool:
        """Tell whether a text of these words is worth searching."""
        for some in self.near:  # noqa: SIM110 - a generator takes three times as long, and there are forty for each text
            if some.isdisjoint(words):
                return False
        return True


def _ban(words: str, what: str, unless: re.Pattern[str] = DENIED, *, near: str, may_be_asked: bool = True) -> Ban:
    needed = tuple(frozenset(some.split("|")) for some in near.split(" & "))
    return Ban(re.compile(words, re.I), what, unless, may_be_asked, needed)


_VERDICT, _PROMISE, _ORDER, _DOSE = "a verdict on eligibility", "a promise", "an order about a medicine", "a dose"
BANS = (
    _ban(
        rf"{YOU} (?:(?:in)?eligible|(?:un)?suitable|candidate|qualify)\b",
        _VERDICT,
        OPEN,
        near="you & eligible|ineligible|suitable|unsuitable|candidate|qualify",
    ),
    _ban(
        rf"{YOU} too (?:old|young|ill|sick|disabled|frail|late)\b",
        _VERDICT,
        OPEN,
        near="you & too & old|young|ill|sick|disabled|frail|late",
    ),
    _ban(
        rf"{YOU} (?:meet|fulfil|satisfy)l? (?:all |every )?(?:of )?(?:the |their )?criteri(?:a|on)\b",
        _VERDICT,
        OPEN,
        near="you & criteria|criterion",
    ),
    _ban(
        rf"{YOU} be (?:accepted|refused|rejected|turned (?:down|away))\b",
        _VERDICT,
        OPEN,
        near="you & be & accepted|refused|rejected|turned",
    ),
    _ban(
        rf"\byou (?:should|must|need to|ought to|have to) (?:have|get|do|choose|refuse|avoid) {HSCT}",
        _VERDICT,
        OPEN,
        near="you & should|must|need|ought|have & have|get|do|choose|refuse|avoid",
    ),
    _ban(
        rf"\byou (?:can|cannot|can['\u2019]t|may|may not) (?:have|get) {HSCT}\b",
        _VERDICT,
        OPEN,
        near="you & can|cannot|may & have|get & hsct|transplant",
    ),
    _ban(
        r"\brules? you out\b|\byou(?: are|['\u2019]re) ruled out\b|\bmakes? you (?:in|un)?(?:eligible|suitable)\b",
        _VERDICT,
        OPEN,
        near="you & rule|rules|ruled|make|makes",
    ),
    _ban(
        r"\b(?:is|are|(?:will|would) be) (?:not |too |the |a )*(?:right|wrong|(?:un)?suitable|best|good|bad|"
        r"dangerous|risky|an option)(?: \w+)? for you\b",
        _VERDICT,
        UNSURE,
        near="for & you & right|wrong|suitable|unsuitable|best|good|bad|dangerous|risky|option",
    ),
    _ban(r"\bcur(?:e|es|ed|ing|ative)\b", "the promise of a cure", near="cure|cures|cured|curing|curative"),
    _ban(r"\bguarante(?:e|es|ed|eing)\b", "a guarantee", near="guarantee|guarantees|guaranteed|guaranteeing"),
    _ban(
        r"\b(?:100|a hundred) ?(?:%|percent|per cent) (?:safe|effective|success|certain|sure)\b",
        _PROMISE,
        near="safe|effective|success|certain|sure",
    ),
    _ban(
        r"\b(?:completely|totally|entirely|perfectly|absolutely|fully) (?:safe|harmless)\b|\brisk[- ]free\b",
        _PROMISE,
        near="safe|harmless|risk & completely|totally|entirely|perfectly|absolutely|fully|free",
    ),
    _ban(
        r"\b(?:always|never) (?:works?|fails?|helps?)\b|\bworks for every(?:one|body)\b",
        _PROMISE,
        near="always|never|everyone|everybody & work|works|fail|fails|help|helps",
    ),
    _ban(
        r"\b(?:(?:is|are|has|have|carries|with) no|without(?: any)?) (?:risks?|dangers?|side effects)\b",
        _PROMISE,
        near="no|without & risk|risks|danger|dangers|effects",
    ),
    _ban(
        rf"\b(?:will|going to) (?:\w+ly )?(?:stop|halt|end|reverse|heal|defeat|erase) {ILL}\b",
        _PROMISE,
        UNSURE,
        near=f"will|going & {'|'.join(ENDS)} & {ILL_WORDS}",
    ),
    _ban(
        r"\byou(?: will|['\u2019]ll) (?:\w+ly )?(?:(?:walk|run|see|be well) again\b|get better\b|be fine\b(?! to)|"
        r"(?:fully|completely|surely) recover\b|recover(?: fully| completely|(?=[.!])))",
        _PROMISE,
        UNSURE,
        near="you & will|ll & again|better|fine|recover",
    ),
    _ban(
        r"\byou(?: will|['\u2019]ll) never (?:\w+ ){1,3}(?:relapses?|wheelchair|drugs?|symptoms?|ms)\b",
        _PROMISE,
        OPEN,
        near="you & will|ll & never",
    ),
    _ban(
        rf"\b(?:(?:{'|'.join(ENDS)})s|(?:stem cells|transplants)(?: \w+ly)? (?:{'|'.join(ENDS)})) {OF_ILL}"
        r"(?! (?:in|for) (?:some|a few)\b)",
        _PROMISE,
        HEDGED,
        near=f"{'s|'.join(ENDS)}s|cells|transplants & {ILL_WORDS}",
    ),
    _ban(
        r"\byou(?:(?: will|['\u2019]ll) (?:not|never)| won['\u2019]t)(?: \w+){0,2}? "
        r"(?:relapse|get worse|worsen|progress)\b",
        _PROMISE,
        HEDGED,
        near="you & will|ll|won & relapse|worse|worsen|progress",
    ),
    _ban(
        r"\b(?:ms|(?:the|your) disease|relapses?|lesions?|attacks?) (?:(?:will|can|do|does) (?:not|never)|cannot|never|"
        r"(?:wo|ca|do|does)n['\u2019]t)(?: \w+)? (?:comes? back|returns?)\b",
        _PROMISE,
        HEDGED,
        near="come|comes|return|returns & not|never|cannot|t",
    ),
    _ban(
        r"\bpermanent (?:remission|relief)\b|\bonce and for all\b|\b(?:ms|relapse)[- ]free for (?:life|ever|good)\b",
        _PROMISE,
        HEDGED,
        near="permanent|once|free & remission|relief|all|life|ever|good",
    ),
    _ban(
        r"\bms (?:is|will be) gone\b|\b(?:free of|free from|rid of) ms\b(?= for|[.,;!)]|\n[\n-]|$)|"
        r"\bgone for (?:good|ever)\b",
        _PROMISE,
        UNSURE,
        near="gone|free|rid & ms|good|ever",
    ),
    _ban(
        r"\b(?:sure|certain|bound) to (?:work|help|succeed)\b|\bsuccess is (?:certain|sure|assured)\b",
        _PROMISE,
        near="sure|certain|bound|assured & work|help|succeed|success",
    ),
    _ban(
        r"\b(?:we|i) (?:can |do |will )?promise (?:you|that|a|the|success|results)\b",
        _PROMISE,
        NEVER,
        near="we|i & promise",
    ),
    _ban(r"\bnothing (?:can|will|could) go wrong\b|\bnothing to lose\b", _PROMISE, NEVER, near="nothing & wrong|lose"),
    _ban(
        r"\bis (?:\w+ )?safe for (?:every(?:one|body)|all|any(?:one|body))\b",
        _PROMISE,
        UNSURE,
        near="safe & for & everyone|everybody|all|anyone|anybody",
    ),
    _ban(r"\bmirac(?:le|ulous)\b", _PROMISE, NEVER, may_be_asked=False, near="miracle|miraculous"),
    _ban(rf"{NUMBER}(?: ?(?:-|\u2013|to) ?\d+)? ?{UNIT}{TIED}", _DOSE, NEVER, may_be_asked=False, near=UNIT_WORDS),
    _ban(
        r"\ba (?:milli|micro)?gram\b(?!-)|\b\d+ per (?:kilo|kg|square met)",
        _DOSE,
        NEVER,
        may_be_asked=False,
        near="gram|milligram|microgram|per",
    ),
    _ban(
        rf"\btake (?:it|one|{MEDICINE})\b[^.!?\n]{{0,40}}?\b(?:{TIMES})\b",
        _DOSE,
        NEVER,
        may_be_asked=False,
        near="take & day|week|hours",
    ),
    _ban(
        r"\byou should (?:stop|start|take|skip|double)\b",
        _ORDER,
        NEVER,
        near="you & should & stop|start|take|skip|double",
    ),
    _ban(
        rf"\byou (?:must|should|need to|have to|ought to|can|may)(?: \w+ly| just| now)? {TAKING}",
        _ORDER,
        OPEN,
        near=f"you & must|should|need|have|ought|can|may & {CHANGE_WORDS}",
    ),
    _ban(
        r"(?<![^ \n])(?:^|(?<=[.!?:;\n] )|(?<=\n)|(?<=- )|(?<=please )|(?<=, so )|(?<=, then ))"
        rf"(?:(?:just|now|simply) )?{TAKING}",
        _ORDER,
        NEVER,
        near=CHANGE_WORDS,
    ),
    _ban(
        rf"\b(?:is|it['\u2019]s) (?:best|better|safe|fine|okay|ok|wise|time|right) to {TAKING}",
        _ORDER,
        UNSURE,
        near=f"best|better|safe|fine|okay|ok|wise|time|right & to & {CHANGE_WORDS}",
    ),
    _ban(
        rf"\b(?:we|i) (?:advise|recommend|suggest) (?:(?:you|people) )?(?:(?:to )?{TAKING}|{STOPPING})",
        _ORDER,
        NEVER,
        near="we|i & advise|recommend|suggest",
    ),
    _ban(
        rf"\b{STOPPING}(?: \w+)? is (?:safe|fine|best|right|okay|harmless)\b",
        _ORDER,
        UNSURE,
        near="stopping|starting|skipping|doubling|halving|switching|delaying & safe|fine|best|right|okay|harmless",
    ),
    _ban(
        rf"\b(?:do not|don['\u2019]t) take (?:your|the) {MEDICINE} (?:any ?more|any longer|again)\b",
        _ORDER,
        NEVER,
        near="take & any|anymore|again",
    ),
)
