"""Buttons as Discord shows them: one a row while they fit, a menu where they are many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.adapters.discord import custom_ids
from bot.domain.messages import Button

ROWS = 5  # rows of components under a message, Discord API "Action Rows"
IN_A_ROW = 5  # buttons in a row, ditto
LABEL_LIMIT = 80  # characters, ditto "Button Structure"
OPTION_LIMIT = 100  # characters, ditto "Select Option Structure"
OPTIONS = 25  # options of a select, ditto
PLACEHOLDER_LIMIT = 150  # characters, ditto
ENOUGH_FOR_A_MENU = 3  # buttons of one kind that are better as a menu once rows run out


@dataclass(frozen=True, slots=True)
class Menu:
    """Several choices of one kind, as a select."""

    buttons: tuple[Button, ...]


Row = Menu | tuple[Button, ...]


def rows_of(buttons: Sequence[Button]) -> Sequence[Row]:
    """Lay buttons out: one a row is the largest target; from six on, those of one kind become a menu."""
    unique = _sendable(buttons)
    if len(unique) <= ROWS:
        return tuple((button,) for button in unique)
    kinds = Counter(button.action for button in unique)
    kind, count = kinds.most_common(1)[0]
    alike = [button for button in unique if button.action == kind] if count >= ENOUGH_FOR_A_MENU else []
    menus = [Menu(tuple(alike[place : place + OPTIONS])) for place in range(0, len(alike), OPTIONS)][: ROWS - 1]
    rest = [button for button in unique if button not in alike]
    return [*menus, *_packed(rest, ROWS - len(menus))]


def _sendable(buttons: Sequence[Button]) -> list[Button]:
    """Leave out what Discord refuses: the same custom_id twice, or one that is too long."""
    by_id = {custom_ids.encode(button.action, button.subject): button for button in buttons}
    return [button for custom_id, button in by_id.items() if custom_id and button.label.strip()]


def _packed(buttons: Sequence[Button], rows: int) -> Sequence[Row]:
    if not buttons:
        return []
    wide = max(1, -(-len(buttons) // rows))
    wide = min(wide, IN_A_ROW)
    return [tuple(buttons[place : place + wide]) for place in range(0, len(buttons), wide)][:rows]


def cut(text: str, limit: int) -> str:
    """Shorten a label to what Discord takes."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


class Press(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"v1:(?!pick:)[a-z_-]+:(?s:.*)"):
    """A button of ours, known again by its custom_id after any restart."""

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction,
        item: discord.ui.Item[discord.ui.View],
        _match: object,
        /,
    ) -> Press:
        """Make it anew from the message it stands under."""
        assert isinstance(item, discord.ui.Button)  # noqa: S101  # the template matches buttons only
        return cls(item)

    async def callback(self, interaction: discord.Interaction) -> None:
        """Hand the press to the client."""
        interaction.client.dispatch("choice", interaction, self.custom_id)


class Pick(discord.ui.DynamicItem[discord.ui.Select[discord.ui.View]], template=r"v1:pick:\d+"):
    """A menu of ours; what was picked lies in the option's value."""

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction,
        item: discord.ui.Item[discord.ui.View],
        _match: object,
        /,
    ) -> Pick:
        """Make it anew from the message it stands under."""
        assert isinstance(item, discord.ui.Select)  # noqa: S101  # the template matches selects only
        return cls(item)

    async def callback(self, interaction: discord.Interaction) -> None:
        """Hand the choice to the client."""
        interaction.client.dispatch("choice", interaction, self.item.values[0])


def to_view(buttons: Sequence[Button], choose: str) -> discord.ui.View | None:
    """Give the components under a message; `choose` stands in a menu nobody has used yet."""
    rows = rows_of(buttons)
    if not rows:
        return None
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(rows):
        if isinstance(row, Menu):
            view.add_item(_select(row, number, choose))
            continue
        for button in row:
            view.add_item(_button(button, number))
    view.stop()  # a stopped view is not kept by the library: presses find their way by custom_id alone
    return view


def _button(button: Button, row: int) -> Press:
    custom_id = custom_ids.encode(button.action, button.subject)
    return Press(discord.ui.Button(label=cut(button.label, LABEL_LIMIT), custom_id=custom_id, row=row))


def _select(menu: Menu, row: int, choose: str) -> Pick:
    options = [
        discord.SelectOption(
            label=cut(button.label, OPTION_LIMIT), value=custom_ids.encode(button.action, button.subject) or ""
        )
        for button in menu.buttons
    ]
    select: discord.ui.Select[discord.ui.View] = discord.ui.Select(
        custom_id=f"{custom_ids.PICK}{row}", placeholder=cut(choose, PLACEHOLDER_LIMIT), options=options, row=row
    )
    return Pick(select)
