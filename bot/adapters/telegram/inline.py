"""Inline mode: `@bot cost mexico` in any chat offers entries (pure)."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import InlineQueryResultArticle, InputTextMessageContent, LinkPreviewOptions

from bot.adapters.base import Found
from bot.adapters.telegram import utf16
from bot.adapters.telegram.render import parts
from bot.domain.messages import Block, Style

MOST_RESULTS = 20  # of the 50 that Telegram takes: nobody reads more
ID_LIMIT = 64  # bytes, InlineQueryResult
TITLE_LIMIT = 256  # UTF-16 units; a longer one would push the answer out of the message
DESCRIPTION_LIMIT = 120  # UTF-16 units shown under a title
KEPT = 60  # seconds that Telegram may give the same results again; entries change rarely
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def results(found: Sequence[Found]) -> list[InlineQueryResultArticle]:
    """Give entries as Telegram offers them while somebody types; picking one sends its text."""
    fitting = [one for one in found if one.text.strip() and 0 < len(one.id.encode()) <= ID_LIMIT]
    return [_article(one) for one in fitting[:MOST_RESULTS]]


def _article(one: Found) -> InlineQueryResultArticle:
    title = utf16.shorten(one.title, TITLE_LIMIT)
    body = parts([Block(title, Style.TITLE), Block(one.text, Style.CURATED)])[0]
    content = InputTextMessageContent(body.text, entities=body.entities(), link_preview_options=NO_PREVIEW)
    return InlineQueryResultArticle(
        one.id, title, content, description=utf16.shorten(" ".join(one.text.split()), DESCRIPTION_LIMIT)
    )
