"""Sending over the wire: what fails, what is tried again, what is told to whom."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.domain.messages import Address, Attachment, Block, Button, FileKind, OutgoingMessage, Picture, Style
from bot.errors import DeliveryError
from bot.storage.outbox import Fate
from bot.triage.triage import Triage
from tests.platforms.telegram.people import BOT_ID, Json
from tests.platforms.telegram.rules import Refused
from tests.platforms.telegram.server import TelegramServer
from tests.platforms.telegram.stage import DESK, GROUP, Stage, a_stage

HERE = Address("telegram", str(GROUP))
TO_ANNA = Address("telegram", "dm:1")


async def sends(stage: Stage, *messages: OutgoingMessage) -> None:
    async with stage.app.store.transaction() as tx:
        for message in messages:
            await tx.outbox.add(message, stage.app.clock())
    stage.app.outbox.wake()
    await stage.settles()


def to(address: Address, text: str, **more: object) -> OutgoingMessage:
    return OutgoingMessage(address, (Block(text, Style.QUOTE),), **more)  # type: ignore[arg-type]


async def failures(stage: Stage) -> int:
    async with stage.app.store.transaction() as tx:
        return (await tx.outbox.count()).get(Fate.FAILED, 0)


async def a_claimed_question(stage: Stage) -> int:
    """Anna's question, claimed by Ben; gives its topic."""
    await stage.says(stage.anna, "/person Who can drive me to Ruiz?")
    await stage.presses(stage.ben, stage.card(1), "Claim")
    return stage.topic_of(1)


@pytest.mark.parametrize("kind", ["500", "502", "before", "429"])
async def test_a_failure_that_passes_is_tried_again(stage: Stage, kind: str) -> None:
    stage.server.fail(kind, retry_after=0.05)
    await sends(stage, to(TO_ANNA, "hello"))
    assert stage.server.words(stage.anna) == ["hello"]


