"""What is said on Discord while nobody listens, and up to when the bot knows that it has handled all."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from discord import Message
from discord.utils import snowflake_time
from structlog.testing import capture_logs

from bot.adapters.base import Watched
from bot.adapters.discord import mark, waiting
from bot.adapters.discord.gaps import OLDEST
from bot.adapters.discord.to_event import message_event
from bot.app import bookmark, watched
from bot.domain.messages import Address, ChatMoved, Event, MessageReceived
from bot.privacy import INBOX_DAYS
from bot.purging import MOST_WRONG
from bot.running import App
from bot.triage.triage import Triage
from tests.platforms.discord.model import PUBLIC_THREAD, VOICE
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
from tests.stories.test_outage_alert import full_disk

pytestmark = pytest.mark.usefixtures("quick_reconnects")


@pytest.fixture
def database(tmp_path: Path) -> str:
    """What outlives a run of the bot."""
    return f"sqlite+aiosqlite:///{tmp_path}/bot.db"


async def read_on(wire: Wire) -> None:
    """Wait until what the start may have missed is read."""
    await until(lambda: wire.adapter.gaps.mark.until, "what was missed to be read")


async def has_run(place: Place, triage: Triage, database: str, **settings: Any) -> None:  # noqa: ANN401
    """Run the bot once before, until all that was missed is read."""
    async with bot_running(place, triage, database=database, **settings) as wire:
        await read_on(wire)


async def marked(wire: Wire, ago: timedelta) -> None:
    """Let all be handled up to some time ago, when the bot is stopped next."""
    await read_on(wire)
    await bookmark(wire.app).keep("discord", "", datetime.now(UTC) - ago)


def ago(wire: Wire) -> timedelta:
    """Give how long ago all was handled."""
    return datetime.now(UTC) - (wire.adapter.gaps.mark.until or datetime.min.replace(tzinfo=UTC))


async def moved(wire: Wire) -> None:
    """Wait until the mark is moved again."""
    before = wire.adapter.gaps.mark.until
    await until(lambda: wire.adapter.gaps.mark.until != before, "the mark to be moved")


async def never(_event: Event | ChatMoved) -> None:
    """Take an event as a database does that is away."""
    raise ConnectionRefusedError


async def test_what_is_said_before_the_gap_is_read_does_not_hide_the_gap(wire: Wire, place: Place) -> None:
    """A new session brings new messages at once, and says only seconds later that it is ready."""
    anna = place.human("Anna")
    await anna.says(place.ask, KNOWN)
    await anna.gets(place.ask, "Checked")
    wire.adapter._client._connection.guild_ready_timeout = 0.7
    place.server.refuses_resume = True
    await place.server.drop()
    await anna.says(place.ask, "Can women have children after HSCT?", unheard=True)
    await until(lambda: place.server.gateway_readies == 2, "another session", 15)
    await anna.says(place.ask, "What is HSCT?")
    await until(lambda: len(anna.sees(place.ask)) == 3, "all three answers")


async def test_a_gap_is_read_even_if_the_database_is_away_when_it_ends(place: Place, triage: Triage) -> None:
    failures = 0

    def at_times_away(app: App) -> Watched:
        async def read(platform: str) -> Sequence[Address]:
            nonlocal failures
            if failures:
                failures -= 1
                raise ConnectionRefusedError
            return await watched(app)(platform)

        return read

    async with bot_running(place, triage, watched=at_times_away):
        anna = place.human("Anna")
        await anna.says(place.ask, KNOWN)
        await anna.gets(place.ask, "Checked")
        place.server.refuses_resume, failures = True, 2
        await place.server.drop()
        await anna.says(place.ask, "Can women have children after HSCT?", unheard=True)
        await until(lambda: len(anna.sees(place.ask)) == 2, "the answer to what was missed", 15)
        assert not failures


async def test_what_was_said_while_the_bot_was_off_is_read_at_the_next_start(
    place: Place, triage: Triage, database: str
) -> None:
    anna, kim = place.human("Anna"), place.volunteer()
    old = await anna.says(place.ask, "Can women have children after HSCT?", unheard=True, ago=3600)
    async with bot_running(place, triage, database=database):
        await anna.says(anna.dm, KNOWN)
        await anna.gets(anna.dm, "Checked")
        await anna.mentions(place.lounge, UNKNOWN)
        told = await anna.gets(place.lounge, "Your question is #1")
        post = await place.post()
        await kim.presses(post, place.card(post), "Claim")
        await kim.gets(post, "Kim has #1")
    await anna.says(anna.dm, "What is HSCT?", unheard=True)
    await anna.says(place.ask, KNOWN, unheard=True)
    await kim.says(post, "The towels are free.", unheard=True)
    await anna.says(place.lounge, "Any news?", reply_to=told, unheard=True)
    await anna.says(place.lounge, "Just talking to Ben here.", unheard=True)
    corner = place.server.add_channel("corner")
    await anna.mentions(corner, KNOWN, unheard=True)
    await anna.says(corner, "What is HSCT?", unheard=True)
    async with bot_running(place, triage, database=database):
        await anna.gets(corner, "Checked")
        await until(lambda: len(anna.sees(anna.dm)) == 2, "an answer in private")
        await anna.gets(place.ask, "Checked")
        await anna.gets(place.lounge, "towels are free")
        await kim.gets(post, "Any news?")
        await asyncio.sleep(0.2)
        assert len(anna.sees(place.ask)) == len(anna.sees(corner)) == 1
        assert old["id"] not in {one.get("message_reference", {}).get("message_id") for one in anna.sees(place.ask)}


async def test_a_gap_is_read_to_its_end_however_often_the_bot_ends_before(
    place: Place, triage: Triage, database: str
) -> None:
    """What is heard and stored while a gap is being read must not hide its beginning from the next start."""
    anna = place.human("Anna")
    async with bot_running(place, triage, database=database) as wire:
        await anna.says(place.ask, KNOWN)
        await anna.gets(place.ask, "Checked")
        await marked(wire, timedelta(hours=2))
    missed = await anna.says(place.ask, "Can women have children after HSCT?", unheard=True, ago=3600)

    def never_says(_app: App) -> Watched:
        async def read(_platform: str) -> Sequence[Address]:
            raise ConnectionRefusedError

        return read

    async with bot_running(place, triage, database=database, watched=never_says):
        await anna.says(place.ask, "What is HSCT?")
        await until(lambda: len(anna.sees(place.ask)) == 2, "an answer to what was heard")
    async with bot_running(place, triage, database=database) as wire:
        await until(lambda: len(anna.sees(place.ask)) == 3, "an answer to what was missed before")
        assert missed["id"] in {one.get("message_reference", {}).get("message_id") for one in anna.sees(place.ask)}
        await until(lambda: ago(wire) < timedelta(minutes=1), "the mark to be moved")


async def test_the_mark_stays_where_a_gap_begins_until_it_is_read(
    place: Place, triage: Triage, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = place.human("Anna")
    async with bot_running(place, triage, database=database) as wire:
        await marked(wire, timedelta(hours=2))
    await anna.says(place.ask, KNOWN, unheard=True, ago=3600)
    monkeypatch.setattr(mark, "LOOK_EVERY", 0.02)
    broken = place.server.fails(rf"GET /channels/{place.ask.id}/messages", 503, times=99)
    async with bot_running(place, triage, database=database) as wire:
        await until(lambda: broken.times < 99, "it to be tried")
        await asyncio.sleep(0.3)
        assert ago(wire) > timedelta(hours=1)
        broken.times = 0
        await anna.gets(place.ask, "Checked")
        await until(lambda: ago(wire) < timedelta(minutes=1), "the mark to be moved")


async def test_what_was_said_in_private_is_read_after_a_gap_by_however_many(
    place: Place, triage: Triage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database names the latest private talks only; while the bot runs it knows more of them."""
    monkeypatch.setattr("bot.storage.reading.MOST_PRIVATE", 1)
    people = [place.human(name) for name in ("Anna", "Ben", "Cleo")]
    async with bot_running(place, triage):
        for one in people:
            await one.says(one.dm, KNOWN)
            await one.gets(one.dm, "Checked")
        place.server.refuses_resume = True
        await place.server.drop()
        for one in people:
            await one.says(one.dm, "What is HSCT?", unheard=True)
        await until(lambda: [len(one.sees(one.dm)) for one in people] == [2, 2, 2], "an answer to each", 15)


