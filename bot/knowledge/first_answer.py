"""What an asker reads first: the part for their country, then the short text (pure)."""

from __future__ import annotations

from bot.knowledge.eligibility import EUROPE
from bot.knowledge.entry import Entry
from bot.texts import Texts

MEMBERS = frozenset(  # of the countries that are known
    {"Ireland", "Germany", "France", "Italy", "Sweden", "Denmark", "Netherlands", "Poland", "Spain"}
)


def said_first(texts: Texts, entry: Entry, country: str | None) -> tuple[str, ...]:
    """Give the paragraphs of the first answer to somebody from a country, or whose country is not known."""
    nearest = nearest_part(entry, country)
    return (for_country(texts, nearest, entry.by_country[nearest]), entry.short) if nearest else (entry.short,)


def nearest_part(entry: Entry, country: str | None) -> str | None:
    """Give whose part is for somebody from a country: its own, else that of the EU for one of its members."""
    names = (country, EUROPE if country in MEMBERS else None)
    return next((name for name in names if name in entry.by_country), None)


def for_country(texts: Texts, country: str, part: str) -> str:
    """Give a country's part as it is shown, with the country in front."""
    return f"{texts('answer.for_country', country=country)} {part}"
