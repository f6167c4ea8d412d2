"""The texts of an entry that people read, by field."""

from __future__ import annotations

from collections.abc import Iterator

from bot.knowledge.entry import Entry


def texts_of(entry: Entry) -> Iterator[tuple[str, str, str]]:
    """Give name, field and text of the question, which stands on buttons, and of every answer."""
    yield "question", "question", entry.question
    yield "short", "short", entry.short
    yield "full", "full", entry.full
    for country, text in entry.by_country.items():
        yield f"by_country: {country}", "by_country", text


def names_of(entry: Entry) -> Iterator[tuple[str, str, str]]:
    """Give the same of the names of its sources, which stand under the answer."""
    for source in entry.sources:
        yield "sources", "sources", source.name
