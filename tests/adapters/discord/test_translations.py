"""Names and descriptions of commands in a second language."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands

from bot import texts
from bot.adapters.discord.commands import Commands, Translations
from bot.texts import texts_in
from tests.adapters.discord.simulated import Entries
from tests.platforms.discord.rules import check_command

GERMAN = """
discord:
  name_ask: fragen
  name_question: frage
  does_ask: Stell eine Frage zu HSCT bei MS
  option_question: Deine Frage, in deinen Worten
  find_answer: Antwort finden
"""


@pytest.fixture(autouse=True)
def _german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    shutil.copy(texts._FOLDER / "en.yaml", tmp_path)
    (tmp_path / "de.yaml").write_text(GERMAN, encoding="utf-8")
    monkeypatch.setattr(texts, "_FOLDER", tmp_path)
    texts_in.cache_clear()
    yield
    texts_in.cache_clear()


async def nothing(*_: object) -> None:
    """Take what was given, and do nothing."""


async def registered() -> dict[str, dict[str, Any]]:
    """Give the commands as they are sent to Discord."""
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    Commands(Entries(), texts_in(), nothing).add_to(tree)
    sent = [await command.get_translated_payload(tree, Translations()) for command in tree.walk_commands()]
    menus = tree.get_commands(type=discord.AppCommandType.message)
    sent += [await menu.get_translated_payload(tree, Translations()) for menu in menus]
    return {command["name"]: command for command in sent}


async def test_names_descriptions_and_options_are_in_the_readers_language() -> None:
    ask = (await registered())["ask"]
    check_command(ask)
    assert ask["name_localizations"] == {"de": "fragen"}
    assert ask["description_localizations"] == {"de": "Stell eine Frage zu HSCT bei MS"}
    [question] = ask["options"]
    assert question["name_localizations"] == {"de": "frage"}
    assert question["description_localizations"] == {"de": "Deine Frage, in deinen Worten"}


async def test_a_context_menu_is_too() -> None:
    assert (await registered())["Find an answer"]["name_localizations"] == {"de": "Antwort finden"}


async def test_what_is_not_translated_stays_english() -> None:
    faq = (await registered())["faq"]
    assert not faq.get("name_localizations")
    assert not faq.get("description_localizations")
