"""What stands beside the answers, on the page for review: steps, published criteria, safety texts, whom to call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape

from bot.cli.html_parts import checked, review_box, sources, text
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.eligibility import Programme
from bot.knowledge.entry import Reading
from bot.knowledge.helplines import Helpline
from bot.knowledge.published import capital
from bot.knowledge.safety import UNKNOWN, RedFlag
from bot.texts import texts_in

NO_SOURCE = (
    "No page was read for this text: it comes from general medical knowledge. Please look at it with special care."
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page under a heading of its own."""

    id: str
    title: str
    inside: Callable[[KnowledgeBase], Iterator[str]]

    def lines(self, base: KnowledgeBase) -> Iterator[str]:
        """Give the whole section."""
        yield f'<section aria-labelledby="{self.id}">\n<h2 id="{self.id}">{self.title}</h2>'
        yield from self.inside(base)
        yield "</section>"


def _article(name: str, title: str, *inside: str) -> str:
    """Give something with a heading and room for remarks."""
    head = f'<article aria-labelledby="{name}">\n<h3 id="{name}">{escape(title)}</h3>'
    return "\n".join([head, *filter(None, inside), review_box(), "</article>"])


def _steps(base: KnowledgeBase) -> Iterator[str]:
    if base.stages_read:
        yield f'<p class="meta">{checked(base.stages_read)}</p>'
    for stage in base.stages:
        entry = base.entries.get(stage.entry)
        of_entry = f"<h4>Sources, those of its answer</h4>\n{sources(entry.sources)}" if entry else ""
        words = f'<div class="short">\n{text(stage.takes)}\n{text(stage.summary)}\n</div>'
        yield _article(
            f"step-{stage.id}", stage.name, f'<p class="meta">Code: {escape(stage.id)}.</p>', words, of_entry
        )


def _criteria(base: KnowledgeBase) -> Iterator[str]:
    yield "<p>The bot puts what somebody has told of themselves beside what lists say. It never gives a verdict.</p>"
    for programme in base.eligibility.programmes:
        yield _programme(programme, base.eligibility.reviewed_by)


def _programme(programme: Programme, reviewed_by: str) -> str:
    names = texts_in()
    lines = (
        f"<li>{escape(capital(names(f'eligibility.{one.about}')))}: {escape(one.says)} "
        f"({escape(one.cited.short)}, {one.cited.source.year})</li>"
        for one in programme.criteria
    )
    about = f"Code: {programme.id}. {programme.kind.capitalize()}, {programme.country}."
    reading = Reading(programme.reviewed_on, reviewed_by, programme.review_after)
    return _article(
        f"list-{programme.id}",
        programme.name,
        f'<p class="meta">{escape(about)}</p>',
        text(programme.status) if programme.status else "",
        f"<ul>\n{''.join(lines)}\n</ul>" if programme.criteria else "",
        text(programme.note) if programme.note else "",
        f"<h4>Sources</h4>\n{sources(one.source for one in programme.sources)}",
        f'<p class="meta">{checked(reading)}</p>',
    )


def _red_flags(base: KnowledgeBase) -> Iterator[str]:
    yield "<p>Shown before anything else when a message has such a sign; here for somebody of no known country.</p>"
    if base.safety.read:
        yield f'<p class="meta">{checked(base.safety.read)}</p>'
    for flag in base.safety.flags:
        yield _red_flag(flag)
    yield from _lines(base)


def _red_flag(flag: RedFlag) -> str:
    examples = "".join(f"<li>{escape(one)}</li>" for one in flag.trips)
    return _article(
        f"flag-{escape(flag.id)}",
        flag.title,
        f'<p class="meta">Code: {escape(flag.id)}. Treated as: {escape(flag.route)}.</p>',
        f'<div class="short">\n{text(flag.advice_for())}\n</div>',
        f"<h4>Sources</h4>\n{sources(flag.sources) if flag.sources else f'<p>{NO_SOURCE}</p>'}",
        f"<h4>Messages that must show it</h4>\n<ul>{examples}</ul>",
    )


def _lines(base: KnowledgeBase) -> Iterator[str]:
    """Give what is said in each country, once for all red flags that say the same."""
    sharing: dict[tuple[tuple[str, str], ...], list[RedFlag]] = {}
    for flag in base.safety.flags:
        sharing.setdefault(tuple(_by_country(flag.lines).items()), []).append(flag)
    for number, (lines, flags) in enumerate(sharing.items(), 1):
        items = "".join(f"<li>{escape(countries)}: {escape(line)}</li>" for line, countries in lines)
        used = f'<p class="meta">Part of: {escape(", ".join(flag.id for flag in flags))}.</p>'
        yield _article(f"lines-{number}", f"What is said in each country, {number}", used, f"<ul>{items}</ul>")


def _by_country(lines: Mapping[str, str]) -> dict[str, str]:
    """Give each line with the countries that have it."""
    shared: dict[str, list[str]] = {}
    for country, line in lines.items():
        shared.setdefault(line, []).append("Country not known" if country == UNKNOWN else country)
    return {line: ", ".join(countries) for line, countries in shared.items() if line}


def _helplines(base: KnowledgeBase) -> Iterator[str]:
    yield "<p>Every number that the texts name, and the page on which it is looked up twice a year.</p>"
    for group in base.safety.helplines:
        items = "\n".join(_helpline(line) for line in group.lines)
        name = f"lines-{group.country.casefold().replace(' ', '-')}"
        dates = f'<p class="meta">{checked(group.reading)}</p>'
        yield _article(name, group.country, f'<ul class="sources">\n{items}\n</ul>', dates)


def _helpline(line: Helpline) -> str:
    link = line.look_up or ""
    look_up = f' <a href="{escape(link)}">Where to look up {escape(line.name)}</a>' if link else ""
    says = f"{line.name}: {line.number} ({line.use}). How sure: {line.confidence}."
    return f"<li>{escape(says)}{look_up}</li>"


SECTIONS = (
    Section("steps", "The steps of the procedure", _steps),
    Section("criteria", "What published lists say about who may be considered", _criteria),
    Section("red-flags", "What the bot says when somebody may be in danger", _red_flags),
    Section("help-lines", "Whom to call, by country", _helplines),
)
