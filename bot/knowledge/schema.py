"""The form of the knowledge files, as pydantic checks it; `loader.py` turns mistakes into plain words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bot.knowledge.entry import EDITORS, Entry, Reading, Source, Stage, Synonyms, Topic

SHORT_LIMIT = 600  # characters, product rule for the first answer
COUNTRY_LIMIT = 500  # characters of a part for one country
EARLIEST_YEAR, LATEST_YEAR = 1960, 2100  # of a source
FULL_LIMIT = 3000  # characters: fits one Telegram message, two of Discord's

COUNTRIES = (
    "UK", "Ireland", "US", "Canada", "Australia", "New Zealand", "EU", "Germany", "France", "Italy", "Sweden",
    "Norway", "Denmark", "Netherlands", "Poland", "Switzerland", "Spain", "Mexico", "Russia", "India", "Israel",
    "Turkey",
)  # fmt: skip


def _known_country(name: str) -> str:
    if name not in COUNTRIES:
        raise ValueError(f"'{name}' is not one of the countries: {', '.join(COUNTRIES)}")
    return name


def _year_of_a_source(year: int) -> int:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        between = f"between {EARLIEST_YEAR} and {LATEST_YEAR}"
        raise ValueError(f"`year` is {year}. Write the year in which the source came out, {between}.")
    return year


def can_be_seen(text: str) -> bool:
    """Tell whether a text has a letter or digit that screens show."""
    return any(sign.isalnum() and sign not in _BLANK_LETTERS for sign in text)


def _seen(text: str) -> str:
    if not can_be_seen(text):
        raise ValueError("there is no letter or digit that can be seen in it. Write words.")
    return text


_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0"  # letters by name, which no screen shows
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Words = Annotated[Line, AfterValidator(_seen)]  # what people are shown; platforms refuse a message of signs nobody sees
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Country = Annotated[str, AfterValidator(_known_country)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceForm(_Strict):
    """A source: a name, a year and an address."""

    name: Words
    year: Annotated[int, AfterValidator(_year_of_a_source)]
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")] | None = None
    doi: Annotated[str, StringConstraints(pattern=r"^10\.\S+/\S+$")] | None = None

    @model_validator(mode="after")
    def _has_address(self) -> SourceForm:
        if not (self.url or self.doi):
            raise ValueError("a source needs `url` or `doi`, so that a reader can open it")
        return self

    def to_source(self) -> Source:
        """Give the source as the bot uses it."""
        return Source(self.name, self.year, self.url, self.doi)


class ReviewForm(_Strict):
    """When something was last read against its sources, and when it is to be read again."""

    reviewed_on: date
    reviewed_by: Line = EDITORS
    review_after: date

    @model_validator(mode="after")
    def _later(self) -> ReviewForm:
        if self.review_after <= self.reviewed_on:
            raise ValueError("`review_after` must be a later date than `reviewed_on`")
        return self

    def to_reading(self) -> Reading:
        """Give the dates as the bot uses them."""
        return Reading(self.reviewed_on, self.reviewed_by, self.review_after)


def lacks(answer: str, sources: Sequence[object], full: str) -> list[str]:
    """Say what an entry still needs to be an answer; one that a person answers needs neither sources nor more."""
    if answer != "text":
        return []
    needed = (
        (sources, "`sources` is missing: name at least one source, with year and url"),
        (full.strip(), "`full` is missing: write the text that More shows"),
    )
    return [says for there, says in needed if not there]


class EntryForm(_Strict):
    """An entry as a curator writes it."""

    id: Slug
    topic: Slug
    question: Words
    phrasings: Annotated[tuple[Line, ...], Field(min_length=1)]
    keywords: tuple[Line, ...] = ()
    short: Annotated[Words, StringConstraints(max_length=SHORT_LIMIT)]
    full: Annotated[str, StringConstraints(strip_whitespace=True, max_length=FULL_LIMIT)] = ""
    by_country: dict[Country, Annotated[Words, StringConstraints(max_length=COUNTRY_LIMIT)]] = Field(
        default_factory=dict
    )
    sources: tuple[SourceForm, ...] = ()
    countries: tuple[Country, ...] = ()
    related: tuple[Slug, ...] = ()
    picture: Literal["stages", "timeline"] | None = None
    answer: Literal["text", "person"] = "text"
    volatile: bool = False
    changed_on: date | None = None
    reviewed_on: date
    reviewed_by: Line
    review_after: date

    @model_validator(mode="after")
    def _answers_are_sourced(self) -> EntryForm:
        if lacking := lacks(self.answer, self.sources, self.full):
            raise ValueError(". ".join(lacking))
        if self.review_after <= self.reviewed_on:
            raise ValueError("`review_after` must be a later date than `reviewed_on`")
        return self

    def to_entry(self) -> Entry:
        """Give the entry as the bot uses it."""
        values = {name: getattr(self, name) for name in EntryForm.model_fields if name not in {"answer", "sources"}}
        return Entry(
            **values,
            by_person=self.answer == "person",
            sources=tuple(source.to_source() for source in self.sources),
        )


class EntriesFile(_Strict):
    """`entries/*.yaml`."""

    entries: tuple[EntryForm, ...]


class TopicForm(_Strict):
    """A topic group."""

    id: Slug
    title: Words
    requires: tuple[Slug, ...] = ()
    listed: bool = True

    def to_topic(self) -> Topic:
        """Give the topic as the bot uses it."""
        return Topic(self.id, self.title, self.requires, self.listed)


class TopicsFile(_Strict):
    """`topics.yaml`."""

    topics: Annotated[tuple[TopicForm, ...], Field(min_length=1)]


class StageForm(_Strict):
    """A step of the procedure."""

    id: Slug
    entry: Slug
    name: Words
    takes: Words
    summary: Words
    also: tuple[Line, ...] = ()

    def to_stage(self) -> Stage:
        """Give the stage as the bot uses it."""
        return Stage(self.id, self.entry, self.name, self.takes, self.summary, self.also)


class StagesFile(_Strict):
    """`stages.yaml`."""

    review: ReviewForm | None = None
    stages: tuple[StageForm, ...] = ()


class SynonymsFile(_Strict):
    """`synonyms.yaml`: `same` lists other ways to write the word in front."""

    same: dict[Line, tuple[Line, ...]] = Field(default_factory=dict)
    protected: tuple[Line, ...] = ()

    def to_synonyms(self) -> Synonyms:
        """Give the table turned round: each other way points to the canonical one."""
        same = {other: word for word, others in self.same.items() for other in others}
        return Synonyms(same, frozenset(self.protected))
