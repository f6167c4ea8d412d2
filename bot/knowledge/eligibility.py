"""The published criteria for HSCT by country and programme: what lists say, never who is eligible."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.knowledge.entry import Source

EUROPE = "EU"  # the group of lists that hold for several countries of Europe


class About(StrEnum):
    """What a criterion is about."""

    MS_TYPE = "ms_type"
    ACTIVITY = "activity"
    DRUGS = "drugs"
    AGE = "age"
    YEARS = "years"
    EDSS = "edss"
    WALKING = "walking"
    OTHER = "other"


USUAL = tuple(about for about in About if about not in (About.WALKING, About.OTHER))  # what most lists speak of


class Kind(StrEnum):
    """Who published a list."""

    GUIDELINE = "guideline"
    HEALTH_SERVICE = "health service"
    INSURER = "insurer"
    CENTRE = "centre"
    TRIAL = "trial"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Cited:
    """A source, and the short name it is cited by beside a criterion."""

    short: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One thing a list asks for, in its words; the numbers repeat what the words say.

    `roughly` forbids comparing what an asker said with it: the list says "about", or counts from another day.
    """

    about: About
    says: str
    cited: Cited
    lowest: float | None = None
    highest: float | None = None
    below: float | None = None
    roughly: bool = False
    types: tuple[str, ...] = ()
    types_if_active: tuple[str, ...] = ()

    @property
    def bounds(self) -> tuple[float, ...]:
        """Give the numbers there are."""
        return tuple(number for number in (self.lowest, self.highest, self.below) if number is not None)

    def covers(self, low: float, high: float) -> bool | None:
        """Tell whether a span lies within the numbers; None if only a part of it does, or nothing can be compared."""
        if self.roughly or not self.bounds:
            return None
        if self._holds(low) and self._holds(high):
            return True
        too_low = self.lowest is not None and high < self.lowest
        too_high = (self.highest is not None and low > self.highest) or (self.below is not None and low >= self.below)
        return False if too_low or too_high else None

    def _holds(self, number: float) -> bool:
        return (
            (self.lowest is None or number >= self.lowest)
            and (self.highest is None or number <= self.highest)
            and (self.below is None or number < self.below)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A programme or guideline with the criteria it published; `also_for` names further countries it speaks to."""

    id: str
    name: str
    kind: Kind
    country: str
    also_for: tuple[str, ...] = ()
    status: str = ""
    note: str = ""
    criteria: tuple[Criterion, ...] = ()
    sources: tuple[Cited, ...]
    reviewed_on: date
    review_after: date

    def speaks_to(self, country: str | None) -> bool:
        """Tell whether it is meant for somebody from there."""
        return country is not None and country in (self.country, *self.also_for)

    def silent_on(self) -> tuple[About, ...]:
        """Give what most lists speak of and this one, as it was read, does not."""
        told = {criterion.about for criterion in self.criteria}
        return tuple(about for about in USUAL if about not in told)


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The whole table; empty where a knowledge folder has none."""

    programmes: tuple[Programme, ...] = ()
    reviewed_by: str = ""

    def countries(self, first: str | None = None) -> tuple[str, ...]:
        """Give the groups in the order to show them: the asker's country, what speaks to it, then the rest."""
        groups = dict.fromkeys(programme.country for programme in self.programmes)
        near = {programme.country for programme in self.programmes if programme.speaks_to(first)}
        return tuple(sorted(groups, key=lambda group: (group != first, group not in near)))

    def of(self, country: str) -> tuple[Programme, ...]:
        """Give the lists of a group, as they stand in the file."""
        return tuple(programme for programme in self.programmes if programme.country == country)

    def speaking_to(self, country: str | None) -> tuple[Programme, ...]:
        """Give the lists meant for somebody from there; every list where none is, or the country is not known."""
        return tuple(programme for programme in self.programmes if programme.speaks_to(country)) or self.programmes

    def home_countries(self) -> tuple[str, ...]:
        """Give the countries whose own residents have a list: not those that only draw travellers."""
        abroad = (Kind.PRIVATE, Kind.TRIAL)
        homes = (programme.country for programme in self.programmes if programme.kind not in abroad)
        return tuple(dict.fromkeys(country for country in homes if country != EUROPE))
