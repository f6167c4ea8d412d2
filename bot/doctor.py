"""One function per check: what is wrong, and how to put it right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.config import Settings, load_settings
from bot.errors import BotError
from bot.knowledge.checks import check
from bot.knowledge.loader import load
from bot.storage.outbox import Fate
from bot.storage.store import Store


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check."""

    what: str
    good: bool
    says: str


async def examine_all(config: Path | None) -> list[Finding]:
    """Run every check; without usable settings only the first one."""
    try:
        settings = load_settings(config)
    except BotError as error:
        return [Finding("settings", False, str(error))]
    findings = [Finding("settings", True, "can be read")]
    findings += [_platforms(settings), _knowledge(settings), await _database(settings)]
    return [*findings, *await _telegram(settings), *await _discord(settings)]


async def _telegram(settings: Settings) -> list[Finding]:
    if settings.telegram.token is None:
        return []
    from bot.adapters.telegram.doctor import examine

    return [Finding(one.what, one.good, one.says) for one in await examine(settings.telegram)]


async def _discord(settings: Settings) -> list[Finding]:
    if settings.discord.token is None:
        return []
    from bot.adapters.discord.doctor import examine

    return [Finding(one.what, one.good, one.says) for one in await examine(settings.discord)]


def _platforms(settings: Settings) -> Finding:
    named = [name for name, part in (("Telegram", settings.telegram), ("Discord", settings.discord)) if part.token]
    return Finding("platforms", True, " and ".join(named) or "no token: `run` starts the console")


def _knowledge(settings: Settings) -> Finding:
    try:
        base = load(settings.knowledge)
    except BotError as error:
        return Finding("knowledge", False, str(error))
    remarks = check(base, datetime.now(UTC).date())
    if remarks:
        return Finding("knowledge", False, f"{len(remarks)} remarks; see `hsct-bot kb check`")
    return Finding("knowledge", True, f"{len(base.entries)} entries")


async def _database(settings: Settings) -> Finding:
    try:
        store = await Store.open(settings.database_url.get_secret_value())
    except BotError as error:
        return Finding("database", False, str(error))
    try:
        async with store.transaction() as tx:
            counts = await tx.outbox.count()
    finally:
        await store.close()
    failed = counts.get(Fate.FAILED, 0)
    if failed:
        return Finding(
            "database", False, f"{failed} messages could not be delivered. Look for their reasons at the desk."
        )
    return Finding("database", True, "can be used; no undelivered messages")
