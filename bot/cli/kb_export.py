"""`kb export --html`: the whole base as one page to read, print and review; no scripts, nothing fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import escape

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.entry import Entry, Source, Topic, read_by_clinician, reader
from bot.knowledge.provenance import month_of
from bot.knowledge.safety import RedFlag

_LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)")

_STYLE = """
  :root { color-scheme: light dark; }
  body { font: 1.05rem/1.6 Georgia, 'Times New Roman', serif; max-width: 44rem; margin: 0 auto; padding: 1rem; }
  h1, h2, h3, h4, nav, .meta, .review { font-family: system-ui, sans-serif; line-height: 1.3; }
  h2 { margin-top: 3rem; border-bottom: 2px solid; }
  h3 { margin-top: 2.5rem; }
  h4 { margin: 1.2rem 0 0.2rem; }
  .short { border-left: 0.3rem solid; padding-left: 0.8rem; }
  .meta { font-size: 0.9rem; }
  .review { border: 1px solid; padding: 0.6rem; margin-top: 1rem; font-size: 0.9rem; }
  .skip { position: absolute; left: -100rem; }
  .skip:focus { position: static; }
  @media print {
    body { max-width: none; font-size: 11pt; padding: 0; }
    nav, .skip { display: none; }
    h2 { break-before: page; }
    h3, h4 { break-after: avoid; }
    .short, .review, li { break-inside: avoid; }
    a { color: inherit; }
    .sources a::after { content: " <" attr(href) ">"; overflow-wrap: anywhere; font-size: 0.85em; }
  }