async def test_what_is_too_old_to_be_known_is_not_answered_again(place: Place, triage: Triage, database: str) -> None:
    """The bot was off for twelve days: what was said in the last seven is read."""
    anna = place.human("Anna")
    async with bot_running(place, triage, database=database) as wire:
        await anna.says(place.ask, KNOWN)
        await anna.gets(place.ask, "Checked")
        await marked(wire, timedelta(days=12))
    await anna.says(place.ask, "Can women have children after HSCT?", unheard=True, ago=8 * 24 * 3600)
    await anna.says(place.ask, "What is HSCT?", unheard=True, ago=6 * 24 * 3600)
    async with bot_running(place, triage, database=database) as wire:
        await until(lambda: len(anna.sees(place.ask)) == 2, "an answer to what is not too old")
        await until(lambda: ago(wire) < timedelta(minutes=1), "all to be read")
        await until_all_is_out(wire)
        assert len(anna.sees(place.ask)) == 2


def test_the_inbox_knows_what_is_read_again_by_a_clock_that_is_a_day_wrong() -> None:
    assert timedelta(days=INBOX_DAYS) - OLDEST >= MOST_WRONG


@pytest.mark.parametrize("ahead", [timedelta(days=-30), timedelta(hours=-1)])
async def test_what_was_said_while_the_bot_was_off_is_read_though_the_clock_is_wrong(
    place: Place, triage: Triage, database: str, ahead: timedelta
) -> None:
    """Discord numbers messages by its own clock; `ahead` is how far that is before the machine's."""
    place.server.ahead = ahead.total_seconds()
    await has_run(place, triage, database)
    anna = place.human("Anna")
    await anna.says(place.ask, KNOWN, unheard=True, ago=-place.server.ahead)
    async with bot_running(place, triage, database=database):
        await anna.gets(place.ask, "Checked")


