"""The whole application with the real discord.py, wired to the test server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.adapters.base import Watched
from bot.adapters.discord.adapter import DiscordAdapter
from bot.app import application, bookmark, standing
from bot.app import watched as watched_in
from bot.config import DiscordSettings, Settings
from bot.conversation.catalogue import LiveCatalogue
from bot.running import App
from bot.storage.outbox import Fate
from bot.texts import texts_in
from bot.triage.triage import Triage
from tests.platforms.discord.model import Channel, Json, User
from tests.platforms.discord.people import Human, until
from tests.platforms.discord.rest import _role
from tests.platforms.discord.server import TOKEN, DiscordServer, running
from tests.world import ROOT

VOLUNTEERS, LEADS = 701, 702
KNOWN = "How much does HSCT cost in Mexico?"
UNKNOWN = "Does the clinic in Riga have a swimming pool?"
TAGS = ("new", "claimed", "waiting", "urgent", "closed")


@dataclass
class Place:
    """A server with a lounge, an ask channel, and the volunteers' forum."""

    server: DiscordServer
    lounge: Channel
    ask: Channel
    desk: Channel

    def human(self, name: str, *roles: int) -> Human:
        return Human(self.server, name, *roles)

    def volunteer(self, name: str = "Kim") -> Human:
        return self.human(name, VOLUNTEERS)

    def settings(self, **more: Any) -> DiscordSettings:  # noqa: ANN401
        usual: dict[str, Any] = {
            "token": TOKEN,
            "api_url": f"{self.server.host}/api/v10",
            "gateway_url": self.server.url,
            "desk_channel": self.desk.id,
            "ask_channels": (self.ask.id,),
            "volunteer_roles": (VOLUNTEERS,),
            "lead_roles": (LEADS,),
        }
        return DiscordSettings(**(usual | more))

    async def post(self, number: int = 1) -> Channel:
        """Wait for the desk's post about an escalation."""
        found: Channel = await until(
            lambda: next((one for one in self.server.posts_of(self.desk) if one.name.startswith(f"#{number} ")), None),
            f"a post about #{number}",
        )
        return found

    def card(self, post: Channel) -> Json:
        """Give the card in a post."""
        return post.messages[min(post.messages)]


@asynccontextmanager
async def a_place() -> AsyncIterator[Place]:
    """Run a server with the usual channels and roles."""
    async with running() as server:
        server.roles += [_role(VOLUNTEERS, "volunteers", 0), _role(LEADS, "leads", 0)]
        yield Place(
            server, server.add_channel("lounge"), server.add_channel("ask-hsct"), server.add_forum("desk", TAGS)
        )


@dataclass
class Wire:
    """The application, running against a place."""

    place: Place
    app: App
    adapter: DiscordAdapter

    @property
    def server(self) -> DiscordServer:
        return self.place.server


@asynccontextmanager
async def bot_running(
    place: Place,
    triage: Triage,
    *,
    database: str = "sqlite+aiosqlite:///:memory:",
    watched: Callable[[App], Watched] = watched_in,
    options: Json | None = None,
    knowledge: Path = ROOT / "knowledge",
    shard: int | None = None,
    **settings: Any,  # noqa: ANN401
) -> AsyncIterator[Wire]:
    """Run the application until the story ends; `watched` says where to look for what was missed.

    With a `shard` it is one of several processes.
    """
    discord = place.settings(**settings)
    whole = Settings(database_url=SecretStr(database), knowledge=knowledge, discord=discord)
    async with application(whole, triage=triage) as app:
        options = {"guild_ready_timeout": 0.05, **(options or {})}
        catalogue, fetch = LiveCatalogue(app.live), app.adapters.fetch
        adapter = DiscordAdapter(
            discord,
            catalogue,
            fetch,
            texts_in(),
            watched(app),
            app.watch.platform("discord"),
            standing(app),
            bookmark(app),
            **options,
        )
        if shard is not None:
            adapter.takes(shard)
        app.adapters.append(adapter)
        place.server.at_rest = lambda: not app.outbox._under_way
        before = place.server.gateway_readies
        task = asyncio.create_task(app.run())
        try:
            await until(lambda: place.server.gateway_readies > before or task.done(), "READY")
            if task.done():
                await task
            await until(lambda: adapter._client.is_ready(), "discord.py to be ready")
            yield Wire(place, app, adapter)
        finally:
            place.server.at_rest = lambda: True
            await stopped(app, task)


async def answered_in_a_private_thread(place: Place, asker: Human, kim: Human) -> tuple[Channel, Channel, Json]:
    """Let a question of somebody who takes no direct messages be answered; give the post, the thread and the answer."""
    await asker.slash(place.lounge, "ask", question=UNKNOWN)
    asker.user.takes_dms = False
    post = await place.post()
    await kim.presses(post, place.card(post), "Claim")
    await kim.gets(post, "Kim has #1")
    await kim.says(post, "The towels are free.")
    thread = await until(lambda: next(iter(place.server.posts_of(place.lounge)), None), "a private thread")
    return post, thread, await asker.gets(thread, "towels are free")


async def until_all_is_out(wire: Wire) -> None:
    """Wait until the outbox is empty."""
    while True:
        async with wire.app.store.transaction() as tx:
            counts = await tx.outbox.count()
        if not counts.get(Fate.PENDING) and not counts.get(Fate.SENDING):
            return
        await asyncio.sleep(0.05)


async def stopped(app: App, task: asyncio.Task[None]) -> None:
    """Stop an application as a signal does, once what it sends is out."""
    with suppress(AssertionError):
        await until(lambda: not app.outbox._under_way, "the outbox to be at rest")
    task.cancel()
    try:
        with suppress(asyncio.CancelledError):
            await asyncio.wait_for(task, 10)
    finally:
        await asyncio.sleep(0.01)  # what discord.py has scheduled last


__all__ = [
    "KNOWN",
    "LEADS",
    "UNKNOWN",
    "VOLUNTEERS",
    "Place",
    "User",
    "Wire",
    "a_place",
    "bot_running",
    "until_all_is_out",
]
