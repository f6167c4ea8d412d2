"""`kb gaps`: where answers are missing, as counts; nobody's words are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from bot.config import Settings
from bot.knowledge.base import KnowledgeBase
from bot.storage.gaps import NOWHERE, GapCounts
from bot.storage.store import Store


async def gaps(settings: Settings, base: KnowledgeBase, since: date) -> list[str]:
    """Count since a day in the database of the settings, and give the lines to print."""
    store = await Store.open(settings.database_url.get_secret_value(), existing=True)
    try:
        async with store.transaction() as tx:
            counts = await tx.gaps.count(since)
    finally:
        await store.close()
    return list(lines(counts, base, settings.retention_days))


def lines(counts: GapCounts, base: KnowledgeBase, days: int) -> Iterator[str]:
    """Give the counts by topic and entry, as lines to print."""
    if counts.since is None:
        yield f"Nothing has been counted. Questions are kept for {days} days, their counts for good."
        return
    yield f"Counted since {counts.since}. {counts.asked} questions are still kept ({days} days); of older ones, counts."
    yield from _group("No sure answer, handed to volunteers; nearest entry:", counts.unanswered, base)
    yield from _group('"None of these" was chosen; nearest entry:', counts.none_fitted, base)
    yield from _group('"Not what I meant" was pressed; the answer shown:', counts.not_meant, base)
    yield "Many beside one entry: add phrasings to it, or write a new entry beside it. Volunteers know the questions."


def _group(title: str, counts: Counter[str], base: KnowledgeBase) -> Iterator[str]:
    if not counts:
        return
    by_topic: dict[str, Counter[str]] = {}
    for entry_id, count in counts.items():
        topic = base.entries[entry_id].topic if entry_id in base.entries else ""
        by_topic.setdefault(topic, Counter())[entry_id] += count
    yield f"{title} {counts.total()}"
    for topic, inside in sorted(by_topic.items(), key=lambda pair: (-pair[1].total(), pair[0])):
        yield f"  {inside.total():4}  {topic or 'no topic'}"
        for entry_id, count in sorted(inside.items(), key=lambda pair: (-pair[1], pair[0])):
            yield f"        {count:4}  {_name(entry_id, base)}"


def _name(entry_id: str, base: KnowledgeBase) -> str:
    if entry_id == NOWHERE:
        return "nothing came near"
    return entry_id if entry_id in base.entries else f"{entry_id} (no longer there)"
