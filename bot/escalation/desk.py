"""EscalationDesk: an escalation's life as its asker sees it; the volunteers' side is `work.py`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.conversation import Turn
from bot.domain.escalation import Escalation, Reason, Said, Status, Voice
from bot.domain.messages import Address, Attachment, Block, Button, OutgoingMessage, Style, Words
from bot.domain.people import Person
from bot.domain.waits import Kind, Nudge
from bot.duty.zones import is_night
from bot.errors import NoSuchEscalation
from bot.escalation import expecting, notices
from bot.escalation.caller import USUAL_LOAD, Caller
from bot.escalation.calling import Call, called
from bot.escalation.card import CardFacts, Near, card_of
from bot.knowledge.entry import Entry, Topic
from bot.storage.outbox import Fate
from bot.storage.store import Transaction
from bot.storage.traces import DeskThread
from bot.texts import Texts
from bot.triage.live import LiveTriage

REOPEN_WITHIN = timedelta(days=14)  # product rule: a later message asks anew
WAITS_LOOKED_AT = 20  # last answers from which a wait is foretold
TURNS_SHOWN = 3  # earlier questions of the asker on the card
NEAREST_SHOWN = 2  # answers that came nearest, on the card


HARD = tuple(reason for reason in Reason if reason.hard)


class EscalationDesk:
    """Opens escalations, relays what askers say, and tells every desk."""

    def __init__(
        self,
        desks: Sequence[Address],
        texts: Texts,
        live: LiveTriage,
        checked: Collection[Reason] = HARD,
        usual_load: int = USUAL_LOAD,
    ) -> None:
        self.desks = tuple(desks)
        self._checked = frozenset(checked)  # reasons for which a lead may be asked to read a reply first
        self.texts = texts
        self.caller = Caller(live, usual_load)
        self._live = live

    def topics(self) -> tuple[Topic, ...]:
        """Give the topics that a volunteer may cover."""
        return self._live.knowledge.listed_topics()

    async def open(
        self, tx: Transaction, turn: Turn, reason: Reason, now: datetime
    ) -> tuple[Escalation, tuple[OutgoingMessage, ...]]:
        """Open one for a question; give it with the cards for the desks. The asker is told by `opened_for_asker`."""
        escalation = await tx.escalations.open(turn, reason, now)
        call = await self.caller.for_new(tx, escalation, now)
        cards = tuple(called(card, call) for card in await self.cards(tx, escalation))
        return escalation, (*cards, *self._came_with(escalation, turn))

    def _came_with(self, escalation: Escalation, turn: Turn) -> tuple[OutgoingMessage, ...]:
        """Give the files that came with a question, under its card; spam's are passed on to nobody."""
        if not turn.attachments or escalation.reason is Reason.SPAM:
            return ()
        return self.tell(escalation, Block(self.texts("desk.came_with")), attachments=turn.attachments)

    async def cards(self, tx: Transaction, escalation: Escalation) -> tuple[OutgoingMessage, ...]:
        """Give the card for every desk, as it stands now; it alerts nobody."""
        return await self._cards(tx, escalation, self.desks)

    async def cards_at(self, tx: Transaction, escalation: Escalation, place: Address) -> tuple[OutgoingMessage, ...]:
        """Give the card for one desk, as it stands now; nothing for any other chat."""
        here = [desk for desk in self.desks if (desk.platform, desk.chat) == (place.platform, place.chat)]
        return await self._cards(tx, escalation, here)

    async def _cards(
        self, tx: Transaction, escalation: Escalation, desks: Sequence[Address]
    ) -> tuple[OutgoingMessage, ...]:
        facts = await self._facts(tx, escalation)
        return tuple(card_of(self.texts, desk, escalation, facts) for desk in desks)

    async def shown_again(self, tx: Transaction, desk: Address) -> tuple[OutgoingMessage, ...]:
        """Give the cards of what is open for a desk that has lost its threads; nothing for any other chat."""
        if desk not in self.desks:
            return ()
        opened = await tx.escalations.open_ones()
        return tuple([card for one in opened for card in await self.cards_at(tx, one, desk)])

    async def _facts(self, tx: Transaction, escalation: Escalation) -> CardFacts:
        entries = self._live.knowledge.entries
        nearest = [
            Near(entries[one.entry].question, one.probability, entries[one.entry].by_person)
            for one in escalation.considered
            if one.entry in entries
        ]
        turns = await tx.conversations.led_to(escalation.id, escalation.asker, TURNS_SHOWN + 1)
        before = [turn for turn in turns if turn.question != escalation.question]
        offers_check = escalation.reason in self._checked
        paused = await tx.restrictions.paused_until(escalation.asker)
        return CardFacts(before[-TURNS_SHOWN:], nearest[:NEAREST_SHOWN], offers_check, paused)

    async def opened_for_asker(self, tx: Transaction, escalation: Escalation) -> OutgoingMessage:
        """Give the line that tells the asker what happens now."""
        blocks = notices.opened(self.texts, escalation, await self._wait(tx, escalation))
        if not self.desks:
            blocks = (*blocks, Block(self.texts("escalation.no_desk")))
        return notices.to_asker(escalation, *blocks, buttons=notices.opened_buttons(self.texts, escalation))

    async def _wait(self, tx: Transaction, escalation: Escalation) -> str:
        if escalation.urgent:
            return self.texts("escalation.wait_urgent")
        waits, volunteers = await tx.escalations.waits(WAITS_LOOKED_AT), await tx.roster.all()
        return expecting.wait_text(self.texts, waits, volunteers, escalation.country, escalation.opened_at)

    async def asker_said(
        self, tx: Transaction, escalation: Escalation, words: Words, now: datetime, *, wants_words: bool = True
    ) -> tuple[OutgoingMessage, ...]:
        """Relay what the asker says to every desk; a closed escalation is opened again by it.

        Without `wants_words` nobody owes an answer to it.
        """
        messages: list[OutgoingMessage] = []
        await tx.said.keep(escalation.id, escalation.asker, Voice.ASKER, words, now, wants_words=wants_words)
        if (await self.find(tx, escalation.id)).status is Status.CLOSED:  # perhaps at this very moment
            messages += await self.reopen(tx, escalation, now)
        said = Said(Voice.ASKER, escalation.asker_name, words.text, now)
        messages += self.tell(escalation, *notices.quoted(self.texts, said), attachments=words.attachments)
        added = notices.to_asker(escalation, Block(self.texts("escalation.added", number=escalation.id)))
        return (*messages, replace(added, acknowledges=words.id_in(added.to)))

    async def asked_again(
        self, tx: Transaction, escalation: Escalation, words: Words, now: datetime
    ) -> tuple[OutgoingMessage, ...]:
        """Add a further cry for help to an urgent escalation that is open, and page again."""
        await tx.said.keep(escalation.id, escalation.asker, Voice.ASKER, words, now)
        shown = notices.quoted(self.texts, Said(Voice.ASKER, escalation.asker_name, words.text, now))
        call = await self.caller.for_cry(tx, escalation, now)
        told = self.tell(escalation, *shown, attachments=words.attachments)
        return tuple(called(message, call) for message in told)

    async def turned_hard(self, tx: Transaction, escalation: Escalation) -> tuple[OutgoingMessage, ...]:
        """Show that despair has come up in one that was not hard so far."""
        if escalation.reason.hard:
            return ()
        await tx.escalations.turn(escalation.id, Reason.DISTRESS)
        return await self.cards(tx, await self.find(tx, escalation.id))

    async def forgotten(
        self,
        tx: Transaction,
        threads: Sequence[DeskThread],
        handed_back: Sequence[int],
        private: Sequence[tuple[Address, str]],
        now: datetime,
    ) -> tuple[OutgoingMessage, ...]:
        """Remove the threads of somebody forgotten and what volunteers got in private; tell what a volunteer had."""
        messages = [OutgoingMessage(one.address, (), deletes_thread=True, deletes=one.messages) for one in threads]
        gone = (Block(self.texts("desk.forgotten")),)
        messages += [OutgoingMessage(where, gone, in_place_of=message) for where, message in private]
        for number in handed_back:
            messages += await self.back_in_queue(tx, await self.find(tx, number), now)
        return tuple(messages)

    async def back_in_queue(
        self, tx: Transaction, escalation: Escalation, now: datetime
    ) -> tuple[OutgoingMessage, ...]:
        """Show one as waiting again and tell its asker, by day where they live; at night that is noted for later."""
        cards = await self.cards(tx, escalation)
        if escalation.reason in notices.SILENT_REASONS:
            return cards
        if is_night(escalation.country, now):
            await tx.nudges.add(Nudge(escalation.id, Kind.BACK, escalation.waiting_since), now)
            return cards
        return (*cards, notices.back_in_queue(self.texts, escalation))

    async def reworded(self, tx: Transaction, escalation: Escalation, question: str) -> tuple[OutgoingMessage, ...]:
        """Keep a question as its asker has corrected it; the cards show it so, to whoever takes it from now on."""
        await tx.escalations.reword(escalation.id, question)
        return await self.cards(tx, await self.find(tx, escalation.id))

    def corrected(
        self,
        escalation: Escalation,
        voice: Voice,
        name: str,
        text: str,
        *,
        shown: str | None = None,
        but: Address | None = None,
    ) -> tuple[OutgoingMessage, ...]:
        """Tell those who have read a message that its writer has changed it; the asker sees them as `shown`."""
        quote = Block(text, Style.QUOTE)
        who = shown or self.texts("volunteer.unnamed")
        corrected = Block(self.texts("escalation.corrected_reply", name=who, number=escalation.id))
        to_asker = (notices.to_asker(escalation, corrected, quote),) if voice is Voice.VOLUNTEER else ()
        told = Block(self.texts("escalation.corrected", name=name))
        return (*to_asker, *self.tell(escalation, told, quote, but=but))

    async def reopen(
        self, tx: Transaction, escalation: Escalation, now: datetime, *, told: str = "desk.reopened", calls: bool = True
    ) -> tuple[OutgoingMessage, ...]:
        """Open a closed one again; `told` is the key of what the desks are told, `calls` whether it calls anybody."""
        if not await tx.escalations.reopen(escalation.id, now):
            return ()
        fresh = await self.find(tx, escalation.id)
        call = await self.caller.for_reopened(tx, fresh, now) if calls else Call()
        words = Block(self.texts(told, pseudonym=fresh.asker_name, number=fresh.id))
        return (*await self.cards(tx, fresh), *(called(message, call) for message in self.tell(fresh, words)))

    async def cancel(self, tx: Transaction, escalation: Escalation, now: datetime) -> tuple[OutgoingMessage, ...]:
        """Close it because the asker no longer needs it."""
        if await tx.escalations.close(escalation.id, now):
            await tx.drafts.left_to(escalation.id, None)
            fresh = await self.find(tx, escalation.id)
            told = self.texts("desk.closed_by_asker", pseudonym=fresh.asker_name, number=fresh.id)
            desk = (*await self.cards(tx, fresh), *self.tell(fresh, Block(told)))
            key = "escalation.cancelled"
        else:
            desk, key = (), "escalation.closed_before"
        return (*desk, notices.to_asker(escalation, Block(self.texts(key, number=escalation.id))))

    async def move(
        self, tx: Transaction, escalation: Escalation, to: Address, now: datetime, *, private: bool
    ) -> Escalation:
        """Send answers to another place from now on, those too that have not left yet; gives it as it is now."""
        await tx.escalations.move(escalation.id, to, private=private)
        moved = replace(escalation, reply_to=to, private=private)
        for number, reply in (await tx.outbox.replies_to_come(escalation.id)).items():
            await tx.outbox.resend(number, notices.as_of_now(moved, reply), now, was=Fate.PENDING)
        return moved

    async def answer_in_private(
        self, tx: Transaction, escalation: Escalation, asker: Person, now: datetime
    ) -> OutgoingMessage:
        """Send answers to the asker's private chat from now on."""
        moved_one = await self.move(tx, escalation, Address.private_with(asker.id), now, private=True)
        moved = self.texts("escalation.moved_private", number=escalation.id)
        origin = await tx.escalations.asked_at(escalation.id)
        back = (Button(self.texts("button.in_group"), "in_group", str(escalation.id)),)
        return notices.to_asker(moved_one, Block(moved), buttons=() if origin is None or origin.is_private else back)

    def entry(self, entry_id: str) -> Entry | None:
        """Give an entry of the knowledge in use."""
        return self._live.knowledge.entries.get(entry_id)

    async def find(self, tx: Transaction, number: int) -> Escalation:
        """Give an escalation.

        Raises:
            NoSuchEscalation: there is none of that number, or it has been purged.
        """
        escalation = await tx.escalations.get(number)
        if escalation is None:
            raise NoSuchEscalation(str(number))
        return escalation

    def tell(
        self,
        escalation: Escalation,
        *blocks: Block,
        but: Address | None = None,
        attachments: tuple[Attachment, ...] = (),
        buttons: tuple[Button, ...] = (),
    ) -> tuple[OutgoingMessage, ...]:
        """Give a message for the escalation's thread on every desk, but the one where it was said."""
        return tuple(
            replace(notices.on_desk(self.texts, desk, escalation, *blocks, buttons=buttons), attachments=attachments)
            for desk in self.desks
            if but is None or (desk.platform, desk.chat) != (but.platform, but.chat)
        )
