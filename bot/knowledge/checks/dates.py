"""When everything was last read against its sources, and when that is due again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks.remark import Remark
from bot.knowledge.entry import Entry
from bot.knowledge.reviews import SAFETY, STAGES, Review, beside, of_entry

_ADD = "Add `review:` with `reviewed_on` and `review_after` above them."


def of_an_entry(_base: KnowledgeBase, entry: Entry, today: date) -> Iterator[Remark]:
    """Find overdue reviews, and dates that leave an entry unread for too long."""
    for field, says in _faults(of_entry(entry), today):
        yield Remark(says, entry.id, field)
    if entry.touched_on > today >= entry.reviewed_on:
        says = (
            f"`changed_on` is {entry.changed_on}, which has not come yet. Set the day on which its words were changed."
        )
        yield Remark(says, entry.id, "changed_on")


def of_the_rest(base: KnowledgeBase, today: date) -> Iterator[Remark]:
    """Find the same of safety texts, help lines, stages and published criteria, and what has no dates at all."""
    if base.safety.read is None:
        yield Remark(f"the safety texts have no dates of their review. {_ADD}", file=SAFETY, words="red_flags:")
    if base.stages and base.stages_read is None:
        yield Remark(f"the stages have no dates of their review. {_ADD}", file=STAGES, words="stages:")
    for review in beside(base):
        for _, says in _faults(review, today):
            yield Remark(f"{review.name}: {says}", file=review.file, words=review.words)


def _faults(review: Review, today: date) -> Iterator[tuple[str, str]]:
    if review.overdue(today):
        says = f"its review was due on {review.review_after}. Read it against its sources and set new dates."
        yield "review_after", says
    if review.reviewed_on > today:
        says = f"`reviewed_on` is {review.reviewed_on}, which has not come yet. Set the day it was last read."
        yield "reviewed_on", says
    if (review.review_after - review.reviewed_on).days > review.longest:
        far = f"`review_after` is more than {review.longest} days after `reviewed_on`"
        yield "review_after", f"{far}. Bring it nearer ({review.why} at the most)."
