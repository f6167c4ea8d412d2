"""Parts of the page that is handed out for review: curated texts, sources, dates, room for remarks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from bot.knowledge.entry import Entry, Reading, Source, read_by_clinician, reader
from bot.knowledge.provenance import month_of

_LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)")


def sources(named: Iterable[Source]) -> str:
    """Give sources as a list of links."""
    items = "\n".join(
        f'<li><a href="{escape(one.link or "")}">{escape(one.name)} ({one.year})</a></li>' for one in named
    )
    return f'<ul class="sources">\n{items}\n</ul>'


def checked(what: Entry | Reading) -> str:
    """Say when and by whom something was read, and when it is to be read again."""
    by = f"Checked in {month_of(what.reviewed_on)} by {escape(reader(what.reviewed_by))}"
    unread = "" if read_by_clinician(what.reviewed_by) else "; not yet reviewed by a clinician"
    return f"{by}{unread}. Next review by {what.review_after.day} {month_of(what.review_after)}."


def review_box() -> str:
    """Give room for remarks."""
    return '<p class="review">Right as it stands / to be changed:<br><br><br><br>Name and date:</p>'


def text(curated: str) -> str:
    """Give curated text as paragraphs and lists with links."""
    parts: list[str] = []
    for paragraph in re.split(r"\n\s*\n", curated.strip()):
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
