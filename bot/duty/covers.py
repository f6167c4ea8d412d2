"""`/covers` in words (pure): topics, countries and languages as volunteers name them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from rapidfuzz import fuzz, process

from bot.domain.roster import Covers
from bot.duty.hours import NotUnderstood

LANGUAGES = {
    "english": "en", "german": "de", "french": "fr", "spanish": "es", "italian": "it", "portuguese": "pt",
    "dutch": "nl", "polish": "pl", "swedish": "sv", "norwegian": "no", "danish": "da", "finnish": "fi",
    "russian": "ru", "ukrainian": "uk", "turkish": "tr", "hebrew": "he", "arabic": "ar", "hindi": "hi",
    "greek": "el", "czech": "cs", "hungarian": "hu", "romanian": "ro", "croatian": "hr", "serbian": "sr",
}  # fmt: skip
KINDS = {
    "topics": "topics", "topic": "topics", "countries": "countries", "country": "countries", "languages": "languages",
    "language": "languages",
}  # fmt: skip
EVERYTHING = frozenset({"all", "any", "everything", "none", "clear"})
LIKE_ENOUGH = 82  # rapidfuzz score from which a misspelt name is taken for one
_COMMAS = re.compile(r"\s*[,;]\s*")
_AND = re.compile(r"\s+and\s+")


def changed(covers: Covers, words: str, topics: Mapping[str, str], countries: Iterable[str]) -> Covers:
    """Give what is covered as these words change it; `topics` are titles by id.

    Raises:
        NotUnderstood: a name is none that is known.
    """
    kind, _, rest = words.strip().partition(" ")
    if kind.casefold() in EVERYTHING and not rest:
        return Covers()
    field = KINDS.get(kind.casefold().rstrip(":"))
    if field is None:
        raise NotUnderstood("covers.which")
    if rest.strip().casefold() in EVERYTHING:
        return replace(covers, **{field: ()})
    names = _names(field, topics, countries)
    found = [meant for piece in _COMMAS.split(rest.strip()) if piece for meant in _all(field, piece, names)]
    if not found:
        raise NotUnderstood("covers.which")
    return replace(covers, **{field: tuple(dict.fromkeys(found))})


def _names(field: str, topics: Mapping[str, str], countries: Iterable[str]) -> dict[str, str]:
    """Give what may be typed, and what it stands for."""
    if field == "topics":
        return {**{title.casefold(): one for one, title in topics.items()}, **{one: one for one in topics}}
    if field == "countries":
        return {one.casefold(): one for one in countries}
    return LANGUAGES | {code: code for code in LANGUAGES.values()}


def _all(field: str, typed: str, names: Mapping[str, str]) -> list[str]:
    """Give what is meant by one piece between commas: a name, a slip in one, or two names with "and" between them."""
    found = _meant(typed, names)
    if found:
        return [found]
    pieces = _AND.split(typed)
    meant = [_meant(piece, names) for piece in pieces]
    if len(pieces) == 1 or not all(meant):
        unknown = next(piece for piece, one in zip(pieces, meant, strict=True) if not one)
        known = ", ".join(dict.fromkeys(names.values() if field == "topics" else [one for one in names if one[2:]]))
        raise NotUnderstood(f"covers.no_{field}", words=unknown[:40], known=known)
    return [one for one in meant if one]


def _meant(typed: str, names: Mapping[str, str]) -> str | None:
    wanted = typed.casefold().strip()
    if wanted in names or not wanted[2:]:
        return names.get(wanted)
    within = {stands_for for name, stands_for in names.items() if wanted in re.split(r"[^a-z]+", name)}
    if len(within) == 1:
        return within.pop()
    best = process.extractOne(wanted, list(names), scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH)
    return names[best[0]] if best else None


def language_named(words: str) -> str | None:
    """Give the code of the language that words name, with a slip or not."""
    return _meant(words, _names("languages", {}, ()))


def language_name(code: str) -> str:
    """Give the name of a language."""
    return next((name.title() for name, known in LANGUAGES.items() if known == code), code)
