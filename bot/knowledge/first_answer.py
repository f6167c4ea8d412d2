"""What an asker reads first: the part for their country, then the short text (pure)."""

from __future__ import annotations

from bot.knowledge.entry import Entry
from bot.texts import Texts


def said_first(texts: Texts, entry: Entry, country: str | None) -> tuple[str, ...]:
    """Give the paragraphs of the first answer to somebody from a country, or whose country is not known."""
    part = entry.by_country.get(country or "")
    return (for_country(texts, country, part), entry.short) if country and part else (entry.short,)


def for_country(texts: Texts, country: str, part: str) -> str:
    """Give a country's part as it is shown, with the country in front."""
    return f"{texts('answer.for_country', country=country)} {part}"
