"""The desk in a Telegram group, over the wire: every button, its typed words, and threads that get lost."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from bot.triage.triage import Triage
from tests.platforms.telegram.people import BOT_ID, Json
from tests.platforms.telegram.server import TelegramServer
from tests.platforms.telegram.stage import Stage, a_stage, labels

UNKNOWN = "Who can drive me to the clinic in Ruiz?"
Act = Callable[[str], Awaitable[None]]


@pytest.fixture
async def stage(server: TelegramServer, triage: Triage) -> AsyncIterator[Stage]:
    async with a_stage(server, triage) as made:
        await made.says(made.anna, "/person " + UNKNOWN)
        yield made


@pytest.fixture(params=["pressed", "typed"])
def ben_does(stage: Stage, request: pytest.FixtureRequest) -> Act:
    """Ben presses a button of the card, or of the last message, or types its words in the topic: it is the same."""

    async def act(label: str) -> None:
        shown = [stage.card(1), stage.server.seen(stage.desk, stage.topic_of(1))[-1]]
        message = next(one for one in shown if label in labels(one))
        if request.param == "pressed":
            await stage.presses(stage.ben, message, label)
        else:
            await stage.says(stage.ben, label.lower(), stage.desk, topic=stage.topic_of(1))

    return act


async def ben_writes(stage: Stage, text: str) -> None:
    await stage.says(stage.ben, text, stage.desk, topic=stage.topic_of(1))


def at_the_desk(stage: Stage) -> str:
    return stage.server.words(stage.desk, stage.topic_of(1))[-1]


async def test_claim(stage: Stage, ben_does: Act) -> None:
    await ben_does("Claim")
    assert "with Ben" in stage.card(1)["text"]
    assert labels(stage.card(1)) == ["Reply", "Note", "Hand back", "Send an entry", "Close", "Reassign (leads)"]
    assert "Ben, a volunteer, has your question" in stage.server.words(stage.anna)[-1]


async def test_reply(stage: Stage, ben_does: Act) -> None:
    await ben_does("Claim")
    await ben_does("Reply")
    assert "goes to the asker" in at_the_desk(stage)
    await ben_writes(stage, "Ask the shuttle.")
    assert "Ask the shuttle." in stage.server.words(stage.anna)[-1]
    assert "Delivered" in at_the_desk(stage)


async def test_note(stage: Stage, ben_does: Act) -> None:
    await ben_does("Claim")
    told = len(stage.server.seen(stage.anna))
    await ben_does("Note")
    await ben_writes(stage, "She asked this before.")
    assert "It stays inside" in at_the_desk(stage)
    await ben_writes(stage, "// so did others")
    assert len(stage.server.seen(stage.anna)) == told


async def test_hand_back_with_a_word_for_the_next_one(stage: Stage, ben_does: Act) -> None:
    await ben_does("Claim")
    await ben_does("Hand back")
    assert "waiting" in stage.card(1)["text"]
    await ben_writes(stage, "I am off to bed.")
    assert "Noted. It stays inside." in stage.server.words(stage.desk, stage.topic_of(1))[-1]
    assert not any("bed" in words for words in stage.server.words(stage.anna))
    assert "Another one will take it" in stage.server.words(stage.anna)[-1]


async def test_send_an_entry(stage: Stage, ben_does: Act) -> None:
    await ben_does("Claim")
    await ben_does("Send an entry")
    await ben_writes(stage, "cost mexico")
    assert "Nothing has been sent yet" in at_the_desk(stage)
    await ben_does("Send")
    sent = stage.server.seen(stage.anna)[-1]
    assert "Mexico" in sent["text"]
    assert "Ben, a volunteer" in sent["text"]
    await stage.presses(stage.anna, sent, "More")
    assert "Sources:" in stage.server.words(stage.anna)[-1]


async def test_close_and_reopen(stage: Stage, ben_does: Act) -> None:
    await ben_does("Claim")
    await ben_does("Close")
    assert "no answer yet" in at_the_desk(stage), "an unanswered question is not closed by its volunteer"
    await ben_writes(stage, "Ask the shuttle.")
    await ben_does("Close")
    assert "closed" in stage.card(1)["text"]
    assert {"This helped", "This did not help"} <= set(labels(stage.server.seen(stage.anna)[-1]))
    await ben_does("Reopen")
    assert "with Ben" in stage.card(1)["text"]


async def test_pass(stage: Stage, ben_does: Act) -> None:
    await ben_does("Pass")
    assert "not be shown #1 again" in stage.server.words(stage.ben)[-1]
    assert "not be shown" not in at_the_desk(stage), "nobody else is told who passes"


@pytest.mark.parametrize("label", ["Reply", "Note", "Hand back", "Send an entry", "Close"])
async def test_one_who_has_left_the_desk_group_can_do_nothing_there(stage: Stage, label: str) -> None:
    await stage.presses(stage.ben, stage.card(1), "Claim")
    card, told = stage.card(1), len(stage.server.seen(stage.anna))
    stage.desk.members[stage.ben.id] = "left"
    old, new = ({"user": stage.ben.json(), "status": status} for status in ("member", "left"))
    change = {"chat": stage.desk.json(), "from": stage.ben.json(), "date": 1}
    stage.server.update(chat_member=change | {"old_chat_member": old, "new_chat_member": new})
    await stage.presses(stage.ben, card, label)
    assert "Only volunteers" in at_the_desk(stage)
    await stage.says(stage.ben, "/claim 1")
    assert "Only volunteers" in stage.server.words(stage.anna if label == "" else stage.ben)[-1]
    assert len(stage.server.seen(stage.anna)) == told


async def test_the_membership_is_asked_for_again_even_when_nobody_announced_the_change(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.telegram.roles.KEPT", 0.0)
    await stage.presses(stage.ben, stage.card(1), "Claim")
    stage.desk.members[stage.ben.id] = "kicked"
    stage.adapter._roles.forget(stage.ben.id)
    await stage.presses(stage.ben, stage.card(1), "Hand back")
    assert "Only volunteers" in at_the_desk(stage)


async def test_a_member_who_joins_the_desk_is_a_volunteer_at_once(stage: Stage) -> None:
    carl = stage.server.user(9, "Carl")
    stage.desk.members[carl.id] = "member"
    await stage.presses(carl, stage.card(1), "Claim")
    assert "with Carl" in stage.card(1)["text"]


async def test_a_deleted_topic_is_made_again_with_its_card(stage: Stage) -> None:
    await stage.presses(stage.ben, stage.card(1), "Claim")
    old = stage.topic_of(1)
    del stage.desk.topics[old]
    await stage.says(stage.anna, "It is urgent!", reply_to=stage.server.seen(stage.anna)[-1]["message_id"])
    assert stage.topic_of(1) != old
    assert UNKNOWN in "\n".join(stage.server.words(stage.desk, stage.topic_of(1)))
    await ben_writes(stage, "I am on it.")
    assert "I am on it." in stage.server.words(stage.anna)[-1], "it is linked"


async def test_an_edit_by_either_side_is_told_as_a_correction(stage: Stage) -> None:
    await stage.presses(stage.ben, stage.card(1), "Claim")
    reply = stage.server.says(stage.ben, "Ask the shutle.", stage.desk, topic=stage.topic_of(1))
    await stage.settles()
    stage.server.edits(reply, "Ask the shuttle.")
    await stage.settles()
    assert "Ben has corrected a message" in stage.server.words(stage.anna)[-1]
    assert "Ask the shuttle." in stage.server.words(stage.anna)[-1]
    thanks = stage.server.says(stage.anna, "Thank yuo!", reply_to=stage.server.seen(stage.anna)[-1]["message_id"])
    await stage.settles()
    stage.server.edits(thanks, "Thank you!")
    await stage.settles()
    assert "has corrected a message" in at_the_desk(stage)
    assert "Thank you!" in at_the_desk(stage)


@pytest.mark.parametrize("kind", ["photo", "document", "voice"])
async def test_files_are_passed_on_both_ways(stage: Stage, kind: str) -> None:
    await stage.presses(stage.ben, stage.card(1), "Claim")
    told = stage.server.seen(stage.anna)[-1]["message_id"]
    hers = stage.server.sends(stage.anna, kind, b"hers", reply_to=told, caption="my <scan>")
    await stage.settles()
    at_desk = [one for one in stage.server.seen(stage.desk, stage.topic_of(1)) if kind in one]
    assert [one[kind] for one in at_desk] == [hers[kind]]
    assert "my <scan>" in at_desk[0]["caption"]
    his = stage.server.sends(stage.ben, kind, b"his", stage.desk, topic=stage.topic_of(1))
    await stage.settles()
    assert [one[kind] for one in stage.server.seen(stage.anna) if kind in one] == [his[kind]]


async def test_what_was_passed_on_gets_a_light_sign_beside_the_words_that_say_so(stage: Stage) -> None:
    await stage.presses(stage.ben, stage.card(1), "Claim")
    told = stage.server.seen(stage.anna)[-1]["message_id"]
    more = stage.server.says(stage.anna, "I mean next week.", reply_to=told)
    await stage.settles()
    assert "I have passed this on" in stage.server.words(stage.anna)[-1]
    assert stage.server.reactions == {(stage.anna.id, more["message_id"]): "👀"}
    reply = stage.server.says(stage.ben, "Ask the shuttle.", stage.desk, topic=stage.topic_of(1))
    await stage.settles()
    assert stage.server.reactions[stage.desk.id, reply["message_id"]] == "👀"
    assert "Delivered" in at_the_desk(stage)


async def test_where_reactions_are_off_the_words_are_enough(stage: Stage) -> None:
    stage.desk.no_reactions = True
    await stage.presses(stage.ben, stage.card(1), "Claim")
    await ben_writes(stage, "Ask the shuttle.")
    assert "Ask the shuttle." in stage.server.words(stage.anna)[-1]
    assert "Delivered" in at_the_desk(stage)
    assert stage.server.reactions == {}


async def test_peoples_reactions_are_not_asked_for_and_do_nothing(stage: Stage) -> None:
    seen = stage.server.sent.copy()
    reaction: Json = {"chat": stage.desk.json(), "message_id": 1, "user": stage.ben.json(), "date": 1,
                      "old_reaction": [], "new_reaction": [{"type": "emoji", "emoji": "👍"}]}  # fmt: skip
    update = stage.server.update(message_reaction=reaction)
    assert stage.server.waiting == 0, "Telegram is not asked for them"
    stage.server.again(update)
    await stage.settles()
    assert stage.server.sent == seen


async def test_a_hidden_admin_presses_as_themselves_and_writes_as_the_group(stage: Stage) -> None:
    hidden = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    await stage.presses(stage.lou, stage.card(1), "Claim")
    more: Json = {"from": hidden, "sender_chat": stage.desk.json()}
    await stage.says(stage.lou, "Ask the shuttle.", stage.desk, topic=stage.topic_of(1), **more)
    assert "This stays at the desk" in at_the_desk(stage), "which admin it was is not known, nor whether they have it"
    await stage.says(stage.lou, "/reply 1 Ask the shuttle.", stage.desk, topic=stage.topic_of(1), **more)
    assert "Ask the shuttle." in stage.server.words(stage.anna)[-1]


async def test_a_channel_post_is_left_alone_in_any_form(stage: Stage) -> None:
    channel: Json = {"id": -1009, "type": "channel", "title": "News"}
    before = stage.server.sent.copy()
    more: Json = {"from": {"id": 777000, "is_bot": False, "first_name": "Telegram"}, "sender_chat": channel}
    stage.server.says(stage.anna, "@HsctHelpBot what is hsct?", stage.group, is_automatic_forward=True, **more)
    stage.server.update(channel_post={"message_id": 1, "date": 1, "chat": channel, "text": "what is hsct?"})
    await stage.settles()
    assert stage.server.sent == before


async def test_someone_who_writes_as_their_channel_is_answered_in_the_group(stage: Stage) -> None:
    channel: Json = {"id": -1009, "type": "channel", "title": "Anna's channel"}
    fake = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
    more: Json = {"from": fake, "sender_chat": channel}
    (answer,) = await stage.says(stage.anna, "@HsctHelpBot what is hsct?", stage.group, **more)
    assert "stem cell" in answer.lower()


async def test_kicked_from_the_group_the_volunteer_is_told_why(server: TelegramServer, stage: Stage) -> None:
    await stage.says(stage.anna, "@HsctHelpBot does the hospital shop sell gluten free bread?", stage.group)
    await stage.presses(stage.ben, stage.card(2), "Claim")
    stage.group.members[BOT_ID] = "kicked"
    await stage.says(stage.ben, "Yes.", stage.desk, topic=stage.topic_of(2))
    last = server.seen(stage.desk, stage.topic_of(2))[-1]
    assert "removed from the group" in last["text"]
    stage.group.members[BOT_ID] = "member"
    await stage.presses(stage.ben, last, "Send again")
    assert "Yes." in server.words(stage.group)[-1]
