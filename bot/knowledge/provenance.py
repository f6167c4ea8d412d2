"""Where an entry's words come from, how old they are and who has checked them, as every answer says it (pure)."""

from __future__ import annotations

from datetime import date

from bot.domain.messages import Block, Style
from bot.knowledge.entry import Entry, read_by_clinician, reader
from bot.texts import Texts

SOURCES_NAMED = 2  # under the short answer; More lists all of them with their links
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip


def month_of(day: date) -> str:
    """Give a date as readers say it, such as `November 2026`."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def under_short(texts: Texts, entry: Entry, today: date) -> tuple[Block, ...]:
    """Give what stands under the short text: that it is old or changes often, and its sources."""
    return (*warnings(texts, entry, today), Block(_source(texts, entry), Style.SMALL))


def warnings(texts: Texts, entry: Entry, today: date) -> tuple[Block, ...]:
    """Say that an entry is past its review, or that its subject changes often."""
    if entry.review_overdue(today):
        return (Block(texts("answer.overdue", when=month_of(entry.review_after))),)
    return (Block(texts("answer.volatile")),) if entry.volatile else ()


def checked(texts: Texts, entry: Entry) -> str:
    """Say when and by whom an entry was checked."""
    key = "answer.checked_clinician" if read_by_clinician(entry.reviewed_by) else "answer.checked"
    return texts(key, when=month_of(entry.reviewed_on), who=reader(entry.reviewed_by))


def _source(texts: Texts, entry: Entry) -> str:
    if not entry.sources:
        return checked(texts, entry)
    named = [texts("answer.named", name=one.name, year=one.year) for one in entry.sources[:SOURCES_NAMED]]
    if len(entry.sources) > SOURCES_NAMED:
        named.append(texts("answer.others", count=len(entry.sources) - SOURCES_NAMED))
    return f"{texts('answer.source', sources='; '.join(named))} {checked(texts, entry)}"
