"""One queue, a desk on each platform, over the wire: what is done on one is seen on the other, and calls find people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.storage.outbox import Fate
from bot.storage.tables import outbox
from tests.platforms.both import Both
from tests.platforms.discord.people import until
from tests.platforms.discord.wire import UNKNOWN
from tests.platforms.telegram.people import BOT_NAME
from tests.platforms.telegram.stage import DESK, GROUP
from tests.stories.test_discord_and_telegram import ANNA, BEN, both

__all__ = ["both"]
DANGER = "I want to kill myself, I cannot go on"
NEVER = 3600.0  # seconds between two looks of what only looks now and then


@pytest.fixture(autouse=True)
def _nobody_looks_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is seen is seen because it was sent at once: what waits for a look is not seen in these stories."""
    monkeypatch.setattr("bot.outbox.POLL", NEVER)
    monkeypatch.setattr("bot.timers.EVERY", NEVER)


async def asked(both: Both, text: str) -> Any:  # noqa: ANN401 - the Discord post of the question
    both.telegram.says(both.telegram.users[ANNA], f"@{BOT_NAME} {text}", both.telegram.chats[GROUP])
    post = await both.place.post()
    await until(lambda: both.in_topic(1), "a topic on Telegram")
    return post


def topic(both: Both) -> int:
    return next(one.id for one in both.telegram.chats[DESK].topics.values() if one.name.startswith("#1 "))


def telegram_card(both: Both) -> dict[str, Any]:
    card: dict[str, Any] = both.telegram.seen(both.telegram.chats[DESK], topic(both))[0]
    return card


async def seen_soon(both: Both, words: str, *, on: str, post: Any) -> None:  # noqa: ANN401
    """Wait for words on a desk: in its card, which is edited and never posted again, or beside it."""
    if on == "telegram":
        await until(lambda: any(words in text for text in both.in_topic(1)), f"'{words}' on Telegram")
    else:
        await until(lambda: any(words in one["content"] for one in post.messages.values()), f"'{words}' on Discord")


async def all_at_the_first_attempt(both: Both) -> float:
    """Check that nothing had to be sent twice; give the longest time in seconds between storing and arriving."""
    await until(both.place.server.at_rest, "the receipts to be stored")
    async with both.app.store.transaction() as tx:
        query = select(outbox.c.attempts, outbox.c.created_at, outbox.c.sent_at).where(outbox.c.status == Fate.SENT)
        rows = (await tx.connection.execute(query)).all()
    assert {row.attempts for row in rows} == {1}
    took: list[timedelta] = [row.sent_at - row.created_at for row in rows]
    return max(took).total_seconds()


async def test_claim_note_reply_hand_back_and_close_are_seen_on_the_other_desk(both: Both) -> None:
    post = await asked(both, UNKNOWN)
    kim, ben, desk = both.place.volunteer(), both.telegram.users[BEN], both.telegram.chats[DESK]
    await kim.presses(post, both.place.card(post), "Claim")
    await until(lambda: "with Kim" in telegram_card(both)["text"], "the card on Telegram to be edited")
    both.telegram.says(ben, "// she was there in 2024", desk, topic=topic(both))
    await seen_soon(both, "she was there in 2024", on="discord", post=post)
    await kim.fills_in(await kim.presses(post, both.place.card(post), "Hand back"), "no time today")
    await seen_soon(both, "Kim handed #1 back: no time today", on="telegram", post=post)
    await until(lambda: "waiting" in telegram_card(both)["text"], "the card on Telegram to be edited")
    both.telegram.presses(ben, telegram_card(both), "Claim")
    await until(lambda: "with Ben" in both.place.card(post)["content"], "the card on Discord to be edited")
    both.telegram.says(ben, "The towels are free.", desk, topic=topic(both))
    await seen_soon(both, "towels are free", on="discord", post=post)
    both.telegram.presses(ben, telegram_card(both), "Close")
    await until(lambda: "closed" in both.place.card(post)["content"], "the card on Discord to be edited")
    cards = [one for one in post.messages.values() if one["content"].startswith("**#1")]
    assert len(cards) <= 1, "edited, not posted again"
    titles = [text for text in both.in_topic(1) if text.startswith("#1 · ")]
    assert len(titles) == 1, "edited, not posted again"
    longest = await all_at_the_first_attempt(both)
    print(f"the slowest message was on its desk {longest:.2f} s after what caused it was stored")  # noqa: T201


async def test_danger_calls_those_on_duty_by_name_on_their_own_platform(both: Both) -> None:
    kim, lou = both.place.volunteer(), both.place.volunteer("Lou")
    await kim.answered(await kim.slash(both.place.lounge, "duty", hours="on"), "You are on duty")
    await lou.answered(await lou.slash(both.place.lounge, "duty", hours="off"), "You are off duty")
    both.telegram.says(both.telegram.users[BEN], "/duty on", both.telegram.chats[DESK])
    await both.telegram_says("You are on duty", DESK)
    post = await asked(both, DANGER)
    await until(lambda: both.place.server.pings and both.telegram.alerts, "both pages")
    [(message, whom)] = both.place.server.pings
    assert (message["channel_id"], whom) == (str(post.id), {str(kim.user.id)})
    assert both.telegram.alerts == [(DESK, str(BEN))]
