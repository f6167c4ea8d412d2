"""Discord with anything in it: messages become events, texts stay within the limits and ping nobody."""

from __future__ import annotations

import re
from typing import Any

import discord
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.discord import components, custom_ids, render
from bot.adapters.discord.forms import filled
from bot.adapters.discord.split import MESSAGE_LIMIT, to_parts
from bot.adapters.discord.to_event import Rooms, addressed, is_for_people, message_event, readable, where
from bot.domain.messages import Address, Block, Button, MessageReceived, OutgoingMessage, Style
from bot.domain.people import Role
from bot.texts import texts_in
from tests.platforms.discord import rules

ROOMS = Rooms(900, 1, frozenset({2}), frozenset({701}), frozenset({702}))
TEXTS = texts_in()
HERE = Address("discord", "dm:5")
many = settings(max_examples=300, deadline=None)
anything = st.text(max_size=80)
snowflakes = st.integers(0, 2**63 - 1).map(str) | st.sampled_from(["900", "5", "2"])
users = st.fixed_dictionaries(
    {"id": snowflakes, "username": anything, "discriminator": st.just("0"), "avatar": st.none()},
    optional={"global_name": anything, "bot": st.booleans()},
)
files = st.fixed_dictionaries(
    {"id": snowflakes, "filename": anything, "size": st.integers(0, 2**40), "url": anything, "proxy_url": anything},
    optional={"content_type": anything, "flags": st.integers(0, 2**16), "waveform": st.just("AAAA"), "duration_secs": st.just(1.0)},
)  # fmt: skip
texts = anything | st.text(alphabet="<@!&:aA>0123456789 \n", max_size=60)
messages = st.fixed_dictionaries(
    {
        "id": snowflakes, "channel_id": st.just("77"), "author": users, "content": texts,
        "timestamp": st.just("2026-11-23T12:00:00+00:00"), "edited_timestamp": st.none(), "tts": st.just(False),
        "mention_everyone": st.booleans(), "mentions": st.lists(users, max_size=3), "mention_roles": st.lists(snowflakes, max_size=2),
        "attachments": st.lists(files, max_size=3), "embeds": st.just([]), "pinned": st.just(False),
        "type": st.sampled_from([0, 19, 7, 18, 200]),
    },
    optional={
        "webhook_id": snowflakes, "flags": st.integers(0, 2**16), "components": st.just([]),
        "message_reference": st.fixed_dictionaries({"type": st.sampled_from([0, 1]), "channel_id": st.just("77")}, optional={"message_id": snowflakes}),
    },
)  # fmt: skip


def message_of(data: dict[str, Any]) -> discord.Message:
    client = discord.Client(intents=discord.Intents(guilds=True))
    return discord.Message(state=client._connection, channel=client.get_partial_messageable(77), data=data)  # type: ignore[arg-type]


@many
@given(data=messages)
def test_a_message_is_an_event(data: dict[str, Any]) -> None:
    message = message_of(data)
    is_for_people(message)
    room = where(ROOMS, message.channel, message.author.id)
    addressed(message, room, ROOMS)
    event = message_event(message, room, ROOMS, Role.ASKER)
    assert isinstance(event, MessageReceived)
    assert len(event.event_id) <= 160
    assert len(str(event.address)) <= 200
    assert "<@900>" not in event.text


@many
@given(
    content=texts,
    names=st.dictionaries(st.integers(0, 9), anything),
    roles=st.dictionaries(st.integers(0, 9), anything),
)
def test_any_content_can_be_read(content: str, names: dict[int, str], roles: dict[int, str]) -> None:
    readable(content, 900, 7, names, roles)


markup = st.text(alphabet="@[]()<>*_`|~-# \n\\\u200d\u202e/abhttps:.&!59everyonhre", max_size=120)
blocks = st.lists(st.builds(Block, st.text(max_size=300) | markup, st.sampled_from(list(Style))), max_size=5)
PING = re.compile(r"(?<!\\)<@[!&]?\d+>|@everyone|@here", re.IGNORECASE)


def are_fine(parts: list[str]) -> None:
    for part in parts:
        assert rules.length(part) <= MESSAGE_LIMIT
        assert not PING.search(part), part


@many
@given(body=blocks)
def test_a_message_is_within_the_limits_and_pings_nobody(body: list[Block]) -> None:
    are_fine(to_parts(body))


@many
@given(body=blocks, on_desk=st.booleans())
def test_so_is_every_form_of_it(body: list[Block], on_desk: bool) -> None:
    message = OutgoingMessage(HERE, tuple(body), on_desk=on_desk, key="card:1")
    for made in (render.render(message, TEXTS), render.render_ephemeral(message, 1, TEXTS)):
        are_fine([*made.parts, *made.after])
    if body:
        card = render.render_card(message, TEXTS)
        are_fine([*card.parts, *card.after])


@settings(max_examples=30, deadline=None)
@given(text=st.text(alphabet="@a [](<5>h😀\n\\", min_size=1, max_size=40), times=st.integers(1, 900))
def test_so_is_a_long_one(text: str, times: int) -> None:
    body = (Block("Title", Style.TITLE), Block(text * times, Style.QUOTE), Block(text * times, Style.CURATED))
    message = OutgoingMessage(HERE, body, key="card:1")
    for made in (render.render(message, TEXTS), render.render_card(message, TEXTS)):
        are_fine([*made.parts, *made.after])


buttons = st.lists(st.builds(Button, anything, st.sampled_from(["show", "more", "claim"]), anything), max_size=120)


@many
@given(shown=buttons)
async def test_components_are_within_the_limits(shown: list[Button]) -> None:
    view = components.to_view(shown, "Choose")
    rules.check_components(view.to_components() if view else [])


@many
@given(data=anything, action=st.from_regex(r"[a-z_-]{1,20}", fullmatch=True), subject=anything)
def test_what_a_component_carries_is_read_or_refused(data: str, action: str, subject: str) -> None:
    found = custom_ids.decode(data)
    assert found is None or custom_ids.encode(*found) in (data, None)
    made = custom_ids.encode(action, subject)
    assert made is None or (len(made) <= custom_ids.LONGEST and custom_ids.decode(made) == (action, subject))


inner = st.recursive(
    st.fixed_dictionaries({}, optional={"custom_id": st.sampled_from(["words", "x"]), "value": anything | st.none()}),
    lambda one: st.fixed_dictionaries({}, optional={"components": st.lists(one, max_size=2), "component": one}),
    max_leaves=5,
)


@many
@given(form=st.lists(inner, max_size=3))
def test_a_form_that_comes_back_is_read_wherever_its_field_lies(form: list[dict[str, Any]]) -> None:
    assert isinstance(filled(form), str)
