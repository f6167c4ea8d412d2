"""Export and forget one person across all tables, and the daily purge."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.domain.messages import Address, Block, OutgoingMessage
from bot.storage.ahead import bring_back
from bot.storage.store import Store, Transaction
from bot.storage.traces import DeskThread
from bot.texts import Texts

AUDIT_DAYS = 365  # unless the settings say otherwise
PACES_DAYS = 2  # longer than any window within which asking is counted
INBOX_DAYS = 8  # Telegram keeps updates for 24 hours, Discord is read for seven days back after a gap
BATCH = 500  # rows that go in one transaction: nobody's message waits for more than these
ROWS_IN_ONE = 20  # that go along with an escalation: what was said and sent in it
Step = Callable[[Transaction, int], Awaitable[int]]  # deletes so many rows at the most, and tells how many


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What a forgotten person leaves behind: desk threads to delete, escalations that are back in the queue.

    `private` is what volunteers were sent of their questions, with the places where it stands.
    """

    threads: tuple[DeskThread, ...]
    handed_back: tuple[int, ...]
    private: tuple[tuple[Address, str], ...] = ()


class Privacy:
    """What is kept about a person, and how it goes."""

    def __init__(self, texts: Texts, retention_days: int, audit_days: int = AUDIT_DAYS) -> None:
        self._texts = texts
        self.retention_days = retention_days
        self.audit_days = audit_days

    async def export(self, tx: Transaction, person: int) -> dict[str, list[dict[str, Any]]]:
        """Give every row of every table that is about a person, by table."""
        return await tx.personal.export(person)

    async def forget(self, tx: Transaction, person: int) -> Forgotten:
        """Delete a person and every row that is about them; give what others have to be told of it."""
        threads, owned = await tx.personal.threads(person), await tx.personal.owned(person)
        private = await tx.personal.shown_in_private(person)
        forgotten = Forgotten(tuple(threads), tuple(owned), tuple(private))
        await tx.personal.forget(person)
        return forgotten

    async def purge(self, store: Store, now: datetime, most: int = BATCH) -> dict[str, int]:
        """Delete what is older than its time, desk threads included, in batches; tell how many of each.

        What lies ahead was stored while the clock was wrong: its time begins now.
        """
        async with store.transaction() as tx:
            await bring_back(tx.connection, now)
        return {name: await _in_batches(store, name, step, most, now) for name, step in self._steps(now).items()}

    def _steps(self, now: datetime) -> dict[str, Step]:
        """Give what deletes some rows, by what is deleted; people last, when nothing else is kept of them."""
        before, acts_before = now - timedelta(days=self.retention_days), now - timedelta(days=self.audit_days)
        return {
            "escalations": partial(self._purge_escalations, before, now),
            "proposals": lambda tx, most: tx.curating.purge(before, most),
            "conversations": lambda tx, most: tx.conversations.purge(before, most),
            "turns": partial(_purge_turns, before),
            "outbox": lambda tx, most: tx.outbox.purge(before, most),
            "restrictions": lambda tx, most: tx.restrictions.purge(now, most),
            "audit words": lambda tx, most: tx.audit.purge_words(before, most),
            "audit": lambda tx, most: tx.audit.purge(acts_before, most),
            "paces": lambda tx, most: tx.paces.purge(now - timedelta(days=PACES_DAYS), most),
            "volunteers": lambda tx, most: tx.roster.purge(acts_before, most),
            "inbox": partial(_purge_inbox, now - timedelta(days=INBOX_DAYS)),
            "people": lambda tx, most: tx.people.purge(before, most),
        }

    async def _purge_escalations(self, before: datetime, now: datetime, tx: Transaction, most: int) -> int:
        """Delete some, with all said and sent in them, their desk threads and what volunteers got in private."""
        numbers = await tx.escalations.closed_before(before, max(1, most // ROWS_IN_ONE))
        for thread in await tx.escalations.threads(numbers):
            await tx.outbox.add(removal(thread), now)
        gone = (Block(self._texts("desk.purged")),)
        for where, message in await tx.escalations.shown_in_private(numbers):
            await tx.outbox.add(OutgoingMessage(where, gone, in_place_of=message), now)
        await tx.gaps.keep_of_escalations(numbers)
        return await tx.escalations.delete(numbers)


async def _in_batches(store: Store, name: str, step: Step, most: int, now: datetime) -> int:
    """Repeat a step until nothing is left for it; each batch and the numbers that stay of it are stored together."""
    gone = 0
    while True:
        async with store.transaction() as tx:
            some = await step(tx, most)
            await tx.counters.add({f"purged {name}": some}, now.date())
        if not some:
            return gone
        gone += some


def removal(thread: DeskThread) -> OutgoingMessage:
    """Give what has a thread on a desk removed."""
    return OutgoingMessage(thread.address, (), deletes_thread=True, deletes=thread.messages)


async def _purge_turns(before: datetime, tx: Transaction, most: int) -> int:
    numbers = await tx.conversations.turns_before(before, most)
    await tx.gaps.keep_of_turns(numbers)
    return await tx.conversations.delete_turns(numbers)


async def _purge_inbox(before: datetime, tx: Transaction, most: int) -> int:
    """Leave of the events what was made of them, as numbers by day."""
    events = await tx.inbox.seen_before(before, most)
    for day, outcomes in (await tx.inbox.outcomes(events)).items():
        await tx.counters.add({f"event {word}": count for word, count in outcomes.items()}, day)
    await tx.gaps.keep_of_events(events)
    return await tx.inbox.delete(events)
