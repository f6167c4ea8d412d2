"""How much our bot costs beside a bare python-telegram-bot echo bot: the same test server, one run after the other.

    make bench-telegram

Each bot runs in a process of its own. First all messages at once (updates per second), then one after the other at a
steady pace (time from the update to the reply). The bots take turns, and of each the best of the rounds counts: what
else the machine does can only slow one down.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from bot.adapters.base import Found
from bot.domain.messages import Attachment
from tests.platforms.telegram.server import TOKEN, TelegramServer, telegram_server
from tests.platforms.telegram.stage import DESK, populate

ROOT = Path(__file__).parent.parent
USERS = 50
WARM_UP, FLOOD, PACED = 50, 600, 200  # messages
ROUNDS = 3
PACE = 0.05  # seconds between messages when the time to the reply is measured
AIM = 0.7  # of the bare bot's rate
QUESTION = "what is hsct?"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was measured for one bot."""

    rate: float  # updates a second
    processor: float  # seconds of processor time of the bot for each update of the flood
    p50: float  # seconds
    p99: float  # seconds


async def bare(url: str) -> None:
    """The bare echo bot, as python-telegram-bot's own examples write it."""
    from telegram import Update
    from telegram.ext import Application, ContextTypes, MessageHandler, filters

    async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message:
            await update.message.reply_text(update.message.text or "")

    app = Application.builder().token(TOKEN).base_url(f"{url}/bot").concurrent_updates(True).build()
    app.add_handler(MessageHandler(filters.TEXT, echo))
    async with app:
        await app.start()
        if app.updater:
            await app.updater.start_polling()
        await asyncio.Event().wait()


async def adapter(url: str) -> None:
    """Our adapter alone: every event is sent back at once, without the core and its database."""
    from bot.adapters.telegram.adapter import TelegramAdapter
    from bot.config import TelegramSettings
    from bot.domain.messages import Block, ChatMoved, Delivery, Event, MessageReceived, OutgoingMessage
    from bot.texts import texts_in

    settings = TelegramSettings(token=SecretStr(TOKEN), api_url=url, desk_chat=DESK)
    made = TelegramAdapter(settings, NoCatalogue(), NoCatalogue.fetch, texts_in())

    async def accept(event: Event | ChatMoved) -> None:
        if isinstance(event, MessageReceived):
            await made.send(
                Delivery(0, OutgoingMessage(event.address, (Block(event.text),), reply_to=event.message_id))
            )

    await made.run(accept)


class NoCatalogue:
    """Finds nothing, has no files."""

    def find(self, words: str, limit: int) -> tuple[Found, ...]:
        """Find nothing."""
        return ()

    def stages(self) -> tuple[Found, ...]:
        """Know no stages."""
        return ()

    @staticmethod
    async def fetch(_: Attachment) -> bytes:
        """Give an empty file."""
        return b""


async def ours(url: str) -> None:
    """Our bot, with its database in a file."""
    import structlog

    from bot.app import run_platforms
    from bot.config import LogSettings, Settings, TelegramSettings
    from bot.logs import set_up

    set_up(Settings(log=LogSettings(level="error")), quiet=True)
    structlog.get_logger()
    with tempfile.TemporaryDirectory() as folder:
        await run_platforms(
            Settings(
                database_url=SecretStr(f"sqlite+aiosqlite:///{folder}/bench.db"),
                knowledge=ROOT / "knowledge",
                telegram=TelegramSettings(token=SecretStr(TOKEN), api_url=url, desk_chat=DESK),
            )
        )


BOTS = {"bare": bare, "adapter": adapter, "ours": ours}


@asynccontextmanager
async def process(name: str, url: str) -> AsyncIterator[int]:
    """Run a bot in a process of its own; give its number."""
    command = (sys.executable, "-m", "benchmarks.telegram", "--bot", name, "--url", url)
    running = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
    try:
        yield running.pid
    finally:
        running.terminate()
        await running.wait()


async def measure(name: str) -> Outcome:
    """Measure one bot on a fresh server."""
    async with telegram_server() as server:
        populate(server)
        for number in range(USERS):
            server.user(1000 + number, f"User {number}")
        async with process(name, server.url) as number:
            await answered(server, WARM_UP)
            begun, used = time.perf_counter(), processor_time(number)
            await answered(server, FLOOD)
            rate, used = FLOOD / (time.perf_counter() - begun), processor_time(number) - used
            times = [await one(server, number) for number in range(PACED)]
    return Outcome(rate, used / FLOOD, statistics.median(times), statistics.quantiles(times, n=100)[98])


def processor_time(process_id: int) -> float:
    """Give the seconds of processor time that a process has used (Linux): busy neighbours do not change them much."""
    fields = Path(f"/proc/{process_id}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def answered(server: TelegramServer, count: int) -> None:
    """Send that many messages at once, and wait for a reply to each."""
    before = len(server.sent)
    for number in range(count):
        server.says(server.users[1000 + number % USERS], QUESTION)
    until = time.perf_counter() + 120
    while len(server.sent) < before + count:
        if time.perf_counter() > until:
            raise TimeoutError(f"only {len(server.sent) - before} of {count} replies")
        await asyncio.sleep(0.002)


async def one(server: TelegramServer, number: int) -> float:
    """Send one message and give the time until its reply."""
    await asyncio.sleep(PACE)
    before, begun = len(server.sent), time.perf_counter()
    server.says(server.users[1000 + number % USERS], QUESTION)
    while len(server.sent) == before:  # noqa: ASYNC110
        await asyncio.sleep(0.0005)
    return time.perf_counter() - begun


def table(outcomes: dict[str, Outcome]) -> str:
    """Give the result as lines of a Markdown table, and the ratio."""
    lines = ["| bot | updates a second | processor time an update | p50 to the reply | p99 |", "|---|---|---|---|---|"]
    lines += [
        f"| {name} | {one.rate:.0f} | {one.processor * 1000:.1f} ms | {one.p50 * 1000:.0f} ms | {one.p99 * 1000:.0f} ms |"
        for name, one in outcomes.items()
    ]
    ours, bare = outcomes["ours"], outcomes["bare"]
    ratios = (
        f"{ours.rate / bare.rate:.2f} (aim: at least {AIM}); of processor times, {bare.processor / ours.processor:.2f}"
    )
    return "\n".join([*lines, "", f"Ratio of the rates: {ratios}"])


def best(outcomes: Sequence[Outcome]) -> Outcome:
    """Give the least disturbed of several rounds, number by number."""
    return Outcome(
        max(one.rate for one in outcomes),
        min(one.processor for one in outcomes),
        min(one.p50 for one in outcomes),
        min(one.p99 for one in outcomes),
    )


async def in_turns(
    names: Iterable[str], measure_one: Callable[[str], Awaitable[Outcome]], rounds: int
) -> dict[str, Outcome]:
    """Measure bots in turns, so that other work on the machine disturbs all of them alike."""
    outcomes: dict[str, list[Outcome]] = {name: [] for name in names}
    for _ in range(rounds):
        for name, found in outcomes.items():
            found.append(await measure_one(name))
            print(f"{name}: {found[-1]}", file=sys.stderr)
    return {name: best(found) for name, found in outcomes.items()}


async def main(rounds: int) -> None:
    """Measure the bots."""
    print(table(await in_turns(BOTS, measure, rounds)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bot", choices=tuple(BOTS))
    parser.add_argument("--url", default="")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    if arguments.bot:
        asyncio.run(BOTS[arguments.bot](arguments.url))
    else:
        asyncio.run(main(arguments.rounds))
