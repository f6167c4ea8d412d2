"""Every open escalation stands on every desk: also on a desk that is new, or did not take its card."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.messages import OutgoingMessage
from bot.escalation.desk import EscalationDesk
from bot.escalation.features import DeskFeature
from bot.storage.store import Transaction

AGAIN_AFTER = timedelta(hours=1)  # between tries on a desk that does not exist or does not let the bot in


class Showing:
    """Gives cards to desks that lack them."""

    def __init__(self, desk: EscalationDesk) -> None:
        self._desk = desk

    def feature(self) -> DeskFeature:
        """Give what the timers call."""
        return DeskFeature("showing", due=self.due)

    async def due(self, tx: Transaction, now: datetime) -> Sequence[OutgoingMessage]:
        """Give the cards that are missing."""
        return [
            card
            for place in self._desk.desks
            for number in await tx.outbox.cards_missing(place, now - AGAIN_AFTER)
            for card in await self._desk.cards_at(tx, await self._desk.find(tx, number), place)
        ]
