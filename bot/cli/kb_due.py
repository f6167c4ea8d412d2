"""`kb due`: which entries to read again, and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bot.knowledge.base import KnowledgeBase


def due(base: KnowledgeBase, today: date, days: int) -> Iterator[str]:
    """Give a line for each entry whose review is due within some days, the oldest first, then the count."""
    until = today + timedelta(days=days)
    found = sorted(
        (entry for entry in base.entries.values() if entry.review_after <= until),
        key=lambda entry: (entry.review_after, entry.id),
    )
    for entry in found:
        when = "OVERDUE" if entry.review_overdue(today) else "due"
        kind = ", prices or trials" if entry.volatile else ""
        yield f"{entry.review_after}  {when:7}  {entry.id}  ({base.files.get(entry.id, '')}{kind})"
    if found:
        yield f"{len(found)} of {len(base.entries)} entries are due by {until}. Read each against its sources, then set"
        yield "`reviewed_on` to the day you read it and `review_after` to the day it is due again."
        return
    following = min((entry.review_after for entry in base.entries.values()), default=None)
    yield f"Nothing is due by {until}. The next review is due on {following}."
