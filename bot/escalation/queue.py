"""`/desk`: the queue as it suits the volunteer who asks. Nothing is left out but what they have passed themselves."""

from __future__ import annotations

from datetime import datetime

from bot.domain.escalation import Escalation, Status
from bot.domain.messages import Block, CommandGiven, Handled
from bot.domain.people import Person
from bot.escalation import notices, suiting
from bot.escalation.desk import EscalationDesk
from bot.escalation.features import DeskFeature, answer
from bot.escalation.roster import known
from bot.storage.store import Transaction


class Queue:
    """Shows what is open."""

    def __init__(self, desk: EscalationDesk) -> None:
        self._desk = desk
        self._texts = desk.texts

    def feature(self) -> DeskFeature:
        """Give what the desk room calls."""
        return DeskFeature("queue", commands={"desk": self.show})

    async def show(self, tx: Transaction, event: CommandGiven, person: Person, now: datetime) -> Handled:
        """Give the open questions: urgent ones first, then what suits this volunteer, then by age."""
        volunteer = await known(tx, event, person, now)
        passed = await tx.escalations.passed_by(person.number)
        ordered = suiting.order(volunteer, await tx.escalations.open_ones(), self._desk.caller.subject_of)
        hidden = [one for one in ordered if one.status is Status.WAITING and one.id in passed and not one.urgent]
        lines = [self._line(one) for one in ordered if one not in hidden]
        blocks = [Block(self._texts("desk.queue")), Block("\n".join(lines))] if lines else []
        if hidden:
            numbers = ", ".join(f"#{one.id}" for one in hidden)
            blocks.append(Block(self._texts("desk.queue_passed", numbers=numbers)))
        blocks = blocks or [Block(self._texts("desk.queue_empty"))]
        return Handled("queue", (answer(event, *blocks),))

    def _line(self, escalation: Escalation) -> str:
        return self._texts(
            "desk.queue_line",
            number=escalation.id,
            reason=self._texts(f"reason.{escalation.reason}"),
            status=notices.status_text(self._texts, escalation),
            about=self._about(escalation),
        )

    def _about(self, escalation: Escalation) -> str:
        """Say what it is about without its words: those stand in its own thread, which goes with a forgotten asker."""
        titles = {topic.id: topic.title for topic in self._desk.topics()}
        topics = sorted(titles[one] for one in self._desk.caller.subject_of(escalation).topics if one in titles)
        topics += [escalation.country] if escalation.country else []
        return ", ".join(topics) or self._texts("desk.queue_any")
