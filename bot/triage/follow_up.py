"""The follow-up to an eligibility question: what is missing and matters, how to ask it, how a reply fills it (pure)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum

from bot.domain.people import NO_DRUGS, Profile
from bot.knowledge.eligibility import About, Eligibility
from bot.texts import Texts
from bot.triage import follow_up_replies as replies
from bot.triage.follow_up_replies import AGES, MS_TYPES, WALKS, YEARS
from bot.triage.wording import words

SKIP = "skip"
ENOUGH = "enough"  # skip all that is left
OTHER = "other"  # a country that has no list
LONGEST_REPLY = 200  # characters; anything longer is a message of its own

_SKIPS = re.compile(
    r"(?:please )?(?:skip\b.*|pass|next|no idea|not sure|unsure|unknown|no comment|idk)"
    r"|i? ?dont (?:really )?(?:know|remember)|(?:i would )?(?:rather|prefer) not(?: to)?(?: say)?"
)
_ENOUGH = re.compile(r"(?:show (?:me )?(?:the )?lists?.*|(?:that is |thats )?enough|stop|done|finish|just show me.*)")
_ELSEWHERE = (OTHER, "another country", "elsewhere", "somewhere else")


class Field(StrEnum):
    """What the follow-up asks for, in the order it asks: first what decides which lists there are."""

    COUNTRY = "country"
    MS_TYPE = "ms_type"
    AGE = "age"
    YEARS = "years"
    DRUGS = "drugs"
    WALKING = "walking"


_MATTERS = {
    Field.MS_TYPE: {About.MS_TYPE},
    Field.AGE: {About.AGE},
    Field.YEARS: {About.YEARS},
    Field.DRUGS: {About.DRUGS},
    Field.WALKING: {About.WALKING, About.EDSS},  # EDSS leans on walking
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One button: pressing it is the reply `value`."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its buttons; the last ones skip it and end the follow-up."""

    field: Field
    text: str
    choices: tuple[Choice, ...]


def next_field(profile: Profile, table: Eligibility) -> Field | None:
    """Give what to ask next, or None when all that matters is told or skipped.

    A field matters if a list for the asker's country has a criterion on it (any list, where that country has none).
    """
    asked_by_lists = {one.about for programme in table.speaking_to(profile.country) for one in programme.criteria}
    for field in Field:
        matters = bool(table.programmes) if field is Field.COUNTRY else bool(_MATTERS[field] & asked_by_lists)
        if matters and not _known(profile, field) and field not in profile.skipped:
            return field
    return None


def question(field: Field, table: Eligibility, texts: Texts) -> Question:
    """Give the words of a question and its choices."""
    ways_out = (Choice(SKIP, texts("follow_up.skip")), Choice(ENOUGH, texts("follow_up.enough")))
    return Question(field, texts(f"follow_up.{field}"), (*_choices(field, table, texts), *ways_out))


def filled(profile: Profile, field: Field, reply: str, table: Eligibility, today: date) -> Profile | None:
    """Give the profile with a reply in it: a choice's value or typed words; None if they are no reply to that.

    A question is never a reply: somebody who asks something new is answered, and the follow-up can go on later.
    """
    if len(reply) > LONGEST_REPLY or "?" in reply:
        return None
    said = words(reply).strip(" ,")
    if reply == ENOUGH or _ENOUGH.fullmatch(said):
        return finished(profile)
    if reply == SKIP or _SKIPS.fullmatch(said) or (field is Field.COUNTRY and said in _ELSEWHERE):
        return _skipped(profile, field)
    return _FILL[field](profile, reply, said, table, today) if said else None


def finished(profile: Profile) -> Profile:
    """Give the profile with everything that is left skipped."""
    for field in Field:
        profile = profile if _known(profile, field) else _skipped(profile, field)
    return profile


def merged(known: Profile, said: Profile) -> Profile:
    """Give what is known with what was said later; the later word counts, and silence takes nothing back."""
    new = {field.name: getattr(said, field.name) for field in fields(Profile) if getattr(said, field.name)}
    if said.age is not None:
        new["age_to"] = said.age_to
    if said.years_since_diagnosis is not None:
        new |= {"years_since_diagnosis": said.years_since_diagnosis, "years_to": said.years_to}
    return replace(known, **new)


def _known(profile: Profile, field: Field) -> bool:
    values = {
        Field.COUNTRY: profile.country,
        Field.MS_TYPE: profile.ms_type,
        Field.AGE: profile.age,
        Field.YEARS: profile.years_since_diagnosis,
        Field.DRUGS: profile.drugs or None,
        Field.WALKING: profile.walking,
    }
    return values[field] is not None


def _skipped(profile: Profile, field: Field) -> Profile:
    return replace(profile, skipped=tuple(dict.fromkeys((*profile.skipped, field.value))))


def _choices(field: Field, table: Eligibility, texts: Texts) -> tuple[Choice, ...]:
    match field:
        case Field.COUNTRY:
            homes = tuple(Choice(country, country) for country in table.home_countries())
            return (*homes, Choice(OTHER, texts("follow_up.another_country")))
        case Field.MS_TYPE:
            return tuple(Choice(name, texts(f"follow_up.types.{name.lower()}")) for name in MS_TYPES)
        case Field.WALKING:
            return tuple(Choice(walk, texts(f"follow_up.walks.{walk.replace(' ', '_')}")) for walk in WALKS)
        case Field.DRUGS:
            return (Choice(NO_DRUGS, texts("follow_up.no_drugs")),)
        case _:
            return _bands(AGES if field is Field.AGE else YEARS, texts)


def _bands(bands: Sequence[tuple[int, int]], texts: Texts) -> tuple[Choice, ...]:
    labels = [texts("follow_up.band", low=low, high=high) for low, high in bands]
    labels[0] = texts("follow_up.band_to", high=bands[0][1])
    labels[-1] = texts("follow_up.band_from", low=bands[-1][0])
    return tuple(Choice(f"{low}-{high}", label) for (low, high), label in zip(bands, labels, strict=True))


_Fill = Callable[[Profile, str, str, Eligibility, date], Profile | None]
_FILL: dict[Field, _Fill] = {
    Field.COUNTRY: replies.fill_country,
    Field.MS_TYPE: replies.fill_type,
    Field.AGE: replies.fill_age,
    Field.YEARS: replies.fill_years,
    Field.DRUGS: replies.fill_drugs,
    Field.WALKING: replies.fill_walking,
}
