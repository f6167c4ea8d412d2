"""An outgoing message as Discord takes it: texts, components, files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import discord

from bot.adapters.discord import actions, components, split
from bot.domain.messages import Block, Button, OutgoingMessage, Style
from bot.texts import Texts

MOST_PARTS = 5  # messages that one text may become; the rest of a longer one goes into a file
REST_NAME = "full-text.txt"
SHARE = "share"  # the core's button; its subject is the delivery's number


@dataclass(frozen=True, slots=True)
class Rendered:
    """Texts of the messages to send; buttons and files go with the last one."""

    parts: Sequence[str]
    buttons: tuple[Button, ...]
    rest: str | None = None  # the whole text, when it was too long even for several messages
    after: Sequence[str] = ()  # of a card: further messages below it, so that the card itself can be edited


def render_card(message: OutgoingMessage, texts: Texts) -> Rendered:
    """Give a message that will be edited: one single text, what is too long for it stands below."""
    parts = split.to_parts(message.body)
    if len(parts) == 1:
        return Rendered(parts, message.buttons)
    longest = max(range(len(message.body)), key=lambda place: len(message.body[place].text))
    whole = message.body[longest]
    below = Block(texts("discord.whole_below"), Style.SMALL)
    for kept in (1000, 600, 300, 100):  # characters
        short = replace(whole, text=f"{whole.text[:kept]}…")
        body = [*message.body[:longest], short, below, *message.body[longest + 1 :]]
        card = split.to_parts(body)
        if len(card) == 1:
            break
    full = render(replace(message, body=(whole,)), texts)
    return Rendered(card[:1], message.buttons, full.rest, full.parts)


def render(message: OutgoingMessage, texts: Texts) -> Rendered:
    """Give a message as it is posted."""
    parts = split.to_parts(message.body)
    rest = None
    if len(parts) > MOST_PARTS:
        rest = message.text()
        parts = [*parts[: MOST_PARTS - 1], *split.to_parts([Block(texts("discord.rest_in_file"), Style.SMALL)])]
    return Rendered(parts or [""], message.buttons, rest)


def render_ephemeral(message: OutgoingMessage, number: int, texts: Texts) -> Rendered:
    """Give an answer that only one person sees: it says that it will vanish, and can be copied or shared."""
    note = Block(texts("discord.only_you"), Style.SMALL)
    rendered = render(message, texts)
    parts = list(rendered.parts)
    whole = f"{parts[-1]}\n\n{note_line(texts)}" if parts[-1] else note_line(texts)
    if split.length(whole) <= split.MESSAGE_LIMIT:
        parts[-1] = whole
    else:
        parts += split.to_parts([note])
    own = [Button(texts("discord.copy"), actions.SEND_COPY)]
    if message.shareable and message.group:
        own.append(Button(texts("discord.share"), SHARE, str(number)))
    return Rendered(parts, (*message.buttons, *own), rendered.rest)


def own_buttons(buttons: Sequence[Button]) -> tuple[Button, ...]:
    """Give copy and share out of an ephemeral answer's buttons, for those of its messages that hold no others."""
    return tuple(button for button in buttons if button.action in (actions.SEND_COPY, SHARE))


def note_line(texts: Texts) -> str:
    """Give the line that says who sees an ephemeral answer."""
    return split.to_parts([Block(texts("discord.only_you"), Style.SMALL)])[0]


def view_of(buttons: Sequence[Button], texts: Texts) -> discord.ui.View | None:
    """Give the components under a message."""
    return components.to_view(buttons, texts("discord.choose"))
