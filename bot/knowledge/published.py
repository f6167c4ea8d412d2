"""The published criteria in words: what lists say for somebody like the asker, never a verdict (pure)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bot.domain.messages import Block, Style
from bot.domain.people import NO_DRUGS, Profile
from bot.knowledge.eligibility import EUROPE, About, Criterion, Eligibility, Programme
from bot.knowledge.entry import read_by_clinician, reader
from bot.texts import Texts

FIELDS = ("ms_type", "age", "years", "walking", "drugs", "country")  # of a profile, as texts name them


def published(
    profile: Profile, table: Eligibility, texts: Texts, today: date, groups: Sequence[str] | None = None
) -> tuple[Block, ...]:
    """Give what lists say for somebody like that, by country and programme, the asker's country first.

    `groups` are the countries to show (see `Eligibility.countries`); without, all of them.
    """
    groups = table.countries(profile.country) if groups is None else groups
    says = _Says(profile, texts, today)
    lists = [block for group in groups for block in says.group(group, table.of(group))]
    return (*says.opening(table), *lists, *says.closing(table))


class _Says:
    """Puts lists into words for one asker."""

    def __init__(self, profile: Profile, texts: Texts, today: date) -> None:
        self._profile = profile
        self._texts = texts
        self._today = today
        self._told = told(profile, texts)

    def opening(self, table: Eligibility) -> list[Block]:
        """Say what was told, what was left open, and where there is no list."""
        lines = [self._texts("eligibility.intro", told="; ".join(self._told.values()))]
        if not self._told:
            lines = [self._texts("eligibility.intro_nothing")]
        left_open = [field for field in FIELDS if field not in self._told]
        if self._told and left_open:
            lines.append(self._texts("eligibility.left_open", fields=self._names(left_open)))
        country = self._profile.country
        if country is None:
            lines.append(self._texts("eligibility.country_unknown"))
        elif not table.of(country):
            lines.append(self._texts("eligibility.no_list", country=_safe(country)))
        return [Block(" ".join(lines))]

    def group(self, country: str, programmes: Sequence[Programme]) -> list[Block]:
        """Give the lists of a country, under its name."""
        europe = country == EUROPE
        title = self._texts("eligibility.lists_of_europe" if europe else "eligibility.lists_of", country=country)
        return [Block(title, Style.TITLE), *(self._programme(programme) for programme in programmes)]

    def closing(self, table: Eligibility) -> list[Block]:
        """Say what no list can know, that this is no verdict, and who has read the lists."""
        oldest = min((programme.reviewed_on for programme in table.programmes), default=self._today)
        key = "eligibility.checked_clinician" if read_by_clinician(table.reviewed_by) else "eligibility.checked"
        return [
            Block(self._texts("eligibility.unknown")),
            Block(self._texts("eligibility.not_a_verdict")),
            Block(self._texts(key, when=_month(oldest), who=reader(table.reviewed_by)), Style.SMALL),
        ]

    def _programme(self, programme: Programme) -> Block:
        head = [self._texts("eligibility.programme", name=programme.name, kind=programme.kind), programme.status]
        if not programme.criteria and not programme.status:
            head.append(self._texts("eligibility.no_criteria"))
        if self._today > programme.review_after:
            head.append(self._texts("eligibility.overdue", when=_month(programme.review_after)))
        lines = [self._line(criterion) for criterion in programme.criteria]
        if lines and programme.silent_on():
            lines.append(self._texts("eligibility.silent_on", fields=self._names(programme.silent_on())))
        sources = [self._source(programme, place) for place in range(len(programme.sources))]
        parts = (" ".join(filter(None, head)), "\n".join(lines), " ".join(filter(None, [programme.note, *sources])))
        return Block("\n\n".join(filter(None, parts)), Style.CURATED)

    def _line(self, criterion: Criterion) -> str:
        return self._texts(
            "eligibility.line",
            about=capital(self._texts(f"eligibility.{criterion.about}")),
            says=criterion.says,
            short=criterion.cited.short,
            year=criterion.cited.source.year,
            you=self._beside(criterion),
        ).strip()

    def _source(self, programme: Programme, place: int) -> str:
        source = programme.sources[place].source
        return self._texts("eligibility.source", name=source.name, year=source.year, link=source.link)

    def _beside(self, criterion: Criterion) -> str:
        """Give what the asker said on that, and how it stands to the numbers; nothing where they said nothing."""
        said = self._told.get(criterion.about)
        if said is None:
            return ""
        return self._texts(f"eligibility.{self._relation(criterion)}", what=said)

    def _relation(self, criterion: Criterion) -> str:
        if criterion.about is About.MS_TYPE:
            return _type_relation(self._profile.ms_type, criterion)
        span = _span(self._profile, criterion.about)
        inside = criterion.covers(*span) if span else None
        return "you_said" if inside is None else "within" if inside else "outside"

    def _names(self, fields: Sequence[str]) -> str:
        return ", ".join(self._texts(f"eligibility.{field}") for field in fields)


def told(profile: Profile, texts: Texts) -> dict[str, str]:
    """Give what somebody has said of themselves, in words, by field."""
    age, years = _span(profile, About.AGE), _span(profile, About.YEARS)
    drugs = texts("eligibility.no_drugs") if profile.drugs == (NO_DRUGS,) else ", ".join(profile.drugs)
    walks = f"eligibility.walks.{(profile.walking or '').replace(' ', '_')}"
    said = {
        "ms_type": profile.ms_type,
        "age": age and texts("eligibility.age_of", age=_numbers(age, texts)),
        "years": years and texts("eligibility.years_ago", years=_numbers(years, texts)),
        "walking": texts(walks) if walks in texts else profile.walking,
        "drugs": drugs,
        "country": profile.country,
    }
    return {field: _safe(words) for field, words in said.items() if words}


def _type_relation(ms_type: str | None, criterion: Criterion) -> str:
    if criterion.roughly or not (criterion.types or criterion.types_if_active):
        return "you_said"
    if ms_type in criterion.types:
        return "named"
    return "named_if_active" if ms_type in criterion.types_if_active else "not_named"


def _span(profile: Profile, about: About) -> tuple[int, int] | None:
    spans = {
        About.AGE: (profile.age, profile.age_to),
        About.YEARS: (profile.years_since_diagnosis, profile.years_to),
    }
    low, high = spans.get(about, (None, None))
    return None if low is None else (low, low if high is None else high)


def _numbers(span: tuple[int, int], texts: Texts) -> str:
    low, high = span
    return str(low) if low == high else texts("eligibility.span", low=low, high=high)


def _safe(words: str) -> str:
    """Take out what could be read as a link, a list or a mention: these are somebody's own words."""
    return " ".join(re.sub(r"[^\w .,'()+/-]", " ", words).split())[:100]


def capital(words: str) -> str:
    """Give words with a capital in front; all others stay as they are, as in "EDSS score"."""
    return words[:1].upper() + words[1:]


def _month(day: date) -> str:
    return f"{day:%B %Y}"
