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

LONGEST_QUESTION = 100  # characters of it in a line


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
        shown = [
            one
            for one in await tx.escalations.open_ones()
            if one.status is not Status.WAITING or one.id not in passed or one.urgent
        ]
        ordered = suiting.order(volunteer, shown, self._desk.caller.subject_of)
        lines = [self._line(one) for one in ordered]
        blocks = [Block(self._texts("desk.queue" if lines else "desk.queue_empty"))]
        blocks += [Block("\n".join(lines))] if lines else []
        return Handled("queue", (answer(event, *blocks),))

    def _line(self, escalation: Escalation) -> str:
        return self._texts(
            "desk.queue_line",
            number=escalation.id,
            reason=self._texts(f"reason.{escalation.reason}"),
            status=notices.status_text(self._texts, escalation),
            question=" ".join(escalation.question.split())[:LONGEST_QUESTION],
        )
