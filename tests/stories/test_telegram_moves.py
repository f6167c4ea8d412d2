"""A group that becomes a supergroup gets a new number: nothing that is kept about it stays behind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.storage.tables import conversations, escalations, outbox, turns
from bot.triage.triage import Triage
from tests.platforms.telegram.people import Chat
from tests.platforms.telegram.server import TelegramServer, telegram_server
from tests.platforms.telegram.stage import DESK, GROUP, Stage, a_stage, populate

UNKNOWN = "@HsctHelpBot does the hospital shop sell gluten free bread?"
GROWN = -1010


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with telegram_server() as running:
        populate(running, forum=False)
        for number in (GROUP, DESK):
            running.chats[number].type, running.chats[number].is_forum = "group", False
        yield running


def fill(chat: Chat, server: TelegramServer) -> None:
    """Other people's messages in the new group, under the numbers that the old one's messages had."""
    for _ in range(30):
        server.says(server.users[2], "chatter", chat)


async def chats_kept(stage: Stage) -> set[str]:
    async with stage.app.store.transaction() as tx:
        found: set[str] = set()
        for column in (turns.c.address, conversations.c.address, escalations.c.chat, outbox.c.chat):
            found |= set((await tx.connection.execute(select(column))).scalars())
    return found


@pytest.mark.parametrize("told", [True, False], ids=["announced", "found out by sending"])
async def test_what_is_kept_about_a_group_follows_it(stage: Stage, told: bool) -> None:
    await stage.says(stage.anna, UNKNOWN, stage.group)
    card = stage.server.seen(stage.desk)[0]
    await stage.presses(stage.ben, card, "Claim")
    grown = stage.server.upgrades(stage.group, GROWN, stage.anna, told=told)
    fill(grown, stage.server)
    await stage.says(stage.ben, "Yes, it does.", stage.desk, reply_to=card["message_id"])
    reply = stage.server.seen(grown)[-1]
    assert "Yes, it does." in reply["text"]
    assert "reply_to_message" not in reply, "that number belongs to somebody else's message now"
    assert not any(str(GROUP) in chat for chat in await chats_kept(stage))
    await stage.says(stage.anna, "Thank you!", grown, reply_to=reply["message_id"])
    assert any("Thank you!" in words for words in stage.server.words(stage.desk))


async def test_an_ask_chat_of_the_settings_stays_one(server: TelegramServer, triage: Triage) -> None:
    async with a_stage(server, triage, ask_chats=(str(GROUP),)) as stage:
        grown = server.upgrades(stage.group, GROWN, stage.anna)
        assert len(await stage.says(stage.anna, "What is HSCT?", grown)) == 1


async def test_after_a_restart_the_settings_first_numbers_still_hold(
    server: TelegramServer, triage: Triage, tmp_path: Path
) -> None:
    database = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    grown = server.upgrades(server.chats[GROUP], GROWN, server.users[1], told=False)
    async with a_stage(server, triage, database=database, ask_chats=(str(GROUP),)) as stage:
        assert len(await stage.says(stage.anna, "What is HSCT?", grown)) == 1


async def test_a_desk_that_grew_shows_its_open_escalations_again(stage: Stage) -> None:
    await stage.says(stage.anna, "/person Who can drive me to Ruiz?")
    grown = stage.server.upgrades(stage.desk, GROWN, stage.ben)
    fill(grown, stage.server)
    await stage.settles()
    (card,) = stage.server.seen(grown)
    assert "drive me to Ruiz" in card["text"]
    await stage.presses(stage.ben, card, "Claim")
    await stage.says(stage.ben, "Ask the shuttle.", grown, reply_to=card["message_id"])
    assert "Ask the shuttle." in stage.server.words(stage.anna)[-1]


async def test_without_topics_a_deleted_card_is_posted_again_and_linked(stage: Stage) -> None:
    await stage.says(stage.anna, "/person Who can drive me to Ruiz?")
    card = stage.server.seen(stage.desk)[0]
    await stage.presses(stage.ben, card, "Claim")
    stage.desk.messages.clear()
    await stage.says(stage.anna, "It is urgent!", reply_to=stage.server.seen(stage.anna)[-1]["message_id"])
    posted = stage.server.seen(stage.desk)
    again = next(one for one in posted if "reply_markup" in one)
    assert "drive me to Ruiz" in again["text"]
    assert any("It is urgent!" in one["text"] for one in posted)
    await stage.says(stage.ben, "I am on it.", stage.desk, reply_to=again["message_id"])
    assert "I am on it." in stage.server.words(stage.anna)[-1]
