"""One desk on two platforms, both over the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator
from unittest.mock import patch

import pytest

from bot.triage.triage import Triage
from tests.platforms.both import Both, on_both
from tests.platforms.discord.people import labels, until
from tests.platforms.discord.wire import UNKNOWN
from tests.platforms.telegram.people import BOT_NAME
from tests.platforms.telegram.stage import DESK, GROUP

ANNA, BEN = 1, 2  # as `populate` numbers them


@pytest.fixture
async def both(triage: Triage) -> AsyncIterator[Both]:
    with patch("bot.outbox.FIRST_WAIT", 0.1):
        async with on_both(triage) as made:
            yield made


async def test_asked_on_telegram_answered_on_discord(both: Both) -> None:
    anna, group = both.telegram.users[ANNA], both.telegram.chats[GROUP]
    kim = both.place.volunteer()
    both.telegram.says(anna, f"@{BOT_NAME} {UNKNOWN}", group)
    post = await both.place.post()
    assert "Anna" not in both.place.card(post)["content"]
    await kim.presses(post, both.place.card(post), "Claim")
    await both.telegram_says("Kim, a volunteer", GROUP)
    await until(lambda: any("with Kim" in text for text in both.in_topic(1)), "the card on Telegram to name Kim")
    await kim.says(post, "The towels are free.")
    await both.telegram_says("towels are free", GROUP)
    answer = next(one for one in both.telegram.seen(group) if "towels are free" in one["text"])
    await until(both.place.server.at_rest, "the receipt to be stored")
    both.telegram.says(anna, "Thank you so much!", group, reply_to=answer["message_id"])
    await kim.gets(post, "Thank you so much!")
    await until(lambda: any("towels are free" in text for text in both.in_topic(1)), "the reply on Telegram's desk")
    assert not both.place.server.pings


async def test_asked_on_discord_answered_on_telegram(both: Both) -> None:
    place, ben, desk = both.place, both.telegram.users[BEN], both.telegram.chats[DESK]
    anna, kim = place.human("Anna"), place.volunteer()
    await anna.mentions(place.lounge, UNKNOWN)
    await until(lambda: both.in_topic(1), "a topic")
    topic = next(one.id for one in desk.topics.values() if one.name.startswith("#1 "))
    both.telegram.presses(ben, both.telegram.seen(desk, topic)[0], "Claim")
    await anna.gets(place.lounge, "Ben, a volunteer")
    post = await place.post()
    await until(lambda: "with Ben" in place.card(post)["content"], "the card on Discord to name Ben")
    late = await kim.presses_old(post, place.card(post), "v1:claim:1")
    await kim.answered(late, "Ben has #1 already")
    await until(both.place.server.at_rest, "the receipts to be stored")
    both.telegram.says(ben, "The towels are free.", desk, topic=topic)
    answer = await anna.gets(place.lounge, "towels are free")
    await anna.says(place.lounge, "Thank you so much!", reply_to=answer)
    await until(lambda: any("Thank you so much!" in text for text in both.in_topic(1)), "the thanks on Telegram")
    await kim.gets(post, "towels are free")
    assert "Reply" in labels(place.card(post))