"""


def page(base: KnowledgeBase, today: date) -> str:
    """Give the page."""
    title = "Answers on HSCT for multiple sclerosis"
    parts = [
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}: for review</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
        '<a class="skip" href="#answers">Skip the list of questions</a>',
        f"<header>\n<h1>{title}</h1>",
        *_introduction(base, today),
        "</header>",
        *_contents(base),
        '<main id="answers">',
        *(line for topic in _topics(base) for line in _topic(base, topic)),
        *_red_flags(base),
        "</main>\n</body>\n</html>",
    ]
    return "\n".join(parts) + "\n"


def _introduction(base: KnowledgeBase, today: date) -> Iterator[str]:
    entries = list(base.entries.values())
    unread = sum(not read_by_clinician(entry.reviewed_by) for entry in entries)
    yield (
        f"<p>These are the {len(entries)} texts that the bot shows word for word to members of a support group. "
        f"Printed on {today.day} {month_of(today)}, version {escape(base.version)}. "
        f"{unread} of them have not yet been reviewed by a clinician.</p>"
    )
    yield (
        "<p>Thank you for reading. Below each answer there is room for your remarks. Please look for anything that is "
        "wrong, out of date, promises too much, or could hurt somebody who acts on it. The code in brackets names the "
        "answer; please quote it.</p>"
    )


def _topics(base: KnowledgeBase) -> list[Topic]:
    known = {topic.id for topic in base.topics}
    others = sorted({entry.topic for entry in base.entries.values()} - known)
    topics = (*base.topics, *(Topic(name, name) for name in others))
    return [topic for topic in topics if any(base.of_topic(topic.id))]


def _contents(base: KnowledgeBase) -> Iterator[str]:
    yield '<nav aria-labelledby="contents">\n<h2 id="contents">Questions</h2>\n<ul>'
    for topic in _topics(base):
        yield f'<li><a href="#topic-{escape(topic.id)}">{escape(topic.title)}</a>\n<ul>'
        for entry in base.of_topic(topic.id):
            yield f'<li><a href="#{escape(entry.id)}">{escape(entry.question)}</a></li>'
        yield "</ul></li>"
    yield '<li><a href="#red-flags">What the bot says when somebody may be in danger</a></li>\n</ul>\n</nav>'


def _topic(base: KnowledgeBase, topic: Topic) -> Iterator[str]:
    yield f'<section aria-labelledby="topic-{escape(topic.id)}">'
    yield f'<h2 id="topic-{escape(topic.id)}">{escape(topic.title)}</h2>'
    for entry in base.of_topic(topic.id):
        yield from _entry(entry)
    yield "</section>"


def _entry(entry: Entry) -> Iterator[str]:
    yield f'<article aria-labelledby="{escape(entry.id)}">'
    yield f'<h3 id="{escape(entry.id)}">{escape(entry.question)}</h3>'
    yield f'<p class="meta">Code: {escape(entry.id)}.{_about(entry)}</p>'
    yield f'<h4>Short answer</h4>\n<div class="short">\n{_text(entry.short)}\n</div>'
    if entry.full:
        yield f"<h4>Full answer</h4>\n{_text(entry.full)}"
    for country, text in entry.by_country.items():
        yield f"<h4>Added for people in: {escape(country)}</h4>\n{_text(text)}"
    if entry.sources:
        items = "\n".join(f"<li>{_source(source)}</li>" for source in entry.sources)
        yield f'<h4>Sources</h4>\n<ul class="sources">\n{items}\n</ul>'
    yield f'<p class="meta">{_checked(entry)}</p>'
    yield '<p class="review">Right as it stands / to be changed:<br><br><br><br>Name and date:</p>\n</article>'


def _about(entry: Entry) -> str:
    says = ""
    if entry.countries:
        says += f" About: {escape(', '.join(entry.countries))}."
    if entry.by_person:
        says += " This question is always handed to a volunteer; the text is what is said meanwhile."
    if entry.volatile:
        says += " Prices or trials: reviewed every three months."
    return says


def _checked(entry: Entry) -> str:
    by = f"Checked in {month_of(entry.reviewed_on)} by {escape(reader(entry.reviewed_by))}"
    unread = "" if read_by_clinician(entry.reviewed_by) else "; not yet reviewed by a clinician"
    return f"{by}{unread}. Next review by {entry.review_after.day} {month_of(entry.review_after)}."


def _source(source: Source) -> str:
    return f'<a href="{escape(source.link or "")}">{escape(source.name)} ({source.year})</a>'


def _red_flags(base: KnowledgeBase) -> Iterator[str]:
    yield '<section aria-labelledby="red-flags">'
    yield '<h2 id="red-flags">What the bot says when somebody may be in danger</h2>'
    yield "<p>Shown before anything else when a message has such a sign. The numbers differ by country.</p>"
    for flag in base.safety.flags:
        yield from _red_flag(flag)
    yield "</section>"


def _red_flag(flag: RedFlag) -> Iterator[str]:
    name = f"flag-{escape(flag.id)}"
    yield f'<article aria-labelledby="{name}">\n<h3 id="{name}">{escape(flag.title)}</h3>'
    yield f'<p class="meta">Code: {escape(flag.id)}. Treated as: {escape(flag.route)}.</p>'
    yield f'<div class="short">\n{_text(flag.advice_for())}\n</div>'
    examples = "".join(f"<li>{escape(text)}</li>" for text in flag.trips)
    yield f"<h4>Messages that must show it</h4>\n<ul>{examples}</ul>"
    yield '<p class="review">Right as it stands / to be changed:<br><br><br>Name and date:</p>\n</article>'


def _text(text: str) -> str:
    """Give curated text as paragraphs and lists with links."""
    parts: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        items: list[str] = []
        for line in paragraph.split("\n"):
            if line.startswith("- "):
                items.append(f"<li>{_inline(line[2:])}</li>")
                continue
            parts += _as_list(items)
            items = []
            parts.append(f"<p>{_inline(line)}</p>")
        parts += _as_list(items)
    return "\n".join(parts)


def _as_list(items: list[str]) -> list[str]:
    return ["<ul>", *items, "</ul>"] if items else []


def _inline(text: str) -> str:
    """Escape everything, then make links of what is a link."""
    made, end = "", 0
    for found in _LINK.finditer(text):
        made += escape(text[end : found.start()])
        made += f'<a href="{escape(found[2])}">{escape(found[1])}</a>'
        end = found.end()
    return made + escape(text[end:])
