"""Blocks as Discord's Markdown: people's words stay data, whatever they hold (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.messages import Block, Style

QUOTE = "> "
SMALL = "-# "
TITLE = "### "
_PREFIX = {Style.QUOTE: QUOTE, Style.SMALL: SMALL, Style.TITLE: TITLE}
_LINK = re.compile(r"\[([^\]\n]+)\]\((https?://[^)\s]+)\)")
_URL = re.compile(r"https?://[^\s<>\[\]()|]+")
_MARKUP = re.compile(r"([\\*_~`|\[\]<])")
_AT_START = re.compile(r"^(\s*)(#{1,3}\s|>|-#|[-+]\s)")
_MENTION = re.compile(r"@(?=everyone|here|[!&]?\d)", re.IGNORECASE)
_ZERO_WIDTH_SPACE = "\u200b"
_CONTROL = r"\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff"  # all but the new line; half characters
_STEERING = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
_UNSAFE = re.compile(f"[{_CONTROL}{_STEERING}]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line, escaped already; `prefix` stands before each piece when it has to be broken."""

    prefix: str
    text: str

    def __str__(self) -> str:
        return self.prefix + self.text


def lines_of(block: Block) -> list[Line]:
    """Give a block as lines of Markdown."""
    prefix = _PREFIX.get(block.style, "")
    text = safe(block.text)
    if block.style is Style.TITLE:
        text = " ".join(text.split())
    write = _curated if block.style is Style.CURATED else escape
    return [Line(prefix, write(line)) for line in text.split("\n")]


def safe(text: str) -> str:
    """Take out what steers the reader's screen: control characters and marks that turn the writing direction."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _UNSAFE.sub("", text)


def escape(line: str) -> str:
    """Take the meaning from whatever Discord would format or ping; a web address stays as it is."""
    parts: list[str] = []
    end = 0
    for url in _URL.finditer(line):
        parts += [_escape(line[end : url.start()], first=end == 0), url[0]]
        end = url.end()
    parts.append(_escape(line[end:], first=end == 0))
    return "".join(parts)


def _escape(text: str, *, first: bool) -> str:
    text = _MARKUP.sub(r"\\\1", text)
    if first:
        text = _AT_START.sub(r"\1\\\2", text)
    return _MENTION.sub("@" + _ZERO_WIDTH_SPACE, text)


def _curated(line: str) -> str:
    """Keep `- ` lists and links, and nothing else."""
    bullet, line = ("- ", line[2:]) if line.startswith("- ") else ("", line)
    parts: list[str] = []
    end = 0
    for link in _LINK.finditer(line):
        parts += [escape(line[end : link.start()]), f"[{_escape(link[1], first=False)}]({link[2]})"]
        end = link.end()
    parts.append(escape(line[end:]))
    return bullet + "".join(parts)
