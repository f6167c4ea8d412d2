"""What volunteers do at a desk: claim, reply, note, hand back, send an entry, close."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.escalation import Escalation, Reason, Said, Status, Voice
from bot.domain.messages import Address, Block, Button, OutgoingMessage, Sender, Style, TellFate, Words
from bot.errors import AlreadyClaimed
from bot.escalation import notices
from bot.escalation.card import suggest_button
from bot.escalation.desk import EscalationDesk
from bot.escalation.rules import ClosedBefore, Unanswered
from bot.knowledge import provenance
from bot.knowledge.entry import Entry
from bot.storage.store import Transaction

Messages = tuple[OutgoingMessage, ...]


class DeskWork:
    """The volunteers' actions; `check` of `rules.py` has already said that they may."""

    def __init__(self, desk: EscalationDesk) -> None:
        self._desk = desk
        self._texts = desk.texts

    async def claim(self, tx: Transaction, escalation: Escalation, volunteer: int, now: datetime) -> Messages:
        """Give it to a volunteer, unless somebody was first.

        Raises:
            AlreadyClaimed: somebody else has it.
        """
        if not await tx.escalations.claim(escalation.id, volunteer, now):
            fresh = await self._desk.find(tx, escalation.id)
            if fresh.status is Status.CLOSED:
                return self._desk.tell(fresh, Block(self._texts("desk.closed_already", number=fresh.id)))
            if fresh.owner != volunteer:
                raise AlreadyClaimed(fresh.owner_name or "")
            return self._desk.tell(fresh, Block(self._texts("desk.you_have_it", number=fresh.id)))
        return await self._claimed(tx, escalation.id, volunteer)

    async def _claimed(self, tx: Transaction, number: int, volunteer: int) -> Messages:
        await tx.drafts.left_to(number, volunteer)
        fresh = await self._desk.find(tx, number)
        name = fresh.owner_name or ""
        claimed = Block(self._texts("desk.claimed", name=name, number=fresh.id))
        cards = await self._desk.cards(tx, fresh)
        return (*cards, *self._desk.tell(fresh, claimed), *notices.taken(self._texts, fresh))

    async def reply(
        self,
        tx: Transaction,
        escalation: Escalation,
        sender: Sender,
        volunteer: int,
        words: Words,
        at: Address,
        now: datetime,
        *,
        hidden: bool = False,
    ) -> Messages:
        """Send a volunteer's words to the asker, and show them on the other desks."""
        seen_at = await self._seen_at(tx, escalation, at, hidden=hidden)
        said, taken = await self._answer(tx, escalation, volunteer, words, now)
        shown = notices.quoted(self._texts, Said(Voice.VOLUNTEER, sender.name, words.text, now))
        fate, stored = self._stored(escalation, said, at)
        relayed = notices.relayed(self._texts, escalation, await self._name(tx, sender, volunteer), words.text)
        return (
            *taken,
            replace(stored, acknowledges=words.id_in(fate.desk)),
            replace(relayed, tell_fate=fate, attachments=words.attachments),
            *self._desk.tell(escalation, *shown, but=seen_at, attachments=words.attachments),
        )

    @staticmethod
    async def _seen_at(tx: Transaction, escalation: Escalation, at: Address, *, hidden: bool) -> Address | None:
        """Give the desk that need not be shown what was written: it stands there in the thread of its escalation."""
        in_its_thread = await tx.escalations.in_thread(at) == escalation.id
        return at if in_its_thread and not hidden else None

    async def _answer(
        self, tx: Transaction, escalation: Escalation, volunteer: int, words: Words, now: datetime
    ) -> tuple[int, Messages]:
        """Note that the asker is answered, which takes one that nobody has and ends a draft of the writer.

        Give the number of what was said, and what is told of the taking.
        """
        await tx.drafts.overtaken(escalation.id, volunteer)
        is_new = await tx.escalations.claim(escalation.id, volunteer, now)
        taken = await self._claimed(tx, escalation.id, volunteer) if is_new else ()
        said = await tx.said.keep(escalation.id, volunteer, Voice.VOLUNTEER, words, now)
        await tx.escalations.answered(escalation.id, now)
        return said, (*taken, *await self._no_spam(tx, escalation))

    async def _no_spam(self, tx: Transaction, escalation: Escalation) -> Messages:
        """Take what a volunteer answers for no spam: its asker is heard, and told things, from now on."""
        if escalation.reason is not Reason.SPAM:
            return ()
        await tx.escalations.turn(escalation.id, Reason.UNKNOWN)
        return await self._desk.cards(tx, await self._desk.find(tx, escalation.id))

    async def _name(self, tx: Transaction, sender: Sender, volunteer: int) -> str:
        """Give what the asker sees of a volunteer: the name they chose; empty for "a volunteer"."""
        known = await tx.people.get(volunteer)
        return sender.name if known is None or known.shown_as is None else known.shown_as

    def _stored(self, escalation: Escalation, said: int, at: Address) -> tuple[TellFate, OutgoingMessage]:
        """Give where the fate of a reply is told, and the line that stands there until then."""
        fate = TellFate(Address(at.platform, at.chat), f"fate:{said}")
        words = Block(self._texts("desk.stored", pseudonym=escalation.asker_name), Style.SMALL)
        return fate, notices.on_desk(self._texts, fate.desk, escalation, words, key=fate.key)

    async def note(
        self,
        tx: Transaction,
        escalation: Escalation,
        sender: Sender,
        volunteer: int,
        words: Words,
        at: Address,
        now: datetime,
        *,
        hidden: bool = False,
    ) -> Messages:
        """Keep a note among volunteers, and show it on the other desks."""
        await tx.said.keep(escalation.id, volunteer, Voice.NOTE, words, now)
        shown = notices.quoted(self._texts, Said(Voice.NOTE, sender.name, words.text, now))
        here = self._here(escalation, at, Block(self._texts("desk.noted"), Style.SMALL))
        seen_at = await self._seen_at(tx, escalation, at, hidden=hidden)
        return (*here, *self._desk.tell(escalation, *shown, but=seen_at, attachments=words.attachments))

    async def hand_back(
        self, tx: Transaction, escalation: Escalation, sender: Sender, volunteer: int, note: str, now: datetime
    ) -> Messages:
        """Put it back into the queue with a note, without blame; a lead may do it for its owner."""
        owner = escalation.owner
        if owner is None or not await tx.escalations.hand_back(escalation.id, owner, now):
            return self._desk.tell(escalation, Block(self._texts("desk.not_claimed", number=escalation.id)))
        await tx.drafts.overtaken(escalation.id, owner)
        if note:
            await tx.said.keep(escalation.id, volunteer, Voice.NOTE, Words(note), now)
        fresh = await self._desk.find(tx, escalation.id)
        key = "desk.handed_back_note" if note else "desk.handed_back"
        told = Block(self._texts(key, name=sender.name, number=fresh.id, note=note))
        return (*await self._desk.back_in_queue(tx, fresh, now), *self._desk.tell(fresh, told))

    async def close(self, tx: Transaction, escalation: Escalation, sender: Sender, now: datetime) -> Messages:
        """Close it, tell the asker and ask whether it helped.

        Raises:
            ClosedBefore: somebody was first.
            Unanswered: the asker wrote at the same moment.
        """
        answered = escalation.owed_since is None and escalation.reason is not Reason.SPAM
        if not await tx.escalations.close(escalation.id, now, answered=answered):
            fresh = await self._desk.find(tx, escalation.id)
            raise Unanswered(fresh.asker_name) if fresh.is_open else ClosedBefore
        await tx.drafts.left_to(escalation.id, None)
        fresh = await self._desk.find(tx, escalation.id)
        told = [Block(self._texts("desk.closed", name=sender.name, number=fresh.id))]
        offer = suggest_button(self._texts, fresh)
        told += [Block(self._texts("curating.closed_offer"), Style.SMALL)] if offer else []
        silent = fresh.reason in notices.SILENT_REASONS
        to_asker = () if silent else (notices.closed(self._texts, fresh),)
        return (*await self._desk.cards(tx, fresh), *self._desk.tell(fresh, *told, buttons=offer), *to_asker)

    async def reopen(self, tx: Transaction, escalation: Escalation, now: datetime) -> Messages:
        """Open a closed one again and tell the asker."""
        if escalation.status is not Status.CLOSED:
            return ()
        desk = await self._desk.reopen(tx, escalation, now, told="desk.reopened_here", calls=False)
        told = notices.to_asker(escalation, Block(self._texts("escalation.reopened", number=escalation.id)))
        return desk if escalation.reason in notices.SILENT_REASONS else (*desk, told)

    async def send_entry(
        self,
        tx: Transaction,
        escalation: Escalation,
        sender: Sender,
        volunteer: int,
        entry: Entry,
        at: Address,
        now: datetime,
    ) -> Messages:
        """Send an entry's text, word for word, as the volunteer's reply."""
        said, taken = await self._answer(tx, escalation, volunteer, Words(entry.short), now)
        fate, stored = self._stored(escalation, said, at)
        who = notices.signed(self._texts, await self._name(tx, sender, volunteer))
        to_asker = notices.to_asker(
            escalation,
            Block(self._texts("escalation.from_volunteer", who=who, number=escalation.id)),
            Block(entry.short, Style.CURATED),
            *provenance.under_short(self._texts, entry, now.date()),
            buttons=(Button(self._texts("button.more"), "more", f"{entry.id}:"),),
        )
        told = Block(self._texts("desk.entry_sent", question=entry.question))
        return (*taken, stored, replace(to_asker, tell_fate=fate), *self._desk.tell(escalation, told))

    def _here(self, escalation: Escalation, at: Address, *blocks: Block) -> Messages:
        desk = Address(at.platform, at.chat)
        return (notices.on_desk(self._texts, desk, escalation, *blocks),)
