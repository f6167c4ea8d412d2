"""The parts of an entry as curators type them, in chat and in `kb new`: read, or refused in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from rapidfuzz import process

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks.form import LABEL_LIMIT
from bot.knowledge.checks.links import misleading
from bot.knowledge.checks.screen import garbled, marked_up
from bot.knowledge.entry import EDITORS, reader
from bot.knowledge.reviews import VOLATILE_DAYS
from bot.knowledge.schema import COUNTRIES, COUNTRY_LIMIT, EARLIEST_YEAR, FULL_LIMIT, SHORT_LIMIT, can_be_seen

REVIEW_DAYS = 365  # a steady answer is read again after a year
VOLATILE_REVIEW_DAYS = 91  # prices and trials after three months
ID_LIMIT = 40  # characters
REVIEWER_LIMIT = 120
_BY = re.compile(r"by\b\s*", re.IGNORECASE)
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DROP = re.compile(r"(?:drop|remove|delete)\s+#?(\d+)", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+|\b10\.\d{4,9}/\S+")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


class Unusable(ValueError):
    """Something typed cannot be used; its text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed for a part, with the base it belongs to and the fields as they are."""

    text: str
    base: KnowledgeBase
    fields: Mapping[str, Any]


def one_of(text: str, names: Sequence[str]) -> str:
    """Take one of some names, in capitals or small letters."""
    by_small_letters = {name.casefold(): name for name in names}
    wanted = text.casefold()
    if wanted not in by_small_letters:
        near = [
            by_small_letters[one]
            for one, _, _ in process.extract(wanted, by_small_letters.keys(), limit=3, score_cutoff=60)
        ]
        raise Unusable(f"'{text}' is not one of: {', '.join(near or names)}.")
    return by_small_letters[wanted]


def at_most(text: str, most: int) -> str:
    """Take a text that is neither empty nor too long."""
    if not 0 < len(text) <= most:
        raise Unusable(f"It has {len(text)} characters; 1 to {most} are possible.")
    if not can_be_seen(text):
        raise Unusable("There is no letter or digit that can be seen in it. Write words.")
    return text


def words(text: str) -> list[str]:
    """Take words with commas between them; a hyphen alone means none."""
    return [word for word in map(str.strip, re.split(r"[,\n]", text)) if word not in ("", "-")]


def countries(text: str) -> list[str]:
    """Take names of countries; none, where it is about everywhere."""
    return [one_of(name, COUNTRIES) for name in words(text)]


def yes(text: str) -> bool:
    """Take a yes or a no."""
    if text.casefold() not in {"y", "yes", "n", "no", ""}:
        raise Unusable("Say yes or no.")
    return text.casefold() in {"y", "yes"}


def year(text: str) -> int:
    """Take a year."""
    if not _YEAR.fullmatch(text) or int(text) < EARLIEST_YEAR:
        raise Unusable(f"Write the year in four digits, {EARLIEST_YEAR} or later, for example 2024.")
    return int(text)


def address(text: str) -> dict[str, str]:
    """Take an address or a DOI."""
    if re.fullmatch(r"https?://\S+", text):
        return {"url": text}
    if re.fullmatch(r"10\.\S+/\S+", text):
        return {"doi": text}
    raise Unusable("An address starts with https://, a DOI with 10. ; neither has spaces.")


def reviewer(text: str) -> str:
    """Take who has read an entry, with or without `by` in front; readers see it under the answer."""
    name = _BY.sub("", " ".join(text.split()))
    faults = [*(what for _, what, _ in garbled(name)), *(says for says, _ in (*marked_up(name), *misleading(name)))]
    if faults or not can_be_seen(reader(name)) or len(name) > REVIEWER_LIMIT:
        raise Unusable(f"Write by and who has read it: a name and what they are, at most {REVIEWER_LIMIT} characters.")
    return name


def new_id(text: str, base: KnowledgeBase) -> str:
    """Take a short name that is free."""
    if not _ID.fullmatch(text) or len(text) > ID_LIMIT:
        raise Unusable(f"Use small letters, digits and hyphens, at most {ID_LIMIT}, for example cost-mexico.")
    if text in base.entries:
        raise Unusable(f"'{text}' is taken ({base.files.get(text, '')}). Choose another.")
    return text


def id_for(question: str, base: KnowledgeBase) -> str:
    """Make a short name that is free from a question."""
    slug = "-".join(re.findall(r"[a-z0-9]+", question.casefold())) or "entry"
    if len(slug) > ID_LIMIT - 3:  # room for a number
        slug = slug[: ID_LIMIT - 3].rpartition("-")[0] or slug[: ID_LIMIT - 3]
    names = (slug, *(f"{slug}-{number}" for number in range(2, 100)))
    return next(name for name in names if name not in base.entries)


def source(line: str) -> dict[str, Any]:
    """Take a source on one line: its name, its year and its address, in any order."""
    found, when = _ADDRESS.search(line), _YEAR.search(_ADDRESS.sub(" ", line))
    name = _YEAR.sub(" ", _ADDRESS.sub(" ", line), count=1)
    name = re.sub(r"\s+", " ", re.sub(r"[(\[]\s*[)\]]", " ", name)).strip(" ,;:-")
    if not (found and when and name):
        missing = [what for what, there in (("a name", name), ("a year", when), ("an address", found)) if not there]
        raise Unusable(f"'{line[:60]}' lacks {' and '.join(missing)}. Write: name, year, https://address")
    return {"name": name, "year": year(when.group()), **address(found.group().rstrip(".,;)"))}


def _lines(typed: Typed, name: str, use: Callable[[str], Any]) -> list[Any]:
    """Add lines to a list; `drop 2` takes the second one out."""
    values = list(typed.fields.get(name, ()))
    dropped: set[int] = set()
    for line in filter(None, (line.strip().removeprefix("- ").strip() for line in typed.text.splitlines())):
        if drop := _DROP.fullmatch(line):
            if not 1 <= int(drop[1]) <= len(values):
                raise Unusable(f"There is no number {drop[1]}; there are {len(values)}.")
            dropped.add(int(drop[1]) - 1)
        elif (value := use(line)) not in values:
            values.append(value)
    return [value for place, value in enumerate(values) if place not in dropped]


def _part(typed: Typed) -> dict[str, str]:
    """Take the part for one country: `UK: the words`; without words it is taken out."""
    country, _, text = typed.text.partition(":")
    country = one_of(country.strip(), COUNTRIES)
    parts = {name: part for name, part in typed.fields.get("by_country", {}).items() if name != country}
    return {**parts, country: at_most(text.strip(), COUNTRY_LIMIT)} if text.strip() else parts


def _topic(typed: Typed) -> str:
    titles = {topic.title.casefold(): topic.id for topic in typed.base.topics}
    wanted = typed.text.strip()
    return titles.get(wanted.casefold()) or one_of(wanted.casefold(), [topic.id for topic in typed.base.topics])


PARTS: Mapping[str, Callable[[Typed], Any]] = {
    "question": lambda typed: at_most(" ".join(typed.text.split()), LABEL_LIMIT),
    "phrasings": lambda typed: _lines(typed, "phrasings", str),
    "short": lambda typed: at_most(typed.text.strip(), SHORT_LIMIT),
    "full": lambda typed: at_most(typed.text.strip(), FULL_LIMIT),
    "sources": lambda typed: _lines(typed, "sources", source),
    "topic": _topic,
    "keywords": lambda typed: words(typed.text),
    "related": lambda typed: [one_of(name, sorted(typed.base.entries)) for name in words(typed.text)],
    "countries": lambda typed: countries(typed.text),
    "country": _part,
    "volatile": lambda typed: yes(typed.text.strip()),
}
_KEPT_AS = {"country": "by_country"}
_REPLACED = ("question", "short", "full", "topic")  # to the other parts on buttons lines are added


def replaceable(fields: Mapping[str, Any], part: str) -> str:
    """Give the words that new ones would take the place of; none where new ones are added."""
    return str(fields.get(part, "")) if part in _REPLACED else ""


def changed(fields: Mapping[str, Any], part: str, text: str, base: KnowledgeBase) -> dict[str, Any]:
    """Give the fields with one part as it was typed.

    Raises:
        Unusable: it cannot be used.
    """
    value = PARTS[part](Typed(text, base, fields))
    left = {name: kept for name, kept in fields.items() if name != _KEPT_AS.get(part, part)}
    return left if value in ([], {}, False) else {**left, _KEPT_AS.get(part, part): value}


def edited(fields: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Give the fields with other words, which nobody has read against the sources yet: the day of the reading stays.

    What has become about prices or trials is due sooner; a clinician has not read the new words.
    """
    read, due = (date.fromisoformat(str(fields[name])) for name in ("reviewed_on", "review_after"))
    if fields.get("volatile") and (due - read).days > VOLATILE_DAYS:
        due = read + timedelta(VOLATILE_REVIEW_DAYS)
    return {**fields, "changed_on": today.isoformat(), "reviewed_by": EDITORS, "review_after": due.isoformat()}


def read_on(fields: Mapping[str, Any], today: date, by: str) -> dict[str, Any]:
    """Give the fields as read against their sources on a day."""
    days = VOLATILE_REVIEW_DAYS if fields.get("volatile") else REVIEW_DAYS
    dates = {"reviewed_on": today.isoformat(), "reviewed_by": by, "review_after": (today + timedelta(days)).isoformat()}
    return {**{name: value for name, value in fields.items() if name != "changed_on"}, **dates}
