"""`/mute`, `/block` and `/unblock`: leads pause an asker for a time, with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.escalation import number_in
from bot.domain.messages import (
    Block,
    Button,
    ButtonPressed,
    CommandGiven,
    Event,
    Handled,
    MessageReceived,
    OutgoingMessage,
    Style,
)
from bot.domain.people import Person
from bot.escalation.desk import EscalationDesk
from bot.escalation.features import DeskFeature, answer
from bot.moderation.orders import Order, Whom, order_in, whom_in
from bot.storage.restrictions import Kind, Restriction
from bot.storage.store import Transaction

MOST_LISTED = 20  # restrictions that one list offers to end
LIFT = "lift"


class Moderation:
    """Restricts askers and ends it again; the gate (`gate.py`) is what holds them."""

    def __init__(self, desk: EscalationDesk) -> None:
        self._desk = desk
        self._texts = desk.texts

    def feature(self) -> DeskFeature:
        """Give its commands and its button, all of them for leads."""
        commands = {"mute": self._mute, "block": self._block, "unblock": self._unblock}
        return DeskFeature(
            "moderation", commands=commands, presses={LIFT: self._lift}, for_leads=frozenset({*commands, LIFT})
        )

    async def _mute(self, tx: Transaction, event: CommandGiven, lead: Person, now: datetime) -> Handled:
        return await self._restrict(tx, event, Kind.MUTE, lead, now)

    async def _block(self, tx: Transaction, event: CommandGiven, lead: Person, now: datetime) -> Handled:
        return await self._restrict(tx, event, Kind.BLOCK, lead, now)

    async def _restrict(self, tx: Transaction, event: CommandGiven, kind: Kind, lead: Person, now: datetime) -> Handled:
        order = order_in(event.argument)
        if order is None:
            return self._says(event, f"{kind} how", self._texts("moderation.how", command=event.name))
        asker = await self._asker(tx, event, order.whom)
        if asker is None:
            return self._says(event, f"{kind} nobody", self._texts("moderation.nobody"))
        number = await self._number(tx, event, order.whom)
        made = await tx.restrictions.add(kind, asker, lead.number, order.reason, now, now + order.time)
        await tx.audit.add(
            lead.number, event.sender.role, kind, now, number=number, about=asker.number, note=order.reason
        )
        told = self._texts(
            "moderation.muted" if kind is Kind.MUTE else "moderation.blocked",
            pseudonym=asker.pseudonym,
            until=self._when(made),
        )
        done = answer(event, Block(told), Block(self._texts("moderation.still_safe")), buttons=self._buttons([made]))
        return Handled(str(kind), (done, *await self._tell(tx, event, asker, made, order)))

    async def _tell(
        self, tx: Transaction, event: Event, asker: Person, made: Restriction, order: Order
    ) -> Sequence[OutgoingMessage]:
        """Tell it in the threads of the asker's open escalations, so that nobody waits for a reply."""
        words = self._texts("moderation.told", kind=made.kind, name=event.sender.name, until=self._when(made))
        mine = await tx.escalations.of_asker(asker.number, closed_after=event.at)
        shown = (Block(words), Block(order.reason, Style.QUOTE))
        return [one for escalation in mine if escalation.is_open for one in self._desk.tell(escalation, *shown)]

    async def _asker(self, tx: Transaction, event: Event, whom: Whom) -> Person | None:
        if whom.pseudonym is not None:
            return await tx.people.with_pseudonym(whom.pseudonym)
        number = await self._number(tx, event, whom)
        escalation = await tx.escalations.get(number) if number is not None else None
        return await tx.people.get(escalation.asker) if escalation else None

    async def _number(self, tx: Transaction, event: Event, whom: Whom) -> int | None:
        """Give the escalation whose asker is meant: the one named, else that of the thread."""
        if whom.number is not None or whom.pseudonym is not None or event.address.thread is None:
            return whom.number
        return await tx.escalations.in_thread(event.address)

    async def _unblock(self, tx: Transaction, event: CommandGiven, lead: Person, now: datetime) -> Handled:
        """End every restriction of an asker; without words, list them all with a button each."""
        whom, kept = whom_in(event.argument), await tx.restrictions.all(now)
        if whom is None:
            return self._listed(event, kept)
        asker = await self._asker(tx, event, whom)
        found = [one for one in kept if asker and one.person == asker.number]
        for one in found:
            await self._end(tx, event, lead, one, now, number=await self._number(tx, event, whom))
        if asker is None or not found:
            return self._says(event, "unblock nobody", self._texts("moderation.none_of_theirs"))
        return self._says(event, "unblock", self._texts("moderation.ended", pseudonym=asker.pseudonym))

    def _listed(self, event: CommandGiven, kept: Sequence[Restriction]) -> Handled:
        if not kept:
            return self._says(event, "unblock list", self._texts("moderation.none"))
        shown = kept[:MOST_LISTED]
        lines = "\n".join(self._line(one) for one in shown)
        blocks = (Block(self._texts("moderation.list")), Block(lines))
        return Handled("unblock list", (answer(event, *blocks, buttons=self._buttons(shown)),))

    def _line(self, one: Restriction) -> str:
        name = one.pseudonym or self._texts("moderation.forgotten", number=one.id)
        return self._texts("moderation.line", kind=one.kind, name=name, until=self._when(one))

    def _buttons(self, some: Sequence[Restriction]) -> tuple[Button, ...]:
        names = [one.pseudonym or self._texts("moderation.forgotten", number=one.id) for one in some]
        return tuple(
            Button(self._texts("moderation.end", kind=one.kind, name=name), LIFT, str(one.id))
            for one, name in zip(some, names, strict=True)
        )

    async def _lift(
        self, tx: Transaction, event: ButtonPressed | MessageReceived, subject: str, lead: Person, now: datetime
    ) -> Handled:
        kept = [one for one in await tx.restrictions.all(now) if one.id == number_in(subject)]
        if not kept:
            return self._says(event, "lift nothing", self._texts("moderation.over"))
        await self._end(tx, event, lead, kept[0], now)
        name = kept[0].pseudonym or self._texts("moderation.forgotten", number=kept[0].id)
        return self._says(event, "lift", self._texts("moderation.ended", pseudonym=name))

    async def _end(
        self,
        tx: Transaction,
        event: Event,
        lead: Person,
        one: Restriction,
        now: datetime,
        *,
        number: int | None = None,
    ) -> None:
        if await tx.restrictions.lift(one.id):
            await tx.audit.add(lead.number, event.sender.role, f"end_{one.kind}", now, number=number, about=one.person)

    def _says(self, event: Event, outcome: str, text: str) -> Handled:
        return Handled(outcome, (answer(event, Block(text)),))

    def _when(self, one: Restriction) -> str:
        return f"{one.until:%d %b %Y, %H:%M} UTC"
