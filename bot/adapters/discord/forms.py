"""Forms (modals): what they show, and what was written into them."""

from __future__ import annotations

from typing import Any

import discord

from bot.adapters.discord import custom_ids
from bot.adapters.discord.actions import Form
from bot.domain.curating import mark_of
from bot.texts import Texts

TITLE_LIMIT = 45  # characters of a form's title and label, Discord API "Modal"
TEXT_LIMIT = 4000  # characters of its field, ditto "Text Input"
HINT_LIMIT = 100  # characters of what is read in it while it is empty, ditto
FIELD = "words"


def to_modal(
    form: Form, action: str, subject: str, texts: Texts, words: str | None = None, *, optional: bool = False
) -> discord.ui.Modal:
    """Give a form with one field, which begins with some words; where they are too long for it, it says so.

    It carries their mark, so that it replaces no others; None says that nobody could read them in time.
    """
    if form.standing and words is not None:
        subject = f"{subject}:{mark_of(words)}"
    custom_id = custom_ids.encode(custom_ids.FORM + action, subject) or custom_ids.FORM
    modal = discord.ui.Modal(title=texts(form.title)[:TITLE_LIMIT], custom_id=custom_id, timeout=None)
    words = words or ""
    fits = len(words) <= TEXT_LIMIT
    hint = form.hint if fits else "discord.form_too_long"
    style = discord.TextStyle.short if form.one_line else discord.TextStyle.paragraph
    field: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id=FIELD,
        style=style,
        required=form.required and not optional,
        max_length=TEXT_LIMIT,
        default=words if fits and words else None,
        placeholder=texts(hint)[:HINT_LIMIT] if hint else None,
    )
    modal.add_item(discord.ui.Label(text=texts(form.label)[:TITLE_LIMIT], component=field))
    modal.stop()  # like a stopped view it is not kept: what comes back is known by its custom_id
    return modal


def filled(components: list[dict[str, Any]]) -> str:
    """Find what was written, wherever the field lies."""
    for component in components:
        if component.get("custom_id") == FIELD:
            return str(component.get("value") or "")
        inner = component.get("components") or ([component["component"]] if "component" in component else [])
        found = filled(inner)
        if found:
            return found
    return ""