async def test_what_was_said_long_ago_is_not_answered_again_by_a_machine_whose_clock_is_behind(
    place: Place, triage: Triage, database: str
) -> None:
    place.server.ahead = timedelta(days=30).total_seconds()
    anna = place.human("Anna")
    await has_run(place, triage, database)
    tenth = timedelta(days=10).total_seconds()  # the inbox has forgotten its number since
    await anna.says(place.ask, KNOWN, unheard=True, ago=tenth - place.server.ahead)
    new = await anna.says(place.ask, "What is HSCT?", unheard=True, ago=-place.server.ahead)
    async with bot_running(place, triage, database=database):
        await anna.gets(place.ask, "Checked")
        await asyncio.sleep(0.2)
        assert [one["message_reference"]["message_id"] for one in anna.sees(place.ask)] == [new["id"]]


@pytest.mark.parametrize("date", ["yesterday", "Sun, 29 Feb 2026 10:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"])
async def test_a_date_that_is_none_keeps_nothing_from_being_read_or_answered(
    place: Place, triage: Triage, database: str, date: str
) -> None:
    place.server.date = date
    await has_run(place, triage, database)
    anna = place.human("Anna")
    await anna.says(place.ask, KNOWN, unheard=True)
    async with bot_running(place, triage, database=database):
        await anna.gets(place.ask, "Checked")


async def test_a_mark_that_lies_ahead_as_of_a_clock_that_was_wrong_hides_nothing(
    place: Place, triage: Triage, database: str
) -> None:
    anna = place.human("Anna")
    async with bot_running(place, triage, database=database) as wire:
        await marked(wire, timedelta(days=-400))
    await anna.says(place.ask, KNOWN, unheard=True, ago=3600)
    async with bot_running(place, triage, database=database) as wire:
        await anna.gets(place.ask, "Checked")
        await until(lambda: timedelta(0) < ago(wire) < timedelta(minutes=1), "the mark to be put right")


async def test_a_bot_that_nobody_wrote_to_for_long_reads_what_was_said_while_it_was_off(
    place: Place, triage: Triage, database: str
) -> None:
    async with bot_running(place, triage, database=database):
        pass
    anna = place.human("Anna")
    await anna.says(place.ask, KNOWN, unheard=True)
    async with bot_running(place, triage, database=database):
        await anna.gets(place.ask, "Checked")


