"""The commands that Telegram offers: askers and volunteers see different sets."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)

from bot.texts import Texts

IN_GROUPS = ("ask", "faq", "stages", "person")
IN_PRIVATE = (*IN_GROUPS, "mine", "help", "privacy", "mydata", "forgetme", "country", "language")
AT_THE_DESK = (
    "desk",
    "claim",
    "reply",
    "note",
    "canned",
    "handback",
    "close",
    "pass",
    "reopen",
    "duty",
    "faq",
    "stages",
)
OF_ASKERS = frozenset({*IN_PRIVATE, "start"})
EVERY_COMMAND = OF_ASKERS | set(AT_THE_DESK)


def menus(texts: Texts, desk: int | None) -> Sequence[tuple[BotCommandScope, Sequence[BotCommand]]]:
    """Give each scope with its commands."""
    found: list[tuple[BotCommandScope, Sequence[BotCommand]]] = [
        (BotCommandScopeDefault(), _described(texts, IN_GROUPS)),
        (BotCommandScopeAllGroupChats(), _described(texts, IN_GROUPS)),
        (BotCommandScopeAllPrivateChats(), _described(texts, IN_PRIVATE)),
    ]
    if desk is not None:
        found.append((BotCommandScopeChat(desk), _described(texts, AT_THE_DESK)))
    return found


def _described(texts: Texts, names: Sequence[str]) -> list[BotCommand]:
    return [BotCommand(name, texts(f"telegram_command.{name}")) for name in names]
