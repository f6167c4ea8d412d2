"""How much our bot costs beside a bare discord.py echo bot: the same test server, one run after the other.

    python -m benchmarks.discord

Each bot runs in a process of its own. First all messages at once (messages per second), then one after the other at a
steady pace (time from the message to the reply).
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import SecretStr

from benchmarks.telegram import (
    FLOOD,
    PACE,
    PACED,
    QUESTION,
    ROUNDS,
    USERS,
    WARM_UP,
    NoCatalogue,
    Outcome,
    in_turns,
    processor_time,
    table,
)
from bot.config import DiscordSettings
from tests.platforms.discord.people import Human, until
from tests.platforms.discord.server import TOKEN
from tests.platforms.discord.wire import Place, a_place

ROOT = Path(__file__).parent.parent
START_WITHIN = 300.0  # seconds; the very first start encodes every phrasing


async def bare(settings: DiscordSettings) -> None:
    """The bare echo bot, as discord.py's own examples write it."""
    import discord
    import yarl
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

    Route.BASE = settings.api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.gateway_url)
    client = discord.Client(intents=discord.Intents(guilds=True, dm_messages=True))

    @client.event
    async def on_message(message: discord.Message) -> None:
        if message.author != client.user:
            await message.reply(message.content, allowed_mentions=discord.AllowedMentions.none())

    await client.start(TOKEN)


async def adapter(settings: DiscordSettings) -> None:
    """Our adapter alone: every event is sent back at once, without the core and its database."""
    from bot.adapters.discord.adapter import DiscordAdapter
    from bot.config import LogSettings, Settings
    from bot.domain.messages import Block, ChatMoved, Delivery, Event, MessageReceived, OutgoingMessage
    from bot.logs import set_up
    from bot.texts import texts_in

    set_up(Settings(log=LogSettings(level="error")), quiet=True)
    made = DiscordAdapter(settings, NoCatalogue(), NoCatalogue.fetch, texts_in())

    async def accept(event: Event | ChatMoved) -> None:
        if isinstance(event, MessageReceived):
            reply = OutgoingMessage(event.address, (Block(event.text),), reply_to=event.message_id)
            await made.send(Delivery(int(event.message_id), reply))

    await made.run(accept)


async def ours(settings: DiscordSettings) -> None:
    """Our bot, with its database in a file."""
    from bot.app import run_platforms
    from bot.config import LogSettings, Settings
    from bot.logs import set_up

    set_up(Settings(log=LogSettings(level="error")), quiet=True)
    with tempfile.TemporaryDirectory() as folder:
        database = SecretStr(f"sqlite+aiosqlite:///{folder}/bench.db")
        await run_platforms(Settings(database_url=database, knowledge=ROOT / "knowledge", discord=settings))


BOTS = {"bare": bare, "adapter": adapter, "ours": ours}


@asynccontextmanager
async def process(name: str, place: Place) -> AsyncIterator[int]:
    """Run a bot in a process of its own; give its number."""
    settings = place.settings().model_dump_json().replace('"**********"', f'"{TOKEN}"')
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.discord", "--bot", name, "--settings", settings, cwd=ROOT
    )
    try:
        await until(lambda: place.server.gateway_readies, f"the {name} bot", START_WITHIN)
        yield running.pid
    finally:
        if running.returncode is None:
            running.terminate()
        await running.wait()


class Askers:
    """People who ask in private, and how many replies they have."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._people = [place.human(f"User {number}") for number in range(USERS)]
        self._chats = [person.dm for person in self._people]

    def replies(self) -> int:
        """Count all replies so far."""
        return self._place.server.calls["POST /channels/#/messages"]

    async def ask(self, number: int) -> None:
        """Let one of them ask."""
        person: Human = self._people[number % USERS]
        await person.says(self._chats[number % USERS], QUESTION)

    async def flood(self, count: int) -> float:
        """Send that many messages at once; give the seconds until all are replied to."""
        before, begun = self.replies(), time.perf_counter()
        for number in range(count):
            await self.ask(number)
        while self.replies() < before + count:
            if time.perf_counter() - begun > 120:
                raise TimeoutError(f"only {self.replies() - before} of {count} replies")
            await asyncio.sleep(0.002)
        return time.perf_counter() - begun

    async def one(self, number: int) -> float:
        """Send one message; give the seconds until its reply."""
        await asyncio.sleep(PACE)
        before, begun = self.replies(), time.perf_counter()
        await self.ask(number)
        while self.replies() == before:  # noqa: ASYNC110
            await asyncio.sleep(0.0005)
        return time.perf_counter() - begun


async def measure(name: str) -> Outcome:
    """Measure one bot on a fresh server."""
    async with a_place() as place:
        askers = Askers(place)
        async with process(name, place) as number:
            await askers.flood(WARM_UP)
            used = processor_time(number)
            rate = FLOOD / await askers.flood(FLOOD)
            used = processor_time(number) - used
            times = [await askers.one(one) for one in range(PACED)]
    return Outcome(rate, used / FLOOD, statistics.median(times), statistics.quantiles(times, n=100)[98])


async def main(rounds: int) -> None:
    """Measure all of them."""
    print(table(await in_turns(BOTS, measure, rounds)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bot", choices=tuple(BOTS))
    parser.add_argument("--settings", default="{}")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    if arguments.bot:
        asyncio.run(BOTS[arguments.bot](DiscordSettings.model_validate_json(arguments.settings)))
    else:
        asyncio.run(main(arguments.rounds))