async def test_the_mark_moves_while_nobody_writes_and_stays_while_something_waits_or_a_connection_is_lost(
    place: Place, triage: Triage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mark, "LOOK_EVERY", 0.02)
    monkeypatch.setattr(waiting, "FIRST_WAIT", 0.05)
    monkeypatch.setattr(waiting, "LONGEST_WAIT", 0.1)
    file = tmp_path / "bot.db"
    async with bot_running(place, triage, database=f"sqlite+aiosqlite:///{file}") as wire:
        gaps = wire.adapter.gaps
        await moved(wire)
        await moved(wire)
        with full_disk(file):
            await place.human("Anna").says(place.ask, KNOWN)
            since = await until(lambda: gaps._waits.oldest, "a message that waits")
            await asyncio.sleep(0.2)
            assert gaps.handled_until() == since
        while gaps._waits.oldest:
            assert gaps.mark.until
            assert gaps.mark.until <= since
            await asyncio.sleep(0.005)
        await moved(wire)
        gaps.begins(0)
        assert gaps.handled_until() is None
        await asyncio.sleep(0.2)  # one that was being kept
        lost = gaps.mark.until
        await asyncio.sleep(0.2)
        assert gaps.mark.until == lost
        gaps.was_none(0)
        await moved(wire)


async def test_what_waited_in_vain_is_read_when_receiving_begins_anew_in_another_process(
    place: Place, triage: Triage, tmp_path: Path
) -> None:
    """The database was away for hours, and the process ended as soon as it was back: others have stored since."""
    file = tmp_path / "bot.db"
    database = f"sqlite+aiosqlite:///{file}"
    anna = place.human("Anna")
    async with bot_running(place, triage, database=database) as wire:
        await marked(wire, timedelta(hours=3))
        wire.adapter._accept = never  # as it is while nothing can be stored
        waits = await anna.says(place.ask, KNOWN, ago=3600 * 2)
        async with wire.app.store.transaction() as tx:
            await tx.inbox.record("discord:1", datetime.now(UTC))
    async with bot_running(place, triage, database=database):
        answer = await anna.gets(place.ask, "Checked")
        assert answer["message_reference"]["message_id"] == waits["id"]


async def test_who_writes_while_the_bot_starts_does_not_hide_what_was_said_while_it_was_off(
    place: Place, triage: Triage, database: str
) -> None:
    anna = place.human("Anna")
    async with bot_running(place, triage, database=database):
        await anna.says(place.ask, KNOWN)
        await anna.gets(place.ask, "Checked")
    await anna.says(place.ask, "Can women have children after HSCT?", unheard=True)
    before = place.server.gateway_readies

    async def at_once() -> None:
        await until(lambda: place.server.gateway_readies > before, "a session")
        await place.server.publish(place.ask, await anna.says(place.ask, "What is HSCT?", unheard=True))

    early = asyncio.create_task(at_once())
    async with bot_running(place, triage, database=database, options={"guild_ready_timeout": 0.7}):
        await early
        await until(lambda: len(anna.sees(place.ask)) == 3, "all three answers")


async def test_what_is_said_while_the_very_first_start_connects_is_read_and_nothing_from_before(
    place: Place, triage: Triage
) -> None:
    anna = place.human("Anna")
    await anna.says(place.ask, "What is HSCT?", unheard=True, ago=5)

    async def meanwhile() -> None:
        await until(lambda: place.server.commands, "the bot to be logged in")
        await anna.says(place.ask, KNOWN, unheard=True)

    early = asyncio.create_task(meanwhile())
    async with bot_running(place, triage) as wire:
        await early
        await anna.gets(place.ask, "Checked")
        await read_on(wire)
        await until_all_is_out(wire)
        assert len(anna.sees(place.ask)) == 1


