"""`kb due`: what to read again, and when: entries, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.reviews import reviews


def due(base: KnowledgeBase, today: date, days: int) -> Iterator[str]:
    """Give a line for each review that is due within some days, the oldest first, then the count."""
    until = today + timedelta(days=days)
    everything = reviews(base)
    found = [one for one in everything if one.review_after <= until]
    for one in found:
        when = "OVERDUE" if one.overdue(today) else "due"
        entry = base.entries.get(one.name)
        kind = ", prices or trials" if entry and entry.volatile else ""
        kind += f", changed on {entry.changed_on}" if entry and entry.changed_since else ""
        yield f"{one.review_after}  {when:7}  {one.name}  ({base.files.get(one.name, one.file)}{kind})"
    if found:
        yield f"{len(found)} of {len(everything)} are due by {until}. Read each against its sources, then set"
        yield "`reviewed_on` to the day you read it and `review_after` to the day it is due again."
        return
    following = min((one.review_after for one in everything), default=None)
    yield f"Nothing is due by {until}. The next review is due on {following}."
