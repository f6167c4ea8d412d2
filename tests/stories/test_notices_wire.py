"""What belongs to no question reaches the desk over the wire: proposals for leads, news of the answers, alerts."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.link import Trouble
from bot.domain.messages import Address
from bot.escalation.desk import EscalationDesk
from bot.escalation.knowledge_news import KnowledgeNews
from bot.knowledge.live import Refused
from bot.running import App
from bot.texts import texts_in
from bot.triage.triage import Triage
from bot.watch import DISK
from tests.platforms.discord.model import TEXT, Channel, Json
from tests.platforms.discord.people import Human, labels, until
from tests.platforms.discord.wire import LEADS, Place, Wire, bot_running
from tests.platforms.telegram.stage import DESK, Stage
from tests.stories.test_curating import FULL, PHRASINGS, SHORT, SOURCES

TITLE = "Notices for volunteers"
POSTING = "POST /channels/.*/threads"
QUESTION = "May I bring slippers to the ward?"
ENTRY = "may-i-bring-slippers-to-the-ward"
PARTS = {
    "Phrasings": PHRASINGS, "Short answer": SHORT, "Full answer": FULL, "Sources": SOURCES, "Topic": "regulation",
}  # fmt: skip


async def news(app: App, desk: Address, problem: str) -> None:
    """A curator has saved a file with a mistake."""
    room = EscalationDesk([desk], texts_in(), app.live)
    await KnowledgeNews(app.store, room, app.clock, app.outbox.wake).tell(Refused((problem,)))


def forum(place: Place) -> Address:
    return Address("discord", str(place.desk.id))


def standing(place: Place) -> list[Channel]:
    return [one for one in place.server.posts_of(place.desk) if one.name == TITLE]


async def told(place: Place, words: str) -> Channel:
    """Wait until some words stand in a post for notices; give the post."""

    def found() -> Channel | None:
        return next((one for one in standing(place) if any(words in said for said in texts_of(one))), None)

    post: Channel = await until(found, f"a notice with '{words}'")
    return post


def texts_of(post: Channel) -> list[str]:
    return [message["content"] for message in post.messages.values()]


async def test_a_forum_has_one_pinned_post_for_all_notices(wire: Wire, place: Place) -> None:
    await news(wire.app, forum(place), "costs.yaml:3: `short` is empty.")
    await news(wire.app, forum(place), "costs.yaml:9: `full` is empty.")
    wire.app.watch.platform(DISK).down(Trouble.FULL)
    await wire.app.watch.look()
    await told(place, "The disk of the database is nearly full")
    [post] = place.server.posts_of(place.desk)
    assert post.pinned
    about, first, second, _ = texts_of(post)
    assert "what belongs to no single question" in about
    assert "costs.yaml:3" in first
    assert "costs.yaml:9" in second
    assert not place.server.pings


async def test_what_volunteers_say_there_is_theirs(wire: Wire, place: Place) -> None:
    kim = place.volunteer()
    await news(wire.app, forum(place), "costs.yaml:3: `short` is empty.")
    post = await told(place, "costs.yaml:3")
    await kim.says(post, "I will mend it tonight.")
    await news(wire.app, forum(place), "costs.yaml:9: `full` is empty.")
    await told(place, "costs.yaml:9")
    assert len(kim.sees(post)) == 3, "nothing was said to it"


@pytest.mark.parametrize("asleep", [False, True])
async def test_after_a_restart_the_same_post_goes_on(
    place: Place, triage: Triage, tmp_path: Path, *, asleep: bool
) -> None:
    database = f"sqlite+aiosqlite:///{tmp_path}/bot.db"
    async with bot_running(place, triage, database=database) as wire:
        await news(wire.app, forum(place), "costs.yaml:3: `short` is empty.")
        post = await told(place, "costs.yaml:3")
    post.archived = asleep
    async with bot_running(place, triage, database=database) as wire:
        await news(wire.app, forum(place), "costs.yaml:9: `full` is empty.")
        assert await told(place, "costs.yaml:9") is post
    assert standing(place) == [post]


@pytest.mark.parametrize("fate", ["deleted", "locked"])
async def test_a_post_that_is_gone_is_made_anew(wire: Wire, place: Place, fate: str) -> None:
    await news(wire.app, forum(place), "costs.yaml:3: `short` is empty.")
    first = await told(place, "costs.yaml:3")
    if fate == "deleted":
        await place.server.delete_channel(first.id)
    else:
        first.locked, first.pinned = True, False
        first.denied.add("MANAGE_THREADS")
    await news(wire.app, forum(place), "costs.yaml:9: `full` is empty.")
    second = await told(place, "costs.yaml:9")
    assert second is not first
    assert len(standing(place)) == (1 if fate == "deleted" else 2)
    assert second.pinned


async def test_a_post_whose_making_was_not_confirmed_is_not_made_twice(wire: Wire, place: Place) -> None:
    place.server.fails(POSTING, after=True)
    await news(wire.app, forum(place), "costs.yaml:3: `short` is empty.")
    await told(place, "costs.yaml:3")
    assert len(standing(place)) == 1


async def test_the_place_for_a_pinned_post_may_be_taken(wire: Wire, place: Place) -> None:
    rules = place.server._thread(place.desk, "Rules of the desk", TEXT, [])
    rules.pinned = True
    await news(wire.app, forum(place), "costs.yaml:3: `short` is empty.")
    post = await told(place, "costs.yaml:3")
    assert (post.pinned, rules.pinned) == (False, True)


async def test_a_forum_may_take_no_post_without_a_tag(place: Place, triage: Triage) -> None:
    place.desk.requires_tag = True
    async with bot_running(place, triage) as wire:
        await news(wire.app, forum(place), "costs.yaml:3: `short` is empty.")
        assert len((await told(place, "costs.yaml:3")).applied) == 1


async def test_a_text_channel_holds_notices_itself(place: Place, triage: Triage) -> None:
    room = place.server.add_channel("volunteers", TEXT)
    async with bot_running(place, triage, desk_channel=room.id) as wire:
        await news(wire.app, Address("discord", str(room.id)), "costs.yaml:3: `short` is empty.")
        await place.volunteer().gets(room, "costs.yaml:3")
        assert place.server.posts_of(room) == []


async def fills_in_all(kim: Human, post: Channel, draft: Json) -> Json:
    """Press each part's button, and write into the form that opens; give the finished draft."""
    for label, words in PARTS.items():
        form = await kim.presses(post, draft, label)
        assert form.modal, f"{label} opens a form"
        draft = await kim.answered(await kim.fills_in(form, words), "Proposal 1")
    return draft