async def test_what_was_said_in_a_private_thread_while_the_bot_was_off_is_read_at_the_next_start(
    place: Place, triage: Triage, database: str
) -> None:
    anna, kim = place.human("Anna"), place.volunteer()
    async with bot_running(place, triage, database=database):
        post, thread, answer = await answered_in_a_private_thread(place, anna, kim)
        await kim.gets(post, "Delivered")
    [made] = [data for _, path, data in place.server.log if path == f"/channels/{place.lounge.id}/threads"]
    assert timedelta(minutes=made["auto_archive_duration"]) >= OLDEST, "Discord names no thread that sleeps"
    await anna.says(thread, "Is there a sauna too?", reply_to=answer, unheard=True)
    async with bot_running(place, triage, database=database):
        await kim.gets(post, "Is there a sauna too?")


async def test_a_mention_in_a_thread_or_voice_channel_while_the_bot_was_off_is_read(
    place: Place, triage: Triage, database: str
) -> None:
    anna = place.human("Anna")
    await has_run(place, triage, database)
    thread = place.server._thread(place.lounge, "Costs", PUBLIC_THREAD, [])
    voices = place.server.add_channel("voices", VOICE)
    for channel in (thread, voices):
        await anna.mentions(channel, KNOWN, unheard=True)
    async with bot_running(place, triage, database=database):
        await anna.gets(thread, "Checked")
        await anna.gets(voices, "Checked")


async def test_what_was_said_in_a_thread_that_fell_asleep_since_goes_where_it_belongs(
    place: Place, triage: Triage, database: str
) -> None:
    """Discord names no thread that is archived when it connects, and a message that is read does not name its server."""
    anna, kim = place.human("Anna"), place.volunteer()
    thread = place.server._thread(place.lounge, "Costs", PUBLIC_THREAD, [])
    async with bot_running(place, triage, database=database):
        await anna.mentions(thread, UNKNOWN)
        told = await anna.gets(thread, "Your question is #1")
        post = await place.post()
        await kim.presses(post, place.card(post), "Claim")
        await kim.gets(post, "Kim has #1")
    await anna.says(thread, "Is there a sauna too?", reply_to=told, unheard=True)
    await anna.mentions(thread, KNOWN, unheard=True)
    thread.archived = True
    async with bot_running(place, triage, database=database):
        await kim.gets(post, "Is there a sauna too?")
        await anna.gets(thread, "Checked")
        assert not anna.sees(anna.dm)


async def test_what_was_said_in_threads_that_somebody_closed_since_is_read(
    place: Place, triage: Triage, database: str
) -> None:
    anna, kim = place.human("Anna"), place.volunteer()
    async with bot_running(place, triage, database=database):
        await anna.mentions(place.lounge, UNKNOWN)
        post = await place.post()
        await kim.presses(post, place.card(post), "Claim")
        await kim.gets(post, "Kim has #1")
    await kim.says(post, "The towels are free.", unheard=True)
    thread = place.server._thread(place.ask, "Costs", PUBLIC_THREAD, [])
    await anna.says(thread, KNOWN, unheard=True)
    post.archived = thread.archived = True
    async with bot_running(place, triage, database=database):
        await anna.gets(thread, "Checked")
        await anna.gets(place.lounge, "towels are free")


async def test_what_is_written_in_a_text_channel_that_is_the_desk_is_read(
    place: Place, triage: Triage, database: str
) -> None:
    kim, desk = place.volunteer(), place.server.add_channel("volunteers")
    await has_run(place, triage, database, desk_channel=desk.id)
    await kim.says(desk, "", unheard=True)
    async with bot_running(place, triage, database=database, desk_channel=desk.id):
        await kim.gets(desk, "does not show me")


async def test_a_message_that_a_late_resume_repeats_holds_the_mark_at_when_it_was_said(
    wire: Wire, place: Place
) -> None:
    gaps = wire.adapter.gaps
    await until(lambda: gaps.mark.until, "what was missed to be read")
    wire.adapter._accept = never
    anna = place.human("Anna")
    await anna.says(place.ask, "What is HSCT?")
    await until(lambda: gaps._waits.oldest, "a message that waits")
    await place.server.drop()
    repeated = await anna.says(place.ask, KNOWN, ago=1800)
    await until(lambda: place.server.resumes, "the connection again", 15)
    await until(lambda: gaps.handled_until() and len(gaps._waits._since) == 2, "it to wait")
    assert gaps.handled_until() == snowflake_time(int(repeated["id"]))


