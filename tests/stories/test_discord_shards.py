"""Several gateway connections: the server on the second of two shards, private chats on the first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import cast

import discord
import pytest
from pydantic import SecretStr

from bot.adapters.discord import waiting
from bot.adapters.discord.adapter import DiscordAdapter
from bot.alerts import AFTER
from bot.app import application, bookmark, watched
from bot.config import Settings
from bot.conversation.catalogue import LiveCatalogue
from bot.domain.link import Trouble
from bot.domain.messages import ChatMoved, Event
from bot.running import App
from bot.texts import texts_in
from bot.triage.triage import Triage
from tests.platforms.discord.people import is_ephemeral, until
from tests.platforms.discord.wire import KNOWN, UNKNOWN, Place, a_place, bot_running, stopped
from tests.world import ROOT

pytestmark = pytest.mark.usefixtures("quick_reconnects")


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with a_place() as made:
        made.server.shards = 2
        yield made


async def test_two_shards_serve_the_server_and_private_chats_and_hear_each_thing_once(
    place: Place, triage: Triage
) -> None:
    async with bot_running(place, triage, sharded=True) as wire:
        assert isinstance(wire.adapter._client, discord.AutoShardedClient)
        assert [one.shard for one in place.server.sessions.values()] == [[0, 2], [1, 2]]
        gaps = wire.adapter.gaps
        await until(gaps.handled_until, "both shards to be ready")
        del gaps._met[1]
        assert gaps.handled_until() is None
        gaps.was_none(1)
        anna, kim = place.human("Anna"), place.volunteer()
        await anna.says(anna.dm, KNOWN)
        await anna.gets(anna.dm, "Checked")
        assert is_ephemeral(await anna.answered(await anna.slash(place.lounge, "ask", question=KNOWN), "Checked"))
        await anna.mentions(place.lounge, UNKNOWN)
        post = await place.post()
        await kim.presses(post, place.card(post), "Claim")
        await kim.gets(post, "Kim has #1")
        await kim.says(post, "The towels are free.")
        await anna.gets(place.lounge, "towels are free")
        assert len(anna.sees(anna.dm)) == 1


@dataclass
class Process:
    """One of several processes on a database, connected to a shard or waiting for one that is free."""

    app: App
    task: asyncio.Task[None]


@asynccontextmanager
async def processes(place: Place, triage: Triage, url: str, count: int) -> AsyncIterator[list[Process]]:
    settings = Settings(
        database_url=SecretStr(url), knowledge=ROOT / "knowledge", discord=place.settings(shards=place.server.shards)
    )
    async with AsyncExitStack() as stack:
        found = []
        for _ in range(count):
            app = await stack.enter_async_context(application(settings, triage=triage))
            catalogue, fetch = LiveCatalogue(app.live), app.adapters.fetch
            link = app.watch.platform("discord")
            app.adapters.append(
                DiscordAdapter(
                    settings.discord,
                    catalogue,
                    fetch,
                    texts_in(),
                    watched(app),
                    link,
                    bookmark=bookmark(app),
                    guild_ready_timeout=0.05,
                )
            )
            found.append(Process(app, asyncio.create_task(app.run())))
            stack.push_async_callback(stopped, app, found[-1].task)
        yield found


def connected(place: Place) -> list[int]:
    """The shards that somebody is connected to."""
    return sorted(one.shard[0] for one in place.server.sessions.values() if one.socket and one.shard)


async def test_each_process_has_a_shard_and_the_next_one_takes_over_from_one_that_is_gone(
    url: str, place: Place, triage: Triage
) -> None:
    async with processes(place, triage, url, 3) as three:
        await until(lambda: connected(place) == [0, 1], "a process for each shard", 30)
        idle = [one for one in three if "discord" in one.app.adapters.standing_by]
        assert len(idle) == 1
        anna = place.human("Anna")
        await anna.says(anna.dm, KNOWN)
        await anna.gets(anna.dm, "Checked")
        await anna.says(place.ask, KNOWN)
        await anna.gets(place.ask, "Checked")
        await anna.mentions(place.lounge, UNKNOWN)
        await place.post()
        gone = next(one for one in three if one not in idle)
        gone.task.cancel()
        await until(lambda: len(connected(place)) == 1, "one to be gone", 30)
        await until(lambda: connected(place) == [0, 1], "the next one to take its shard", 30)
        assert not idle[0].app.adapters.standing_by
        await anna.says(anna.dm, "What is HSCT?")
        await anna.says(place.ask, "Can women have children after HSCT?")
        await until(lambda: len(anna.sees(anna.dm)) == 2, "an answer in private", 15)
        await until(lambda: len(anna.sees(place.ask)) == 2, "an answer in the ask channel", 15)
        assert len(place.server.posts_of(place.desk)) == 1


async def test_leads_are_told_of_a_shard_that_no_process_serves_and_when_that_is_over(
    url: str, place: Place, triage: Triage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.watch.LOOK_EVERY", 0.2)
    monkeypatch.setitem(AFTER, Trouble.UNSERVED, timedelta(seconds=2))
    async with processes(place, triage, url, 2) as two:
        await until(lambda: connected(place) == [0, 1], "a process for each shard", 30)
        two[0].task.cancel()
        await until(lambda: "A part of Discord has had no process" in told(place), "an alert", 30)
        async with processes(place, triage, url, 1):
            await until(lambda: "A part of Discord works again" in told(place), "the end of it", 30)
        assert told(place).count("has had no process") == 1


async def test_leads_are_told_once_that_reading_is_stuck_in_several_processes_and_when_it_is_in_none(
    url: str, place: Place, triage: Triage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.discord.mark.LOOK_EVERY", 0.1)
    monkeypatch.setattr("bot.watch.LOOK_EVERY", 0.2)
    monkeypatch.setattr("bot.progress.BEHIND", 2.0)
    monkeypatch.setattr(waiting, "LONGEST_WAIT", 0.5)

    async def never(_event: Event | ChatMoved) -> None:
        raise ConnectionRefusedError

    async with processes(place, triage, url, 2) as two:
        await until(lambda: connected(place) == [0, 1], "a process for each shard", 30)
        found = [cast(DiscordAdapter, one.app.adapters[0]) for one in two]
        adapters = sorted(found, key=lambda one: one._shard or 0)  # the first one hears what is said in private
        await until(lambda: all(one.gaps.handled_until() for one in adapters), "both to have read", 30)
        accepts = [one._accept for one in adapters]
        for one in adapters:
            one._accept = never
        anna = place.human("Anna")
        await anna.says(anna.dm, KNOWN)
        await asyncio.sleep(0.05)  # each is stuck where it is, and the one that was first goes on first
        await anna.says(place.ask, KNOWN)
        await until(lambda: "has been stuck for an hour" in told(place), "an alert", 30)
        adapters[0]._accept = accepts[0]
        await asyncio.sleep(2.0)
        assert told(place).count("has been stuck for an hour") == 1
        assert "works again" not in told(place), "the other one is still stuck"
        adapters[1]._accept = accepts[1]
        await until(lambda: "Reading all that is said on Discord works again" in told(place), "the end of it", 30)
        assert told(place).count("works again") == 1


def told(place: Place) -> str:
    """Give what stands in the desk's post for volunteers."""
    posts = [one for one in place.server.posts_of(place.desk) if one.name == "Notices for volunteers"]
    return "\n".join(message["content"] for post in posts for message in post.messages.values())