@pytest.mark.parametrize("by", ["button", "command"])
async def test_in_a_text_channel_all_see_what_was_decided(place: Place, triage: Triage, by: str) -> None:
    room = place.server.add_channel("volunteers", TEXT)
    async with bot_running(place, triage, desk_channel=room.id):
        kim, lou = place.volunteer(), place.human("Lou", LEADS)
        draft = await kim.answered(await kim.slash(room, "kb", what=f"new {QUESTION}"), "Proposal 1")
        draft = await fills_in_all(kim, room, draft)
        await kim.answered(await kim.presses(room, draft, "Give it to the leads"), "is with the leads")
        card = await until(lambda: next((one for one in kim.sees(room) if "Decline" in labels(one)), None), "the card")
        if by == "button":
            await lou.presses(room, card, "Decline")
        else:
            await lou.slash(room, "kb", what="decline 1 we have it already")
        await until(lambda: any(one["content"].startswith("Lou declined") for one in kim.sees(room)), "the news")
        await until(lambda: not labels(card), "the buttons to be gone")
        assert "declined" in card["content"]


async def test_on_telegram_news_makes_no_topic(stage: Stage) -> None:
    await news(stage.app, Address("telegram", str(DESK)), "costs.yaml:3: `short` is empty.")
    await stage.settles()
    [said] = stage.server.seen(stage.desk)
    assert "costs.yaml:3" in said["text"]
    assert "message_thread_id" not in said
    assert stage.desk.topics == {}