@pytest.mark.parametrize(("status", "code"), [(403, 40003), (403, 0), (200, 0)])
async def test_private_chats_that_are_opened_too_fast_or_answered_oddly_are_read_later(
    place: Place, triage: Triage, database: str, status: int, code: int
) -> None:
    anna = place.human("Anna")
    async with bot_running(place, triage, database=database):
        await anna.says(anna.dm, KNOWN)
        await anna.gets(anna.dm, "Checked")
    await anna.says(anna.dm, "What is HSCT?", unheard=True)
    refusal = place.server.fails("POST /users/@me/channels", status, code=code)
    async with bot_running(place, triage, database=database):
        await until(lambda: len(anna.sees(anna.dm)) == 2, "the answer to what was missed")
        assert not refusal.times


async def test_what_was_said_in_a_server_that_discord_tells_of_only_later_is_read(
    place: Place, triage: Triage, database: str
) -> None:
    """Discord has an outage of its own: the connection is there, and most of its channels are not known."""
    anna, kim = place.human("Anna"), place.volunteer()
    async with bot_running(place, triage, database=database) as wire:
        await anna.mentions(place.lounge, UNKNOWN)
        post = await place.post()
        await kim.presses(post, place.card(post), "Claim")
        await kim.gets(post, "Kim has #1")
        await until_all_is_out(wire)
    await kim.says(post, "The towels are free.", unheard=True)
    await anna.mentions(place.lounge, KNOWN, unheard=True)
    place.server.unavailable = True
    async with bot_running(place, triage, database=database) as wire:
        gaps = wire.adapter.gaps
        await until(lambda: gaps._met and gaps.reading_since is None, "all that is known to be read")
        assert gaps.handled_until() is None
        await anna.mentions(place.lounge, "What is HSCT?")
        await anna.gets(place.lounge, "stem cell")
        await place.server.is_available()
        await anna.gets(place.lounge, "towels are free")
        await anna.gets(place.lounge, "Checked")
        await until(gaps.handled_until, "all to be read")
        await place.server.is_unavailable()
        await until(lambda: gaps.handled_until() is None, "the outage to be known")
        await anna.says(place.lounge, "And soap?", reply_to=anna.sees(place.lounge)[-1], unheard=True)
        await place.server.is_available()
        await kim.gets(post, "And soap?")


async def test_what_was_said_in_a_server_that_came_back_while_the_connection_was_lost_is_read(
    place: Place, triage: Triage
) -> None:
    """A resumed connection repeats that the server is there again, but nothing that was said in it meanwhile."""
    anna = place.human("Anna")
    async with bot_running(place, triage) as wire:
        gaps = wire.adapter.gaps
        await until(gaps.handled_until, "what was missed to be read")
        await place.server.is_unavailable()
        await until(lambda: gaps.handled_until() is None, "the outage to be known")
        await anna.mentions(place.lounge, KNOWN, unheard=True)
        await place.server.drop()
        await place.server.is_available()
        await until(lambda: place.server.resumes, "the connection again", 15)
        await anna.gets(place.lounge, "Checked")


async def test_what_the_bot_may_not_see_is_not_asked_for_and_what_it_may_is_read(
    place: Place, triage: Triage, database: str
) -> None:
    """Discord counts what it refuses, and shuts out a bot that is refused too often."""
    anna = place.human("Anna")
    async with bot_running(place, triage, database=database) as wire:
        await anna.says(place.ask, KNOWN)
        await anna.gets(place.ask, "Checked")
        await marked(wire, timedelta(0))
    hidden = [place.server.add_channel(f"staff-{number}") for number in range(20)]
    for channel in hidden:
        channel.denied = {"VIEW_CHANNEL"}
    voices, meeting = place.server.add_channel("voices", VOICE), place.server.add_channel("meeting", VOICE)
    meeting.denied = {"CONNECT"}
    inside = place.server._thread(hidden[0], "Rota", PUBLIC_THREAD, [])
    for channel in (*hidden, meeting, inside, voices, place.lounge):
        await anna.mentions(channel, KNOWN, unheard=True)
    async with bot_running(place, triage, database=database) as wire:
        await anna.gets(voices, "Checked")
        await anna.gets(place.lounge, "Checked")
        await until(lambda: wire.adapter.gaps.reading_since is None, "all to be read")
        assert not place.server.refused


