"""Claims without a sign of life: a word to the owner first, then back to the queue, without blame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.escalation import Escalation, number_in
from bot.domain.messages import (
    Address,
    Block,
    Button,
    ButtonPressed,
    Handled,
    MessageReceived,
    OutgoingMessage,
)
from bot.domain.people import Person, Role
from bot.domain.waits import Kind
from bot.escalation import notices, nudging, reminders
from bot.escalation.desk import EscalationDesk
from bot.escalation.features import DeskFeature, answer
from bot.escalation.reminders import Times
from bot.storage.store import Transaction


class Expiry:
    """Says to owners that somebody waits for them, and lets go what they do not hold on to."""

    def __init__(self, desk: EscalationDesk, times: Times) -> None:
        self._desk = desk
        self._texts = desk.texts
        self._times = times

    def feature(self) -> DeskFeature:
        """Give what timers and desk room call."""
        return DeskFeature("expiry", presses={"keep": self.keep}, due=self.due)

    async def due(self, tx: Transaction, now: datetime) -> Sequence[OutgoingMessage]:
        """Give the warnings that are due, and put back what has had its warning."""
        found: list[OutgoingMessage] = []
        for escalation, nudge in await nudging.due_now(tx, now, self._times):
            if nudge.kind is Kind.WARNING and await tx.nudges.add(nudge, now):
                found += await self._warning(tx, escalation, now)
            elif nudge.kind is Kind.EXPIRY and await tx.claims.let_go(escalation, now):
                await tx.nudges.add(nudge, now)
                found += await self._let_go(tx, escalation, now)
        return found

    async def _warning(self, tx: Transaction, escalation: Escalation, now: datetime) -> list[OutgoingMessage]:
        """Say it where the owner works; in private where they have no desk on their platform."""
        owner = await tx.people.get(escalation.owner or 0)
        if owner is None:
            return []
        time = notices.in_words(self._times.warning_of(escalation))
        key = "expiry.warning" if reminders.may_keep(escalation, now, self._times) else "expiry.last_warning"
        words = Block(self._texts(key, name=escalation.owner_name, number=escalation.id, time=time))
        actions = ("keep", "hand_back") if key == "expiry.warning" else ("hand_back",)
        buttons = tuple(Button(self._texts(f"button.{one}"), one, str(escalation.id)) for one in actions)
        told = [one for one in self._desk.tell(escalation, words) if one.to.platform == owner.id.platform]
        if not told:
            private = OutgoingMessage(Address.private_with(owner.id), (words,), buttons, person=owner.number)
            return [replace(private, escalation_id=escalation.id, only_for=Role.VOLUNTEER)]
        return [replace(one, buttons=buttons, pages=(owner.number,)) for one in told]

    async def _let_go(self, tx: Transaction, before: Escalation, now: datetime) -> list[OutgoingMessage]:
        fresh = await self._desk.find(tx, before.id)
        told = self._desk.tell(fresh, Block(self._texts("expiry.back", name=before.owner_name, number=fresh.id)))
        return [*await self._desk.back_in_queue(tx, fresh, now), *told]

    async def keep(
        self, tx: Transaction, event: ButtonPressed | MessageReceived, subject: str, person: Person, now: datetime
    ) -> Handled:
        """Note that the owner still has it; who has said so for long is asked for a line to the asker instead."""
        number = number_in(subject) or 0
        escalation = await tx.escalations.get(number)
        kept = await tx.claims.hold(number, person.number, now)
        key = "expiry.kept" if kept else "expiry.not_kept"
        if kept and escalation and not reminders.may_keep(escalation, now, self._times):
            key = "expiry.kept_long"
        return Handled(f"keep #{number}", (answer(event, Block(self._texts(key, number=number))),))
