"""The database is away while people write on Discord, which says everything once: what waits has a bound."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.adapters.discord import waiting
from bot.domain.messages import ChatMoved, Event
from bot.triage.triage import Triage
from tests.platforms.discord.people import is_ephemeral, until
from tests.platforms.discord.wire import KNOWN, Place, Wire, bot_running, until_all_is_out
from tests.stories.test_outage_alert import full_disk

MOST = 3
CHILDREN = "Can women have children after HSCT?"


@pytest.fixture(autouse=True)
def _little_room_and_short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "MOST_WAITING", MOST)
    monkeypatch.setattr(waiting, "FIRST_WAIT", 0.05)
    monkeypatch.setattr(waiting, "LONGEST_WAIT", 0.1)


def handed_in(wire: Wire) -> set[str]:
    """Give what will hold the events that wait: those handed in from now on."""
    seen, accept = set[str](), wire.adapter._accept

    async def noted(event: Event | ChatMoved) -> None:
        seen.add(event.event_id)
        await accept(event)

    wire.adapter._accept = noted
    return seen


async def test_while_the_disk_is_full_few_messages_wait_and_yet_each_is_answered_once(
    place: Place, triage: Triage, tmp_path: Path
) -> None:
    file = tmp_path / "bot.db"
    askers = [place.human(f"Asker {number}") for number in range(12)]
    async with bot_running(place, triage, database=f"sqlite+aiosqlite:///{file}") as wire:
        kim = place.volunteer()
        await kim.says(place.ask, KNOWN)
        await kim.gets(place.ask, "Checked")
        await until_all_is_out(wire)
        await until(lambda: wire.adapter.gaps.mark.until, "what the start may have missed to be read")
        waits = handed_in(wire)
        with full_disk(file), capture_logs() as log:
            for one in askers[:6]:
                await one.says(one.dm, CHILDREN)
            for one in askers[6:]:
                await one.says(place.ask, CHILDREN)
            await kim.mentions(place.lounge, CHILDREN)
            await until(lambda: wire.adapter.gaps.reading_since and len(waits) > MOST, "the first that was let go")
            assert len(waits) == MOST + 1, "that one is being read again, and waits as well"
            assert len(wire.adapter.gaps._missed) <= 12
        for one in askers[:6]:
            await one.gets(one.dm, "Checked")
        await until(lambda: len(kim.sees(place.ask)) == 7, "an answer to each in the channel")
        await kim.gets(place.lounge, "Checked")
        await until(lambda: wire.adapter.gaps.reading_since is None, "all that was missed to be read")
        await until_all_is_out(wire)
        assert [len(one.sees(one.dm)) for one in askers[:6]] == [1] * 6
        assert (len(kim.sees(place.ask)), len(kim.sees(place.lounge))) == (7, 1)
        assert [one["event"] for one in log if one["event"] == "discord.no_room"] == ["discord.no_room"]


async def test_a_command_that_cannot_wait_is_told_to_come_again(place: Place, triage: Triage, tmp_path: Path) -> None:
    file = tmp_path / "bot.db"
    async with bot_running(place, triage, database=f"sqlite+aiosqlite:///{file}") as wire:
        anna = place.human("Anna")
        await anna.says(place.ask, KNOWN)
        await anna.gets(place.ask, "Checked")
        await until_all_is_out(wire)
        with full_disk(file):
            waiting_ones = [await anna.slash(place.lounge, "ask", question=KNOWN) for _ in range(MOST)]
            told = await anna.answered(await anna.slash(place.lounge, "ask", question=CHILDREN), "try again in a few")
            assert is_ephemeral(told)
        for one in waiting_ones:
            await anna.answered(one, "Checked")
        again = await anna.answered(await anna.slash(place.lounge, "ask", question=CHILDREN))
        assert "Checked" in again["content"]


async def test_what_was_stored_meanwhile_does_not_hide_what_was_let_go_when_receiving_begins_anew(
    place: Place, triage: Triage, tmp_path: Path
) -> None:
    """Each of several processes hangs up while the database is away, and connects again once it is chosen."""
    file = tmp_path / "bot.db"
    async with bot_running(place, triage, database=f"sqlite+aiosqlite:///{file}") as wire:
        anna, adapter = place.human("Anna"), wire.adapter
        await anna.says(place.ask, KNOWN)
        await anna.gets(place.ask, "Checked")
        await until_all_is_out(wire)
        await until(lambda: adapter.gaps.mark.until, "what the start may have missed to be read")
        place.server.fails(f"GET /channels/{place.ask.id}/messages", 503, times=99)
        with full_disk(file):
            for _ in range(MOST):
                await anna.says(place.ask, KNOWN)
            await anna.says(place.ask, CHILDREN)
            since = await until(lambda: adapter.gaps.reading_since, "one that is let go")
        await until(lambda: len(anna.sees(place.ask)) == MOST + 1, "an answer to those that waited")
        await adapter._stop(adapter._client, asyncio.create_task(asyncio.sleep(0)))
        adapter.client_for(wire.app.intake.accept)
        await adapter.gaps.mark.start()
        assert adapter.gaps.mark.reached <= since
