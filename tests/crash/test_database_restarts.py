"""PostgreSQL is stopped and started while the bot works on both platforms: it goes on by itself, and repeats nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from multiprocessing.process import BaseProcess as Process
from pathlib import Path
from typing import Any

import pytest

from bot.texts import texts_in
from tests.crash.test_over_the_wire import (
    PATIENCE,
    Load,
    every_question_is_decided,
    everything_stored_was_said,
    load_on,
    nothing_came_twice_on_discord,
    repeats_are_accounted_for,
)
from tests.platforms.discord.model import Json
from tests.platforms.discord.people import until
from tests.platforms.telegram.server import TelegramServer
from tests.postgres import SHARED, Server, postgres_server

HOW = (signal.SIGINT, signal.SIGQUIT, signal.SIGINT, signal.SIGQUIT)  # PostgreSQL's `fast` and `immediate`
AWAY = 3.0  # seconds
MOST_GROWN = 64 * 1024 * 1024  # bytes of memory


def in_process(settings: dict[str, Any]) -> None:
    """Run in the forked process: import late, so that the test itself does not need the libraries."""
    from tests.crash.wire_process import run_impatiently

    run_impatiently(settings)


@pytest.fixture
def durable() -> Iterator[Server]:
    """A server of its own, which keeps what it has said to be stored even if it dies."""
    with postgres_server(durable=True) as server:
        yield server


def held_up(telegram: TelegramServer) -> asyncio.Event:
    """Have no message taken while the event that is given is not set."""
    at_once, free = telegram._break_before, asyncio.Event()
    free.set()

    async def when_free(request: Any, method: str, params: Json) -> None:  # noqa: ANN401
        if method == "sendMessage":
            await free.wait()
        await at_once(request, method, params)

    telegram._break_before = when_free  # type: ignore[method-assign]
    return free


async def is_away_for_a_while(server: Server, how: signal.Signals, load: Load, free: asyncio.Event) -> int:
    """Stop it while messages are on their way, and start it again; tell how many Telegram took meanwhile."""
    free.clear()
    sends = load.telegram.calls["sendMessage"]
    await load.some_more()
    await until(lambda: load.telegram.calls["sendMessage"] > sends, "a message on its way", PATIENCE)
    await asyncio.to_thread(server.stops, how)
    taken = len(load.telegram.sent)
    free.set()
    await load.some_more()
    await asyncio.sleep(AWAY)
    taken = len(load.telegram.sent) - taken
    await asyncio.to_thread(server.starts)
    return taken


async def comes_to_rest(load: Load, process: Process) -> None:
    latest = time.monotonic() + 2 * PATIENCE
    while not await load.rests():
        assert process.is_alive(), "the bot died of it"
        assert time.monotonic() < latest, f"not at rest: {await load.missing()} not handled"
        load._desk_works()
        await asyncio.sleep(0.2)


def memory_of(process: Process) -> int:
    """Give the bytes that a process has in memory."""
    return int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def taken_out(load: Load, words: str) -> list[Json]:
    """Take alerts out of what Telegram was sent, and give them: what cannot be stored has no row."""
    alerts = [one for one in load.telegram.sent if one.get("text", "").startswith(words)]
    load.telegram.sent = [one for one in load.telegram.sent if one not in alerts]
    return alerts


async def test_the_database_restarts_under_load_and_the_bot_goes_on(
    durable: Server, small_knowledge: Path, tmp_path: Path
) -> None:
    async with load_on(durable.url(SHARED), small_knowledge, tmp_path / "cache") as load:
        free = held_up(load.telegram)
        process: Process = load.server.Process(target=in_process, args=(load.settings,), daemon=True)
        process.start()
        try:
            await until(lambda: load.place.server.gateway_readies, "Discord", PATIENCE)
            await load._asked_on_discord()
            await comes_to_rest(load, process)
            before, taken = memory_of(process), 0
            for how in HOW:
                taken += await is_away_for_a_while(durable, how, load, free)
            await comes_to_rest(load, process)
            grown = memory_of(process) - before
        finally:
            process.kill()
            process.join()
        texts = texts_in()
        away = texts("alert.unusable", part=texts("alert.part.database"), since="|").split("|")[0]
        assert len(taken_out(load, away)) == 1, "the leads are told once"
        rows = await load.rows()
        await every_question_is_decided(load, rows)
        everything_stored_was_said(load, rows)
        assert repeats_are_accounted_for(load, rows) == 0, "no process died, so nothing may come twice"
        nothing_came_twice_on_discord(load, rows)
        assert taken >= len(HOW), "each time Telegram took something whose receipt had to wait"
        assert grown < MOST_GROWN
        print(  # noqa: T201
            f"{len(HOW)} restarts, {len(load.events)} questions, {len(rows)} messages, "
            f"{taken} taken by Telegram while the database was away, none repeated"
        )
