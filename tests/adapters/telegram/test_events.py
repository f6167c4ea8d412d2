"""Updates as events: who, where, for whom, what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Update

from bot.adapters.telegram.events import to_event
from bot.adapters.telegram.here import Here
from bot.domain.messages import Address, Addressed, ButtonPressed, CommandGiven, Event, MessageReceived, Place
from tests.platforms.telegram import rules

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BOT = {"id": 999, "is_bot": True, "first_name": "Help", "username": "HelpBot"}
ANNA: dict[str, Any] = {"id": 5, "is_bot": False, "first_name": "Anna", "last_name": "B"}
GROUP = {"id": -100, "type": "supergroup", "title": "Group"}
DESK = {"id": -200, "type": "supergroup", "title": "Desk", "is_forum": True}
PRIVATE = {"id": 5, "type": "private", "first_name": "Anna"}
HIDDEN = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


def here(ask_chats: Iterable[str] = (), moved: dict[int, int] | None = None) -> Here:
    return Here(-200, frozenset(ask_chats), 999, "HelpBot", moved or {})


def message(text: str = "", chat: dict[str, Any] = GROUP, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    words = {"text": text, "entities": rules.own_entities(text)} if text else {}
    return {"message_id": 7, "date": 1_700_000_000, "chat": chat, "from": ANNA, **words, **more}


def event_of(content: dict[str, Any], kind: str = "message", known: Here | None = None) -> Event | None:
    update = Update.de_json({"update_id": 55, kind: content}, None)
    return to_event(update, known or here(), NOW)


def received(content: dict[str, Any], kind: str = "message", known: Here | None = None) -> MessageReceived:
    event = event_of(content, kind, known)
    assert isinstance(event, MessageReceived)
    return event


@pytest.mark.parametrize(
    ("text", "words", "addressed"),
    [
        ("what is hsct?", "what is hsct?", Addressed.NO),
        ("@HelpBot what is hsct?", "what is hsct?", Addressed.DIRECT),
        ("@helpbot, what is hsct?", "what is hsct?", Addressed.DIRECT),
        ("what is hsct @HelpBot?", "what is hsct?", Addressed.DIRECT),
        ("what is @HelpBot hsct", "what is hsct", Addressed.DIRECT),
        ("👩‍👩‍👧 @HelpBot is 𝔥sct safe", "👩‍👩‍👧 is 𝔥sct safe", Addressed.DIRECT),
        ("@HelpBotter what is hsct?", "@HelpBotter what is hsct?", Addressed.NO),
    ],
)
def test_in_a_group_a_mention_addresses_the_bot(text: str, words: str, addressed: Addressed) -> None:
    event = received(message(text))
    assert (event.text, event.addressed, event.place) == (words, addressed, Place.GROUP)
    assert event.address == Address("telegram", "-100")


@pytest.mark.parametrize("text", ["/unknown thing", "/faq@OtherBot cost"])
def test_in_a_group_other_bots_commands_are_none_of_ours(text: str) -> None:
    assert event_of(message(text)) is None


def test_with_privacy_mode_off_people_talking_are_not_addressing_the_bot() -> None:
    other = message("that is kind") | {"from": {**ANNA, "id": 6}}
    assert received(message("thanks", reply_to_message=other)).addressed is Addressed.NO


def test_a_reply_to_the_bot_addresses_it() -> None:
    event = received(message("and in Mexico?", reply_to_message=message("Answer", **{"from": BOT}) | {"message_id": 3}))
    assert (event.addressed, event.reply_to) == (Addressed.DIRECT, "3")


def test_the_start_of_a_topic_is_not_a_message_that_is_replied_to() -> None:
    start = message(forum_topic_created={"name": "#1", "icon_color": 1}) | {"from": BOT, "message_id": 3}
    event = received(message("hello", reply_to_message=start, message_thread_id=3, is_topic_message=True))
    assert (event.addressed, event.reply_to, event.address.thread) == (Addressed.NO, None, "3")


@pytest.mark.parametrize(
    ("ask_chats", "expected"),
    [
        (["-100"], Addressed.ASK_CHANNEL),
        (["-100/3"], Addressed.ASK_CHANNEL),
        (["-100/4"], Addressed.NO),
        ([], Addressed.NO),
    ],
)
def test_ask_chats_and_ask_topics(ask_chats: list[str], expected: Addressed) -> None:
    known = here(ask_chats)
    event = received(message("is it safe?", message_thread_id=3, is_topic_message=True), known=known)
    assert event.addressed is expected


def test_a_reply_thread_in_a_group_without_topics_is_no_thread() -> None:
    assert received(message("@HelpBot hi", message_thread_id=3)).address.thread is None


def test_in_private_everything_is_for_the_bot() -> None:
    event = received(message("hello", PRIVATE))
    assert (event.addressed, event.place) == (Addressed.DIRECT, Place.PRIVATE)
    assert event.address == Address("telegram", "dm:5")
    assert (str(event.sender.id), event.sender.name) == ("telegram:5", "Anna B")


@pytest.mark.parametrize(
    ("text", "chat", "name", "argument"),
    [
        ("/faq cost mexico", GROUP, "faq", "cost mexico"),
        ("/FAQ@helpbot cost", GROUP, "faq", "cost"),
        ("/stages", PRIVATE, "stages", ""),
        ("/nonsense x", PRIVATE, "nonsense", "x"),
        ("/start private", PRIVATE, "start", ""),
        ("/claim 12", DESK, "claim", "12"),
    ],
)
def test_commands(text: str, chat: dict[str, Any], name: str, argument: str) -> None:
    event = event_of(message(text, chat))
    assert isinstance(event, CommandGiven)
    assert (event.name, event.argument) == (name, argument)


def test_a_note_at_the_desk_is_no_command() -> None:
    assert received(message("// she is a nurse", DESK)).text == "// she is a nurse"


def test_a_link_presses_its_button_in_private() -> None:
    event = event_of(message("/start show-cost-mexico", PRIVATE))
    assert isinstance(event, ButtonPressed)
    assert (event.action, event.subject, event.address.chat) == ("show", "cost-mexico", "dm:5")


def test_an_edit_is_the_same_message_with_an_event_of_its_own() -> None:
    event = received(message("better words", PRIVATE, edit_date=1_700_000_100), "edited_message")
    assert (event.edited, event.message_id, event.event_id) == (True, "7", "telegram:update:55")


def test_an_edited_command_says_that_it_is_one() -> None:
    event = event_of(message("/person help", PRIVATE, edit_date=1), "edited_message")
    assert isinstance(event, CommandGiven)
    assert (event.edited, event.name, event.argument) == (True, "person", "help")
    linked = event_of(message("/start in_private-1", PRIVATE, edit_date=1), "edited_message")
    assert isinstance(linked, CommandGiven), "a button of a link is pressed once"


@pytest.mark.parametrize(
    "content",
    [
        message("post", {"id": -300, "type": "channel", "title": "News"}, sender_chat={"id": -300, "type": "channel"}),
        message(
            "@HelpBot post", is_automatic_forward=True, sender_chat={"id": -300, "type": "channel", "title": "News"}
        ),
        message("@HelpBot hi", **{"from": {"id": 8, "is_bot": True, "first_name": "Other"}}),
        message(new_chat_members=[ANNA]),
        message(migrate_to_chat_id=-1001),
        message(),
    ],
    ids=["channel post", "forwarded channel post", "another bot", "joined", "migrated", "empty"],
)
def test_what_is_none_of_our_business_is_no_event(content: dict[str, Any]) -> None:
    assert event_of(content) is None


@pytest.mark.parametrize("kind", ["channel_post", "my_chat_member", "poll", "message_reaction", "shipping_query"])
def test_updates_of_other_kinds_are_ignored(kind: str) -> None:
    assert to_event(Update(1), here(), NOW) is None


def test_a_hidden_admin_is_the_group_and_has_no_private_chat() -> None:
    event = received(message("@HelpBot is it safe?", **{"from": HIDDEN}, sender_chat=GROUP, author_signature="Mod"))
    assert (str(event.sender.id), event.sender.name) == ("telegram:-100", "Mod")


def test_an_entry_picked_with_inline_mode_is_no_question() -> None:
    assert received(message("HSCT is ...", PRIVATE, via_bot=BOT)).addressed is Addressed.NO
    assert received(message("HSCT is ...", DESK, via_bot=BOT)).place is Place.DESK


def test_files_come_with_their_words() -> None:
    photo = [{"file_id": "small", "file_unique_id": "s", "width": 1, "height": 1},
             {"file_id": "big", "file_unique_id": "b", "width": 9, "height": 9, "file_size": 12}]  # fmt: skip
    event = received(message(chat=PRIVATE, photo=photo, caption="my scan"))
    assert event.text == "my scan"
    assert [(one.ref, one.kind, one.size) for one in event.attachments] == [("photo:big", "photo", 12)]


def test_a_mention_under_a_photo_counts() -> None:
    photo = [{"file_id": "big", "file_unique_id": "b", "width": 9, "height": 9}]
    caption = "@HelpBot what is this"
    event = received(message(photo=photo, caption=caption, caption_entities=rules.own_entities(caption)))
    assert (event.addressed, event.text) == (Addressed.DIRECT, "what is this")


def pressed(where: dict[str, Any], data: str = "v1:claim:3", known: Here | None = None, **more: Any) -> Event | None:  # noqa: ANN401
    content = message("Card", where, **{"from": BOT}, **more)
    return event_of(
        {"id": "q", "from": ANNA, "message": content, "chat_instance": "1", "data": data}, "callback_query", known
    )


def test_a_press_in_a_topic() -> None:
    event = pressed(DESK, message_thread_id=3, is_topic_message=True)
    assert isinstance(event, ButtonPressed)
    assert (event.action, event.subject, event.place) == ("claim", "3", Place.DESK)
    assert event.address == Address("telegram", "-200", "3")


def test_a_press_under_a_message_that_telegram_no_longer_shows() -> None:
    old = {"message_id": 7, "date": 0, "chat": DESK}
    event = event_of(
        {"id": "q", "from": ANNA, "message": old, "chat_instance": "1", "data": "v1:claim:3"}, "callback_query"
    )
    assert isinstance(event, ButtonPressed)
    assert event.place is Place.DESK


@pytest.mark.parametrize("data", ["", "old-format", "v9:more:1"])
def test_a_press_with_unknown_data_is_no_event(data: str) -> None:
    assert pressed(GROUP, data) is None


def test_at_a_desk_without_topics_replies_make_a_thread() -> None:
    plain = {"id": -200, "type": "group", "title": "Desk"}
    known = here()
    known.remember(-200, 7, "r:7")
    assert (
        received(
            message("hello", plain, reply_to_message=message("Card", plain, **{"from": BOT})), known=known
        ).address.thread
        == "r:7"
    )
    event = pressed(plain)
    assert event is not None
    assert event.address.thread == "r:7"


def test_a_group_that_became_a_supergroup_keeps_the_number_it_is_known_by() -> None:
    known = here(moved={-200: -1002})
    event = received(message("hello", {"id": -1002, "type": "supergroup", "title": "Desk"}), known=known)
    assert (event.place, event.address.chat) == (Place.DESK, "-200")
