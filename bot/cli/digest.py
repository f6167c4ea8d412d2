"""`hsct-bot digest`: the numbers of the last days, as lines or as CSV."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.config import Settings
from bot.digest.numbers import digest_of
from bot.digest.words import blocks
from bot.knowledge.base import KnowledgeBase
from bot.storage.digests import Digests
from bot.storage.store import Store
from bot.texts import texts_in


async def digest_text(settings: Settings, base: KnowledgeBase, days: int, *, csv: bool) -> str:
    """Count in the database of the settings, and give what to print."""
    days = min(days, settings.retention_days)  # of what was purged there is nothing to count
    store, now = await Store.open(settings.database_url.get_secret_value(), existing=True), datetime.now(UTC)
    try:
        async with store.transaction() as tx:
            counted = await Digests(tx.connection).count(now - timedelta(days=days), now)
            gaps = await tx.gaps.count((now - timedelta(days=days)).date())
    finally:
        await store.close()
    digest = digest_of(counted, gaps, base, days, now.date())
    return digest.csv().rstrip() if csv else "\n\n".join(block.text for block in blocks(texts_in(), digest))
