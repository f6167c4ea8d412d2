"""The process that gets killed over the wire: `run_platforms`, with both real libraries.

What is slow is imported and used once before it is forked, so that a kill seldom hits nothing but an import.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Any

import structlog
from telegram.request import HTTPXRequest

from bot import alerts, watch
from bot.adapters.discord import adapter as discord_side
from bot.adapters.telegram import adapter as _telegram_side  # noqa: F401 - imported for the forked processes
from bot.app import run_platforms
from bot.config import Settings
from bot.domain.link import Trouble
from bot.storage.store import Store


class AtOnce(discord_side.DiscordAdapter):
    """Waits for no second server: discord.py gives them two seconds to arrive before it calls itself ready."""

    def __init__(self, *parts: Any, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*parts, guild_ready_timeout=0.05, **options)


def run(settings: dict[str, Any]) -> None:
    """Run the bot until it is killed, or asked to stop; only what is an error is logged."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    discord_side.DiscordAdapter = AtOnce  # type: ignore[misc]
    asyncio.run(run_platforms(Settings(**settings)))


def run_impatiently(settings: dict[str, Any]) -> None:
    """Run it with a watch that looks often, and tells soon that the database is away."""
    watch.LOOK_EVERY = 0.2
    alerts.AFTER[Trouble.UNUSABLE] = timedelta(seconds=1)
    run(settings)


async def _use_once() -> None:
    await HTTPXRequest().shutdown()
    await (await Store.open("sqlite+aiosqlite:///:memory:")).close()


asyncio.run(_use_once())
