"""Slash commands and context menus: their names, options and completions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands

from bot.adapters.base import Catalogue
from bot.adapters.discord import components
from bot.texts import Texts, texts_in

CHOICES = 25  # completions, Discord API "Application Command Option Choice"
CHOICE_LIMIT = 100  # characters of a completion's name and value, ditto
ENTRY = "entry:"  # in front of an entry's id in a completion: it was chosen, not typed
CONTEXT_MENUS = {"find_answer": "ask", "ask_volunteers": "person"}  # text -> the command it is
Callback = Callable[..., Coroutine[Any, Any, None]]
Given = Callable[[discord.Interaction, str, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Slash:
    """A command; `option` is the text it takes, `numbered` puts the number of an escalation before it."""

    name: str
    option: str | None = None
    required: bool = False
    completes: str | None = None  # entries or stages
    numbered: bool = False


ASKERS = (
    Slash("ask", "question", required=True, completes="entries"),
    Slash("faq", "words", completes="entries"),
    Slash("stages", "stage", completes="stages"),
    Slash("person", "question"),
    Slash("mine"),
    Slash("help"),
    Slash("privacy"),
    Slash("forgetme"),
    Slash("mydata"),
    Slash("language"),
    Slash("country", "country"),
)
VOLUNTEERS = (
    Slash("desk"),
    Slash("claim", numbered=True),
    Slash("reply", "text", required=True, numbered=True),
    Slash("handback", "text", numbered=True),
    Slash("close", numbered=True),
    Slash("pass", numbered=True),
    Slash("canned", "entry", required=True, completes="entries", numbered=True),
    Slash("reopen", numbered=True),
    Slash("duty", "hours"),
    Slash("check", "text", required=True, numbered=True),
    Slash("sendback", "text", numbered=True),
    Slash("name", "shown_name"),
    Slash("covers", "covered"),
    Slash("load", "most"),
    Slash("hardtopics", "wanted"),
    Slash("reassign", "volunteer", required=True, numbered=True),
    Slash("mute", "order", required=True, numbered=True),
    Slash("block", "order", required=True, numbered=True),
    Slash("unblock", "name", numbered=True),
    Slash("audit", "audit", numbered=True),
    Slash("digest", "days"),
    Slash("kb", "what"),
)
DESK_NAMES = frozenset(slash.name for slash in VOLUNTEERS)


class Translations(app_commands.Translator):
    """Gives names and descriptions in the languages there are texts for."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Give a text in the language of a reader; None leaves it in English."""
        key, language = str(string.extras.get("key", "")), locale.value.split("-")[0]
        texts = texts_in(language)
        return texts(key) if texts.language == language != "en" and key in texts else None


class Commands:
    """Builds the commands; each does nothing but hand in what was given."""

    def __init__(self, catalogue: Catalogue, texts: Texts, given: Given) -> None:
        self._catalogue = catalogue
        self._texts = texts
        self._given = given

    def add_to(self, tree: app_commands.CommandTree[discord.Client]) -> None:
        """Add what everybody may use to a tree."""
        for slash in ASKERS:
            tree.add_command(self._command(slash))
        for key, name in CONTEXT_MENUS.items():
            tree.add_command(self._context_menu(key, name))

    def add_at_desk(self, tree: app_commands.CommandTree[discord.Client], guild: discord.abc.Snowflake) -> None:
        """Add the volunteers' commands, which only the desk's server shows."""
        for slash in VOLUNTEERS:
            command = self._command(slash)
            command.default_permissions = discord.Permissions(manage_threads=True)
            command.guild_only = True
            tree.add_command(command, guild=guild)

    def _text(self, key: str) -> app_commands.locale_str:
        return app_commands.locale_str(self._texts(f"discord.{key}"), key=f"discord.{key}")

    def _command(self, slash: Slash) -> app_commands.Command[Any, ..., None]:
        command: app_commands.Command[Any, ..., None] = app_commands.Command(
            name=app_commands.locale_str(slash.name, key=f"discord.name_{slash.name}"),
            description=self._text(f"does_{slash.name}"),
            callback=self._callback(slash),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True),
        )
        if slash.completes == "entries":
            command.autocomplete("words")(self._entries)
        elif slash.completes == "stages":
            command.autocomplete("words")(self._stages)
        return command

    def _callback(self, slash: Slash) -> Callback:
        given, name = self._given, slash.name

        async def plain(interaction: discord.Interaction) -> None:
            await given(interaction, name, "")

        async def with_words(interaction: discord.Interaction, words: str | None = None) -> None:
            await given(interaction, name, words or "")

        async def needs_words(interaction: discord.Interaction, words: str) -> None:
            await given(interaction, name, words)

        async def with_number(interaction: discord.Interaction, number: int | None = None) -> None:
            await given(interaction, name, _numbered(number, ""))

        async def with_both(
            interaction: discord.Interaction, number: int | None = None, words: str | None = None
        ) -> None:
            await given(interaction, name, _numbered(number, words or ""))

        async def needs_both(interaction: discord.Interaction, words: str, number: int | None = None) -> None:
            await given(interaction, name, _numbered(number, words))

        if slash.numbered:
            callback: Callback = needs_both if slash.required else with_both
            callback = callback if slash.option else with_number
        else:
            callback = (needs_words if slash.required else with_words) if slash.option else plain
        return self._described(slash, callback)

    def _described(self, slash: Slash, callback: Callback) -> Callback:
        descriptions: dict[str, app_commands.locale_str] = {}
        if slash.option:
            descriptions["words"] = self._text(f"option_{slash.option}")
            option = app_commands.locale_str(slash.option, key=f"discord.name_{slash.option}")
            callback = app_commands.rename(words=option)(callback)
        if slash.numbered:
            descriptions["number"] = self._text("option_number")
        return app_commands.describe(**descriptions)(callback) if descriptions else callback

    def _context_menu(self, key: str, name: str) -> app_commands.ContextMenu:
        given = self._given

        async def callback(interaction: discord.Interaction, message: discord.Message) -> None:
            await given(interaction, f"{name}:message", message.content)

        return app_commands.ContextMenu(
            name=self._text(key),
            callback=callback,
            type=discord.AppCommandType.message,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True),
        )

    async def _entries(self, _interaction: discord.Interaction, words: str) -> list[app_commands.Choice[str]]:
        found = self._catalogue.find(words, CHOICES)
        return [_choice(one.title, ENTRY + one.id) for one in found][:CHOICES]

    async def _stages(self, _interaction: discord.Interaction, words: str) -> list[app_commands.Choice[str]]:
        wanted = words.casefold().strip()
        stages = [one for one in self._catalogue.stages() if wanted in one.title.casefold()]
        return [_choice(one.title, one.id) for one in stages or self._catalogue.stages()][:CHOICES]


def _choice(title: str, value: str) -> app_commands.Choice[str]:
    return app_commands.Choice(name=components.cut(title, CHOICE_LIMIT), value=value[:CHOICE_LIMIT])


def _numbered(number: int | None, words: str) -> str:
    """Put the number first; words that begin with one of their own must not be taken for an escalation's."""
    if number is not None:
        return f"{number} {words}".strip()
    first = words.split(maxsplit=1)[0] if words.strip() else ""
    return f"- {words}" if first.removeprefix("#").isdecimal() else words
