"""Telephone numbers: each stands in `helplines`, where it is looked up twice a year, and is the same everywhere else.

A number that is wrong in `helplines` and in the texts alike cannot be found by a program. Only emergency numbers are
compared with a table of our own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks.remark import Remark
from bot.knowledge.checks.texts import texts_of
from bot.knowledge.entry import Entry
from bot.knowledge.helplines import ANYWHERE, digits, numbers_in
from bot.knowledge.reviews import SAFETY
from bot.knowledge.safety import UNKNOWN

EMERGENCY_LINES = ("Emergency", "Ambulance")  # names of help lines that are the emergency number of a country
EUROPE = "EU"  # its numbers hold for its countries without help lines of their own
SHORTEST_IN_TEXTS = 3  # digits: a text also speaks of 10 minutes

# The numbers that bring an ambulance, by country; each is an emergency number in libphonenumber 9.0 as well (2026).
EMERGENCY = {
    "UK": {"999", "112"}, "Ireland": {"999", "112"}, "EU": {"112"}, "US": {"911"}, "Canada": {"911"},
    "Australia": {"000", "112"}, "New Zealand": {"111"}, "Mexico": {"911"}, "India": {"112", "108", "102"},
    "Russia": {"112", "103"}, "Israel": {"101"}, "Turkey": {"112"}, "Germany": {"112"}, "France": {"112", "15"},
    "Italy": {"112", "118"}, "Sweden": {"112"}, "Norway": {"112", "113"}, "Denmark": {"112"}, "Netherlands": {"112"},
    "Poland": {"112", "999"}, "Switzerland": {"112", "144"}, "Spain": {"112"},
}  # fmt: skip

# Written like a telephone number: groups of digits, six or more in all, that are no years and no amount.
_WRITTEN = re.compile(r"(?<![\w.,/$\u00a3\u20ac-])\+?\d{1,5}(?:[ -]\d{2,5}){1,4}(?![\w%]|[.,]\d)")
_CALLED = re.compile(r"\b(?:call|text|dial|phone|ring) (\d{3,5})\b(?![ .,-]?\d)|\b(\d{3,5}), call\b", re.I)
_YEARS = re.compile(r"(?:19|20)\d\d[ -](?:19|20)\d\d")


def helplines(base: KnowledgeBase) -> Iterator[Remark]:
    """Find emergency numbers that are not those of their country, and countries with lines but without help lines."""
    for group in base.safety.helplines:
        for line in group.lines:
            known = EMERGENCY.get(group.country, set())
            for number in numbers_in(line.number) if line.name in EMERGENCY_LINES else ():
                if digits(number) not in known:
                    says = (
                        f"{number} is no emergency number of {group.country} that we know ({', '.join(sorted(known))})."
                    )
                    yield _remark(f"{says} Look it up, and write the right one.", f"country: {group.country}")


def lines(base: KnowledgeBase) -> Iterator[Remark]:
    """Find numbers in the safety texts and the countries' lines that are not among the help lines."""
    known = _known(base)
    everywhere = set().union(*known.values())
    said: set[tuple[str, str]] = set()
    for flag in base.safety.flags:
        for country, line in flag.lines.items():
            of_country = known.get(country) or known.get(EUROPE, set())
            allowed = everywhere if country == UNKNOWN else of_country | known.get(ANYWHERE, set())
            for number in numbers_in(line):
                if digits(number) not in allowed and (country, number) not in said:
                    said.add((country, number))
                    yield _remark(_not_listed(f"red flag '{flag.id}', {country}", number, country), line)
        for number in numbers_in(flag.text, SHORTEST_IN_TEXTS):
            if digits(number) not in everywhere:
                yield _remark(_not_listed(f"red flag '{flag.id}'", number, "any country"), number)


def of_an_entry(base: KnowledgeBase, entry: Entry, _today: date) -> Iterator[Remark]:
    """Find telephone numbers in an answer that are not among the help lines."""
    for name, field, text in texts_of(entry):
        for number in dict.fromkeys(_written(text)):
            if digits(number) not in set().union(*_known(base).values()):
                yield Remark(_not_listed(f"`{name}`", number, "its country"), entry.id, field, number)


def _known(base: KnowledgeBase) -> dict[str, set[str]]:
    """Give the numbers of the help lines, by country."""
    return {
        group.country: {digits(one) for line in group.lines for one in numbers_in(line.number)}
        for group in base.safety.helplines
    }


def _written(text: str) -> Iterator[str]:
    for number in _WRITTEN.findall(text):
        if len(digits(number)) >= 6 and not _YEARS.fullmatch(number):
            yield number
    for called, before in _CALLED.findall(text):
        yield called or before


def _not_listed(where: str, number: str, country: str) -> str:
    do = "Look it up; then write the same number in both places."
    return f"{where}: the number {number} is not among the `helplines` of {country} in {SAFETY}. {do}"


def _remark(says: str, words: str) -> Remark:
    return Remark(says, file=SAFETY, words=words)
