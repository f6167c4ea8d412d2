"""Commands and inline results within Telegram's limits."""

from __future__ import annotations

from bot.adapters.base import Found
from bot.adapters.telegram import inline
from bot.adapters.telegram.commands import menus
from bot.texts import texts_in
from tests.platforms.telegram import rules


def test_every_menu_is_one_that_telegram_takes() -> None:
    for _, commands in menus(texts_in(), desk=-1, hidden=False):
        rules.check_commands([command.to_dict() for command in commands])


def test_without_a_desk_nobody_sees_its_commands() -> None:
    names = {command.command for _, commands in menus(texts_in(), desk=None, hidden=False) for command in commands}
    assert not names & {"claim", "desk", "note"}


def test_inline_results_are_what_telegram_takes() -> None:
    found = [Found(f"entry-{n}", f"Entry {n}", f"Words with a [link](https://e.org/{n}).\n- one") for n in range(60)]
    made = inline.results([*found, Found("x" * 80, "too long an id", "text"), Found("empty", "no text", " ")])
    rules.check_inline([one.to_dict() for one in made])
    assert len(made) == inline.MOST_RESULTS
