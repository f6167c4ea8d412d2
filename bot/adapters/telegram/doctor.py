"""Checks of the Telegram side: what is wrong, and in one sentence what to do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Bot, ChatFullInfo, ChatMemberAdministrator, User
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError

from bot.adapters.telegram.adapter import make_bot
from bot.config import TelegramSettings
from bot.domain.findings import Finding, Findings
from bot.errors import ConfigError

_on = Findings("Telegram")


async def examine(settings: TelegramSettings) -> list[Finding]:
    """Run every check; without a token that works only the first one."""
    try:
        bot = make_bot(settings)
    except ConfigError as error:
        return [_on.bad("token", str(error))]
    async with _requests(bot):
        try:
            me = await bot.get_me()
        except InvalidToken:
            return [_on.bad("token", "Telegram does not accept it. Copy it again from BotFather into telegram.token.")]
        except TelegramError as error:
            reason = type(error).__name__
            return [
                _on.bad("token", f"{settings.api_url} cannot be reached ({reason}). Check the network and api_url.")
            ]
        found = [_on.good("token", f"belongs to @{me.username}")]
        found += [await _privacy(bot, me, settings), _inline(me)]
        return [*found, *await _desk(bot, me, settings), await _webhook(bot, settings)]


@asynccontextmanager
async def _requests(bot: Bot) -> AsyncIterator[None]:
    """Open and close the connections; the library's own way would ask for the token's owner at once, and raise."""
    await bot.request.initialize()
    try:
        yield
    finally:
        await bot.request.shutdown()


async def _privacy(bot: Bot, me: User, settings: TelegramSettings) -> Finding:
    """Privacy mode is fine, and better, unless there are ask chats in which the bot is no admin."""
    if me.can_read_all_group_messages:
        return _on.good("privacy mode", "off: the bot sees all messages of its groups, and keeps those addressed to it")
    blind = [chat for chat in settings.ask_chats if not await _is_admin(bot, me, chat)]
    if blind:
        return _on.bad(
            "privacy mode",
            f"on, so questions in {', '.join(blind)} are not seen. Make the bot an admin there, or turn privacy mode "
            "off with BotFather (/setprivacy), then remove the bot from the group and add it again.",
        )
    return _on.good("privacy mode", "on: the bot sees commands, mentions and replies to it only")


async def _is_admin(bot: Bot, me: User, chat: str) -> bool:
    try:
        return (await bot.get_chat_member(int(chat.partition("/")[0]), me.id)).status in ("administrator", "creator")
    except (TelegramError, ValueError):
        return False


def _inline(me: User) -> Finding:
    if me.supports_inline_queries:
        return _on.good("inline mode", f"on: @{me.username} and a few words find entries in any chat")
    return _on.bad("inline mode", "off. Turn it on with BotFather: /setinline.")


async def _desk(bot: Bot, me: User, settings: TelegramSettings) -> list[Finding]:
    if settings.desk_chat is None:
        return [_on.bad("desk", "telegram.desk_chat is empty. Write the number of the volunteers' group there.")]
    try:
        chat = await bot.get_chat(settings.desk_chat)
        member = await bot.get_chat_member(settings.desk_chat, me.id)
    except ChatMigrated as error:
        return [_on.bad("desk", f"the group has a new number. Write {error.new_chat_id} into telegram.desk_chat.")]
    except (BadRequest, Forbidden):
        return [_on.bad("desk", f"the bot is not in {settings.desk_chat}. Add it to the group, or check the number.")]
    except TelegramError as error:
        return [_on.bad("desk", f"cannot be asked about ({type(error).__name__}). Try again later.")]
    if not isinstance(member, ChatMemberAdministrator):
        return [_on.bad("desk", "the bot is no admin there. Make it one, with the right to manage topics.")]
    return [_on.good("desk", f"the bot is an admin of {chat.title}"), _topics(chat, member), _deleting(member)]


def _topics(chat: ChatFullInfo, member: ChatMemberAdministrator) -> Finding:
    if not chat.is_forum:
        return _on.bad(
            "topics", "off, so escalations become threads of replies. Turn topics on in the group's settings."
        )
    if not member.can_manage_topics:
        return _on.bad("topics", "the bot may not make them. Give it the admin right to manage topics.")
    return _on.good("topics", "the bot can make them")


def _deleting(member: ChatMemberAdministrator) -> Finding:
    if not member.can_delete_messages:
        return _on.bad("deleting", "the bot may not, so /forgetme leaves topics. Give it the right to delete messages.")
    return _on.good("deleting", "the bot can remove topics for /forgetme")


async def _webhook(bot: Bot, settings: TelegramSettings) -> Finding:
    try:
        info = await bot.get_webhook_info()
    except TelegramError as error:
        return _on.bad("webhook", f"cannot be asked about ({type(error).__name__}). Try again later.")
    wanted = settings.webhook.url or ""
    if info.url and not wanted:
        return _on.bad("webhook", "is set by another program. `run` removes it; stop the other program first.")
    if wanted and info.last_error_message:
        return _on.bad("webhook", f"Telegram could not deliver: {info.last_error_message}. Check your web server.")
    if wanted and info.url != wanted:
        return _on.good("webhook", "will be set at the next start")
    return _on.good("webhook", "set" if wanted else "not used: the bot asks for updates itself")
