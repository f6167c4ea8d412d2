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
    "check",
    "name",
    "covers",
    "load",
    "hardtopics",
    "reassign",
    "mute",
    "block",
    "unblock",
    "audit",
    "digest",
    "faq",
    "stages",
    "kb",
)
OF_ASKERS = frozenset({*IN_PRIVATE, "start"})
EVERY_COMMAND = OF_ASKERS | set(AT_THE_DESK)


def menus(texts: Texts, desk: int | None, *, hidden: bool) -> Sequence[tuple[BotCommandScope, Sequence[BotCommand]]]:
    """Give each scope with its commands; with `hidden`, a group does not see that a member gives one."""
    found: list[tuple[BotCommandScope, Sequence[BotCommand]]] = [
        (BotCommandScopeDefault(), _described(texts, IN_GROUPS)),
        (BotCommandScopeAllGroupChats(), _described(texts, IN_GROUPS, hidden=hidden)),
        (BotCommandScopeAllPrivateChats(), _described(texts, IN_PRIVATE)),
    ]
    if desk is not None:
        found.append((BotCommandScopeChat(desk), _described(texts, AT_THE_DESK)))
    return found


def _described(texts: Texts, names: Sequence[str], *, hidden: bool = False) -> list[BotCommand]:
    beside = {"is_ephemeral": True} if hidden else None  # Bot API 10.2, which the library does not know yet
    return [BotCommand(name, texts(f"telegram_command.{name}"), api_kwargs=beside) for name in names]
