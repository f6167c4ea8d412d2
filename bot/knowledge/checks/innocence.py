"""What makes banned words innocent: a denial in their own clause, a warning, or a sentence that only asks."""

from __future__ import annotations

import re
from itertools import takewhile

_CLAUSE = re.compile(
    r"[.!?:;\n]\s|\n|\b(?:but|no wonder)\b|^\W*(?:yes|no),|"
    r"(?:, | ?[\u2013\u2014] ?| --? )(?=(?:and )?(?:it|this|that|they|hsct|you)\b)",
    re.I,
)
_SENTENCE_END = re.compile(r"[.!?](?=['\"\u2019\u201d)]*(?:\s|$))|\n")
_SENTENCE_START = re.compile(r"[.!?:]\s|\n")

# Denials that deny nothing of what follows them.
_EMPHASIS = re.compile(
    r"\b(?:without|no|beyond|not a)(?: \w+)? doubts?\b|\bnot only\b|\bnothing (?:less|short|but|other)\b|"
    r"\b(?:no less|none other) than\b|\b(?:no|nobody|no one|not|never|cannot|few)\b[^.,;:]{0,30}?"
    r"\b(?:doubt|deny|denies|dispute|hide)\w* (?:\w+ )?that\b|"
    r"\b(?:not (?:all|every\w*|many)|few|too few)\b[^.,;:]{0,30}?\b(?:know|knew|known|told|hear|heard)s? that\b",
    re.I,
)
_NEVER = r"\bno(?! longer)\b|\b(?:not|never|nobody|none|nothing|neither|nor|without|cannot|too good)\b|n['\u2019]t\b"
# Somebody else's words: what follows them is reported, up to where a new statement begins.
_TOLD = (
    r"(?<!\bwe )(?<!\bi )(?<!\bour )(?<!\bour clinic )(?<!\bour team )(?<!\bour centre )\b(?:promis|claim)\w*"
    r"(?!.*\b(?:and|so|because|since)\b)|"
    r"\b(?:the|that) word\b|\bcall(?:s|ed|ing)?(?= (?:\w+ ){0,2}$)|"
    r"\b(?:feel(?:s|ing)?|felt)(?= (?:(?:\w+ly|as|if|like|that|they|are|were|almost|quite) )*$)"
)
_WISHED = r"\b(?:hop(?:e|es|ed|ing)|search\w*|look\w*|wait\w*|wish\w*|research\w*) (?:for|into|of)(?= (?:\w+ ){0,2}$)"
_WARNED = r"\b(?:careful|beware|wary|warn\w*|whether)\b"
_AFTER = re.compile(
    r"^(?:(?!\b(?:and|but|else|other|so)\b)[^.!?:;,\n]){0,60}?\b(?:is|are|was) (?:\w+ )?(?:(?:a|an|the) )?"
    r"(?:myth|lie|hoax|scam|warning sign|not (?:true|proven|known|so)|untrue|false|unproven|unknown)\b|^ would\b",
    re.I,
)
# A condition that has come to its end without a comma: "if you are 40 [you are eligible]". One that goes on ("if a
# clinic says", "if you are under 50 and", "if there is a chance") has not.
_GOES_ON = (
    r"(?:say|state|tell|told|think|thought|believe|find|found|feel|hear|heard|know|decide|agree|show|mean|see|confirm|"
    r"suggest|assume|suspect|fear|doubt|worry|expect|hope|ask|consider)\w*|sure|certain|clear|likely|possible|chance|way|"
    r"sign|reason|afraid|and|or|but|nor|that|whether|if|how|why|when|where|which|who|what|because|as|than|before|after|"
    r"until|till|while|once|though|although|unless|so|still|also"
)
_ENDED = re.compile(
    r"\b(?:if|whether|unless|until|when|once)(?= (?:you(?:['\u2019]\w+)? \w+|\w+['\u2019]s |"
    r"(?:[\w-]+ ){1,4}?(?:is|are|was|were|has|have|had|show|shows|can|cannot|do|does|did)\b)"
    rf"(?!.*\b(?:{_GOES_ON})(?: (?:you|him|her|them|us))? $)[^,]* $)",
    re.I,
)
_RHETORICAL = re.compile(r"\W*(?:did you know|why (?:wait|not|suffer)|want|ready|looking|need)\b", re.I)

DENIED = re.compile(f"{_NEVER}|{_TOLD}|{_WISHED}|{_WARNED}", re.I)
OPEN = re.compile(
    r"\b(?:if|whether|unless|cannot|nobody|ask|asks)\b|n['\u2019]t\b|"
    r"\b(?:not|nothing|never)\b[^.;:]*\b(?:say|says|mean|means|tell|tells|show|shows|prove|proves)\b",
    re.I,
)
UNSURE = re.compile(
    rf"{_NEVER}|\b(?:if|whether|unless|until|how|when|where|what|which|who|hopes?|aims? (?:is|of))\b", re.I
)
HEDGED = re.compile(rf"{DENIED.pattern}|{UNSURE.pattern}|\bwhose\b|\bpeople (?:\w+ )?(?:think|believe)\b", re.I)
NEVER = re.compile(r"(?!)")


def is_innocent(text: str, found: re.Match[str], unless: re.Pattern[str], *, may_be_asked: bool) -> bool:
    """Tell whether the clause turns the words round, or the sentence warns of them or only asks."""
    # The text goes on after the words: a clause may begin at these very words, which ", (?=you)" must be able to see.
    line = text.rfind("\n", 0, found.start()) + 1
    start = max(takewhile(found.start().__ge__, (one.end() for one in _CLAUSE.finditer(text, line))), default=line)
    before = _EMPHASIS.sub("", text[start : found.start()])
    if found.group()[:3].lower() == "you":
        before = _ENDED.sub("", before)
    if unless.search(before):
        return True
    if unless in (DENIED, HEDGED) and _AFTER.match(text[found.end() :]):
        return True
    return may_be_asked and _only_asks(text, found)


def _only_asks(text: str, found: re.Match[str]) -> bool:
    end = _SENTENCE_END.search(text, found.end())
    start = max((one.end() for one in _SENTENCE_START.finditer(text, 0, found.start())), default=0)
    return end is not None and end.group() == "?" and not _RHETORICAL.match(text, start)
