"""`kb export --html`: the whole base as one page to read, print and review; no scripts, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from html import escape

from bot.cli import kb_export_beside
from bot.cli.html_parts import checked, review_box, sources, text
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.entry import Entry, Topic, read_by_clinician
from bot.knowledge.provenance import month_of

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
        *(line for section in kb_export_beside.SECTIONS for line in section.lines(base)),
        "</main>\n</body>\n</html>",
    ]
    return "\n".join(parts) + "\n"


def _introduction(base: KnowledgeBase, today: date) -> Iterator[str]:
    entries = list(base.entries.values())
    unread = sum(not read_by_clinician(entry.reviewed_by) for entry in entries)
    yield (
        f"<p>These are the {len(entries)} texts that the bot shows word for word to members of a support group. "
        f"Printed on {today.day} {month_of(today)}, version {escape(base.version)}. "
        f"{unread} of them have not yet been reviewed by a clinician. Behind them stand the steps, the published "
        "criteria, what is said to somebody in danger, and whom to call, each with where it comes from.</p>"
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
    for section in kb_export_beside.SECTIONS:
        yield f'<li><a href="#{section.id}">{section.title}</a></li>'
    yield "</ul>\n</nav>"


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
    yield f'<h4>Short answer</h4>\n<div class="short">\n{text(entry.short)}\n</div>'
    if entry.full:
        yield f"<h4>Full answer</h4>\n{text(entry.full)}"
    for country, part in entry.by_country.items():
        yield f"<h4>Added for people in: {escape(country)}</h4>\n{text(part)}"
    if entry.sources:
        yield f"<h4>Sources</h4>\n{sources(entry.sources)}"
    since = ""
    if entry.changed_on and entry.changed_since:
        since = f" Words were changed on {entry.changed_on.day} {month_of(entry.changed_on)}, after that."
    yield f'<p class="meta">{checked(entry)}{since}</p>\n{review_box()}\n</article>'


def _about(entry: Entry) -> str:
    says = ""
    if entry.countries:
        says += f" About: {escape(', '.join(entry.countries))}."
    if entry.by_person:
        says += " This question is always handed to a volunteer; the text is what is said meanwhile."
    if entry.volatile:
        says += " Prices or trials: reviewed every three months."
    return says
