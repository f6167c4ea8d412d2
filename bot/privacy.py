"""Export and forget one person across all tables, and the daily purge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain.messages import Address, OutgoingMessage
from bot.storage.store import Transaction

AUDIT_DAYS = 365  # unless the settings say otherwise
PACES_DAYS = 2  # longer than any window within which asking is counted
INBOX_DAYS = 3  # Telegram keeps updates for 24 hours, Discord repeats within minutes


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What a forgotten person leaves behind: desk threads to delete, escalations that are back in the queue."""

    threads: tuple[Address, ...]
    handed_back: tuple[int, ...]


class Privacy:
    """What is kept about a person, and how it goes."""

    def __init__(self, retention_days: int, audit_days: int = AUDIT_DAYS) -> None:
        self.retention_days = retention_days
        self.audit_days = audit_days

    async def export(self, tx: Transaction, person: int) -> dict[str, list[dict[str, Any]]]:
        """Give every row of every table that is about a person, by table."""
        return await tx.personal.export(person)

    async def forget(self, tx: Transaction, person: int) -> Forgotten:
        """Delete a person and every row that is about them; give what others have to be told of it."""
        forgotten = Forgotten(tuple(await tx.personal.threads(person)), tuple(await tx.personal.owned(person)))
        await tx.personal.forget(person)
        return forgotten

    async def purge(self, tx: Transaction, now: datetime) -> dict[str, int]:
        """Delete what is older than the retention time, desk threads included; give how many rows went, by table."""
        before = now - timedelta(days=self.retention_days)
        for thread in await tx.escalations.threads_of_closed(before):
            await tx.outbox.add(OutgoingMessage(thread, (), deletes_thread=True), now)
        await tx.gaps.keep(before, now - timedelta(days=INBOX_DAYS))
        purged = {
            "escalations": await tx.escalations.purge(before),
            "proposals": await tx.curating.purge(before),
            "turns": await tx.conversations.purge(before),
            "outbox": await tx.outbox.purge(before),
            "restrictions": await tx.restrictions.purge(now),
            "audit": await tx.audit.purge(before, now - timedelta(days=self.audit_days)),
            "paces": await tx.paces.purge(now - timedelta(days=PACES_DAYS)),
            "volunteers": await tx.roster.purge(now - timedelta(days=self.audit_days)),
            "people": await tx.people.purge(before),
            "inbox": await self._purge_inbox(tx, now - timedelta(days=INBOX_DAYS)),
        }
        await tx.counters.add({f"purged {name}": count for name, count in purged.items()}, now.date())
        return purged

    @staticmethod
    async def _purge_inbox(tx: Transaction, before: datetime) -> int:
        """Leave of the events what was made of them, as numbers by day."""
        for day, outcomes in (await tx.inbox.outcomes(before)).items():
            await tx.counters.add({f"event {word}": count for word, count in outcomes.items()}, day)
        return await tx.inbox.purge(before)
