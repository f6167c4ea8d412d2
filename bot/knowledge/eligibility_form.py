"""The form of `eligibility.yaml`, as pydantic checks it."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bot.knowledge.eligibility import About, Cited, Criterion, Eligibility, Kind, Programme
from bot.knowledge.schema import Country, Line, Slug, SourceForm

SAYS_LIMIT = 200  # characters: one line of a list, read aloud in one breath
MsType = Literal["CIS", "RRMS", "SPMS", "PPMS"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CitedForm(SourceForm):
    """A source with the short name it is cited by."""

    short: Annotated[Line, StringConstraints(max_length=40)]

    def to_cited(self) -> Cited:
        """Give the source as the bot uses it."""
        return Cited(self.short, self.to_source())


class CriterionForm(_Strict):
    """One criterion as a curator writes it."""

    about: About
    says: Annotated[Line, StringConstraints(max_length=SAYS_LIMIT)]
    lowest: float | None = Field(None, alias="from")
    highest: float | None = Field(None, alias="to")
    below: float | None = None
    roughly: bool = False
    types: tuple[MsType, ...] = ()
    types_if_active: tuple[MsType, ...] = ()
    source: Line | None = None

    @model_validator(mode="after")
    def _numbers_agree_with_words(self) -> CriterionForm:
        bounds = [number for number in (self.lowest, self.highest, self.below) if number is not None]
        said = {float(number) for number in re.findall(r"\d+(?:\.\d+)?", self.says)}
        for number in bounds:
            if number not in said:
                raise ValueError(f"the number {number:g} does not stand in `says`: '{self.says}'. Make them agree.")
        if bounds != sorted(bounds):
            raise ValueError("`from` is larger than `to`. Turn them round.")
        return self

    def to_criterion(self, sources: tuple[Cited, ...]) -> Criterion:
        """Give the criterion as the bot uses it; it cites the first source unless it names another."""
        cited = next((cited for cited in sources if cited.short == self.source), sources[0])
        values = {name: getattr(self, name) for name in CriterionForm.model_fields if name != "source"}
        return Criterion(**values, cited=cited)


class ProgrammeForm(_Strict):
    """A programme or guideline as a curator writes it."""

    id: Slug
    name: Line
    kind: Kind
    country: Country
    also_for: tuple[Country, ...] = ()
    status: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""
    criteria: tuple[CriterionForm, ...] = ()
    sources: Annotated[tuple[CitedForm, ...], Field(min_length=1)]
    reviewed_on: date
    review_after: date

    @model_validator(mode="after")
    def _hangs_together(self) -> ProgrammeForm:
        known = [source.short for source in self.sources]
        for criterion in self.criteria:
            if criterion.source and criterion.source not in known:
                raise ValueError(f"`source` names '{criterion.source}', which is not the `short` of a source: {known}")
        if not self.criteria and not self.status:
            raise ValueError("it has neither `criteria` nor `status`: say at least what is known")
        if self.review_after <= self.reviewed_on:
            raise ValueError("`review_after` must be a later date than `reviewed_on`")
        return self

    def to_programme(self) -> Programme:
        """Give the programme as the bot uses it."""
        sources = tuple(source.to_cited() for source in self.sources)
        kept = (name for name in ProgrammeForm.model_fields if name not in ("criteria", "sources"))
        criteria = tuple(criterion.to_criterion(sources) for criterion in self.criteria)
        return Programme(**{name: getattr(self, name) for name in kept}, criteria=criteria, sources=sources)


class EligibilityFile(_Strict):
    """`eligibility.yaml`."""

    reviewed_by: Line
    programmes: tuple[ProgrammeForm, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> EligibilityFile:
        ids = [programme.id for programme in self.programmes]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"these ids stand twice: {', '.join(twice)}. Rename one of each.")
        return self

    def to_table(self) -> Eligibility:
        """Give the table as the bot uses it."""
        return Eligibility(tuple(programme.to_programme() for programme in self.programmes), self.reviewed_by)
