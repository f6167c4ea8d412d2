"""Telling askers who wait that they are not forgotten. Nothing is ever closed because nobody took it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.escalation import Escalation, Status
from bot.domain.messages import Block, Button, OutgoingMessage
from bot.domain.waits import Kind
from bot.escalation import expecting, notices, nudging
from bot.escalation.desk import EscalationDesk
from bot.escalation.features import DeskFeature
from bot.escalation.reminders import Times
from bot.storage.store import Transaction

TO_ASKERS = frozenset({Kind.STILL_WAITING, Kind.BACK})


class Promises:
    """Says "still waiting" to askers, once for each of the set times, and what waited for the morning: by day."""

    def __init__(self, desk: EscalationDesk, times: Times) -> None:
        self._desk = desk
        self._texts = desk.texts
        self._times = times

    def feature(self) -> DeskFeature:
        """Give what the timers call."""
        return DeskFeature("promises", due=self.due)

    async def due(self, tx: Transaction, now: datetime) -> Sequence[OutgoingMessage]:
        """Give the notes that are due."""
        found: list[OutgoingMessage] = []
        volunteers = await tx.roster.all()
        for escalation, nudge in await nudging.due_now(tx, now, self._times):
            if nudge.kind not in TO_ASKERS or await self._is_held_up(tx, escalation, now):
                continue
            if not await tx.nudges.add(nudge, now):
                continue
            if nudge.kind is Kind.BACK:
                found.append(notices.back_in_queue(self._texts, escalation))
            else:
                on_duty = expecting.on_duty_text(self._texts, volunteers, escalation.country, now)
                found.append(self._note(escalation, on_duty))
        return found

    @staticmethod
    async def _is_held_up(tx: Transaction, escalation: Escalation, now: datetime) -> bool:
        """Tell whether leads have paused the asker: nothing is promised to somebody who is not listened to."""
        until = await tx.restrictions.paused_until(escalation.asker)
        return until is not None and until > now and not await tx.escalations.is_urgent(escalation.asker)

    def _note(self, escalation: Escalation, on_duty: str) -> OutgoingMessage:
        texts, number = self._texts, escalation.id
        if escalation.urgent:
            key = "promise.urgent" if escalation.answered_at is None else "promise.urgent_again"
            return notices.to_asker(escalation, Block(texts(key, number=number)))
        if escalation.status is Status.CLAIMED:
            who = escalation.owner_shown or texts("volunteer.one")
            words = texts("promise.claimed", number=number, who=who)
        else:
            words = " ".join([texts("promise.waiting", number=number), on_duty]).strip()
        cancel = Button(texts("button.cancel"), "cancel", str(number))
        return notices.to_asker(escalation, Block(words), Block(texts("promise.not_lost")), buttons=(cancel,))
