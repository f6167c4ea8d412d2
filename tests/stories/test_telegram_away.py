"""Volunteers away from the topic, over the wire: in the private chat, and words there that are no reply."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.triage.triage import Triage
from tests.platforms.telegram.people import Json
from tests.platforms.telegram.server import TelegramServer
from tests.platforms.telegram.stage import Stage, a_stage

UNKNOWN = "Who can drive me to the clinic in Ruiz?"


@pytest.fixture
async def stage(server: TelegramServer, triage: Triage) -> AsyncIterator[Stage]:
    """Anna's question, claimed by Ben; he is a volunteer because he is in the desk group."""
    async with a_stage(server, triage) as made:
        await made.says(made.anna, "/person " + UNKNOWN)
        await made.presses(made.ben, made.card(1), "Claim")
        yield made


def change_of(stage: Stage, status: str) -> Json:
    """Ben's standing in the desk group changes, and Telegram says so."""
    stage.desk.members[stage.ben.id] = status
    old, new = ({"user": stage.ben.json(), "status": one} for one in ("member", status))
    return {"chat": stage.desk.json(), "from": stage.lou.json(), "date": 1, "old_chat_member": old,
            "new_chat_member": new}  # fmt: skip


async def test_a_reply_from_the_private_chat_arrives_and_its_fate_is_told_there(stage: Stage) -> None:
    await stage.says(stage.ben, "/reply 1 Ask the shuttle.")
    assert "Ask the shuttle." in stage.server.words(stage.anna)[-1]
    assert "Delivered" in stage.server.words(stage.ben)[-1]
    assert "Ask the shuttle." in stage.server.words(stage.desk, stage.topic_of(1))[-1]


async def test_words_asked_for_in_the_private_chat_are_taken_for_the_reply_and_the_note(stage: Stage) -> None:
    await stage.says(stage.ben, "/reply 1")
    await stage.says(stage.ben, "Ask the shuttle.")
    assert "Ask the shuttle." in stage.server.words(stage.anna)[-1]
    told = len(stage.server.seen(stage.anna))
    await stage.says(stage.ben, "/note 1")
    await stage.says(stage.ben, "Who can drive her?")
    assert "It stays inside" in stage.server.words(stage.ben)[-1]
    assert len(stage.desk.topics) == 1, "it is no question of his own"
    assert len(stage.server.seen(stage.anna)) == told


async def test_a_button_pressed_in_the_private_chat_works(stage: Stage) -> None:
    await stage.says(stage.ben, "/canned 1 cost mexico")
    await stage.presses(stage.ben, stage.server.seen(stage.ben)[-1], "Send")
    assert "Mexico" in stage.server.words(stage.anna)[-1]


async def test_one_who_has_left_the_desk_group_can_do_nothing_in_private_either(stage: Stage) -> None:
    await stage.says(stage.ben, "/canned 1 cost mexico")
    await stage.says(stage.ben, "/reply 1")
    told = len(stage.server.seen(stage.anna))
    stage.server.update(chat_member=change_of(stage, "left"))
    await stage.presses(stage.ben, stage.server.seen(stage.ben)[0], "Send")
    assert "Only volunteers" in stage.server.words(stage.ben)[-1]
    await stage.says(stage.ben, "Ask the shuttle.")
    assert len(stage.server.seen(stage.anna)) == told


async def test_one_who_joins_the_desk_group_is_a_volunteer_in_private_at_once(stage: Stage) -> None:
    carl = stage.server.user(9, "Carl")
    await stage.says(carl, "what is hsct?")
    stage.desk.members[carl.id] = "member"
    member = {"user": carl.json(), "status": "member"}
    left = {"user": carl.json(), "status": "left"}
    change = {"chat": stage.desk.json(), "from": carl.json(), "date": 1}
    stage.server.update(chat_member=change | {"old_chat_member": left, "new_chat_member": member})
    await stage.says(carl, "/note 1")
    await stage.says(carl, "I know her.")
    assert "It stays inside" in stage.server.words(carl)[-1]


async def test_an_asker_is_looked_up_once_in_a_while_and_not_at_each_message(stage: Stage) -> None:
    before = stage.server.calls["getChatMember"]
    for _ in range(3):
        await stage.says(stage.anna, "what is hsct?")
    assert stage.server.calls["getChatMember"] - before <= 1


@pytest.mark.parametrize("typed", ["/cloze", "/ban", "/warn@RoseBot she is rude", "/claim@OtherBot"])
async def test_a_mistyped_command_and_another_bots_command_never_go_to_the_asker(stage: Stage, typed: str) -> None:
    told = len(stage.server.seen(stage.anna))
    message = stage.server.says(stage.ben, typed, stage.desk, topic=stage.topic_of(1))
    await stage.settles()
    stage.server.edits(message, typed + " now")
    await stage.settles()
    assert len(stage.server.seen(stage.anna)) == told
    last = stage.server.words(stage.desk, stage.topic_of(1))[-1]
    assert ("I do not know" in last) == ("@" not in typed), "another bot's commands are left alone"


async def test_outside_the_topics_an_unknown_command_is_left_to_other_bots(stage: Stage) -> None:
    assert await stage.says(stage.ben, "/ban", stage.desk) == []
