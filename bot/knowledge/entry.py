"""One curated answer, and the whole set of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

EDITORS = "our editors"  # in `reviewed_by`, until somebody else has read it
CLINICIAN = "(clinician)"  # at the end of `reviewed_by`: only this says that a clinician has read it


def read_by_clinician(reviewed_by: str) -> bool:
    """Tell whether a clinician has read something; any other name is not taken for one."""
    return reviewed_by.rstrip().endswith(CLINICIAN)


def reader(reviewed_by: str) -> str:
    """Give who has read something, as it is shown."""
    return reviewed_by.rstrip().removesuffix(CLINICIAN).rstrip()


@dataclass(frozen=True, slots=True)
class Source:
    """Where an answer comes from."""

    name: str
    year: int
    url: str | None = None
    doi: str | None = None

    @property
    def link(self) -> str | None:
        """Give the address to open: the page, else the DOI's."""
        return self.url or (f"https://doi.org/{self.doi}" if self.doi else None)


@dataclass(frozen=True, slots=True)
class Reading:
    """When something was last read against its sources and by whom, and when it is to be read again."""

    reviewed_on: date
    reviewed_by: str
    review_after: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One curated answer; `by_person` marks one that hands over by design and has a short text only."""

    id: str
    topic: str
    question: str
    phrasings: tuple[str, ...]
    keywords: tuple[str, ...]
    short: str
    full: str = ""
    by_country: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    countries: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    picture: str | None = None  # the name of the one that More shows as well
    by_person: bool = False
    volatile: bool = False
    # Of a file of their own, see `more_phrasings.py`: whether two entries say the same does not depend on them.
    more_phrasings: tuple[str, ...] = field(default=(), compare=False)
    changed_on: date | None = None  # when words were changed without a look at the sources
    reviewed_on: date
    reviewed_by: str
    review_after: date

    @property
    def asked_by(self) -> tuple[str, ...]:
        """Give all wordings of its question."""
        return (self.question, *self.phrasings, *self.more_phrasings)

    @property
    def touched_on(self) -> date:
        """Give the day of the last change or reading: of a file and a change from chat the later one counts."""
        return max(self.reviewed_on, self.changed_on or self.reviewed_on)

    @property
    def changed_since(self) -> bool:
        """Tell whether words were changed after the last reading against the sources."""
        return self.touched_on > self.reviewed_on

    def review_overdue(self, today: date) -> bool:
        """Tell whether the entry is past the date by which it was to be looked at again."""
        return today > self.review_after


@dataclass(frozen=True, slots=True)
class Topic:
    """A group of entries as `/faq` shows it; `requires` are the ids it must have."""

    id: str
    title: str
    requires: tuple[str, ...] = ()
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the procedure, told in full by its entry."""

    id: str
    entry: str
    name: str
    takes: str
    summary: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Synonyms:
    """`same` maps a spelling or name (words) to the one used for comparing; `protected` words are never respelt."""

    same: Mapping[str, str] = field(default_factory=dict)
    protected: frozenset[str] = frozenset()