async def test_operators_hear_of_channels_that_the_bot_hears_and_may_not_read_again(
    place: Place, triage: Triage, database: str
) -> None:
    """Discord refuses nothing there: it answers that nothing was said."""
    anna = place.human("Anna")
    await has_run(place, triage, database)
    thread = place.server._thread(place.ask, "Costs", PUBLIC_THREAD, [])
    place.ask.denied = {"READ_MESSAGE_HISTORY"}
    for channel in (place.ask, place.lounge, thread):
        await anna.mentions(channel, KNOWN, unheard=True)
    with capture_logs() as log:
        async with bot_running(place, triage, database=database):
            await anna.gets(place.lounge, "Checked")
    assert [set(one["channels"]) for one in log if one["event"] == "discord.no_history"] == [{place.ask.id, thread.id}]


async def test_a_message_that_cannot_be_understood_hides_none_of_those_after_it(
    place: Place, triage: Triage, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = place.human("Anna")
    await has_run(place, triage, database)
    odd = await anna.says(place.ask, "What is HSCT?", unheard=True)
    await anna.says(place.ask, KNOWN, unheard=True)

    def stumbles(message: Message, *more: Any) -> MessageReceived:  # noqa: ANN401
        if message.id == int(odd["id"]):
            raise KeyError("of a new kind")
        return message_event(message, *more)

    monkeypatch.setattr("bot.adapters.discord.messages.message_event", stumbles)
    async with bot_running(place, triage, database=database):
        await anna.gets(place.ask, "Checked")


async def test_a_channel_whose_answer_is_odd_hides_no_other_one(place: Place, triage: Triage, database: str) -> None:
    anna = place.human("Anna")
    await has_run(place, triage, database)
    corners = [place.server.add_channel(f"corner-{number}") for number in range(8)]
    for channel in (place.ask, *corners):
        await anna.mentions(channel, KNOWN, unheard=True)
    odd = [place.ask, corners.pop(4)]  # in whatever order they are read, others come after the first of these
    for channel in odd:
        channel.messages[max(channel.messages)].pop("type")
    async with bot_running(place, triage, database=database):
        for corner in corners:
            await anna.gets(corner, "Checked")
        for channel in odd:
            channel.messages[max(channel.messages)]["type"] = 0
            await anna.gets(channel, "Checked")


async def test_nobody_is_told_twice_that_a_message_cannot_be_read(place: Place, triage: Triage, database: str) -> None:
    """A start reads the last minutes again, which may be longer ago than Discord remembers what was sent."""
    anna = place.human("Anna")
    async with bot_running(place, triage, database=database):
        await anna.says(place.ask, "")
        await anna.gets(place.ask, "does not show me")
    place.server.nonces.clear()
    await anna.says(place.ask, "", unheard=True)
    async with bot_running(place, triage, database=database) as wire:
        await until(lambda: len(anna.sees(place.ask)) == 2, "a word about the other one")
        await until(lambda: wire.adapter.gaps.reading_since is None, "all to be read")
        assert len(anna.sees(place.ask)) == 2


async def test_leads_are_told_of_a_message_whose_handling_does_not_end_and_when_that_is_over(
    place: Place, triage: Triage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mark, "LOOK_EVERY", 0.02)
    monkeypatch.setattr("bot.progress.BEHIND", 0.5)
    monkeypatch.setattr(waiting, "FIRST_WAIT", 0.05)
    monkeypatch.setattr(waiting, "LONGEST_WAIT", 0.1)
    monkeypatch.setattr("bot.watch.LOOK_EVERY", 0.05)

    def notices() -> str:
        posts = [one for one in place.server.posts_of(place.desk) if one.name == "Notices for volunteers"]
        return " ".join(message["content"] for post in posts for message in post.messages.values())

    async with bot_running(place, triage) as wire:
        await moved(wire)
        accept = wire.adapter._accept
        wire.adapter._accept = never
        await place.human("Anna").says(place.ask, KNOWN)
        await until(lambda: "has been stuck for an hour" in notices(), "an alert")
        wire.adapter._accept = accept
        await until(lambda: "Reading all that is said on Discord works again" in notices(), "the end of it")
