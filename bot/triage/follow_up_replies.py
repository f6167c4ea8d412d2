"""What a typed reply to a question of the follow-up says; each function gives the filled profile, or None (pure)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.domain.people import NO_DRUGS, Profile
from bot.knowledge.eligibility import Eligibility
from bot.knowledge.schema import COUNTRIES
from bot.triage.profile import read_profile

MS_TYPES = ("RRMS", "SPMS", "PPMS", "CIS")
WALKS = ("no aids", "one aid", "two aids", "wheelchair", "bedbound")  # as profile.py calls them
AGES = ((16, 17), (18, 34), (35, 44), (45, 49), (50, 55), (56, 65), (66, 95))  # years; cut where published lists cut
YEARS = ((0, 4), (5, 9), (10, 15), (16, 70))  # since the diagnosis; cut where published lists cut

_NONE = re.compile(
    r"(?:no|none|nothing|never)(?: any| had| taken)?(?: drugs?| meds?)?(?: so far| yet)?"
    r"|(?:drug|treatment) naive|untreated"
)
_JUST_NOW = re.compile(
    r"\b(?:this year|this (?:week|month)|just now|newly|today|yesterday|(?:\w+ )?(?:weeks?|months?)(?: ago)?)\b"
)
_DECADE = re.compile(r"(?:i am )?(?:in )?(?:my |the )?(?:early |mid |late )?([2-8])0'?s\.?", re.IGNORECASE)
_LIVING = re.compile(r"(?:(?:i|we) (?:live|am|are) )?(?:in |from )?(?:the )?")
_SHORT_TYPES = {
    "rr": "RRMS",
    "sp": "SPMS",
    "pp": "PPMS",
    "relapsing": "RRMS",
    "secondary": "SPMS",
    "primary": "PPMS",
    "cis": "CIS",
}
_NUMBERS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5,
}  # fmt: skip
_BETWEEN_DRUGS = re.compile(r"[,;/+&\n]|\b(?:and|then|now|before that)\b", re.IGNORECASE)


def fill_country(profile: Profile, reply: str, said: str, table: Eligibility, _today: date) -> Profile | None:
    """Take a name, a town, or the number of a button."""
    names = {name.casefold(): name for name in COUNTRIES}
    country = names.get(_LIVING.sub("", said, count=1)) or _chosen(said, table.home_countries())
    country = country or read_profile(f"I live in {reply.strip()}").country
    return replace(profile, country=country) if country else None


def fill_type(profile: Profile, reply: str, said: str, _table: Eligibility, _today: date) -> Profile | None:
    """Take a type as it is called, its letters, or the number of a button."""
    ms_type = read_profile(reply).ms_type or _SHORT_TYPES.get(said) or _chosen(said, MS_TYPES)
    return replace(profile, ms_type=ms_type) if ms_type else None


def fill_age(profile: Profile, reply: str, _said: str, _table: Eligibility, _today: date) -> Profile | None:
    """Take an age, a band or a decade."""
    decade = _DECADE.fullmatch(reply.strip())
    band = (int(decade[1]) * 10, int(decade[1]) * 10 + 9) if decade else _band(reply, AGES)
    age = band[0] if band else read_profile(reply).age or read_profile(f"I am {reply.strip()}").age
    return replace(profile, age=age, age_to=band[1] if band else None) if age else None


def fill_years(profile: Profile, reply: str, said: str, _table: Eligibility, today: date) -> Profile | None:
    """Take a number of years, a year, an age at the diagnosis, or a band."""
    band = _band(reply, YEARS)
    years = band[0] if band else _years(profile, said, today)
    return None if years is None else replace(profile, years_since_diagnosis=years, years_to=band[1] if band else None)


def _years(profile: Profile, said: str, today: date) -> int | None:
    if _JUST_NOW.search(said):
        return 0
    if said == "last year":
        return 1
    if re.fullmatch(r"(?:19|20)\d\d", said):
        said = f"in {said}"
    elif re.fullmatch(r"\d{1,2}|[a-z]+", said):
        said = f"{said} years ago"
    age = f", I am {profile.age}" if profile.age else ""
    return read_profile(f"diagnosed {said}{age}", today).years_since_diagnosis


def fill_walking(profile: Profile, reply: str, said: str, _table: Eligibility, _today: date) -> Profile | None:
    """Take an aid, no aid, or the number of a button."""
    if said in ("no", "none", "nothing", "not yet", "nope"):
        return replace(profile, walking=WALKS[0])
    walking = said if said in WALKS else _chosen(said, WALKS)
    walking = walking or read_profile(f"I walk with a {reply}").walking or read_profile(reply).walking
    return replace(profile, walking=walking) if walking else None


def fill_drugs(profile: Profile, reply: str, said: str, _table: Eligibility, _today: date) -> Profile | None:
    """Take a list of names, or that there have been none."""
    if _NONE.fullmatch(said):
        return replace(profile, drugs=(NO_DRUGS,))
    named = (drug for part in _BETWEEN_DRUGS.split(reply) for drug in read_profile(f"I took {part.strip()}").drugs)
    drugs = tuple(dict.fromkeys(named))
    return replace(profile, drugs=drugs) if drugs else None


def _chosen(said: str, values: Sequence[str]) -> str | None:
    """Give the choice that a number or an ordinal means: `2`, `the second one`."""
    found = re.fullmatch(r"(?:the )?(?:number |option )?(\w+)(?: one)?", said)
    number = _NUMBERS.get(found[1], int(found[1]) if found[1].isdecimal() and len(found[1]) < 3 else 0) if found else 0
    return values[number - 1] if 1 <= number <= len(values) else None


def _band(reply: str, bands: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Give the span that a button or typed words such as `45 to 49` mean."""
    found = re.fullmatch(r"\s*(\d{1,2}) ?(?:-|–|to) ?(\d{1,2})\s*(?:years?.*)?", reply)
    if not found:
        return None
    low, high = int(found[1]), int(found[2])
    return (low, high) if bands[0][0] <= low <= high <= bands[-1][1] else None
