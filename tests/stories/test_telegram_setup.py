"""docs/setup-telegram.md as its reader follows it, with the program itself in a process of its own."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import yaml

from bot.triage.triage import Triage
from tests.platforms.telegram.people import BOT_ID, Chat, User
from tests.platforms.telegram.server import TOKEN, TelegramServer, telegram_server
from tests.world import ROOT

PATIENCE = 90.0  # seconds for the program to start, or for an answer
DESK = -1001234567890


class Program:
    """`hsct-bot` with the reader's config.yaml."""

    def __init__(self, folder: Path, api_url: str) -> None:
        self.folder = folder
        self.telegram: dict[str, object] = {"token": TOKEN, "api_url": api_url}

    def _command(self, *words: str) -> list[str]:
        settings = {"knowledge": str(ROOT / "knowledge"), "telegram": self.telegram, "log": {"format": "json"}}
        (self.folder / "config.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
        return [sys.executable, "-m", "bot", *words]

    async def says(self, *words: str) -> str:
        """Run a command to its end; give what it prints."""
        running = await self._start(*words)
        return (await running.communicate())[0].decode()

    async def _start(self, *words: str) -> asyncio.subprocess.Process:
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        return await asyncio.create_subprocess_exec(
            *self._command(*words),
            cwd=self.folder,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )

    @asynccontextmanager
    async def runs(self) -> AsyncIterator[asyncio.StreamReader]:
        """Run the bot, as `make run` does; give its log."""
        running = await self._start("run")
        assert running.stdout is not None
        try:
            yield running.stdout
        finally:
            running.terminate()
            await running.communicate()


async def line_with(log: asyncio.StreamReader, words: str) -> str:
    async with asyncio.timeout(PATIENCE):
        while line := (await log.readline()).decode():
            if words in line:
                return line
    raise AssertionError(f"the log ended without {words!r}")


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
        program = Program(tmp_path, server.url)
        async with program.runs() as log:
            await line_with(log, "desk.missing")
            join(server, desk, lou, "administrator")
            assert str(DESK) in await line_with(log, "tg.my_membership"), "the number to copy"
        assert "desk_chat is empty" in await program.says("doctor")
        program.telegram["desk_chat"] = DESK
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
