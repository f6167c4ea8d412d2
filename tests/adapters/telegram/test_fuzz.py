"""Telegram with anything in it: updates become events or nothing, messages stay within the limits and ping nobody."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Update
from telegram.constants import InlineKeyboardMarkupLimit

from bot.adapters.telegram import keyboard
from bot.adapters.telegram.events import to_event
from bot.adapters.telegram.keyboard import button_of, button_of_payload, data_of
from bot.adapters.telegram.parse import parsed
from bot.adapters.telegram.render import ENTITY_LIMIT, MESSAGE_LIMIT, Part, parts, shortened
from bot.domain.messages import Block, Button, ButtonPressed, CommandGiven, MessageReceived, Style
from tests.adapters.telegram.test_events import ANNA, BOT, DESK, GROUP, HIDDEN, NOW, PRIVATE, here
from tests.platforms.telegram import rules

anything = st.text(max_size=80)
numbers = st.integers(-(2**40), 2**40)
many = settings(max_examples=300, deadline=None)
values = st.recursive(
    st.none() | st.booleans() | numbers | st.floats(allow_nan=False) | anything,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
kinds = st.sampled_from("mention bot_command text_mention url bold code blockquote unheard_of".split())
entity = st.fixed_dictionaries(
    {"type": kinds, "offset": st.integers(0, 100), "length": st.integers(0, 100)}, optional={"user": st.just(BOT)}
)
texts = anything | st.sampled_from(["/start show-what-is-hsct", "/faq@HelpBot x", "@HelpBot hi", "/", "@", "/ask"])
file = st.fixed_dictionaries({"file_id": st.just("f"), "file_unique_id": st.just("u")}, optional={"file_size": numbers, "file_name": anything})  # fmt: skip
photo = st.fixed_dictionaries({"file_id": st.just("f"), "file_unique_id": st.just("u"), "width": numbers, "height": numbers})  # fmt: skip
message = st.fixed_dictionaries(
    {"message_id": st.integers(0, 2**31), "date": st.integers(0, 2**31), "chat": st.sampled_from([GROUP, DESK, PRIVATE])},
    optional={
        "from": st.sampled_from([ANNA, BOT, HIDDEN]) | st.builds(lambda name: {**ANNA, "first_name": name}, anything),
        "text": texts, "caption": texts,
        "entities": st.lists(entity, max_size=4), "caption_entities": st.lists(entity, max_size=4),
        "sender_chat": st.sampled_from([GROUP, DESK]), "author_signature": anything, "message_thread_id": st.integers(1, 99),
        "is_topic_message": st.just(True), "via_bot": st.just(BOT), "document": file, "photo": st.lists(photo, max_size=2),
        "edit_date": st.integers(1, 2**31), "is_automatic_forward": st.just(True),
        "forum_topic_created": st.just({"name": "x", "icon_color": 1}),
        "reply_to_message": st.just({"message_id": 3, "date": 1, "chat": GROUP, "from": BOT, "text": "x"}),
    },
)  # fmt: skip
press = st.fixed_dictionaries(
    {"id": st.just("1"), "from": st.sampled_from([ANNA, BOT]), "chat_instance": st.just("1")},
    optional={
        "data": anything | st.builds(lambda rest: "v1:" + rest, anything),
        "message": message | st.just({"message_id": 1, "date": 0, "chat": DESK}),
    },
)
updates = st.one_of(
    st.builds(lambda content: {"update_id": 5, "message": content}, message),
    st.builds(lambda content: {"update_id": 5, "edited_message": content}, message),
    st.builds(lambda content: {"update_id": 5, "callback_query": content}, press),
)


@many
@given(update=updates)
def test_an_update_is_an_event_or_nothing(update: dict[str, Any]) -> None:
    event = to_event(Update.de_json(update, None), here(["-100"]), NOW)
    assert event is None or isinstance(event, MessageReceived | ButtonPressed | CommandGiven)
    if event:
        assert len(event.event_id) <= 160
        assert len(str(event.address)) <= 200


@many
@given(update=updates, data=st.data())
def test_what_is_no_update_is_refused_and_breaks_nothing(update: dict[str, Any], data: st.DataObject) -> None:
    broken = copy.deepcopy(update)
    target: Any = broken
    while isinstance(target, dict) and target:
        key = data.draw(st.sampled_from(sorted(target)))
        if not isinstance(target[key], dict) or data.draw(st.booleans()):
            target[key] = data.draw(values)
            break
        target = target[key]
    found = parsed(json.loads(json.dumps(broken)), None)
    assert found is None or isinstance(found, Update)


markup = st.text(alphabet="@[]()<>*_`|~-# \n\u200d\u202e/abhttps:.", max_size=120)
blocks = st.lists(st.builds(Block, st.text(max_size=300) | markup, st.sampled_from(list(Style))), max_size=5)


def entities(part: Part) -> list[dict[str, Any]]:
    return [one.to_dict() for one in part.entities()]


def are_fine(found: Sequence[Part]) -> None:
    for part in found:
        assert 0 < part.length() <= MESSAGE_LIMIT
        assert len(part.entities()) <= ENTITY_LIMIT
        assert rules.alerted(rules.cleaned(part.text), entities(part)) == []
        assert rules.alerted(part.harmless(), []) == []


@many
@given(body=blocks)
def test_a_message_is_within_the_limits_and_pings_nobody(body: list[Block]) -> None:
    are_fine(parts(body))
    are_fine(parts(shortened(body)))


@settings(max_examples=25, deadline=None)
@given(text=st.text(alphabet="@a [](h😀\n", min_size=1, max_size=40), times=st.integers(1, 900))
def test_so_is_a_long_one(text: str, times: int) -> None:
    are_fine(parts([Block(text * times, Style.QUOTE), Block(text * times, Style.CURATED)]))


def test_a_cut_in_the_middle_of_words_pings_nobody() -> None:
    are_fine(parts([Block("a@aa@" * 820, Style.QUOTE)]))


buttons = st.lists(st.builds(Button, anything, st.sampled_from(["show", "more", "in_private"]), anything), max_size=120)


@many
@given(shown=buttons, text=anything, in_group=st.booleans())
def test_a_keyboard_is_within_the_limits(shown: list[Button], text: str, in_group: bool) -> None:
    made = keyboard.keyboard(shown, text, bot="HelpBot", in_group=in_group)
    rows = made.inline_keyboard if made else ()
    assert sum(len(row) for row in rows) <= InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER
    for key in (key for row in rows for key in row):
        assert key.text.strip()
        assert key.url or 1 <= len(str(key.callback_data).encode()) <= keyboard.DATA_LIMIT


@many
@given(data=anything, action=st.from_regex(r"[a-z_]{1,20}", fullmatch=True), subject=anything)
def test_what_a_press_carries_is_read_or_refused(data: str, action: str, subject: str) -> None:
    found = button_of(data)
    assert found is None or data == data_of(Button("", *found))
    assert button_of(data_of(Button("", action, subject))) == (action, subject)
    linked = button_of_payload(data)
    assert linked is None or linked[0] in keyboard.LINKED
