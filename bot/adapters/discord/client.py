"""discord.py's client, which does nothing but pass on what it hears."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import discord
import structlog
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord.utils import MISSING

from bot.adapters.discord import errors
from bot.adapters.discord.commands import Commands, Translations
from bot.adapters.discord.components import Pick, Press
from bot.config import DiscordSettings

if TYPE_CHECKING:
    from bot.adapters.discord.adapter import DiscordAdapter

LONGEST_LIMIT = 30.0  # seconds that discord.py may wait for a rate limit by itself; longer waits are the outbox's
log = structlog.get_logger()


def intents_of(settings: DiscordSettings) -> discord.Intents:
    """Give what Discord is asked to send: message texts only where the settings need them."""
    intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
    intents.message_content = bool(settings.ask_channels) or settings.message_content
    return intents


class Listening(discord.Client):
    """The listeners, for one gateway connection or several."""

    adapter: DiscordAdapter
    quiet = False  # logs in to look around, and registers nothing
    connection = 0  # where there is one only

    def __init__(self, **options: Any) -> None:  # noqa: ANN401
        super().__init__(**options)
        self.tree = app_commands.CommandTree(self)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Pass an event on, unless the client has hung up: a READY that comes late has no loop to run in."""
        if self.loop is not MISSING:
            super().dispatch(event, *args, **kwargs)

    @property
    def out_of_reach(self) -> int:
        """How many servers have an outage of their own: what is said there is read once it is over."""
        return sum(guild.unavailable for guild in self.guilds)

    def connection_of(self, _guild: discord.Guild) -> int:
        """Give over which connection a server is heard."""
        return self.connection

    async def setup_hook(self) -> None:
        """Get ready between login and connection; none of this may keep the bot from starting."""
        if self.quiet:
            return
        self.add_dynamic_items(Press, Pick)
        await self.adapter.ready_to_send()
        await self._register(all_over=True)

    async def _register(self, *, all_over: bool) -> None:
        """Show the commands at the desk, where it is known, and all over."""
        adapter, desk = self.adapter, self.adapter.desk_guild
        commands = Commands(adapter.catalogue, adapter.texts, adapter.interactions.commanded)
        try:
            if all_over:
                commands.add_to(self.tree)
                await self.tree.set_translator(Translations())
                await self.tree.sync()
            if desk is not None:
                commands.add_at_desk(self.tree, desk)
                await self.tree.sync(guild=desk)
        except (discord.HTTPException, app_commands.AppCommandError, *errors.NETWORK) as error:
            log.error("discord.commands_not_registered", error=str(error), do="run `hsct-bot doctor`")

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Read what was missed in a server that was out of reach; they come before READY and whenever a server does."""
        self.adapter.has_server(self.connection_of(guild))
        await self.on_guild_join(guild)

    async def on_guild_unavailable(self, _guild: discord.Guild) -> None:
        """Note that a server has an outage."""
        log.warning("discord.server_away", out_of_reach=self.out_of_reach)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Find the desk where it could not be seen at the start, or where the bot is invited only after it."""
        if self.adapter.finds_desk_in(guild):
            await self._register(all_over=False)

    async def on_ready(self) -> None:
        """Read what was missed: a new session repeats nothing (a resumed one repeats all)."""
        log.info("discord.ready", servers=len(self.guilds), out_of_reach=self.out_of_reach)
        self.adapter.is_back(self.connection, missed=True)

    async def on_resumed(self) -> None:
        """Note that the connection is back."""
        self.adapter.is_back(self.connection, missed=False)

    async def on_disconnect(self) -> None:
        """Note that the connection is lost; discord.py makes it again."""
        self.adapter.is_lost(self.connection)

    async def on_message(self, message: discord.Message) -> None:
        """Pass on a message."""
        await self.adapter.messages.heard(message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Pass on an edit."""
        await self.adapter.messages.edited(payload)

    async def on_choice(self, interaction: discord.Interaction, custom_id: str) -> None:
        """Pass on a press or a choice of ours."""
        await self.adapter.interactions.pressed(interaction, custom_id)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Pass on forms, and components of an older make that nothing of ours knows any more."""
        if interaction.type is discord.InteractionType.modal_submit:
            await self.adapter.interactions.filled_in(interaction)
        elif interaction.type is discord.InteractionType.component:
            data: Any = interaction.data
            custom_id = str(data["custom_id"])
            if not custom_id.startswith("v1:"):
                await self.adapter.interactions.pressed(interaction, custom_id)

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:  # noqa: ANN401
        """Log a mistake of ours without what people wrote."""
        log.exception("discord.handler_failed", handler=event_method)


class ListeningSharded(Listening, discord.AutoShardedClient):
    """The same over several gateway connections: each is lost and back by itself."""

    def connection_of(self, guild: discord.Guild) -> int:
        """Give its shard."""
        return guild.shard_id

    async def on_ready(self) -> None:
        """Every shard has said so by itself."""
        log.info("discord.ready", servers=len(self.guilds), shards=len(self.shards), out_of_reach=self.out_of_reach)

    async def on_resumed(self) -> None:
        """The shard says so."""

    async def on_disconnect(self) -> None:
        """The shard says so."""

    async def on_shard_ready(self, shard: int) -> None:
        """Read what was missed."""
        self.adapter.is_back(shard, missed=True)

    async def on_shard_resumed(self, shard: int) -> None:
        """Note that one is back."""
        self.adapter.is_back(shard, missed=False)

    async def on_shard_disconnect(self, shard: int) -> None:
        """Note that one is lost."""
        self.adapter.is_lost(shard)


def new_client(settings: DiscordSettings, options: dict[str, Any], shard: int | None = None) -> Listening:
    """Make a client that speaks to the servers of the settings, over one connection, one of several, or all of them."""
    Route.BASE = settings.api_url.rstrip("/")
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.gateway_url)
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody speaks here
    several = settings.shards > 1
    make = ListeningSharded if shard is None and (settings.sharded or several) else Listening
    return make(
        shard_id=shard,
        shard_count=settings.shards if several else None,
        intents=intents_of(settings),
        allowed_mentions=discord.AllowedMentions.none(),
        max_messages=None,
        chunk_guilds_at_startup=False,
        member_cache_flags=discord.MemberCacheFlags.none(),
        max_ratelimit_timeout=LONGEST_LIMIT,
        **options,
    )


async def connect(client: discord.Client, settings: DiscordSettings, longest_wait: float) -> None:
    """Log in, again and again while Discord is away, then stay connected (discord.py sees to that itself)."""
    wait = 0.5
    while True:
        try:
            await client.login(settings.token.get_secret_value() if settings.token else "")
            break
        except discord.LoginFailure:
            raise
        except (discord.HTTPException, discord.RateLimited, *errors.NETWORK) as error:
            log.warning("discord.not_reached", error=type(error).__name__, again_in=wait)
        await _hung_up(client)
        await asyncio.sleep(wait)
        wait = min(wait * 2, longest_wait)
    await client.connect(reconnect=True)


async def _hung_up(client: discord.Client) -> None:
    """Close the connections of a failed login, as the next one opens its own."""
    await client.http.close()
    client.http.connector = discord.utils.MISSING
