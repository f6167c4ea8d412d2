"""Buttons as Discord shows them."""

from __future__ import annotations

import pytest

from bot.adapters.discord.components import LABEL_LIMIT, Menu, cut, rows_of, to_view
from bot.domain.messages import Button
from tests.platforms.discord.rules import check_components


def buttons(count: int, action: str = "show") -> list[Button]:
    return [Button(f"Question {number}", action, f"entry-{number}") for number in range(count)]


def test_up_to_five_buttons_stand_one_in_a_row() -> None:
    assert [len(row) for row in rows_of(buttons(5)) if isinstance(row, tuple)] == [1] * 5


def test_many_of_a_kind_become_a_menu_and_the_others_stay_buttons() -> None:
    rows = rows_of([*buttons(12), Button("Ask a person", "person")])
    assert isinstance(rows[0], Menu)
    assert len(rows[0].buttons) == 12
    assert rows[1] == (Button("Ask a person", "person"),)


@pytest.mark.parametrize("count", [0, 1, 5, 6, 8, 25, 26, 60, 120])
async def test_discord_takes_any_number(count: int) -> None:
    mixed = [
        *buttons(count),
        Button("More", "more", "a:1"),
        Button("Not this", "not_meant", "1"),
        Button("P", "person"),
    ]
    view = to_view(mixed, "Choose one")
    assert view is not None
    check_components(view.to_components())


async def test_discord_takes_long_labels_and_repeated_buttons() -> None:
    long = [Button("x" * 300, "show", "a"), Button("y", "show", "a"), Button("z" * 90, "show", "b" * 200)]
    view = to_view(long, "Choose one")
    assert view is not None
    check_components(view.to_components())


def test_without_buttons_there_is_nothing_to_lay_out() -> None:
    assert not rows_of([])


def test_a_label_is_cut_with_a_mark() -> None:
    assert cut("a" * 100, LABEL_LIMIT) == "a" * 79 + "…"
    assert cut("two\nlines ", LABEL_LIMIT) == "two lines"