async def test_a_shard_that_loses_its_session_reads_what_it_missed(place: Place, triage: Triage) -> None:
    async with bot_running(place, triage, sharded=True):
        anna = place.human("Anna")
        await anna.says(place.ask, KNOWN)
        await anna.gets(place.ask, "Checked")
        await anna.says(anna.dm, KNOWN)
        await anna.gets(anna.dm, "Checked")
        place.server.refuses_resume = True
        await place.server.drop()
        await anna.says(place.ask, "Can women have children after HSCT?", unheard=True)
        await anna.says(anna.dm, "What is HSCT?", unheard=True)
        await until(lambda: place.server.gateway_readies == 4, "both shards again", 15)
        await until(lambda: len(anna.sees(place.ask)) == 2, "an answer in the ask channel")
        await until(lambda: len(anna.sees(anna.dm)) == 2, "an answer in private")


async def test_a_shard_that_resumes_does_not_hide_what_another_one_missed(place: Place, triage: Triage) -> None:
    async with bot_running(place, triage, sharded=True):
        anna = place.human("Anna")
        await anna.says(place.ask, KNOWN)
        await anna.gets(place.ask, "Checked")
        place.server.refused_shards = {1}
        place.server.identified.clear()
        await place.server.drop()
        await until(lambda: place.server.resumes == 1, "the first shard to be back", 15)
        await anna.says(place.ask, "Can women have children after HSCT?", unheard=True)
        await anna.says(anna.dm, KNOWN)
        await anna.gets(anna.dm, "Checked")
        place.server.identified.set()
        await until(lambda: len(anna.sees(place.ask)) == 2, "what the second shard missed", 15)


async def test_a_gap_that_is_read_to_its_end_vouches_for_no_other_shard(place: Place, triage: Triage) -> None:
    """The machine slept: one connection was found dead at once, the other one a minute later."""
    async with bot_running(place, triage, sharded=True) as wire:
        gaps = wire.adapter.gaps
        await until(lambda: gaps.mark.until and gaps.handled_until(), "both shards to be ready")
        asleep = gaps.mark.now() - timedelta(hours=8)
        gaps._met = dict.fromkeys(gaps._met, asleep)
        await gaps.mark.move(asleep)
        gaps.begins(0)
        await gaps.catch_up(wire.adapter.messages.heard_late, wire.adapter._where_to_look, 0)
        assert gaps.mark.until == asleep
        gaps.begins(1)
        await gaps.catch_up(wire.adapter.messages.heard_late, wire.adapter._where_to_look, 1)
        assert gaps.mark.until > asleep


async def test_a_process_without_the_shard_of_a_channel_takes_nothing_said_there_for_private(
    place: Place, triage: Triage, tmp_path: Path
) -> None:
    """It reads the ask channels as well, and knows none of those on another shard."""
    anna = place.human("Anna")
    database = f"sqlite+aiosqlite:///{tmp_path}/bot.db"
    async with bot_running(place, triage, database=database, shards=2, shard=0) as wire:
        await until(lambda: wire.adapter.gaps.mark.until, "what was missed to be read")
    await anna.says(place.ask, KNOWN, unheard=True)
    async with bot_running(place, triage, database=database, shards=2, shard=0):
        await anna.gets(place.ask, "Checked")
        assert not anna.sees(anna.dm)


async def test_a_channel_that_cannot_be_read_after_a_gap_is_read_later(
    place: Place, triage: Triage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.discord.gaps.FIRST_WAIT", 0.05)
    async with bot_running(place, triage):
        anna = place.human("Anna")
        await anna.says(place.ask, KNOWN)
        await anna.gets(place.ask, "Checked")
        place.server.refuses_resume = True
        broken = place.server.fails(rf"GET /channels/{place.ask.id}/messages", 503, times=3)
        await place.server.drop()
        await anna.says(place.ask, "Can women have children after HSCT?", unheard=True)
        await until(lambda: len(anna.sees(place.ask)) == 2, "an answer in the ask channel", 15)
        assert not broken.times
