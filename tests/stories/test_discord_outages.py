"""What can go wrong between the bot and Discord, and what comes of it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.domain.messages import Address, Attachment, Block, Delivery, FileKind, OutgoingMessage, Picture
from bot.errors import ConfigError
from bot.triage.triage import Triage
from tests.platforms.discord.model import BOT
from tests.platforms.discord.people import until
from tests.platforms.discord.wire import (
    KNOWN,
    UNKNOWN,
    Place,
    Wire,
    answered_in_a_private_thread,
    bot_running,
    until_all_is_out,
)

SENDING = "POST /channels/.*/messages"
POSTING = "POST /channels/.*/threads"
pytestmark = pytest.mark.usefixtures("quick_reconnects")


@pytest.mark.parametrize(
    "fault",
    [{"status": None}, {"status": 500}, {"status": 503}, {"status": 429}, {"status": None, "after": True}],
    ids=["cut", "500", "503", "429", "answer lost"],
)
async def test_an_answer_comes_exactly_once_whatever_happens_to_the_call(
    wire: Wire, place: Place, fault: dict[str, Any]
) -> None:
    place.server.fails(SENDING, **fault)
    anna = place.human("Anna")
    await anna.mentions(place.lounge, KNOWN)
    await anna.gets(place.lounge, "Checked")
    await until(lambda: place.server.calls["POST /channels/#/messages"] > 1, "another try")
    await asyncio.sleep(0.1)
    assert len(anna.sees(place.lounge)) == 1


async def test_an_answer_that_had_left_before_a_crash_is_not_repeated_after_it(
    place: Place, triage: Triage, tmp_path: Path
) -> None:
    """The answers to both calls are lost until the process is gone: the next one knows nothing of them."""
    database = f"sqlite+aiosqlite:///{tmp_path}/bot.db"
    lost = [place.server.fails(SENDING, after=True, times=99), place.server.fails(POSTING, after=True, times=99)]
    anna = place.human("Anna")
    async with bot_running(place, triage, database=database):
        await anna.mentions(place.lounge, KNOWN)
        await anna.mentions(place.lounge, UNKNOWN)
        await until(lambda: anna.sees(place.lounge) and place.server.posts_of(place.desk), "an answer and a post")
    for fault in lost:
        fault.times = 0
    async with bot_running(place, triage, database=database) as wire:
        await anna.gets(place.lounge, "Your question is #1")
        await until_all_is_out(wire)
        assert sorted(one["content"].count("Checked") for one in anna.sees(place.lounge)) == [0, 1]
        [post] = place.server.posts_of(place.desk)
        assert len(post.messages) == 1


async def test_rate_limits_are_kept(wire: Wire, place: Place) -> None:
    place.server.limits_to(SENDING, calls=2, seconds=0.4)
    anna = place.human("Anna")
    for _ in range(5):
        await anna.mentions(place.lounge, KNOWN)
    await until(lambda: len(anna.sees(place.lounge)) == 5, "five answers")
    assert place.server.hit_limit <= 1


async def test_a_lost_connection_is_resumed_and_nothing_said_meanwhile_is_missed(wire: Wire, place: Place) -> None:
    anna = place.human("Anna")
    await place.server.drop()
    await anna.mentions(place.lounge, KNOWN)
    await anna.gets(place.lounge, "Checked")
    assert place.server.resumes == 1
    assert place.server.identifies == 1


async def test_discord_may_ask_to_reconnect(wire: Wire, place: Place) -> None:
    anna = place.human("Anna")
    await place.server.ask_to_reconnect()
    await anna.mentions(place.lounge, KNOWN)
    await anna.gets(place.lounge, "Checked")
    assert place.server.resumes == 1


async def test_after_an_invalid_session_what_was_missed_is_read_once(wire: Wire, place: Place) -> None:
    anna, kim = place.human("Anna"), place.volunteer()
    await anna.says(place.ask, KNOWN)
    await anna.gets(place.ask, "Checked")
    await anna.mentions(place.lounge, UNKNOWN)
    told = await anna.gets(place.lounge, "Your question is #1")
    post = await place.post()
    await kim.presses(post, place.card(post), "Claim")
    await kim.gets(post, "Kim has #1")
    await kim.says(post, "//first note")
    await kim.gets(post, "Noted")
    place.server.refuses_resume = True
    await place.server.drop()
    await kim.says(post, "The towels are free.", unheard=True)
    await anna.says(place.ask, "Can women have children after HSCT?", unheard=True)
    await anna.says(place.lounge, "Any news?", reply_to=told, unheard=True)
    await until(lambda: place.server.gateway_readies == 2, "another session", 15)
    await anna.gets(place.lounge, "towels are free")
    await kim.gets(post, "Any news?")
    await until(lambda: len(anna.sees(place.ask)) == 2, "an answer in the ask channel")
    await place.server.invalidate(resumable=False)
    await until(lambda: place.server.gateway_readies == 3, "a third session", 15)
    await asyncio.sleep(0.3)
    assert len(anna.sees(place.ask)) == 2
    assert len([one for one in anna.sees(place.lounge) if "towels are free" in one["content"]]) == 1


async def test_a_dead_connection_is_noticed(place: Place, triage: Triage) -> None:
    place.server.heartbeat_interval = 100
    async with bot_running(place, triage, options={"heartbeat_timeout": 0.3}):
        place.server.silent = True
        await until(lambda: place.server.resumes >= 1, "a new connection")
        place.server.silent = False
        anna = place.human("Anna")
        await anna.mentions(place.lounge, KNOWN)
        await anna.gets(place.lounge, "Checked")


async def test_a_volunteer_learns_that_the_asker_cannot_be_reached(wire: Wire, place: Place) -> None:
    anna, kim = place.human("Anna"), place.volunteer()
    await anna.slash(place.lounge, "ask", question=UNKNOWN)
    anna.user.takes_dms = False
    place.lounge.denied.add("CREATE_PRIVATE_THREADS")
    place.ask.denied.add("CREATE_PRIVATE_THREADS")
    post = await place.post()
    await kim.presses(post, place.card(post), "Claim")
    await kim.gets(post, "Kim has #1")
    await kim.says(post, "The towels are free.")
    failed = await kim.gets(post, "towels are free", but=1)
    assert "Not delivered" in failed["content"]
    await until(lambda: len(place.server.pings) > 1, "a ping of the asker, and one of the reply's writer")
    (ping, whom), *others = sorted(place.server.pings, key=lambda one: one[0]["channel_id"] != str(place.lounge.id))
    assert whom == {str(anna.user.id)}
    assert ping["channel_id"] == str(place.lounge.id)
    assert "towels" not in ping["content"]
    assert "#1" not in ping["content"]
    assert [names for _, names in others] == [{str(kim.user.id)}], "its owner hears of the reply, and nobody else"
    anna.user.takes_dms = True
    await kim.presses(post, failed, "Send again")
    await anna.gets(anna.dm, "towels are free")


async def test_closed_direct_messages_lead_to_a_private_thread_that_works_both_ways(wire: Wire, place: Place) -> None:
    anna, kim, eve = place.human("Anna"), place.volunteer(), place.human("Eve")
    post, thread, answer = await answered_in_a_private_thread(place, anna, kim)
    assert not eve.sees(thread)
    assert "towels" not in thread.name
    await anna.says(thread, "Thank you, that helps!", reply_to=answer)
    await kim.gets(post, "that helps")
    assert len(place.server.posts_of(place.lounge)) == 1
    assert not place.server.pings


@pytest.mark.parametrize("cleans_up", [True, False])
async def test_who_has_left_the_server_is_not_said_to_have_been_reached(
    wire: Wire, place: Place, *, cleans_up: bool
) -> None:
    anna, kim = place.human("Anna"), place.volunteer()
    await anna.slash(place.lounge, "ask", question=UNKNOWN)
    anna.user.takes_dms = False
    post = await place.post()
    await kim.presses(post, place.card(post), "Claim")
    await kim.gets(post, "Kim has #1")
    if cleans_up:
        await kim.says(post, "The towels are free.")
        await kim.gets(post, "Delivered")
    else:
        place.lounge.denied.add("MANAGE_THREADS")
    anna.user.in_guild = False
    for words in ("Slippers too.", "And robes."):
        await kim.says(post, words)
        await kim.gets(post, "Not delivered", but=0)
        await kim.gets(post, words)


async def test_a_reply_in_a_post_not_known_yet_waits_until_discord_says_where_it_is(
    wire: Wire, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.discord.waiting.FIRST_WAIT", 0.05)
    anna, kim = place.human("Anna"), place.volunteer()
    await anna.mentions(place.lounge, UNKNOWN)
    post = await place.post()
    await kim.presses(post, place.card(post), "Claim")
    await kim.gets(post, "Kim has #1")
    guild = wire.adapter._client.guilds[0]
    known = guild.get_thread(post.id)
    assert known
    guild._remove_thread(known)
    place.server.fails(f"GET /channels/{post.id}", 503, times=2)
    await kim.says(post, "The towels are free.")
    await anna.gets(place.lounge, "towels are free")


async def _knows_its_desk(place: Place) -> None:
    """See the volunteers' commands shown, and a volunteer known in private, where no event says who is one."""
    await until(lambda: "claim" in {one["name"] for one in place.server.commands.get("guild", [])}, "the commands")
    anna, kim = place.human("Anna"), place.volunteer()
    await anna.mentions(place.lounge, UNKNOWN)
    await kim.presses(kim.dm, place.card(await place.post()), "Claim")
    await anna.gets(place.lounge, "Kim, a volunteer, has your question #1")


