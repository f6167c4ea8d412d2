"""The pictures in docs/volunteering.md are what the renderers make today, and the page is short and true."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from bot.adapters.telegram.commands import AT_THE_DESK
from bot.domain.escalation import Status
from bot.texts import texts_in
from tests.world import ROOT
from tools.cards import FOLDER, message, on_discord, on_telegram, pictures

PAGE = (ROOT / "docs" / "volunteering.md").read_text(encoding="utf-8")
SVG = "{http://www.w3.org/2000/svg}"
WORDS_A_MINUTE = 200  # a calm reading pace


@pytest.mark.parametrize("name", pictures())
def test_the_picture_is_what_the_renderers_make(name: str) -> None:
    shipped = (FOLDER / name).read_text(encoding="utf-8")
    assert shipped == pictures()[name], "Run `python -m tools.cards`: the card has changed."


@pytest.mark.parametrize("name", pictures())
def test_the_page_shows_it_with_words_for_those_who_cannot_see_it(name: str) -> None:
    found = re.search(rf"!\[([^\]]+)\]\(pictures/{name}\)", PAGE)
    assert found
    assert len(found[1]) > 40
    root = ET.fromstring(pictures()[name])  # noqa: S314
    assert root.findtext(f"{SVG}title")
    assert "Buttons: " in (root.findtext(f"{SVG}desc") or "")


@pytest.mark.parametrize("status", [Status.WAITING, Status.CLAIMED])
def test_the_picture_has_every_word_and_button_of_the_card(status: Status) -> None:
    card = message(status)
    for lines, rows in (on_telegram(card), on_discord(card)):
        assert [label for row in rows for label in row] == [button.label for button in card.buttons]
        shown = " ".join(line.text for line in lines)
        assert all(word in shown for block in card.body for word in block.text.split())


def test_the_page_is_read_in_three_minutes() -> None:
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", PAGE.split("## For leads")[0])
    assert len(text.split()) <= 3 * WORDS_A_MINUTE


def test_the_page_names_commands_and_buttons_that_exist() -> None:
    commands = set(re.findall(r"`/([a-z]+)", PAGE))
    assert commands <= set(AT_THE_DESK)
    labels = {texts_in()(key) for key in texts_in().names() if key.startswith("button.")}
    assert set(re.findall(r"\*\*([^*]+)\*\*", PAGE)) <= labels
