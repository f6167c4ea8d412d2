"""docs/setup-telegram.md as its reader follows it, with the program itself in a process of its own."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.triage.triage import Triage
from tests.platforms.program import PATIENCE, Program, line_with
from tests.platforms.telegram.people import BOT_ID, Chat, User
from tests.platforms.telegram.server import TOKEN, TelegramServer, telegram_server

DESK = -1001234567890


async def answer_with(server: TelegramServer, chat: Chat, words: str) -> dict[str, object]:
    async with asyncio.timeout(PATIENCE):
        while True:
            found = [one for one in server.seen(chat) if words in (one.get("text") or "")]
            if found:
                return found[-1]
            await asyncio.sleep(0.05)


def join(server: TelegramServer, chat: Chat, by: User, status: str) -> None:
    """Somebody adds the bot to a group, or makes it an admin."""
    chat.members[BOT_ID] = status
    new = server._member(chat, BOT_ID)
    old = {"user": server.users[BOT_ID].json() | {"is_bot": True}, "status": "left"}
    new["user"] = old["user"]
    change = {"chat": chat.json(), "from": by.json(), "date": 1}
    server.update(my_chat_member=change | {"old_chat_member": old, "new_chat_member": new})


async def test_from_a_token_to_the_first_answered_question(triage: Triage, tmp_path: Path) -> None:
    async with telegram_server() as server:
        anna, lou = server.user(1, "Anna"), server.user(3, "Lou")
        desk, group = server.group(DESK, "Volunteers", lou, forum=True), server.group(-1001, "HSCT for MS", anna, lou)
        desk.members = {lou.id: "creator"}
        program = Program(tmp_path, "telegram", {"token": TOKEN, "api_url": server.url})
        async with program.runs() as log:
            await line_with(log, "desk.missing")
            join(server, desk, lou, "administrator")
            assert str(DESK) in await line_with(log, "tg.my_membership"), "the number to copy"
        assert "desk_chat is empty" in await program.says("doctor")
        program.settings["desk_chat"] = DESK
        assert "the bot can make them" in await program.says("doctor")
        async with program.runs():
            server.says(anna, "@HsctHelpBot what is hsct?", group)
            await answer_with(server, group, "stem cell")
            server.says(anna, "/person who can drive me to the clinic?", group)
            await answer_with(server, group, "#1")
            card = await answer_with(server, desk, "who can drive me")
            server.presses(lou, card, "Claim")
            await answer_with(server, group, "Lou, a volunteer, has your question")
            (topic,) = desk.topics.values()
            assert topic.name.startswith("#1 who can")
            server.says(lou, "Ask the clinic's shuttle.", desk, topic=topic.id)
            reply = await answer_with(server, group, "Ask the clinic's shuttle.")
            assert "reply_to_message" in reply
            server.presses(lou, card, "Close")
            await answer_with(server, group, "Did this help?")
