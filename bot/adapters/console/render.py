"""Outgoing messages as lines of text (pure)."""

from __future__ import annotations

import re
import textwrap
import unicodedata

from bot.domain.messages import OWN_FILES, Block, OutgoingMessage, Style

WIDTH = 100  # characters
_LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)")


def to_lines(message: OutgoingMessage) -> list[str]:
    """Give a message as printed: who speaks, the words, a picture in words, our own files, the buttons in brackets."""
    lines: list[str] = [_heading(message)]
    for block in message.body:
        lines += [*_block(block), ""]
    if message.picture:
        lines += [*_wrap(f"Picture: {safe(message.picture.alt)}"), ""]
    for written in (one for one in message.attachments if one.platform == OWN_FILES):
        lines += [*_wrap(f"File: {safe(written.name)}"), *safe(written.ref).splitlines(), ""]
    if message.buttons:
        lines += [*_wrap(" ".join(f"[{safe(button.label)}]" for button in message.buttons)), ""]
    return lines


def _heading(message: OutgoingMessage) -> str:
    if message.on_desk:
        return f"--- desk, #{message.escalation_id} ---"
    if message.to.is_private:
        return "--- bot, in private ---"
    return "--- bot ---"


def _block(block: Block) -> list[str]:
    text = _LINK.sub(r"\1: \2", block.text) if block.style is Style.CURATED else block.text
    mark = "> " if block.style is Style.QUOTE else ""
    return [mark + line for part in safe(text).split("\n") for line in _wrap(part)]


def _wrap(text: str) -> list[str]:
    hang = "  " if text.startswith("- ") else ""
    return textwrap.wrap(text, WIDTH, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False) or [""]


def safe(text: str) -> str:
    """Take out what could steer a terminal: control characters and invisible direction marks."""
    return "".join(char for char in text if char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
