"""Blocks as messages of at most 2,000 characters, broken between paragraphs where it can be (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.adapters.discord.markup import Line, lines_of
from bot.domain.messages import Block

MESSAGE_LIMIT = 2000  # characters, Discord API "Create Message"
_LINK = re.compile(r"\[(?:\\.|[^\]\\\n])+\]\(https?://[^)\s]+\)|https?://\S+")


def length(text: str) -> int:
    """Count as Discord's own clients do, an emoji as two, so that we are never over its limit."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def to_parts(blocks: Sequence[Block], limit: int = MESSAGE_LIMIT) -> list[str]:
    """Give the texts of as many messages as it takes; empty blocks leave no gap."""
    parts: list[str] = []
    current = ""
    for block in blocks:
        if not block.text.strip():
            continue
        lines = list(_short_lines(lines_of(block), limit))
        whole = "\n".join(lines)
        if current and length(current) + 2 + length(whole) <= limit:
            current += "\n\n" + whole
            continue
        if current:
            parts.append(current)
        *full, current = _packed(lines, limit)
        parts += full
    return [*parts, current] if current else parts


def _packed(lines: Sequence[str], limit: int) -> list[str]:
    """Fill messages with lines; a paragraph that fits into one is kept together."""
    parts: list[str] = []
    current: str | None = None
    for paragraph in _paragraphs(lines):
        for piece in _pieces(current, paragraph, limit):
            if current is not None and length(current) + 1 + length(piece) <= limit:
                current += "\n" + piece
                continue
            if current is not None:
                parts.append(current)
            current = piece
    return [*parts, current or ""]


def _pieces(current: str | None, paragraph: list[str], limit: int) -> list[str]:
    whole = "\n".join(paragraph)
    return [whole] if length(whole) <= limit else paragraph


def _paragraphs(lines: Iterable[str]) -> list[list[str]]:
    """Group lines up to an empty one."""
    groups: list[list[str]] = [[]]
    for line in lines:
        groups[-1].append(line)
        if not line.strip(" >-#"):
            groups.append([])
    return [group for group in groups if group]


def _short_lines(lines: Iterable[Line], limit: int) -> Iterable[str]:
    for line in lines:
        text, room = line.text, limit - length(line.prefix)
        while length(text) > room:
            place = _break(text, room)
            yield line.prefix + text[:place].rstrip()
            text = text[place:].lstrip(" ")
        yield line.prefix + text


def _break(text: str, room: int) -> int:
    """Give where to break: after a sentence, else at a space, never within a link or an escape."""
    most = _fitting(text, room)
    head = text[:most]
    sentence = max(head.rfind(mark) for mark in (". ", "? ", "! "))
    place = sentence + 1 if sentence > most // 2 else head.rfind(" ")
    for link in _LINK.finditer(text):
        if link.start() < (place if place > 0 else most) < link.end() and link.start() > 0:
            return link.start()
    if place <= 0:
        place = most
    while place > 1 and (len(head[:place]) - len(head[:place].rstrip("\\"))) % 2:
        place -= 1
    return place


def _fitting(text: str, room: int) -> int:
    """Give how many characters from the start fit."""
    used = 0
    for place, char in enumerate(text):
        used += 2 if char > "\uffff" else 1
        if used > room:
            return place
    return len(text)
