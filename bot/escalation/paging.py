"""Calling volunteers for what nobody has taken: urgent ones again and again, others once they wait too long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.escalation import Escalation, Status
from bot.domain.messages import Block, Button, OutgoingMessage, Style
from bot.domain.waits import Kind, Nudge, is_over
from bot.escalation import notices, nudging
from bot.escalation.calling import Call, called
from bot.escalation.desk import EscalationDesk
from bot.escalation.features import DeskFeature
from bot.escalation.reminders import Times
from bot.storage.store import Transaction

MOST_ALARMS = 3  # at one look; the others are shown without alerting anybody
LEADS_APART = timedelta(hours=1)  # between two calls of the leads, about whatever waits
MOST_LISTED = 15  # questions named in one call of the leads


class Paging:
    """Says what is due about the queue."""

    def __init__(self, desk: EscalationDesk, times: Times) -> None:
        self._desk = desk
        self._texts = desk.texts
        self._times = times

    def feature(self) -> DeskFeature:
        """Give what the timers call."""
        return DeskFeature("paging", due=self.due)

    async def due(self, tx: Transaction, now: datetime) -> Sequence[OutgoingMessage]:
        """Give the pages and the call of the leads that are due."""
        waiting = await nudging.due_now(tx, now, self._times)
        pages = [(one, nudge) for one, nudge in waiting if nudge.kind is Kind.PAGE]
        late = [(one, nudge) for one, nudge in waiting if nudge.kind is Kind.LEADS]
        return (*await self._pages(tx, pages, now), *await self._leads(tx, late, now))

    async def _pages(
        self, tx: Transaction, due: Sequence[tuple[Escalation, Nudge]], now: datetime
    ) -> list[OutgoingMessage]:
        found: list[OutgoingMessage] = []
        alarms = 0
        for escalation, nudge in _in_turn(due):
            if not await tx.nudges.add(nudge, now):
                continue
            call = await self._desk.caller.for_page(tx, escalation, nudge.place, now)
            alarms += 1
            found += self._page(escalation, nudge, call if alarms <= MOST_ALARMS else Call(), now)
        return found

    def _page(self, escalation: Escalation, nudge: Nudge, call: Call, now: datetime) -> list[OutgoingMessage]:
        number, name = escalation.id, escalation.owner_name
        if escalation.status is Status.CLAIMED:
            time = notices.in_words(now - nudge.since)
            words = Block(self._texts("paging.no_answer_yet", number=number, name=name, time=time))
            button = Button(self._texts("button.reassign"), "reassign", str(number))
        else:
            time = notices.in_words(now - escalation.waiting_since)
            words = Block(self._texts("paging.nobody_yet", number=number, time=time))
            button = Button(self._texts("button.claim"), "claim", str(number))
        told = self._desk.tell(escalation, words)
        return [called(replace(message, buttons=(button,)), call) for message in told]

    async def _leads(
        self, tx: Transaction, late: Sequence[tuple[Escalation, Nudge]], now: datetime
    ) -> list[OutgoingMessage]:
        """Call the leads once for all that wait too long, in the thread of the oldest one.

        Without the words of the questions: they stand in their own threads only, which go when somebody is forgotten.
        """
        last = await tx.nudges.last(Kind.LEADS) if late else None
        if not late or (last and not is_over(last, LEADS_APART, now)):
            return []
        new = [escalation for escalation, nudge in late if await tx.nudges.add(nudge, now)]
        if not new:
            return []
        call = await self._desk.caller.for_leads(tx, now)
        oldest, lines = new[0], [self._line(one, now) for one in new[:MOST_LISTED]]
        listed = Block("\n".join(lines))
        told = self._desk.tell(oldest, Block(self._texts("paging.too_long")), listed, self._for_leads(len(new)))
        return [called(message, call) for message in told]

    def _for_leads(self, count: int) -> Block:
        more = count - MOST_LISTED
        return Block(
            self._texts("paging.more", count=more) if more > 0 else self._texts("paging.lead_can"), Style.SMALL
        )

    def _line(self, escalation: Escalation, now: datetime) -> str:
        time = notices.in_words(now - (escalation.owed_since or escalation.waiting_since))
        reason, status = self._texts(f"reason.{escalation.reason}"), notices.status_text(self._texts, escalation)
        return self._texts("paging.line", number=escalation.id, time=time, reason=reason, status=status)


def _in_turn(due: Sequence[tuple[Escalation, Nudge]]) -> Sequence[tuple[Escalation, Nudge]]:
    """Begin elsewhere at each further page: of many that are due together each is among the alarms in its turn."""
    first = max((nudge.place for _, nudge in due), default=0) * MOST_ALARMS % max(1, len(due))
    return (*due[first:], *due[:first])
