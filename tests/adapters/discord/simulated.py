"""The adapter within one process, on simcord's virtual Discord: no socket, no core, no database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import discord
import simcord
from pydantic import SecretStr
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle

from bot.adapters.discord.adapter import DiscordAdapter
from bot.config import DiscordSettings
from bot.domain.catalogue import Found
from bot.domain.messages import Attachment, Block, Button, ChatMoved, Delivery, Event, OutgoingMessage
from bot.texts import texts_in


class Entries:
    """Two entries and two stages."""

    def find(self, words: str, limit: int) -> tuple[Found, ...]:
        """Find both by any words."""
        return (Found("cost-mexico", "How much is it in Mexico?", ""), Found("cost-russia", "And in Russia?", ""))

    def stages(self) -> tuple[Found, ...]:
        """Give the stages."""
        return (Found("chemotherapy", "Chemotherapy", ""), Found("engraftment", "Engraftment", ""))


class Core:
    """Stands where the core stands, at our own port: keeps what it is given, and answers as it is told."""

    adapter: DiscordAdapter

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._text = "Done by the core."
        self._buttons: tuple[Button, ...] = ()

    def answers(self, text: str, *buttons: Button) -> None:
        """Say this to all that comes."""
        self._text, self._buttons = text, buttons

    async def accept(self, event: Event | ChatMoved) -> None:
        """Keep an event, and answer it where it came from."""
        assert not isinstance(event, ChatMoved)
        self.events.append(event)
        message = OutgoingMessage(event.address, (Block(self._text),), self._buttons)
        await self.adapter.send(Delivery(len(self.events), message, event_id=event.event_id))


@dataclass
class Simulated:
    """A server with a lounge and a desk, an asker and a volunteer."""

    env: simcord.Env
    core: Core
    lounge: ChannelHandle
    anna: MemberActor
    kim: MemberActor

    @property
    def given(self) -> Event:
        """The one event that came in."""
        [event] = self.core.events
        return event


async def no_file(_: Attachment) -> bytes:
    """Have no files."""
    return b""


@asynccontextmanager
async def simulated(**more: Any) -> AsyncIterator[Simulated]:  # noqa: ANN401
    """Run the adapter until the test ends, with more settings; a mistake of the bot fails the test."""
    env, core = simcord.Env(discord.Client(intents=discord.Intents(guilds=True))), Core()
    guild = env.create_guild()
    lounge, desk = guild.create_text_channel("lounge"), guild.create_forum_channel("desk")
    role = guild.create_role("volunteers", permissions=discord.Permissions(manage_threads=True))
    settings = DiscordSettings(token=SecretStr("none"), desk_channel=desk.id, volunteer_roles=(role.id,), **more)
    core.adapter = DiscordAdapter(settings, Entries(), no_file, texts_in())
    env.bot = core.adapter.client_for(core.accept)
    anna = guild.add_member(env.create_user("anna"))
    kim = guild.add_member(env.create_user("kim"), roles=[role])
    await env.start()
    try:
        yield Simulated(env, core, lounge, anna, kim)
        env.raise_errors()
    finally:
        await env.shutdown()
