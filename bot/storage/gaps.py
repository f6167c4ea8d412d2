"""What the bot could not answer, as counts: the words of the questions stay where they are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.escalation import Reason
from bot.storage.considered import considered_in
from bot.storage.counters import Counters
from bot.storage.tables import counters, escalations, inbox, turns

NOWHERE = ""  # stands for questions for which the bot had no candidate
KINDS = ("unanswered", "none_fitted", "not_meant")
PREFIX = "gap"  # in front of the names of counters: `gap not_meant cost-mexico`


_UNANSWERED = select(turns.c.considered, turns.c.at).where(turns.c.decision == f"handoff {Reason.UNKNOWN}")
_NONE_FITTED = select(escalations.c.considered, escalations.c.opened_at).where(
    escalations.c.reason == str(Reason.NONE_FITS)
)
_NOT_MEANT = select(inbox.c.outcome, inbox.c.received_at).where(inbox.c.outcome.like("not_meant %"))


@dataclass(frozen=True, slots=True)
class GapCounts:
    """Counts by the entry that came nearest (`NOWHERE`: none did); `since` is the oldest day that is counted."""

    unanswered: Counter[str] = field(default_factory=Counter)  # no sure answer: handed over
    none_fitted: Counter[str] = field(default_factory=Counter)  # handed over after "none of these"
    not_meant: Counter[str] = field(default_factory=Counter)  # answers somebody called not what they meant
    asked: int = 0  # questions still kept
    since: date | None = None


@dataclass(frozen=True, slots=True)
class _Gap:
    kind: str
    entry: str
    day: date


class Gaps:
    """Reads `turns`, `escalations` and `inbox`, never their words, and what was counted of purged rows."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def count(self, since: date) -> GapCounts:
        """Count since a day: what is still kept, and what was counted of it when it was purged."""
        found: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
        days: list[date] = []
        for gap in await self._kept():
            if gap.day >= since:
                found[gap.kind][gap.entry] += 1
                days.append(gap.day)
        query = select(counters).where(counters.c.name.like(f"{PREFIX} %"), counters.c.day >= since.isoformat())
        for row in (await self._connection.execute(query)).all():
            _, kind, entry = row.name.split(" ", 2)
            found[kind][entry] += row.value
            days.append(date.fromisoformat(row.day))
        oldest, asked = (await self._connection.execute(select(func.min(turns.c.at), func.count()))).one()
        days += [oldest.date()] if oldest else []
        return GapCounts(**found, asked=asked, since=min(days, default=None))

    async def keep_of_turns(self, numbers: Sequence[int]) -> None:
        """Leave of questions that are about to be purged how often each entry fell short, by day."""
        await self._keep(await self._considered("unanswered", _UNANSWERED.where(turns.c.id.in_(numbers))))

    async def keep_of_escalations(self, numbers: Sequence[int]) -> None:
        """Leave the same of escalations."""
        await self._keep(await self._considered("none_fitted", _NONE_FITTED.where(escalations.c.id.in_(numbers))))

    async def keep_of_events(self, events: Sequence[str]) -> None:
        """Leave the same of events."""
        await self._keep(await self._not_meant(_NOT_MEANT.where(inbox.c.event_id.in_(events))))

    async def _keep(self, gaps: Sequence[_Gap]) -> None:
        left: dict[date, Counter[str]] = defaultdict(Counter)
        for gap in gaps:
            left[gap.day][f"{PREFIX} {gap.kind} {gap.entry}"] += 1
        for day, numbers in left.items():
            await Counters(self._connection).add(numbers, day)

    async def _kept(self) -> list[_Gap]:
        """Give each gap that a row tells of."""
        return [
            *await self._considered("unanswered", _UNANSWERED),
            *await self._considered("none_fitted", _NONE_FITTED),
            *await self._not_meant(_NOT_MEANT),
        ]

    async def _considered(self, kind: str, query: Select[Any]) -> list[_Gap]:
        rows = (await self._connection.execute(query)).all()
        return [_Gap(kind, _nearest(considered), at.date()) for considered, at in rows]

    async def _not_meant(self, query: Select[Any]) -> list[_Gap]:
        rows = (await self._connection.execute(query)).all()
        return [_Gap("not_meant", entry, at.date()) for outcome, at in rows for entry in outcome.split()[1:]]


def _nearest(considered: list[Any]) -> str:
    found = considered_in(considered)
    return found[0].entry if found else NOWHERE
