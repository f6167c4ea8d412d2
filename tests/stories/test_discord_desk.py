"""The volunteers' desk in a Discord forum, over the wire."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.messages import Address, Block, Delivery, OutgoingMessage, Style
from bot.errors import DeliveryError
from bot.triage.triage import Triage
from tests.platforms.discord.model import TEXT, Channel
from tests.platforms.discord.people import Human, labels, until
from tests.platforms.discord.wire import LEADS, UNKNOWN, VOLUNTEERS, Place, Wire, bot_running, until_all_is_out

DANGER = "I want to kill myself, I cannot go on"


def tags_of(place: Place, post: Channel) -> set[str]:
    return {tag["name"] for tag in place.desk.tags if tag["id"] in post.applied}


async def test_a_post_shows_where_its_question_stands_by_tags(wire: Wire, place: Place) -> None:
    anna, kim, lou = place.human("Anna"), place.volunteer(), place.human("Lou", LEADS)
    await anna.mentions(place.lounge, UNKNOWN)
    post = await place.post()
    assert tags_of(place, post) == {"new"}
    assert post.name.startswith("#1 Does the clinic in Riga")
    await kim.presses(post, place.card(post), "Claim")
    await until(lambda: tags_of(place, post) == {"claimed"}, "the tag claimed")
    await kim.fills_in(await kim.presses(post, place.card(post), "Hand back"), "no time today")
    await until(lambda: tags_of(place, post) == {"waiting"}, "the tag waiting")
    await lou.slash(post, "close")
    await until(lambda: tags_of(place, post) == {"closed"}, "the tag closed")
    assert post.name.startswith("#1 Does")


async def test_only_danger_pages_and_only_the_volunteers(wire: Wire, place: Place) -> None:
    anna = place.human("Anna")
    await anna.mentions(place.ask, UNKNOWN + " @everyone @here")
    await place.post(1)
    assert not place.server.pings
    await anna.mentions(place.lounge, DANGER)
    post = await place.post(2)
    assert "urgent" in tags_of(place, post)
    [(message, whom)] = place.server.pings
    assert message["channel_id"] == str(post.id)
    assert whom == {str(VOLUNTEERS), str(LEADS)}
    assert all(not allowed.get("parse") for allowed in place.server.allowed_mentions)


async def test_a_deleted_post_is_made_again_and_nothing_is_lost(wire: Wire, place: Place) -> None:
    anna, kim = place.human("Anna"), place.volunteer()
    await anna.mentions(place.lounge, UNKNOWN)
    told = await anna.gets(place.lounge, "Your question is #1")
    first = await place.post()
    await place.server.delete_channel(first.id)
    await anna.says(place.lounge, "And is there a sauna?", reply_to=told)
    second = await until(lambda: next(iter(place.server.posts_of(place.desk)), None), "another post")
    await kim.gets(second, "And is there a sauna?")
    await kim.says(second, "//looking into it")
    await kim.gets(second, "Noted")


async def goes_on_elsewhere(place: Place, anna: Human, kim: Human, *denied: str) -> Channel:
    """Lock the post of a question, have its asker write again, and give the post in which it goes on."""
    await anna.mentions(place.lounge, UNKNOWN)
    told = await anna.gets(place.lounge, "Your question is #1")
    first = await place.post()
    first.locked = True
    first.denied.update(denied)
    await place.server.broadcast("THREAD_UPDATE", first.payload())
    await anna.says(place.lounge, "And is there a sauna?", reply_to=told)
    second: Channel = await until(
        lambda: next((one for one in place.server.posts_of(place.desk) if one is not first), None), "another post"
    )
    await kim.gets(second, "And is there a sauna?")
    assert f"/{first.id}" in kim.sees(second)[0]["content"]
    return second


async def test_a_locked_post_is_left_and_the_new_one_says_where_it_goes_on_from(wire: Wire, place: Place) -> None:
    await goes_on_elsewhere(place, place.human("Anna"), place.volunteer(), "MANAGE_THREADS")


async def test_a_post_locked_for_the_volunteers_is_left_though_the_bot_may_still_write_there(
    wire: Wire, place: Place
) -> None:
    anna, kim, lou = place.human("Anna"), place.volunteer(), place.human("Lou", LEADS)
    second = await goes_on_elsewhere(place, anna, kim)
    await kim.presses(second, await kim.gets(second, "asks (country"), "Claim")
    await kim.gets(second, "Kim has #1")
    await kim.says(second, "Yes, on the top floor.")
    await anna.gets(place.lounge, "on the top floor")
    await lou.slash(second, "close")
    await until(lambda: tags_of(place, second) == {"closed"}, "the tag closed")
    second.locked = True
    await place.server.broadcast("THREAD_UPDATE", second.payload())
    await anna.presses(place.lounge, await anna.gets(place.lounge, "Did this help?"), "This helped")
    await until(wire.server.at_rest, "all to be out")
    await anna.gets(place.lounge, "hank")
    assert len(place.server.posts_of(place.desk)) == 2


async def test_a_forum_that_takes_no_post_without_a_tag_gets_one(place: Place, triage: Triage) -> None:
    forum = place.server.add_forum("elsewhere", ("questions", "other"))
    forum.requires_tag = True
    async with bot_running(place, triage, desk_channel=forum.id):
        anna, kim = place.human("Anna"), place.volunteer()
        await anna.mentions(place.lounge, UNKNOWN)
        post = await until(lambda: next(iter(place.server.posts_of(forum)), None), "a post")
        assert post.applied == [forum.tags[0]["id"]]
        await kim.presses(post, place.card(post), "Claim")
        await kim.gets(post, "Kim has #1")


async def test_tags_that_may_not_be_changed_for_long_hold_nothing_up(wire: Wire, place: Place) -> None:
    """Discord lets a post be changed only a few times in some minutes."""
    anna, kim = place.human("Anna"), place.volunteer()
    await anna.mentions(place.lounge, UNKNOWN)
    post = await place.post()
    place.server.limits_to(r"PATCH /channels/\d+", calls=1, seconds=600)
    await kim.presses(post, place.card(post), "Claim")
    await until(lambda: "claimed" in tags_of(place, post), "the only change that is allowed")
    await kim.says(post, "The towels are free.")
    await anna.gets(place.lounge, "towels are free")
    await kim.gets(post, "Delivered")
    await kim.presses(post, place.card(post), "Close")
    await until(lambda: "Reply" not in labels(place.card(post)), "the card to be edited although its tags stay")
    async with asyncio.timeout(5):
        await until_all_is_out(wire)
    assert tags_of(place, post) == {"claimed"}


async def test_a_post_that_went_to_sleep_is_woken(wire: Wire, place: Place) -> None:
    anna, kim = place.human("Anna"), place.volunteer()
    await anna.mentions(place.lounge, UNKNOWN)
    post = await place.post()
    post.archived = True
    await place.server.broadcast("THREAD_UPDATE", post.payload())
    await kim.slash(place.lounge, "claim", number=1)
    await until(lambda: "Reply" in labels(place.card(post)), "the card to be edited")
    assert len(place.server.posts_of(place.desk)) == 1


async def test_an_answer_lost_on_the_way_does_not_make_a_second_post(wire: Wire, place: Place) -> None:
    place.server.fails("POST /channels/.*/threads", after=True)
    anna = place.human("Anna")
    await anna.mentions(place.lounge, UNKNOWN)
    await anna.gets(place.lounge, "Your question is #1")
    post = await place.post()
    kim = place.volunteer()
    await until(lambda: place.server.calls["GET /guilds/#/threads/active"] > 0, "the look for the post", 8)
    await kim.presses(post, place.card(post), "Claim")
    await kim.gets(post, "Kim has #1")
    assert len(place.server.posts_of(place.desk)) == 1


async def test_a_text_channel_serves_as_a_desk_too(place: Place, triage: Triage) -> None:
    room = place.server.add_channel("volunteers", TEXT)
    async with bot_running(place, triage, desk_channel=room.id):
        anna, kim = place.human("Anna"), place.volunteer()
        await anna.mentions(place.lounge, UNKNOWN)
        thread = await until(lambda: next(iter(place.server.posts_of(room)), None), "a thread")
        card = await kim.gets(thread, "swimming pool")
        await kim.presses(thread, card, "Claim")
        await anna.gets(place.lounge, "Kim, a volunteer")
        await kim.says(thread, "The towels are free.")
        answer = await anna.gets(place.lounge, "towels are free")
        await kim.gets(thread, "Delivered to")
        thread.locked = True
        thread.denied.add("MANAGE_THREADS")
        await place.server.broadcast("THREAD_UPDATE", thread.payload())
        await anna.says(place.lounge, "Thank you!", reply_to=answer)
        other = await until(
            lambda: next((one for one in place.server.posts_of(room) if one is not thread), None), "a new thread"
        )
        await kim.gets(other, "Thank you!")
        assert f"/{thread.id}" in kim.sees(other)[0]["content"]


@pytest.mark.parametrize("kind", ["forum", "text channel"])
async def test_the_link_stands_first_even_where_a_delivered_comes_at_the_moment_of_the_lock(
    place: Place, triage: Triage, kind: str
) -> None:
    room = place.desk if kind == "forum" else place.server.add_channel("volunteers", TEXT)
    async with bot_running(place, triage, desk_channel=room.id):
        anna, kim = place.human("Anna"), place.volunteer()
        await anna.mentions(place.lounge, UNKNOWN)
        first = await until(lambda: next(iter(place.server.posts_of(room)), None), "a thread")
        await kim.presses(first, await kim.gets(first, "swimming pool"), "Claim")
        await anna.gets(place.lounge, "Kim, a volunteer")
        place.server.fails(f"POST /channels/{place.lounge.id}/messages", 500)  # the library tries again in a second
        await kim.says(first, "The towels are free.")
        await kim.gets(first, "On its way")
        first.locked = True
        first.denied.add("MANAGE_THREADS")
        await place.server.broadcast("THREAD_UPDATE", first.payload())
        second = await until(
            lambda: next((one for one in place.server.posts_of(room) if one is not first), None), "a new thread"
        )
        await kim.gets(second, "Delivered to")
        card = await kim.gets(second, "with Kim")
        await kim.presses(second, card, "Close")
        await until(lambda: "closed" in card["content"], "the card to be edited")
        link, delivered, *_ = kim.sees(second)
        assert f"/{first.id}" in link["content"]
        assert "Delivered to" not in link["content"]
        assert "Delivered to" in delivered["content"]


async def test_without_the_intent_a_volunteer_is_told_that_nothing_was_sent(place: Place, triage: Triage) -> None:
    async with bot_running(place, triage, ask_channels=()):
        anna, kim = place.human("Anna"), place.volunteer()
        await anna.mentions(place.lounge, UNKNOWN)
        post = await place.post()
        await kim.presses(post, place.card(post), "Claim")
        await kim.gets(post, "Kim has #1")
        await kim.says(post, "The towels are free.")
        await kim.gets(post, "so it was not sent")
        await kim.mentions(post, "The towels are free.")
        await anna.gets(place.lounge, "towels are free")


async def test_an_edited_card_is_one_message_however_long_the_question(wire: Wire, place: Place) -> None:
    kim = place.volunteer()
    address = Address("discord", str(place.desk.id))
    long = OutgoingMessage(
        address,
        (Block("Card", Style.TITLE), Block("word " * 900, Style.QUOTE), Block("how", Style.SMALL)),
        escalation_id=77,
        on_desk=True,
        thread_title="#77 long",
        key="card:77",
    )
    receipt = await wire.adapter.send(Delivery(9001, long))
    post = await place.post(77)
    assert receipt.message_id == receipt.thread == str(post.id)
    shown = [one["content"] for one in kim.sees(post)]
    assert "### Card" in shown[0]
    assert sum(text.count("word") for text in shown[1:]) == 900
    again = await wire.adapter.send(
        Delivery(9002, OutgoingMessage(Address("discord", address.chat, receipt.thread), long.body, escalation_id=77,
                                       on_desk=True, key="card:77"), replaces=receipt.message_id)
    )  # fmt: skip
    assert again.message_id == receipt.message_id
    assert len(kim.sees(post)) == len(shown)


async def test_a_missing_permission_is_named_and_tried_again_not_given_up(wire: Wire, place: Place) -> None:
    place.desk.denied.add("SEND_MESSAGES")
    message = OutgoingMessage(
        Address("discord", str(place.desk.id)), (Block("Card"),), escalation_id=5, on_desk=True, thread_title="#5 x"
    )
    with pytest.raises(DeliveryError, match="permission is missing in #desk") as refused:
        await wire.adapter.send(Delivery(9003, message))
    assert not refused.value.permanent
    assert (refused.value.retry_after or 0) >= 60


async def test_the_thread_of_somebody_forgotten_is_deleted(wire: Wire, place: Place) -> None:
    anna = place.human("Anna")
    await anna.mentions(place.lounge, UNKNOWN)
    post = await place.post()
    there = Address("discord", str(place.desk.id), str(post.id))
    gone = OutgoingMessage(there, (), escalation_id=1, on_desk=True, deletes_thread=True)
    await wire.adapter.send(Delivery(9004, gone))
    assert not place.server.posts_of(place.desk)
    await wire.adapter.send(Delivery(9005, gone))
