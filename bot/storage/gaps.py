"""What the bot could not answer, as counts: the words of the questions stay where they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.escalation import Reason
from bot.storage.tables import escalations, inbox, turns

NOWHERE = ""  # stands for questions for which the bot had no candidate


@dataclass(frozen=True, slots=True)
class GapCounts:
    """Counts by the entry that came nearest (`NOWHERE`: none did); `since` is the oldest question still kept."""

    unanswered: Counter[str] = field(default_factory=Counter)  # no sure answer: handed over
    none_fitted: Counter[str] = field(default_factory=Counter)  # handed over after "none of these"
    not_meant: Counter[str] = field(default_factory=Counter)  # answers somebody called not what they meant
    asked: int = 0
    since: datetime | None = None


class Gaps:
    """Reads `turns`, `escalations` and `inbox`; never the columns that hold words."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def count(self) -> GapCounts:
        """Count what is still kept; older questions have been purged."""
        kept = (await self._connection.execute(select(turns.c.decision, turns.c.considered, turns.c.at))).all()
        unknown = f"handoff {Reason.UNKNOWN}"
        unfitting = select(escalations.c.considered).where(escalations.c.reason == str(Reason.NONE_FITS))
        pressed = select(inbox.c.outcome).where(inbox.c.outcome.like("not_meant %"))
        return GapCounts(
            unanswered=Counter(_nearest(row.considered) for row in kept if row.decision == unknown),
            none_fitted=Counter(_nearest(row) for row in (await self._connection.execute(unfitting)).scalars()),
            not_meant=Counter(
                entry
                for outcome in (await self._connection.execute(pressed)).scalars()
                for entry in (outcome or "").split()[1:]
            ),
            asked=len(kept),
            since=min((row.at for row in kept), default=None),
        )


def _nearest(considered: Sequence[str]) -> str:
    return considered[0] if considered else NOWHERE
