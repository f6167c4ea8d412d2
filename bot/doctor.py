"""Every check, one after the other: what is wrong, and how to put it right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.config import DEFAULT_FILE, Settings, addresses_of, load_settings
from bot.domain.findings import Finding
from bot.errors import BotError
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks import check
from bot.knowledge.loader import load
from bot.knowledge.reviews import Review, overdue
from bot.machine import clock, disk, permissions
from bot.storage.outbox import Fate
from bot.storage.store import Store


async def examine_all(config: Path | None) -> list[Finding]:
    """Run every check; without usable settings only the first one."""
    try:
        settings = load_settings(config)
    except BotError as error:
        return [Finding("settings", False, str(error))]
    findings = [Finding("settings", True, "can be read")]
    file = config or DEFAULT_FILE
    findings += [_platforms(settings), *_knowledge(settings), await _database(settings)]
    findings += [disk(_file_of(settings)), permissions(file, settings.cache, _file_of(settings))]
    findings.append(await clock(addresses_of(settings), datetime.now(UTC)))
    return [*findings, *await _telegram(settings), *await _discord(settings)]


async def _telegram(settings: Settings) -> list[Finding]:
    if settings.telegram.token is None:
        return []
    from bot.adapters.telegram.doctor import examine

    return await examine(settings.telegram)


async def _discord(settings: Settings) -> list[Finding]:
    if settings.discord.token is None:
        return []
    from bot.adapters.discord.doctor import examine

    return await examine(settings.discord)


def _platforms(settings: Settings) -> Finding:
    named = [name for name, part in (("Telegram", settings.telegram), ("Discord", settings.discord)) if part.token]
    return Finding("platforms", True, " and ".join(named) or "no token: `run` starts the console")


def _file_of(settings: Settings) -> Path | None:
    kind, _, path = settings.database_url.get_secret_value().partition(":///")
    return Path(path) if kind.startswith("sqlite") and path and path != ":memory:" else None


def _knowledge(settings: Settings) -> list[Finding]:
    today = datetime.now(UTC).date()
    try:
        base = load(settings.knowledge)
    except BotError as error:
        return [Finding("knowledge", False, str(error))]
    late = overdue(base, today)
    other = len(check(base, today)) - len(late)
    says = f"{len(base.entries)} entries" if other <= 0 else f"{other} remarks; see `hsct-bot kb check`"
    return [Finding("knowledge", other <= 0, says), _reviews(base, late)]


def _reviews(base: KnowledgeBase, late: Sequence[Review]) -> Finding:
    if not late:
        return Finding("reviews", True, "nothing is past its review date")
    answers = sum(one.name in base.entries for one in late)
    counts = f"{answers} answers and {len(late) - answers} of the help lines, safety texts, stages and criteria"
    return Finding(
        "reviews", False, f"{counts} are past their review date. `hsct-bot kb due` lists them: read them again."
    )


async def _database(settings: Settings) -> Finding:
    try:
        store = await Store.open(settings.database_url.get_secret_value())
    except BotError as error:
        return Finding("database", False, str(error))
    try:
        version = await store.version()
        async with store.transaction() as tx:
            counts = await tx.outbox.count()
    except Exception as error:  # noqa: BLE001  # whatever it is, it is to be said in words
        return Finding("database", False, f"it opens but cannot be used ({type(error).__name__}). Restore a backup.")
    finally:
        await store.close()
    failed = counts.get(Fate.FAILED, 0)
    if failed:
        return Finding(
            "database", False, f"{failed} messages could not be delivered. Look for their reasons at the desk."
        )
    return Finding("database", True, f"can be used, version {version}; no undelivered messages")
