"""Our blocks as Telegram's text and entities, in parts that fit (pure).

Entities are given beside the text instead of HTML: what people wrote cannot become markup, and lengths are exact.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from telegram import MessageEntity, User

from bot.adapters.telegram import utf16
from bot.domain.messages import Block, Style

MESSAGE_LIMIT = 4096  # UTF-16 units, sendMessage
CAPTION_LIMIT = 1024  # UTF-16 units, sendPhoto and the like
ENTITY_LIMIT = 100  # the API ignores more (telegram.constants.MessageLimit.MESSAGE_ENTITIES)
MOST_CODE_SPANS = 50  # mentions shown as code; more would crowd out the other entities
GAP = "\n\n"
_LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)")
_LIST = re.compile(r"^- ", re.MULTILINE)
# The API drops these before it looks for mentions, so that an @ and a name apart would come together.
_DROPPED = re.compile("[\u2028-\u202e\u0333\u033f\u0000-\u0008\u000b-\u001f]")
_MENTION = re.compile(r"(?<!\w)@[\u0300-\u036f]*\w+")
_BREAKS = (GAP, "\n", ". ", " ")
_JOINED = "\u200d\ufe0f"  # what glues emoji together


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text (in characters) that is shown in some way."""

    kind: str
    start: int
    end: int
    url: str | None = None
    user: int | None = None  # somebody to alert


@dataclass(frozen=True, slots=True)
class Part:
    """A text with its spans."""

    text: str
    spans: tuple[Span, ...] = ()

    def entities(self) -> list[MessageEntity]:
        """Give the spans as Telegram counts them."""
        at = utf16.offsets(self.text)
        kept = sorted(self.spans, key=lambda span: span.kind != "code")[:ENTITY_LIMIT]  # code keeps mentions silent
        return [_entity(span, at) for span in kept]

    def harmless(self) -> str:
        """Give the text for sending without entities: mentions are broken by an invisible character."""
        return _MENTION.sub(lambda match: "@\u2060" + match.group()[1:], self.text)

    def length(self) -> int:
        """Count as the API does."""
        return utf16.length(self.text)


def _entity(span: Span, at: Sequence[int]) -> MessageEntity:
    user = User(span.user, "volunteer", is_bot=False) if span.user else None
    return MessageEntity(span.kind, at[span.start], at[span.end] - at[span.start], url=span.url, user=user)


def paging(words: str, people: Sequence[tuple[int, str]]) -> Part:
    """Give a line that alerts people: this, and nothing else of ours, mentions anybody."""
    text, spans = words, list[Span]()
    for user, name in people:
        shown = _DROPPED.sub("", name).strip() or str(user)
        text += ", " if spans else " "
        spans.append(Span("text_mention", len(text), len(text) + len(shown), user=user))
        text += shown
    return Part(text, tuple(spans))


def shortened(body: Sequence[Block], limit: int = MESSAGE_LIMIT) -> list[Block]:
    """Give a message with people's words cut so that it fits in one part."""
    quotes = [block for block in body if block.style is Style.QUOTE]
    ours = sum(utf16.length(block.text) + len(GAP) for block in body) - sum(utf16.length(one.text) for one in quotes)
    each = max(100, (limit - ours) // max(1, len(quotes)))
    return [
        replace(block, text=utf16.shorten(block.text, each)) if block.style is Style.QUOTE else block for block in body
    ]


def parts(body: Sequence[Block], limit: int = MESSAGE_LIMIT) -> list[Part]:
    """Give a message in as many parts as it needs, cut at paragraphs where that is possible."""
    return split(whole(body), limit)


def whole(body: Sequence[Block]) -> Part:
    """Give a message as one part, however long."""
    crowded = sum(len(_MENTION.findall(_DROPPED.sub("", block.text))) for block in body) > MOST_CODE_SPANS
    return joined([part for block in body if (part := _block(block, crowded=crowded)).text])


def _block(block: Block, *, crowded: bool) -> Part:
    text = _DROPPED.sub("", block.text.replace("\r\n", "\n")).strip("\n ")
    text = Part(text).harmless() if crowded else text
    part = _linked(_LIST.sub("• ", text)) if block.style is Style.CURATED else Part(text)
    part = part if crowded else _without_mentions(part)
    kind = {Style.TITLE: "bold", Style.QUOTE: "blockquote"}.get(block.style)
    return replace(part, spans=(Span(kind, 0, len(part.text)), *part.spans)) if kind and part.text else part


def _linked(text: str) -> Part:
    """Turn `[words](https://...)` into linked words."""
    made, spans, end = "", [], 0
    for match in _LINK.finditer(text):
        made += text[end : match.start()]
        spans.append(Span("text_link", len(made), len(made) + len(match[1]), match[2]))
        made, end = made + match[1], match.end()
    return Part(made + text[end:], tuple(spans))


def _without_mentions(part: Part) -> Part:
    """Show what Telegram would take for a mention as code: it reads the same and alerts nobody."""
    linked = [(span.start, span.end) for span in part.spans]
    found = _MENTION.finditer(part.text)
    free = [match for match in found if not any(start < match.end() and match.start() < end for start, end in linked)]
    return replace(part, spans=(*part.spans, *(Span("code", match.start(), match.end()) for match in free)))


def joined(pieces: Sequence[Part]) -> Part:
    """Give parts as one, apart by an empty line."""
    text, spans = "", []
    for place, piece in enumerate(pieces):
        text += GAP if place else ""
        spans += [replace(span, start=span.start + len(text), end=span.end + len(text)) for span in piece.spans]
        text += piece.text
    return Part(text, tuple(spans))


def split(part: Part, limit: int) -> list[Part]:
    """Cut a part where it is longer than `limit` UTF-16 units."""
    found, start = [], 0
    while start < len(part.text):
        end = _cut_at(part.text, start, limit)
        found.append(_slice(part, start, end))
        start = end
    return [piece for piece in found if piece.text]


def _cut_at(text: str, start: int, limit: int) -> int:
    """Give where to cut: as late as possible at the end of a paragraph, else of a line, a sentence, a word."""
    end, used = start, 0
    while end < len(text) and (used := used + 1 + (text[end] > "\uffff")) <= limit:
        end += 1
    if end == len(text):
        return end
    for mark in _BREAKS:
        place = text.rfind(mark, start + (end - start) // 2, end)
        if place > start:
            return place + len(mark)
    while end > start + 1 and _belongs_together(text[end - 1], text[end]):
        end -= 1
    return end


def _belongs_together(before: str, after: str) -> bool:
    """Tell whether no cut may come between: in a joined emoji, or before an @ inside a word (it would mention then)."""
    return before in _JOINED or after in _JOINED or (after == "@" and (before.isalnum() or before == "_"))


def _slice(part: Part, start: int, end: int) -> Part:
    while start < end and part.text[start].isspace():
        start += 1
    while end > start and part.text[end - 1].isspace():
        end -= 1
    kept = [
        replace(span, start=max(span.start, start) - start, end=min(span.end, end) - start)
        for span in part.spans
        if span.start < end and span.end > start
    ]
    return Part(part.text[start:end], tuple(kept))
