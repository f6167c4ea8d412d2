"""Canned replies: an entry is shown to the volunteer first, and goes to the asker only when they press Send."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.domain.escalation import Escalation, Voice, number_in
from bot.domain.messages import (
    Address,
    Block,
    Button,
    ButtonPressed,
    Event,
    Handled,
    MessageReceived,
    OutgoingMessage,
    Style,
)
from bot.domain.people import Person
from bot.errors import EscalationError
from bot.escalation import notices, rules
from bot.escalation.desk import EscalationDesk
from bot.escalation.features import DeskFeature, answer
from bot.escalation.refusals import refusal
from bot.escalation.work import DeskWork
from bot.knowledge import provenance
from bot.knowledge.entry import Entry
from bot.storage.store import Transaction

WORDS_LIMIT = 36  # bytes of the search that a button carries: Telegram takes 64 with action and number
Search = Callable[[str], Sequence[Entry]]


class Canned:
    """Finds entries, shows them, and sends the one that was chosen."""

    def __init__(self, desk: EscalationDesk, search: Search) -> None:
        self._desk = desk
        self._work = DeskWork(desk)
        self._search = search
        self._texts = desk.texts

    def feature(self) -> DeskFeature:
        """Give the buttons under a preview."""
        presses = {"send_canned": self._send, "other_canned": self._another, "drop_canned": self._drop}
        return DeskFeature("canned", presses=presses)

    async def preview(
        self,
        tx: Transaction,
        event: Event,
        escalation: Escalation,
        volunteer: Person,
        words: str,
        now: datetime,
        place: int = 0,
    ) -> tuple[OutgoingMessage, ...]:
        """Show the entry that words find; `place` counts on from the best one, and begins again after the last."""
        found = self._search(words)
        if not found:
            return (answer(event, Block(self._texts("desk.no_entry"))),)
        entry = found[place % len(found)]
        title = Block(self._texts("canned.preview", number=escalation.id, question=entry.question))
        buttons = self._buttons(escalation.id, entry, words, place, len(found))
        text = (Block(entry.short, Style.CURATED), *provenance.under_short(self._texts, entry, now.date()))
        return (await self._shown(tx, event, escalation, volunteer, title, *text, buttons),)

    def _buttons(self, number: int, entry: Entry, words: str, place: int, found: int) -> tuple[Button, ...]:
        kept = words.encode()[:WORDS_LIMIT].decode(errors="ignore")
        send = Button(self._texts("button.send_canned"), "send_canned", f"{number}:{entry.id}")
        other = Button(self._texts("button.other_canned"), "other_canned", f"{number}:{place + 1}:{kept}")
        drop = Button(self._texts("button.drop_canned"), "drop_canned", str(number))
        return (send, other, drop) if found > 1 else (send, drop)

    async def _shown(
        self,
        tx: Transaction,
        event: Event,
        escalation: Escalation,
        volunteer: Person,
        *parts: Block | tuple[Button, ...],
    ) -> OutgoingMessage:
        """Give a preview, or what takes its place: in the escalation's thread where it was asked for there."""
        blocks = [part for part in parts if isinstance(part, Block)]
        buttons = next((part for part in parts if isinstance(part, tuple)), ())
        here = await tx.escalations.in_thread(event.address)
        if here != escalation.id:
            return answer(event, *blocks, buttons=buttons, person=volunteer.number)
        desk = Address(event.address.platform, event.address.chat)
        key = f"canned:{escalation.id}:{volunteer.number}"
        return notices.on_desk(self._texts, desk, escalation, *blocks, buttons=buttons, key=key)

    async def _send(
        self, tx: Transaction, event: ButtonPressed | MessageReceived, subject: str, volunteer: Person, now: datetime
    ) -> Handled:
        first, _, entry_id = subject.partition(":")
        number, entry = number_in(first) or 0, self._desk.entry(entry_id)
        if entry is None:
            return Handled("canned gone", (answer(event, Block(self._texts("canned.gone"))),))
        try:
            escalation = await self._allowed(tx, event, number, volunteer)
        except EscalationError as error:
            return self._refused(event, error, number)
        said = await tx.said.all(number)
        if said and (said[-1].voice, said[-1].text) == (Voice.VOLUNTEER, entry.short):
            return Handled(f"canned twice #{number}")  # pressed again before the buttons were gone
        sent = await self._work.send_entry(tx, escalation, event.sender, volunteer.number, entry, event.address, now)
        await tx.audit.add(volunteer.number, event.sender.role, "send_entry", now, number=number)
        done = Block(self._texts("canned.sent"), Style.SMALL)
        return Handled(f"send_entry #{number}", (*sent, await self._shown(tx, event, escalation, volunteer, done)))

    async def _another(
        self, tx: Transaction, event: ButtonPressed | MessageReceived, subject: str, volunteer: Person, now: datetime
    ) -> Handled:
        first, place, words = [*subject.split(":", 2), "", ""][:3]
        number = number_in(first) or 0
        try:
            escalation = await self._allowed(tx, event, number, volunteer)
        except EscalationError as error:
            return self._refused(event, error, number)
        shown = await self.preview(tx, event, escalation, volunteer, words, now, number_in(place) or 0)
        return Handled(f"another entry #{number}", shown)

    async def _drop(
        self, tx: Transaction, event: ButtonPressed | MessageReceived, subject: str, volunteer: Person, now: datetime
    ) -> Handled:
        escalation = await tx.escalations.get(number_in(subject) or 0)
        if escalation is None:
            return Handled("canned gone")
        dropped = Block(self._texts("canned.dropped"), Style.SMALL)
        return Handled("canned dropped", (await self._shown(tx, event, escalation, volunteer, dropped),))

    async def _allowed(self, tx: Transaction, event: Event, number: int, volunteer: Person) -> Escalation:
        escalation = await self._desk.find(tx, number)
        rules.check("send_entry", event.sender.role, volunteer.number, escalation)
        return escalation

    def _refused(self, event: Event, error: EscalationError, number: int) -> Handled:
        words = Block(refusal(self._texts, error, number))
        return Handled(f"refused send_entry #{number}", (answer(event, words),))
