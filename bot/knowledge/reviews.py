"""All that is read again against its sources from time to time: the entries, and what stands beside them (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.entry import Entry

VOLATILE_DAYS = 100  # prices and trial status are read again within three months
HELPLINE_DAYS = 200  # a number that is no longer answered hurts most, so each is looked up twice a year
STEADY_DAYS = 400  # everything else within a year

SAFETY, STAGES, TABLE = "safety.yaml", "stages.yaml", "eligibility.yaml"


@dataclass(frozen=True, slots=True)
class Review:
    """Something with a date by which it is to be read again; `words` stand in its `file` where its dates are."""

    name: str
    reviewed_on: date
    review_after: date
    longest: int = STEADY_DAYS  # days that may lie between the two
    why: str = "a year"
    file: str = ""
    words: str = ""

    def overdue(self, today: date) -> bool:
        """Tell whether that date is over."""
        return today > self.review_after


def reviews(base: KnowledgeBase) -> list[Review]:
    """Give everything that has such a date, the most urgent first."""
    found = [*(of_entry(entry) for entry in base.entries.values()), *beside(base)]
    return sorted(found, key=lambda one: (one.review_after, one.name))


def overdue(base: KnowledgeBase, today: date) -> list[Review]:
    """Give those whose date is over."""
    return [one for one in reviews(base) if one.overdue(today)]


def of_entry(entry: Entry) -> Review:
    """Give the dates of an entry."""
    longest, why = (
        (VOLATILE_DAYS, "prices and trials change: three months") if entry.volatile else (STEADY_DAYS, "a year")
    )
    return Review(entry.id, entry.reviewed_on, entry.review_after, longest, why)


def beside(base: KnowledgeBase) -> Iterator[Review]:
    """Give the dates of what stands beside the entries: safety texts, help lines, stages, published criteria."""
    for name, reading, file in (("safety texts", base.safety.read, SAFETY), ("stages", base.stages_read, STAGES)):
        if reading:
            yield Review(name, reading.reviewed_on, reading.review_after, file=file, words="review:")
    for group in base.safety.helplines:
        days, words = (group.reading.reviewed_on, group.reading.review_after), f"country: {group.country}"
        yield Review(f"help lines {group.country}", *days, HELPLINE_DAYS, "numbers change: half a year", SAFETY, words)
    for programme in base.eligibility.programmes:
        days = (programme.reviewed_on, programme.review_after)
        yield Review(f"criteria {programme.id}", *days, file=TABLE, words=f"id: {programme.id}")