async def test_a_desk_that_discord_did_not_show_at_the_start_is_found_without_a_restart(
    place: Place, triage: Triage
) -> None:
    hidden = place.server.fails(f"GET /channels/{place.desk.id}", 403)
    async with bot_running(place, triage):
        assert not hidden.times
        await _knows_its_desk(place)


async def test_a_bot_invited_after_its_start_finds_its_desk(
    place: Place, triage: Triage, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.server.fails(f"GET /channels/{place.desk.id}", 403)
    usual = place.server.ready
    monkeypatch.setattr(place.server, "ready", lambda session: ({**usual(session)[0], "guilds": []}, []))
    async with bot_running(place, triage):
        assert "guild" not in place.server.commands
        await place.server.broadcast("GUILD_CREATE", place.server.guild())
        await _knows_its_desk(place)


async def test_a_ready_that_discord_py_gives_after_hanging_up_is_left(place: Place, triage: Triage) -> None:
    async with bot_running(place, triage) as wire:
        client = wire.adapter._client
    client.dispatch("ready")  # as its task does that waits for the last server; there is no loop to run the listener in


async def test_a_wrong_token_says_where_to_get_the_right_one(place: Place, triage: Triage) -> None:
    with pytest.raises(BaseExceptionGroup) as raised:
        async with bot_running(place, triage, token="wrong"):  # noqa: S106
            pass
    assert raised.group_contains(ConfigError, match="discord.token")


async def test_a_missing_intent_says_where_to_switch_it_on(place: Place, triage: Triage) -> None:
    place.server.allowed_intents = ~(1 << 15)
    with pytest.raises(BaseExceptionGroup) as raised:
        async with bot_running(place, triage):
            pass
    assert raised.group_contains(ConfigError, match="Message Content intent")


async def test_the_bot_waits_for_a_discord_that_is_away_at_the_start(place: Place, triage: Triage) -> None:
    place.server.fails("GET /users/@me", None, times=1)
    place.server.fails("GET /oauth2/applications/@me", 503)
    async with bot_running(place, triage):
        anna = place.human("Anna")
        await anna.mentions(place.lounge, KNOWN)
        await anna.gets(place.lounge, "Checked")


async def test_without_the_intent_no_message_of_a_group_is_read_but_those_to_the_bot(
    place: Place, triage: Triage
) -> None:
    async with bot_running(place, triage, ask_channels=()):
        anna = place.human("Anna")
        await anna.says(place.lounge, UNKNOWN)
        await anna.mentions(place.lounge, KNOWN)
        answer = await anna.gets(place.lounge, "Checked")
        await anna.says(place.lounge, "How long does it take?", reply_to=answer, mentions_author=False)
        await anna.gets(place.lounge, "Mention me in it")
        assert not place.server.posts_of(place.desk)


async def test_files_are_passed_on_and_pictures_have_words(wire: Wire, place: Place, tmp_path: Path) -> None:
    anna = place.human("Anna")
    address = Address("discord", f"dm:{anna.user.id}")
    message = await anna.says(place.lounge, f"<@{BOT}> my scan", files=[("scan.png", b"scan", None)])
    ref = f"{place.lounge.id}/{message['id']}/{message['attachments'][0]['id']}"
    scan = Attachment("discord", ref, FileKind.PHOTO, "scan.png", 4)
    picture = tmp_path / "stages.png"
    picture.write_bytes(b"picture")
    out = OutgoingMessage(address, (Block("Here"),), attachments=(scan,), picture=Picture(str(picture), "Ten steps"))
    await wire.adapter.send(Delivery(9100, out))
    sent = await anna.gets(anna.dm, "Here")
    assert [one["filename"] for one in sent["attachments"]] == ["stages.png", "scan.png"]
    assert sent["attachments"][0]["description"] == "Ten steps"
    gone = Attachment("discord", f"{place.lounge.id}/1/1", FileKind.PHOTO, "lost.png", 4)
    await wire.adapter.send(Delivery(9101, OutgoingMessage(address, (Block("There"),), attachments=(gone,))))
    assert "lost.png" in (await anna.gets(anna.dm, "There"))["content"]
