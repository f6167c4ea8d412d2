"""Leads give a question to somebody: by the card's Reassign and a list of volunteers, or by `/reassign 12 @ben`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.escalation import Escalation, number_in
from bot.domain.messages import (
    Block,
    Button,
    ButtonPressed,
    CommandGiven,
    Event,
    Handled,
    MessageReceived,
    OutgoingMessage,
)
from bot.domain.people import Person
from bot.domain.roster import Volunteer
from bot.duty.schedule import of_these
from bot.errors import NoSuchEscalation
from bot.escalation import notices
from bot.escalation.asked_for import subject_of
from bot.escalation.desk import EscalationDesk
from bot.escalation.features import DeskFeature, answer
from bot.storage.store import Transaction

MOST_NAMED = 20  # volunteers named when none was meant for sure, and offered in a list: Discord's menus take 25
Press = ButtonPressed | MessageReceived
_MENTION = re.compile(r"<@!?(\d+)>")


class Reassign:
    """Gives a question to another volunteer, and tells both, the asker and the desks."""

    def __init__(self, desk: EscalationDesk) -> None:
        self._desk = desk
        self._texts = desk.texts

    def feature(self) -> DeskFeature:
        """Give what the desk room calls."""
        commands, presses = {"reassign": self.reassign}, {"reassign": self._offer, "give_to": self._chosen}
        return DeskFeature("reassign", commands=commands, presses=presses, for_leads=frozenset({*commands, *presses}))

    async def _offer(self, tx: Transaction, event: Press, subject: str, lead: Person, now: datetime) -> Handled:
        """List whom it can be given to: first those on duty, the least busy of them at the top."""
        number = number_in(subject) or 0
        try:
            escalation = await self._desk.find(tx, number)
        except NoSuchEscalation:
            return self._refused(event, self._texts("desk.no_such", number=number))
        if not escalation.is_open:
            return self._refused(event, self._texts("desk.closed_already", number=number))
        others = [one for one in await tx.roster.all() if one.number not in (escalation.owner, escalation.asker)]
        if not others:
            return Handled("reassign nobody", (answer(event, Block(self._texts("reassign.nobody_else"))),))
        buttons = self._choices(number, others, await tx.claims.loads(), now)
        shown = answer(
            event, Block(self._texts("reassign.to_whom", number=number)), buttons=buttons, person=lead.number
        )
        return Handled(f"asks reassign #{number}", (shown,))

    def _choices(
        self, number: int, volunteers: Sequence[Volunteer], loads: Mapping[int, int], now: datetime
    ) -> tuple[Button, ...]:
        on_duty = {one.number for one in of_these([one for one in volunteers if one.schedule.is_set], now)}
        ranked = sorted(volunteers, key=lambda one: (one.number not in on_duty, loads.get(one.number, 0), one.name))
        texts = {one.number: "reassign.on_duty" if one.number in on_duty else "reassign.choice" for one in ranked}
        return tuple(
            Button(
                self._texts(texts[one.number], name=one.name, load=loads.get(one.number, 0)),
                "give_to",
                f"{number}:{one.number}",
            )
            for one in ranked[:MOST_NAMED]
        )

    async def _chosen(self, tx: Transaction, event: Press, subject: str, lead: Person, now: datetime) -> Handled:
        """Give it to whom the list's button names; what came of it takes the place of the list."""
        first, _, second = subject.partition(":")
        number, chosen = number_in(first) or 0, number_in(second)
        to = next((one for one in await tx.roster.all() if one.number == chosen), None)
        if to is None:
            return self._refused(event, self._texts("reassign.gone"))
        try:
            escalation = await self._desk.find(tx, number)
        except NoSuchEscalation:
            return self._refused(event, self._texts("desk.no_such", number=number))
        return await self._give(tx, event, lead, escalation, to, now)

    async def reassign(self, tx: Transaction, event: CommandGiven, lead: Person, now: datetime) -> Handled:
        """Give the question of a number, or of this thread, to the volunteer who is named."""
        number, name = await subject_of(tx, event)
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

    def _refused(self, event: Event, words: str) -> Handled:
        return Handled("refused reassign", (answer(event, Block(words)),))

    async def _give(
        self, tx: Transaction, event: Event, lead: Person, before: Escalation, to: Volunteer, now: datetime
    ) -> Handled:
        number = before.id
        if not before.is_open:
            return self._refused(event, self._texts("desk.closed_already", number=number))
        if before.asker == to.number:
            return self._refused(event, self._texts("reassign.cannot", name=to.name))
        if before.owner == to.number:
            return self._refused(event, self._texts("desk.already", number=number, name=to.name))
        if not await tx.claims.reassign(before, to.number, now):
            return self._refused(event, self._texts("reassign.changed", number=number))
        await tx.drafts.left_to(number, to.number)
        await tx.audit.add(lead.number, event.sender.role, "reassign", now, number=number, about=to.number)
        fresh = await self._desk.find(tx, number)
        words = Block(self._texts("reassign.given", number=number, name=to.name, lead=event.sender.name))
        said = self._said(event, words)
        told = self._told(fresh, words, to)
        return Handled(
            f"reassign #{number}",
            (*await self._desk.cards(tx, fresh), *told, *said, *notices.taken(self._texts, fresh)),
        )

    def _said(self, event: Event, words: Block) -> tuple[OutgoingMessage, ...]:
        """Answer where a list stood, or where the thread does not tell."""
        if isinstance(event, ButtonPressed) and event.message_id:
            return (replace(answer(event, words), in_place_of=event.message_id),)
        return (answer(event, words),) if event.address.thread is None else ()

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