async def test_a_call_without_an_answer_is_given_up_in_time_and_tried_again(
    server: TelegramServer, triage: Triage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.telegram.adapter.READ_TIMEOUT", 1.0)
    async with a_stage(server, triage) as stage:
        await stage.says(stage.anna, "/help")
        server.fail("hang", chat=stage.anna.id, retry_after=3.0)
        await sends(stage, to(TO_ANNA, "hello"))
        assert server.words(stage.anna)[-1] == "hello"


async def test_a_text_of_emoji_is_cut_where_the_api_counts_it_full(stage: Stage) -> None:
    await sends(stage, to(TO_ANNA, "😀" * 3000))
    first, second = stage.server.words(stage.anna)
    assert (len(first), len(second)) == (2048, 952), "4,096 units of UTF-16, two for each"


async def test_a_lost_answer_may_repeat_a_message_but_loses_none(stage: Stage) -> None:
    stage.server.fail("after")
    await sends(stage, to(TO_ANNA, "hello"))
    assert stage.server.words(stage.anna) == ["hello", "hello"]


async def test_a_chat_that_is_held_back_is_not_asked_again_and_holds_up_no_other(stage: Stage) -> None:
    stage.server.fail("429", chat=GROUP, retry_after=0.6)
    threads = [Address("telegram", str(GROUP), str(stage.server.open_topic(stage.group, f"t{n}").id)) for n in range(5)]
    before = stage.server.calls["sendMessage"]
    await sends(stage, *(to(thread, "later") for thread in threads), to(TO_ANNA, "at once"))
    order = [message["chat"]["id"] for message in stage.server.sent]
    assert order == [stage.anna.id, *[GROUP] * 5]
    assert stage.server.calls["sendMessage"] - before == 7, "one call was refused, the others of that chat waited"


@pytest.mark.parametrize(
    ("trouble", "told"),
    [("blocked", "blocked the bot"), ("deleted", "account is deleted"), ("never", "not opened a private chat")],
)
async def test_a_reply_that_cannot_arrive_is_shown_to_the_volunteer(stage: Stage, trouble: str, told: str) -> None:
    topic = await a_claimed_question(stage)
    stage.anna.blocked, stage.anna.deleted = trouble == "blocked", trouble == "deleted"
    stage.anna.started = trouble != "never"
    await stage.says(stage.ben, "Ask the clinic's shuttle.", stage.desk, topic=topic)
    assert told in stage.server.words(stage.desk, topic)[-1]
    assert "Ask the clinic's shuttle." in stage.server.words(stage.desk, topic)[-1]
    stage.anna.blocked = stage.anna.deleted = False
    stage.anna.started = True
    await stage.presses(stage.ben, stage.server.seen(stage.desk, topic)[-1], "Send again")
    assert "Ask the clinic's shuttle." in stage.server.words(stage.anna)[-1]


async def test_one_who_blocked_the_bot_stops_nobody_else(stage: Stage) -> None:
    other = stage.server.user(9, "Carl")
    stage.anna.blocked = True
    await sends(stage, to(TO_ANNA, "lost"), to(Address("telegram", "dm:9"), "arrives"))
    assert stage.server.words(other) == ["arrives"]
    assert await failures(stage) == 1


async def test_kicked_from_the_group_is_given_up_with_a_reason(stage: Stage) -> None:
    stage.group.members[BOT_ID] = "kicked"
    await sends(stage, to(HERE, "hello"))
    assert await failures(stage) == 1


async def test_a_desk_that_lost_the_bot_gets_everything_when_it_is_back(stage: Stage) -> None:
    stage.desk.members[BOT_ID] = "kicked"
    stage.server.says(stage.anna, "/person Who can drive me to Ruiz?")
    while not stage.server.calls["createForumTopic"]:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    stage.desk.members[BOT_ID] = "administrator"
    await stage.settles()
    assert "drive me to Ruiz" in stage.card(1)["text"]
    assert await failures(stage) == 0


async def test_a_group_that_became_a_supergroup_is_followed(stage: Stage) -> None:
    moved = stage.server.group(-1010, "HSCT for MS", stage.anna)
    stage.group.moved_to = moved.id
    await sends(stage, to(HERE, "hello"), to(HERE, "again"))
    assert stage.server.words(moved) == ["hello", "again"]


async def test_a_deleted_topic_is_made_again_with_what_comes_next(stage: Stage) -> None:
    topic = await a_claimed_question(stage)
    del stage.desk.topics[topic]
    await stage.says(stage.anna, "It is urgent!", reply_to=stage.server.seen(stage.anna)[-1]["message_id"])
    again = stage.topic_of(1)
    assert again != topic
    assert any("It is urgent!" in words for words in stage.server.words(stage.desk, again))
    await stage.says(stage.ben, "I am on it.", stage.desk, topic=again)
    assert "I am on it." in stage.server.words(stage.anna)[-1], "the new topic is linked to the question"


async def test_a_closed_topic_is_opened_again(stage: Stage) -> None:
    topic = await a_claimed_question(stage)
    stage.desk.topics[topic].closed = True
    await stage.says(stage.anna, "It is urgent!", reply_to=stage.server.seen(stage.anna)[-1]["message_id"])
    assert "It is urgent!" in stage.server.words(stage.desk, topic)[-1]


async def test_an_answer_whose_topic_is_gone_goes_to_the_group(stage: Stage) -> None:
    await sends(stage, to(Address("telegram", str(GROUP), "77"), "hello"))
    assert stage.server.words(stage.group) == ["hello"]


async def test_a_reply_to_a_deleted_message_still_arrives(stage: Stage) -> None:
    await sends(stage, to(HERE, "hello", reply_to="4242"))
    assert stage.server.words(stage.group) == ["hello"]


async def test_a_topic_is_made_once_even_when_the_card_fails_to_arrive(stage: Stage) -> None:
    stage.server.fail("500", chat=DESK, times=2)
    await stage.says(stage.anna, "/person Who can drive me to Ruiz?")
    assert stage.server.calls["createForumTopic"] == 1
    assert "drive me to Ruiz" in stage.card(1)["text"]


async def test_a_long_text_goes_on_where_it_stopped(stage: Stage) -> None:
    text = "\n\n".join(f"Part {number}. " + "word " * 600 for number in range(3))
    calls = 0

    def fail_second(method: str, params: Json, uploads: dict[str, bytes]) -> object:
        nonlocal calls
        calls += method == "sendMessage"
        if calls == 2 and method == "sendMessage":
            calls += 1
            raise Refused("Internal Server Error", 500)
        return original(method, params, uploads)

    original = stage.server.call
    stage.server.call = fail_second  # type: ignore[method-assign]
    await sends(stage, to(TO_ANNA, text, buttons=(Button("More", "more", "x:"),)))
    found = stage.server.seen(stage.anna)
    assert [message["text"][:7] for message in found] == ["Part 0.", "Part 1.", "Part 2."], "no part twice, none lost"
    assert ["reply_markup" in message for message in found] == [False, False, True]


async def test_a_text_that_would_flood_the_chat_goes_as_a_file_with_its_beginning(stage: Stage) -> None:
    await sends(stage, to(TO_ANNA, "x" * 100_000))
    file, text = stage.server.seen(stage.anna)
    assert stage.server.files[file["document"]["file_id"]][1] == b"x" * 100_000
    assert text["text"].endswith("…")


async def test_markup_that_telegram_dislikes_is_sent_as_plain_text(stage: Stage) -> None:
    original = stage.server.call

    def dislikes(method: str, params: Json, uploads: dict[str, bytes]) -> object:
        if params.get("entities"):
            raise Refused("Bad Request: can't parse entities: no reason")
        return original(method, params, uploads)

    stage.server.call = dislikes  # type: ignore[method-assign]
    await sends(stage, to(TO_ANNA, "<b> @anna & _*"))
    assert stage.server.words(stage.anna) == ["<b> @\u2060anna & _*"]
    assert stage.server.alerts == []


async def test_a_message_with_a_key_takes_the_place_of_the_last_one(stage: Stage) -> None:
    await sends(stage, to(TO_ANNA, "one", key="k"))
    await sends(stage, to(TO_ANNA, "two", key="k"))
    await sends(stage, to(TO_ANNA, "two", key="k"))
    assert stage.server.words(stage.anna) == ["two"]
    stage.server.chats[1].messages.clear()
    await sends(stage, to(TO_ANNA, "three", key="k"))
    assert stage.server.words(stage.anna) == ["three"], "the old one was deleted: it is posted anew"


async def test_only_a_page_alerts_the_desk(stage: Stage) -> None:
    await stage.says(stage.anna, "/person Who can drive me to Ruiz?")
    assert stage.card(1)["_silent"]
    assert stage.server.alerts == []
    await sends(stage, to(Address("telegram", str(DESK)), "help", on_desk=True, page=True))
    assert stage.server.alerts == [(DESK, str(stage.lou.id))]
    assert not stage.server.seen(stage.desk)[-1]["_silent"]


async def test_nobody_has_a_private_chat_with_a_hidden_admin(stage: Stage) -> None:
    await sends(stage, to(Address("telegram", f"dm:{GROUP}"), "for your eyes only"))
    assert stage.server.words(stage.group) == [], "it would have been public"
    assert await failures(stage) == 1


async def test_a_desk_without_topics_keeps_an_escalation_together_by_replies(
    server: TelegramServer, stage: Stage
) -> None:
    stage.desk.is_forum = False
    await stage.says(stage.anna, "/person Who can drive me to Ruiz?")
    card = server.seen(stage.desk)[0]
    await stage.presses(stage.ben, card, "Claim")
    assert server.seen(stage.desk)[-1]["reply_to_message"]["message_id"] == card["message_id"]
    await stage.presses(stage.ben, card, "Note")
    prompt = server.seen(stage.desk)[-1]
    await stage.says(stage.ben, "she is nice", stage.desk, reply_to=prompt["message_id"])
    assert not any("nice" in words for words in server.words(stage.anna)), "a note stays inside"
    await stage.says(stage.ben, "Ask the shuttle.", stage.desk, reply_to=card["message_id"])
    assert "Ask the shuttle." in server.words(stage.anna)[-1]


async def test_deleting_an_escalation_deletes_its_topic(stage: Stage) -> None:
    topic = await a_claimed_question(stage)
    gone = OutgoingMessage(
        Address("telegram", str(DESK)), (), escalation_id=1, on_desk=True, deletes_thread=True, thread_title="#1"
    )
    await sends(stage, gone)
    assert topic not in stage.desk.topics
    assert await failures(stage) == 0


async def test_a_topic_that_may_not_be_deleted_yet_goes_when_the_bot_gets_the_right(stage: Stage) -> None:
    topic = await a_claimed_question(stage)
    stage.desk.bot_rights.discard("can_delete_messages")
    await stage.says(stage.anna, "/forgetme")
    stage.server.presses(stage.anna, stage.server.seen(stage.anna)[-1], "Delete everything about me")
    while not stage.server.calls["deleteForumTopic"]:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    stage.desk.bot_rights.add("can_delete_messages")
    await stage.settles()
    assert topic not in stage.desk.topics


async def test_files_go_by_their_id_on_telegram_and_with_their_content_from_elsewhere(stage: Stage) -> None:
    scan = stage.server.keep_file("photo", b"scan")
    voice = stage.server.keep_file("voice", b"voice")
    mine = [
        Attachment("telegram", f"photo:{scan}", FileKind.PHOTO, "scan.jpg"),
        Attachment("telegram", f"voice:{voice}", FileKind.VOICE, "voice.ogg"),
    ]
    await sends(stage, to(TO_ANNA, "both", attachments=tuple(mine)), to(TO_ANNA, "one", attachments=(mine[0],)))
    first, second, text, last = stage.server.seen(stage.anna)
    assert (first["photo"][0]["file_id"], second["voice"]["file_id"], text["text"]) == (scan, voice, "both")
    assert (last["caption"], last["photo"][0]["file_id"]) == ("one", scan)
    assert await stage.adapter.fetch(mine[0]) == b"scan"


async def test_a_file_that_is_gone_does_not_hold_up_the_words(stage: Stage) -> None:
    lost = Attachment("telegram", "photo:lost", FileKind.PHOTO, "scan.jpg")
    with pytest.raises(DeliveryError):
        await stage.adapter.fetch(lost)
    await sends(stage, to(TO_ANNA, "words", attachments=(lost,)))
    assert await failures(stage) == 0
    assert stage.server.words(stage.anna) == ["A file could not be passed on: scan.jpg\n\nwords"]


async def test_a_picture_comes_with_its_words_and_is_uploaded_once(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "steps.png"
    path.write_bytes(b"png")
    picture = Picture(str(path), "Nine steps in a row")
    await sends(stage, to(TO_ANNA, "Stages", picture=picture), to(TO_ANNA, "Stages", picture=picture))
    first, second = stage.server.seen(stage.anna)
    assert first["caption"] == "Stages\n\nPicture: Nine steps in a row"
    assert first["photo"] == second["photo"]
    await sends(stage, to(TO_ANNA, "Again", picture=Picture("/nowhere.png", "lost")))
    assert stage.server.words(stage.anna)[-1].startswith("Again"), "a picture that cannot be read costs no words"


async def test_a_picture_that_was_drawn_anew_is_uploaded_anew_with_its_new_words(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "steps.png"
    path.write_bytes(b"png")
    await sends(stage, to(TO_ANNA, "Stages", picture=Picture(str(path), "Nine steps in a row")))
    path.write_bytes(b"another png")
    await sends(stage, to(TO_ANNA, "Stages", picture=Picture(str(path), "Ten steps in a row")))
    first, second = stage.server.seen(stage.anna)
    assert second["caption"] == "Stages\n\nPicture: Ten steps in a row"
    assert first["photo"] != second["photo"]
