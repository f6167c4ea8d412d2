"""Leads give a question to somebody: `/reassign 12 @ben`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.escalation import Escalation, number_in
from bot.domain.messages import Block, CommandGiven, Handled, OutgoingMessage
from bot.domain.people import Person
from bot.domain.roster import Volunteer
from bot.errors import NoSuchEscalation
from bot.escalation import notices
from bot.escalation.desk import EscalationDesk
from bot.escalation.features import DeskFeature, answer
from bot.storage.store import Transaction

MOST_NAMED = 20  # volunteers named when none was meant for sure
_MENTION = re.compile(r"<@!?(\d+)>")


class Reassign:
    """Gives a question to another volunteer, and tells both, the asker and the desks."""

    def __init__(self, desk: EscalationDesk) -> None:
        self._desk = desk
        self._texts = desk.texts

    def feature(self) -> DeskFeature:
        """Give what the desk room calls."""
        commands = {"reassign": self.reassign}
        return DeskFeature("reassign", commands=commands, for_leads=frozenset(commands))

    async def reassign(self, tx: Transaction, event: CommandGiven, lead: Person, now: datetime) -> Handled:
        """Give the question of a number, or of this thread, to the volunteer who is named."""
        number, name = await self._read(tx, event)
        if number is None or not name:
            return self._refused(event, self._texts("reassign.which"))
        try:
            escalation = await self._desk.find(tx, number)
        except NoSuchEscalation:
            return self._refused(event, self._texts("desk.no_such", number=number))
        volunteers = await tx.roster.all()
        found = named(volunteers, name)
        if len(found) != 1:
            known = ", ".join(one.name for one in (found or volunteers)[:MOST_NAMED])
            key = "reassign.several" if found else "reassign.nobody"
            return self._refused(event, self._texts(key, name=name[:40], known=known))
        return await self._give(tx, event, lead, escalation, found[0], now)

    async def _read(self, tx: Transaction, event: CommandGiven) -> tuple[int | None, str]:
        first, _, rest = event.argument.strip().partition(" ")
        number = number_in(first.removeprefix("#"))
        if number is not None:
            return number, rest.strip()
        here = await tx.escalations.in_thread(event.address) if event.address.thread else None
        return here, event.argument.strip().removeprefix("- ")

    def _refused(self, event: CommandGiven, words: str) -> Handled:
        return Handled("refused reassign", (answer(event, Block(words)),))

    async def _give(
        self, tx: Transaction, event: CommandGiven, lead: Person, before: Escalation, to: Volunteer, now: datetime
    ) -> Handled:
        number = before.id
        if not before.is_open:
            return self._refused(event, self._texts("desk.closed_already", number=number))
        if before.owner == to.number:
            return self._refused(event, self._texts("desk.already", number=number, name=to.name))
        if not await tx.claims.reassign(before, to.number, now):
            return self._refused(event, self._texts("reassign.changed", number=number))
        await tx.audit.add(lead.number, event.sender.role, "reassign", now, number=number, about=to.number)
        fresh = await self._desk.find(tx, number)
        words = Block(self._texts("reassign.given", number=number, name=to.name, lead=event.sender.name))
        said = (answer(event, words),) if event.address.thread is None else ()
        told = self._told(fresh, words, to)
        return Handled(
            f"reassign #{number}",
            (*await self._desk.cards(tx, fresh), *told, *said, *notices.taken(self._texts, fresh)),
        )

    def _told(self, escalation: Escalation, words: Block, to: Volunteer) -> list[OutgoingMessage]:
        """Tell every desk; the new owner's mentions them."""
        return [
            replace(message, pages=(to.number,)) if message.to.platform == to.id.platform else message
            for message in self._desk.tell(escalation, words)
        ]


def named(volunteers: Sequence[Volunteer], name: str) -> list[Volunteer]:
    """Give whom a name, the beginning of one, or a mention means; several where it is not clear."""
    mention = _MENTION.search(name)
    if mention:
        return [one for one in volunteers if one.id.user == mention[1]]
    wanted = " ".join(name.lstrip("@").casefold().split())
    exact = [one for one in volunteers if wanted in (one.name.casefold(), one.id.user.casefold(), str(one.id))]
    return exact or [one for one in volunteers if wanted and one.name.casefold().startswith(wanted)]
