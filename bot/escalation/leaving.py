"""Questions of those who do not work at the desks any more: they go back to the queue, without blame."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.escalation import Escalation
from bot.domain.messages import Block, OutgoingMessage
from bot.escalation.desk import EscalationDesk
from bot.escalation.features import DeskFeature
from bot.storage.store import Transaction


class Leaving:
    """Looks for claims whose owner has lost the role, however that became known."""

    def __init__(self, desk: EscalationDesk) -> None:
        self._desk = desk

    def feature(self) -> DeskFeature:
        """Give what the timers call."""
        return DeskFeature("leaving", due=self.due)

    async def due(self, tx: Transaction, now: datetime) -> Sequence[OutgoingMessage]:
        """Put back what such owners have, and say so."""
        found: list[OutgoingMessage] = []
        for number in await tx.claims.left_behind():
            found += await self._back(tx, await self._desk.find(tx, number), now)
        return found

    async def _back(self, tx: Transaction, before: Escalation, now: datetime) -> Sequence[OutgoingMessage]:
        owner = before.owner
        if owner is None or not await tx.escalations.hand_back(before.id, owner, now):
            return ()
        await tx.drafts.overtaken(before.id, owner)
        fresh = await self._desk.find(tx, before.id)
        words = Block(self._desk.texts("desk.owner_left", number=fresh.id, name=before.owner_name))
        return (*await self._desk.back_in_queue(tx, fresh, now), *self._desk.tell(fresh, words))
