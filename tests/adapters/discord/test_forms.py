"""Forms: what their field begins with, within Discord's limits."""

from __future__ import annotations

import pytest

from bot.adapters.discord.actions import FORMS
from bot.adapters.discord.forms import HINT_LIMIT, TEXT_LIMIT, to_modal
from bot.texts import texts_in


async def field(words: str) -> dict[str, object]:
    shown = to_modal(FORMS["kb_part"], "kb_part", "short:1", texts_in(), words).to_dict()
    found: dict[str, object] = shown["components"][0]["component"]
    return found


async def test_a_form_begins_with_the_words_that_stand_there() -> None:
    assert (await field("What stands there."))["value"] == "What stands there."
    assert (await field("x" * TEXT_LIMIT))["value"] == "x" * TEXT_LIMIT


async def test_words_that_are_too_long_for_it_are_said_to_be() -> None:
    shown = await field("x" * (TEXT_LIMIT + 1))
    assert not shown.get("value")
    assert str(shown["placeholder"]).startswith("What stands there now is too long")


@pytest.mark.parametrize("key", ["discord.form_too_long", *(form.hint for form in FORMS.values() if form.hint)])
def test_a_hint_is_shown_whole(key: str) -> None:
    assert len(texts_in()(key)) <= HINT_LIMIT
