"""The gate: who is not answered at the moment, because leads paused them or too much was asked at once.

A call for help passes every gate. What somebody is not answered is not kept either.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.messages import Address, Block, ButtonPressed, CommandGiven, Event, Handled, OutgoingMessage, Place
from bot.domain.people import Person
from bot.storage.restrictions import Restriction
from bot.storage.store import Transaction
from bot.texts import Texts
from bot.triage.live import LiveTriage

OF_ONES_OWN = frozenset(
    {"help", "start", "privacy", "mydata", "forgetme", "forget_yes", "forget_no", "cancel"}
)  # never held up
DANGER = frozenset({"emergency", "crisis"})  # passes a mute and a block
CRIES = DANGER | {"distress"}  # passes a break for too much asking


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be asked within `window`, by one asker and in one group."""

    per_asker: int
    per_group: int
    window: timedelta


class Gate:
    """Holds events up, with one kind message."""

    def __init__(self, texts: Texts, live: LiveTriage, limits: Limits) -> None:
        self._texts = texts
        self._live = live
        self._limits = limits

    async def restricted(self, tx: Transaction, event: Event, person: Person, now: datetime) -> Handled | None:
        """Hold up what a muted or blocked asker does; None: it may pass.

        While a call for help of theirs is open, everything passes: somebody may be asking them whether they are alone.
        """
        if event.sender.role.works_the_desk or _name(event) in OF_ONES_OWN:
            return None
        restriction = await tx.restrictions.of(person, now)
        if restriction is None or self._route(event) in DANGER or await tx.escalations.is_urgent(person.number):
            return None
        if not await tx.restrictions.tell(restriction.id):
            return Handled(f"held {restriction.kind}")
        return Handled(f"held {restriction.kind}", (self._told(person, restriction),))

    def _told(self, person: Person, restriction: Restriction) -> OutgoingMessage:
        """Say it to them alone: a group need not know."""
        until = f"{restriction.until:%d %b %Y, %H:%M} UTC"
        blocks = (Block(self._texts("gate.held", until=until)), Block(self._texts("gate.still")))
        return OutgoingMessage(Address.private_with(person.id), blocks, person=person.number)

    async def too_much(self, tx: Transaction, event: Event, person: Person, now: datetime) -> Handled | None:
        """Count, and hold up what is too much at once; None: it may pass."""
        if event.sender.role.works_the_desk or _name(event) in OF_ONES_OWN:
            return None
        for key, number, limit, text in self._counted(event, person):
            pace = await tx.paces.count(key, now, self._limits.window, number)
            if pace.count > limit and self._route(event) not in CRIES:
                minutes = max(1, round((pace.since + self._limits.window - now).total_seconds() / 60))
                told = await tx.paces.tell(key)
                return Handled("held pace", (self._break(event, person, text, minutes),) if told else ())
        return None

    def _counted(self, event: Event, person: Person) -> list[tuple[str, int | None, int, str]]:
        """Give what is counted: key, whose it is, how much may be, and what is said when it is more."""
        own = (f"person:{person.number}", person.number, self._limits.per_asker, "gate.asker")
        group = (str(replace(event.address, thread=None)), None, self._limits.per_group, "gate.group")
        return [own, group] if event.place is Place.GROUP else [own]

    def _break(self, event: Event, person: Person, text: str, minutes: int) -> OutgoingMessage:
        words = Block(self._texts(text, minutes=minutes))
        return OutgoingMessage(event.address, (words,), reply_to=event.message_id, person=person.number, discreet=True)

    def _route(self, event: Event) -> str | None:
        """Give the route of the red flag in what somebody says, in a message or with a command."""
        words = getattr(event, "text", "") or getattr(event, "argument", "")
        flag = self._live.triage.decide(words).reading.flag if words.strip() else None
        return flag.route if flag else None


def _name(event: Event) -> str:
    if isinstance(event, CommandGiven):
        return event.name
    return event.action if isinstance(event, ButtonPressed) else ""
