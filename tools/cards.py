"""Draws the desk's cards for docs/volunteering.md, from what the real renderers make of a made-up question.

Run it after changing the card, a renderer or the words: `python -m tools.cards`. A test tells when they are stale.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from bot.adapters.discord import components
from bot.adapters.discord.render import render_card
from bot.adapters.telegram import keyboard, render
from bot.domain.escalation import Escalation, Reason, Status
from bot.domain.messages import Address, OutgoingMessage
from bot.escalation.card import CardFacts, Near, card_of
from bot.texts import texts_in

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
WIDTH, MARGIN, LINE, BUTTON = 760, 24, 26, 46  # pixels
COLUMNS = 74  # characters of a line: DejaVu Sans at 17 pixels fills the width with about 80
INK, SOFT, PAPER, EDGE = "#1a1a1a", "#4a4a4a", "#ffffff", "#767676"
ASKED = datetime(2026, 11, 23, 16, 12, tzinfo=UTC)
QUESTION = "Does the hospital in Puebla have wifi in the rooms?"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a card, and how it looks."""

    text: str
    look: str = "plain"  # plain, title, quote, small


def message(status: Status) -> OutgoingMessage:
    """Give the card of a made-up question, as the desk makes it."""
    claimed = status is Status.CLAIMED
    escalation = Escalation(
        id=12, asker=1, asker_name="Blue Poppy 41", question=QUESTION, reason=Reason.UNKNOWN, status=status,
        reply_to=Address("telegram", "group"), private=False, message_id=None, considered=(), country="UK",
        owner=2 if claimed else None, owner_name="Kim" if claimed else None, opened_at=ASKED, waiting_since=ASKED,
    )  # fmt: skip
    near = (("Can I get HSCT in Mexico, and with whom?", 0.34), ("What is a day on the ward like?", 0.12))
    facts = CardFacts(nearest=[Near(*one) for one in near])
    return card_of(texts_in(), Address("desk", "desk"), escalation, facts)


def on_telegram(card: OutgoingMessage) -> tuple[list[Line], list[list[str]]]:
    """Give lines and rows of buttons as the Telegram adapter sends them."""
    (part,) = render.parts(card.body)
    looks = {"bold": "title", "blockquote": "quote"}
    lines, at = [], 0
    for text in part.text.split("\n"):
        look = next((looks[one.kind] for one in part.spans if one.kind in looks and one.start <= at < one.end), "plain")
        lines.append(Line(text, look))
        at += len(text) + 1
    markup = keyboard.keyboard(card.buttons, card.text(), bot="bot", in_group=False)
    return lines, [[key.text for key in row] for row in markup.inline_keyboard] if markup else []


def on_discord(card: OutgoingMessage) -> tuple[list[Line], list[list[str]]]:
    """Give lines and rows of buttons as the Discord adapter sends them."""
    rendered = render_card(card, texts_in())
    marks = (("### ", "title"), ("> ", "quote"), ("-# ", "small"))
    lines = []
    for text in rendered.parts[0].split("\n"):
        mark, look = next(((mark, look) for mark, look in marks if text.startswith(mark)), ("", "plain"))
        lines.append(Line(text.removeprefix(mark), look))
    rows = [row for row in components.rows_of(rendered.buttons) if isinstance(row, tuple)]
    return lines, [[button.label for button in row] for row in rows]


def svg(title: str, lines: Sequence[Line], rows: Sequence[Sequence[str]]) -> str:
    """Give a card as a picture; the words of it are also its description."""
    shown = [piece for line in lines for piece in _wrapped(line)]
    height = 2 * MARGIN + LINE * len(shown) + BUTTON * len(rows)
    said = " ".join(line.text for line in lines if line.text)
    pressed = ", ".join(label for row in rows for label in row)
    size = f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
    font = 'font-family="DejaVu Sans, Verdana, sans-serif" font-size="17"'
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title words" {font}>',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="words">{escape(said)} Buttons: {escape(pressed)}.</desc>',
        f'<rect x="1" y="1" width="{WIDTH - 2}" height="{height - 2}" rx="12" fill="{PAPER}" stroke="{EDGE}"/>',
        *_texts(shown),
        *_buttons(rows, MARGIN + LINE * len(shown)),
        "</svg>\n",
    ])  # fmt: skip


def _wrapped(line: Line) -> list[Line]:
    columns = COLUMNS - 8 if line.look == "title" else COLUMNS
    return [Line(text, line.look) for text in textwrap.wrap(line.text, columns) or [""]]


def _texts(lines: Sequence[Line]) -> Iterator[str]:
    for place, line in enumerate(lines):
        y, inset = MARGIN + LINE * place + 17, 14 if line.look == "quote" else 0
        if line.look == "quote":
            yield f'<rect x="{MARGIN}" y="{y - 18}" width="4" height="{LINE}" fill="{SOFT}"/>'
        weight = ' font-weight="bold"' if line.look == "title" else ""
        size = ' font-size="15"' if line.look == "small" else ""
        colour = SOFT if line.look == "small" else INK
        if line.text:
            yield f'<text x="{MARGIN + inset}" y="{y}" fill="{colour}"{weight}{size}>{escape(line.text)}</text>'


def _buttons(rows: Sequence[Sequence[str]], top: int) -> Iterator[str]:
    for place, row in enumerate(rows):
        wide, y = (WIDTH - 2 * MARGIN) // len(row), top + BUTTON * place
        for column, label in enumerate(row):
            x = MARGIN + wide * column
            yield f'<rect x="{x}" y="{y}" width="{wide - 8}" height="{BUTTON - 8}" rx="6" fill="none" stroke="{EDGE}"/>'
            centre = x + (wide - 8) // 2
            yield f'<text x="{centre}" y="{y + 25}" text-anchor="middle" fill="{INK}">{escape(label)}</text>'


def pictures() -> dict[str, str]:
    """Give every picture by its file's name."""
    waiting, claimed = message(Status.WAITING), message(Status.CLAIMED)
    return {
        "card-telegram-waiting.svg": svg("A card on Telegram that waits for a volunteer", *on_telegram(waiting)),
        "card-telegram-claimed.svg": svg("The same card once Kim has it", *on_telegram(claimed)),
        "card-discord-waiting.svg": svg("The same card on Discord", *on_discord(waiting)),
    }


def main() -> int:
    """Write the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, picture in pictures().items():
        (FOLDER / name).write_text(picture, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
