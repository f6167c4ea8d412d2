"""Personal details taken out of somebody's words before they may become knowledge (pure).

It is the first of three readings: the volunteer rewords what is left in brackets, and leads read all of it. It would
rather take out too much.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

NAME, CONTACT, AGE, DATE, PLACE = "[name]", "[contact]", "[age]", "[date]", "[place]"
PLACEHOLDERS = (NAME, CONTACT, AGE, DATE, PLACE)

_SELF = r"\b(?:i|i'm|i\u2019m|im|my|me|mine|we|we're|our|us|myself)\b"
_COUNTRIES = (
    "uk", "u.k.", "united kingdom", "england", "scotland", "wales", "northern ireland", "ireland", "us", "u.s.", "usa",
    "u.s.a.", "united states", "america", "canada", "australia", "new zealand", "eu", "europe", "germany", "france",
    "italy", "sweden", "norway", "denmark", "finland", "netherlands", "belgium", "austria", "poland", "switzerland",
    "spain", "mexico", "russia", "india", "israel", "turkey", "south africa",
)  # fmt: skip
_COUNTRY = rf"(?:the )?(?:{'|'.join(map(re.escape, _COUNTRIES))})\b"  # says what rules hold, not who somebody is
_CAPITAL = r"(?-i:[A-Z][\w'\u2019-]+)"
_TOWN = rf"(?!{_COUNTRY}){_CAPITAL}(?: (?:upon|on|de|la|le|of|the)(?= (?-i:[A-Z])))?(?: {_CAPITAL})*"

_HELLO = r"(?i:hi|hello|hey|dear|good (?:morning|evening|afternoon))"
_GREETING = re.compile(
    rf"^\s*{_HELLO}(?: (?:there|all|everyone)|,? (?!I\b){_CAPITAL}(?: {_CAPITAL}){{0,2}}(?: \d+)?)?\s*[,.!:\n-]+\s*"
)
_GOODBYE = r"(?i:(?:(?:best|kind|warm) )?(?:wishes|regards)|best|cheers|love|hugs|thanks|take care|yours)"
_ENDS = r"(?:\s*\n|(?<=[.!?])\s)\s*"  # where a closing line begins
_SIGNED = re.compile(
    rf"{_ENDS}{_GOODBYE}?[,.!]*\s*(?:[-\u2013\u2014~]\s?|\n\s*){_CAPITAL}(?: {_CAPITAL}){{0,2}}(?: x+)?\s*$"
)
_SIGNED_WITH_NAME = re.compile(rf"{_ENDS}(?:{_GOODBYE},?\s)?\s*\[name\][\sx.]*$")
_CONTACTS = (
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"(?:https?://)?(?:t\.me|wa\.me|telegram\.me|discord\.gg)/\S+", re.I),
    re.compile(r"(?:https?://)?(?:www\.)?(?:facebook|instagram|fb)\.com/\S+", re.I),
    re.compile(r"<@[!&]?\d+>|(?<![\w/])@[A-Za-z]\w{2,}"),
    re.compile(r"(?<![\w./-])\+?\(?\d(?:[ ().-]{0,2}\d){8,14}(?![\w/-])"),
    re.compile(r"(?<![\w./-])\+\d(?:[ ().-]{0,2}\d){6,14}(?![\w/-])"),
)
_KIN = (
    "husband|wife|partner|son|daughter|mum|mom|mother|father|dad|brother|sister|friend|cousin|carer|girlfriend|"
    "boyfriend|nurse|doctor|neurologist|consultant"
)
_NAMED = re.compile(
    rf"\b((?i:my name is|i am called|i'm called|call me|this is|my (?:{_KIN})(?: is| called|,)?))"
    rf" {_CAPITAL}(?: {_CAPITAL})?"
)
_TITLED = re.compile(rf"\b((?:Dr|Doctor|Prof|Professor|Nurse|Mr|Mrs|Ms|Miss|Sister)\.?)(?: {_CAPITAL}){{1,2}}")
_OTHER_NUMBER = r"(?! ?(?:%|per|mile|month|week|day|hour|times|points?|year))"  # "I walked 40 miles" tells no age
_AGES = (
    re.compile(
        rf"({_SELF}(?: am| was| turned| will be|m)? (?:(?:only|just|now|nearly|almost) )?)\d{{1,2}}\b{_OTHER_NUMBER}",
        re.I,
    ),
    re.compile(r"()\b\d{1,2}[ -]?(?:years?[ -]old|yrs?[ -]old|y/?o)\b", re.I),
    re.compile(r"((?:^|\b(?:i am|i'm|im|i'm a|i am a|as a) |\())\d{2} ?[mf]\b", re.I),
    re.compile(r"(\baged? )\d{1,2}\b", re.I),
    re.compile(r"(\bborn (?:in|on) )(?:\d{1,2} )?(?:\w+ )?(?:19|20)\d\d\b", re.I),
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?"
_DAY, _YEAR = r"\d{1,2}(?:st|nd|rd|th)?", r"(?:19|20)\d\d"
_DATES = (
    rf"{_DAY}(?: of)? {_MONTH}(?: {_YEAR})?", rf"{_MONTH}(?: {_DAY},?)? {_YEAR}", rf"{_MONTH} {_DAY}",
    r"\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d", rf"{_YEAR}-\d\d-\d\d", _YEAR,
)  # fmt: skip
_DATE = re.compile(rf"\b(?:{'|'.join(_DATES)})\b", re.I)
_LIVES = "live|lives|lived|living|based|from|come from|came from|moved to|grew up|born|stay|staying|treated|seen|work"
_MY_PLACE = "hospital|clinic|centre|center|gp|neurologist|neuro|consultant|doctor|team|nurse|town|home"
_PLACES = (
    re.compile(
        rf"(\b(?:i|we|i'm|i\u2019m|im|she|he)(?: am| are| was| were)? (?:{_LIVES})"
        rf"(?: (?:in|near|at|from|to))? ){_TOWN}",
        re.I,
    ),
    re.compile(
        rf"(\b(?:my|our|her|his) (?:\w+ )?(?:{_MY_PLACE})(?: is| are| was)?(?: in| at| near| of)? ){_TOWN}", re.I
    ),
    re.compile(rf"(\b(?:writing|greetings|hello|hi) from ){_TOWN}", re.I),
    re.compile(r"()\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"),  # a British postcode
)
_SENTENCE = re.compile(r"(?<=[.!?\n])(?=\s)")


@dataclass(frozen=True, slots=True)
class Stripped:
    """What is left, and what kinds of details were taken out."""

    text: str
    kinds: tuple[str, ...] = ()


def stripped(text: str, names: Iterable[str] = ()) -> Stripped:
    """Take personal details out; `names` are those of the people who spoke, pseudonyms among them.

    What is said in passing ("Hi Anna,") goes; what a sentence needs is replaced by a word in brackets.
    """
    left = _SIGNED.sub("", _GREETING.sub("", text.strip(), count=1))
    for pattern in _CONTACTS:
        left = pattern.sub(CONTACT, left)
    named = _without_names(left, names)
    left = _SIGNED_WITH_NAME.sub("", named)
    in_passing = left != named or _GREETING.match(text) or _SIGNED.search(text)
    for pattern in _AGES:
        left = pattern.sub(rf"\g<1>{AGE}", left)
    for pattern in _PLACES:
        left = pattern.sub(rf"\g<1>{PLACE}", left)
    left = "".join(_without_own_dates(sentence) for sentence in _SENTENCE.split(left)).strip()
    found = [mark.strip("[]") for mark in PLACEHOLDERS if mark in left]
    kinds = dict.fromkeys((["name"] if in_passing else []) + found)
    return Stripped(left[:1].upper() + left[1:], tuple(kinds))


def _without_names(text: str, names: Iterable[str]) -> str:
    text = _NAMED.sub(rf"\g<1> {NAME}", text)
    text = _TITLED.sub(rf"\g<1> {NAME}", text)
    for name in sorted(names, key=len, reverse=True):
        parts = [name, *(part for part in name.split() if len(part) > 2 and part.isalpha())]
        for part in parts:
            text = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", NAME, text)
    return text


def _without_own_dates(sentence: str) -> str:
    """Take dates out of a sentence in which somebody speaks of themselves; the year of a study stays."""
    return _DATE.sub(DATE, sentence) if re.search(_SELF, sentence, re.I) else sentence


def placeholders_in(text: str) -> tuple[str, ...]:
    """Give the words in brackets that still have to be replaced by something general."""
    return tuple(mark for mark in PLACEHOLDERS if mark in text)
