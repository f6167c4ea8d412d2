"""Whom to call, by country, as a curator writes it in `safety.yaml`: each country's numbers are looked up together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bot.knowledge.entry import Reading
from bot.knowledge.schema import COUNTRIES, Line, ReviewForm

ANYWHERE = "Anywhere"  # the country of what serves everybody

# Groups of digits with spaces or hyphens between; not 38.0, not 10pm, not 24-hour, not 100 mg.
_NUMBER = re.compile(r"(?<![\w.])\+?\d(?:[\d -]*\d)?(?![\w]|[.,]\d|-[a-z]| ?(?:mg|ml|mcg|C|F|%))")


@dataclass(frozen=True, slots=True)
class Helpline:
    """Somebody to call; `country` is `Anywhere` for what serves everybody, `look_up` where its number can be read."""

    country: str
    name: str
    number: str
    use: str
    confidence: str
    look_up: str | None = None


@dataclass(frozen=True, slots=True)
class Helplines:
    """The lines of a country, and when they were last looked up."""

    country: str
    lines: tuple[Helpline, ...]
    reading: Reading


class HelplineForm(BaseModel):
    """One line to call."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Line
    number: Line
    use: Line
    confidence: Literal["high", "medium"]
    look_up: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")] | None = None

    @model_validator(mode="after")
    def _can_be_looked_up(self) -> HelplineForm:
        if numbers_in(self.number) and not self.look_up:
            raise ValueError("`look_up` is missing: name the page on which the number can be read")
        return self


class HelplinesForm(ReviewForm):
    """The lines of a country, with the day on which their numbers were last looked up."""

    country: str
    lines: Annotated[tuple[HelplineForm, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _known(self) -> HelplinesForm:
        if self.country not in (*COUNTRIES, ANYWHERE):
            raise ValueError(f"`country` '{self.country}' is none of: {', '.join((*COUNTRIES, ANYWHERE))}")
        return self

    def to_helplines(self) -> Helplines:
        """Give the lines as the bot uses them."""
        lines = tuple(Helpline(self.country, **line.model_dump()) for line in self.lines)
        return Helplines(self.country, lines, self.to_reading())


def numbers_in(text: str, fewest: int = 2) -> list[str]:
    """Give the telephone numbers in a text, as they stand there; `fewest` digits make one."""
    return [found for found in _NUMBER.findall(text) if len(digits(found)) >= fewest]


def digits(number: str) -> str:
    """Give a number without what is only there for the eye."""
    return re.sub(r"\D", "", number)
