"""`kb preview`: an entry as members will see it on each platform."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from bot.conversation.replies import Replies
from bot.curating.fields import Unusable, one_of
from bot.domain.messages import Address, OutgoingMessage
from bot.errors import ConfigError
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.entry import Entry
from bot.knowledge.schema import COUNTRIES
from bot.texts import texts_in

Renderer = Callable[[OutgoingMessage], list[str]]
TURN = 1  # stands for the member's question, so that all buttons are there


def _console(message: OutgoingMessage) -> list[str]:
    from bot.adapters.console.render import to_lines

    return to_lines(message)


def _telegram(message: OutgoingMessage) -> list[str]:
    from bot.adapters.telegram.render import parts

    return _cut([part.text for part in parts(message.body)], message)


def _discord(message: OutgoingMessage) -> list[str]:
    from bot.adapters.discord.render import render

    return _cut(list(render(message, texts_in()).parts), message)


def _cut(parts: list[str], message: OutgoingMessage) -> list[str]:
    """Give the messages that one answer becomes, with the buttons below the last."""
    lines = [line for number, part in enumerate(parts, 1) for line in (f"--- message {number} ---", *part.split("\n"))]
    return [*lines, "", *(f"[{button.label}]" for button in message.buttons), ""]


# How a message looks on a platform, as lines of text; another platform adds itself here.
RENDERERS: Mapping[str, Renderer] = {"console": _console, "discord": _discord, "telegram": _telegram}


def preview(base: KnowledgeBase, entry: Entry, platform: str, country: str | None, today: date) -> Iterator[str]:
    """Give the lines of the first answer and of More.

    Raises:
        ConfigError: the platform or the country is not known.
    """
    render = RENDERERS.get(platform)
    if render is None:
        raise ConfigError(f"'{platform}' cannot be shown. Say --as with one of: {', '.join(sorted(RENDERERS))}.")
    try:
        named = None if country is None else one_of(country.strip(), COUNTRIES)
    except Unusable:
        raise ConfigError(f"'{country}' is not one of the countries: {', '.join(COUNTRIES)}.") from None
    for title, message in _messages(base, entry, platform, named, today):
        yield f"=== {title} ({len(message.text())} characters)"
        yield from render(message)


def _messages(
    base: KnowledgeBase, entry: Entry, platform: str, country: str | None, today: date
) -> Iterator[tuple[str, OutgoingMessage]]:
    replies = Replies(base, texts_in(), today)
    to = Address(platform, "preview")
    yield "The first answer", OutgoingMessage(to, replies.short(entry, country), replies.buttons(entry, TURN))
    if not entry.by_person:
        buttons = replies.buttons(entry, TURN, more=False)
        yield "What More shows", OutgoingMessage(to, replies.full(entry, country), buttons)
