"""Telegram's ephemeral messages over the wire: for one member's eyes, and what happens when that cannot be done."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.triage.triage import Triage
from tests.platforms.telegram.people import BOT_ID, Json
from tests.platforms.telegram.server import TelegramServer
from tests.platforms.telegram.stage import Stage, a_stage, labels

KNOWN = "what is hsct?"
UNKNOWN = "Who can drive me to the clinic in Ruiz?"


@pytest.fixture
async def stage(server: TelegramServer, triage: Triage) -> AsyncIterator[Stage]:
    async with a_stage(server, triage, ephemeral=True) as made:
        await made.says(made.anna, "/help")
        server.chats[made.anna.id].messages.clear()
        yield made


async def gives(stage: Stage, text: str, reply_to: Json | None = None) -> Json:
    """Anna gives a command that the group does not see; gives the last thing that only she sees."""
    stage.server.gives_hidden(stage.anna, text, stage.group, reply_to)
    await stage.settles()
    return stage.server.seen_by(stage.anna)[-1]


async def test_it_is_off_by_default(server: TelegramServer, triage: Triage) -> None:
    async with a_stage(server, triage) as stage:
        assert len(await stage.says(stage.anna, "@HsctHelpBot " + KNOWN, stage.group)) == 1
        assert server.unseen == []
        assert not any("is_ephemeral" in one for one in server.commands["all_group_chats"])


async def test_a_hidden_command_is_answered_for_its_senders_eyes(stage: Stage) -> None:
    answer = await gives(stage, "/ask " + KNOWN)
    assert "stem cell" in answer["text"].lower()
    assert "Only you can see this" in answer["text"]
    assert {"More", "Share with the group", "Open in our private chat"} <= set(labels(answer))
    assert stage.server.words(stage.group) == []
    assert stage.server.words(stage.anna) == []


async def test_more_under_it_stays_between_the_two(stage: Stage) -> None:
    answer = await gives(stage, "/ask " + KNOWN)
    await stage.presses(stage.anna, answer, "More")
    assert "Sources:" in stage.server.seen_by(stage.anna)[-1]["text"]
    typed = await gives(stage, "more", reply_to=answer)
    assert "Sources:" in typed["text"], "typing does what pressing does"
    assert stage.server.words(stage.group) == []


async def test_its_asker_shares_it_by_their_own_press_once(stage: Stage) -> None:
    answer = await gives(stage, "/ask " + KNOWN)
    for _ in range(2):
        await stage.presses(stage.anna, answer, "Share with the group")
    (shared,) = stage.server.seen(stage.group)
    assert "shares the answer" in shared["text"]
    assert "stem cell" in shared["text"].lower()
    assert "Not what I meant" not in labels(shared)
    await stage.presses(stage.ben, shared, "More")
    assert "Sources:" in stage.server.seen_by(stage.ben)[-1]["text"], "others use its buttons for their own eyes"


async def test_a_copy_waits_in_the_private_chat(stage: Stage) -> None:
    answer = await gives(stage, "/ask " + KNOWN)
    await stage.presses(stage.anna, answer, "Open in our private chat")
    copy = stage.server.seen(stage.anna)[-1]
    assert "stem cell" in copy["text"].lower()
    await stage.presses(stage.anna, copy, "Share with the group")
    assert len(stage.server.seen(stage.group)) == 1


async def test_a_stranger_gets_no_copy_by_the_link(stage: Stage) -> None:
    answer = await gives(stage, "/ask " + KNOWN)
    rows = answer["reply_markup"]["inline_keyboard"]
    link = next(button["url"] for row in rows for button in row if "url" in button)
    carl = stage.server.user(9, "Carl")
    (told,) = await stage.says(carl, f"/start {link.split('start=')[1]}")
    assert "cannot use that button" in told


async def test_a_press_under_a_public_answer_is_answered_for_the_presser_alone(stage: Stage) -> None:
    stage.group.members[BOT_ID] = "member"
    answer = await gives(stage, "/ask " + KNOWN)
    await stage.presses(stage.anna, answer, "Share with the group")
    await stage.presses(stage.ben, stage.server.seen(stage.group)[-1], "More")
    assert len(stage.server.seen_by(stage.ben)) == 1
    assert len(stage.server.seen(stage.group)) == 1


async def test_a_bot_that_is_no_admin_answers_a_mention_in_private(stage: Stage) -> None:
    await stage.says(stage.anna, "@HsctHelpBot " + KNOWN, stage.group)
    answer = stage.server.seen(stage.anna)[-1]
    assert "You asked this in a group." in answer["text"]
    assert stage.server.unseen == []
    assert stage.server.words(stage.group) == []
    await stage.presses(stage.anna, answer, "Share with the group")
    assert len(stage.server.words(stage.group)) == 1


async def test_an_admin_bot_answers_a_mention_for_the_askers_eyes(stage: Stage) -> None:
    stage.group.members[BOT_ID] = "administrator"
    await stage.says(stage.anna, "@HsctHelpBot " + KNOWN, stage.group)
    assert len(stage.server.seen_by(stage.anna)) == 1
    assert stage.server.words(stage.anna) == []


async def test_without_a_private_chat_the_group_sees_only_that_there_is_an_answer(stage: Stage) -> None:
    stage.anna.started = False
    (told,) = await stage.says(stage.anna, "@HsctHelpBot " + KNOWN, stage.group)
    assert told == "My answer is for you alone. Press the button to read it in our private chat."
    await stage.presses(stage.anna, stage.server.seen(stage.group)[-1], "Open in our private chat")
    assert "stem cell" in stage.server.words(stage.anna)[-1].lower()


async def test_after_fifteen_seconds_the_private_chat_takes_its_place(stage: Stage) -> None:
    stage.server.gives_hidden(stage.anna, "/ask " + KNOWN, stage.group)
    stage.server.later = 16.0  # seconds, before the bot gets to it
    await stage.settles()
    assert stage.server.unseen == []
    assert "stem cell" in stage.server.words(stage.anna)[-1].lower()


async def test_what_does_not_fit_goes_to_the_private_chat(stage: Stage) -> None:
    stage.server.gives_hidden(stage.anna, "/stages", stage.group)
    await stage.settles()
    assert "photo" in stage.server.seen(stage.anna)[0]
    assert stage.server.unseen == []


async def test_one_who_is_offline_misses_it_and_nobody_is_told(stage: Stage) -> None:
    stage.server.offline.add(stage.anna.id)
    stage.server.gives_hidden(stage.anna, "/ask " + KNOWN, stage.group)
    await stage.settles()
    assert stage.server.unseen == []
    assert stage.server.words(stage.group) == []


async def test_a_hidden_question_for_a_person_stays_between_them_and_the_reply_is_never_ephemeral(stage: Stage) -> None:
    stage.server.gives_hidden(stage.anna, "/person " + UNKNOWN, stage.group)
    await stage.settles()
    assert "Your question is #1" in stage.server.words(stage.anna)[-1], "what matters goes where it stays"
    await stage.presses(stage.ben, stage.card(1), "Claim")
    await stage.says(stage.ben, "Ask the shuttle.", stage.desk, topic=stage.topic_of(1))
    assert "Ask the shuttle." in stage.server.words(stage.anna)[-1]
    assert "Share with the group" not in labels(stage.server.seen(stage.anna)[-1])
    assert stage.server.unseen == []
    assert stage.server.words(stage.group) == []


async def test_one_without_a_private_chat_is_told_the_number_there_with_the_way_to_open_it(stage: Stage) -> None:
    stage.anna.started = False
    told = await gives(stage, "/person " + UNKNOWN)
    assert "#1" in told["text"]
    await stage.presses(stage.anna, told, "Open in our private chat")
    await stage.presses(stage.ben, stage.card(1), "Claim")
    await stage.says(stage.ben, "Ask the shuttle.", stage.desk, topic=stage.topic_of(1))
    assert "Ask the shuttle." in stage.server.words(stage.anna)[-1]


async def test_asking_a_person_under_a_hidden_answer_shows_the_group_nothing(stage: Stage) -> None:
    stage.group.members[BOT_ID] = "administrator"
    await stage.says(stage.anna, "@HsctHelpBot " + KNOWN, stage.group)
    await stage.presses(stage.anna, stage.server.seen_by(stage.anna)[-1], "Ask a person")
    assert "#1" in stage.server.words(stage.anna)[-1]
    assert stage.server.words(stage.group) == []


async def test_a_volunteers_reply_to_a_public_question_is_public(stage: Stage) -> None:
    await stage.says(stage.anna, "@HsctHelpBot does the hospital shop sell gluten free bread?", stage.group)
    await stage.presses(stage.ben, stage.card(1), "Claim")
    await stage.says(stage.ben, "Yes, it does.", stage.desk, topic=stage.topic_of(1))
    assert "Yes, it does." in stage.server.words(stage.group)[-1]
    assert stage.server.unseen == []


async def test_a_cry_for_help_is_never_sent_in_a_way_that_may_not_arrive(stage: Stage) -> None:
    stage.server.gives_hidden(stage.anna, "/ask I want to kill myself", stage.group)
    await stage.settles()
    assert len(stage.server.words(stage.anna)) == 1
    assert stage.server.unseen == []
