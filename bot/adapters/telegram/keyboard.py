"""Buttons as inline keyboards, and what a press means (pure): all that a button needs is in its data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.adapters.telegram import utf16
from bot.domain.messages import Button

DATA_LIMIT = 64  # bytes, callback_data
LABEL_LIMIT = 64  # UTF-16 units; longer labels are cut by phones anyway
MOST_BUTTONS = 100  # telegram.constants.InlineKeyboardMarkupLimit
ONE_A_ROW = 8  # buttons; more are numbered, if the text numbers them too
NUMBERS_A_ROW = 4  # wide enough to hit with a tremor
VERSION = "v1"
COPY = "copy"  # gives a message of the bot again; only to whom it was for
OPEN_PRIVATE = frozenset({"in_private", COPY})  # in a group these are links that open the private chat
LINKED = frozenset({"show", "stage", *OPEN_PRIVATE})  # buttons that a link may press: none of them destroys anything
log = structlog.get_logger()


def data_of(button: Button) -> str:
    """Give a button's data, such as `v1:claim:36`."""
    return f"{VERSION}:{button.action}:{button.subject}"


def button_of(data: str) -> tuple[str, str] | None:
    """Give action and subject of a press; None if the data is none of ours."""
    version, _, rest = data.partition(":")
    action, colon, subject = rest.partition(":")
    return (action, subject) if version == VERSION and action and colon else None


def link_to(bot: str, action: str, subject: str) -> str:
    """Give the link that opens the private chat and presses a button there."""
    return f"https://t.me/{bot}?start={action}-{subject}"


def button_of_payload(payload: str) -> tuple[str, str] | None:
    """Give what a link's payload presses; links are made by anybody, so only harmless buttons count."""
    action, dash, subject = payload.partition("-")
    return (action, subject) if dash and action in LINKED else None


def keyboard(buttons: Sequence[Button], text: str, *, bot: str, in_group: bool) -> InlineKeyboardMarkup | None:
    """Give the rows of buttons; in a group, the one that moves to private also opens the private chat."""
    fitting = [button for button in buttons if _fits(button)][:MOST_BUTTONS]
    if not fitting:
        return None
    numbered = _numbered(fitting, text) if len(fitting) > ONE_A_ROW else []
    keys = [_key(button, str(place)) for place, button in enumerate(numbered, 1)]
    rows = [keys[place : place + NUMBERS_A_ROW] for place in range(0, len(keys), NUMBERS_A_ROW)]
    rows += [[_own_row(button, bot, in_group=in_group)] for button in fitting if button not in numbered]
    return InlineKeyboardMarkup(rows)


def _fits(button: Button) -> bool:
    fits = len(data_of(button).encode()) <= DATA_LIMIT
    if not fits:
        log.error("tg.button_too_long", action=button.action)  # typing its words still works
    return fits and bool(button.label.strip())


def _numbered(buttons: Sequence[Button], text: str) -> list[Button]:
    """Give the buttons that the text numbers, line by line and in order."""
    action = Counter(button.action for button in buttons).most_common(1)[0][0]
    alike = [button for button in buttons if button.action == action]
    lines = text.split("\n")
    named = all(
        any(line.startswith(f"{number}. {button.label}") for line in lines) for number, button in enumerate(alike, 1)
    )
    return alike if named else []


def _own_row(button: Button, bot: str, *, in_group: bool) -> InlineKeyboardButton:
    if in_group and button.action in OPEN_PRIVATE and bot:
        label = utf16.shorten(button.label, LABEL_LIMIT)
        return InlineKeyboardButton(label, url=link_to(bot, button.action, button.subject))
    return _key(button, button.label)


def _key(button: Button, label: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(utf16.shorten(label, LABEL_LIMIT), callback_data=data_of(button))
