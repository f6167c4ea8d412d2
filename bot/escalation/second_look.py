"""A second pair of eyes: a lead reads a reply before it goes out, and approves it or sends it back with a note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.conversation import Awaiting, Waiting
from bot.domain.escalation import Escalation, Voice, number_in
from bot.domain.messages import (
    Address,
    Block,
    Button,
    ButtonPressed,
    CommandGiven,
    Event,
    Handled,
    MessageReceived,
    OutgoingMessage,
    Sender,
    Style,
    Words,
)
from bot.domain.people import Person, Role
from bot.domain.roster import Volunteer
from bot.domain.waits import Kind
from bot.errors import EscalationError
from bot.escalation import notices, nudging, rules
from bot.escalation.asked_for import subject_of
from bot.escalation.calling import Call, called
from bot.escalation.desk import EscalationDesk
from bot.escalation.features import DeskFeature, answer, for_them_only, where_answered
from bot.escalation.refusals import refusal
from bot.escalation.reminders import Times
from bot.escalation.work import DeskWork
from bot.storage.drafts import Draft, Verdict
from bot.storage.store import Transaction

Press = ButtonPressed | MessageReceived


class SecondLook:
    """Keeps drafts, shows them to the leads, and sends what was approved as its writer's reply."""

    def __init__(self, desk: EscalationDesk, times: Times) -> None:
        self._desk = desk
        self._times = times
        self._work = DeskWork(desk)
        self._texts = desk.texts

    def feature(self) -> DeskFeature:
        """Give its commands, buttons and what is waited for."""
        return DeskFeature(
            "second look",
            commands={"check": self._given, "sendback": self._returned},
            presses={"ask_check": self._asked, "approve": self._approve, "send_back": self._ask_why},
            writes={Waiting.DRAFT: self._written, Waiting.SEND_BACK: self._why},
            for_leads=frozenset({"approve", "send_back", "sendback"}),
            due=self._due,
        )

    # The volunteer.

    async def _asked(self, tx: Transaction, event: Press, subject: str, volunteer: Person, now: datetime) -> Handled:
        number = number_in(subject) or 0
        try:
            await self._own(tx, event, number, volunteer)
        except EscalationError as error:
            return self._says(event, f"refused check #{number}", refusal(self._texts, error, number))
        awaiting = Awaiting(Waiting.DRAFT, str(number), number)
        await tx.conversations.wait_for(volunteer.number, where_answered(event), awaiting, now)
        return self._says(event, f"asks check #{number}", self._texts("check.write"))

    async def _written(
        self, tx: Transaction, event: MessageReceived, subject: str, volunteer: Person, now: datetime
    ) -> Handled:
        return await self._drafted(tx, event, number_in(subject) or 0, event.words, volunteer, now)

    async def _given(self, tx: Transaction, event: CommandGiven, volunteer: Person, now: datetime) -> Handled:
        """Take `/check 12 words`, or `/check words` in the thread."""
        number, words = await subject_of(tx, event)
        if number is None:
            return self._says(event, "which", self._texts("desk.which", command="check"))
        if not words and not event.attachments:
            return self._says(event, "check what", self._texts("check.how", number=number))
        return await self._drafted(tx, event, number, event.words(words), volunteer, now)

    async def _drafted(
        self, tx: Transaction, event: Event, number: int, words: Words, volunteer: Person, now: datetime
    ) -> Handled:
        try:
            escalation = await self._own(tx, event, number, volunteer)
        except EscalationError as error:
            return self._says(event, f"refused check #{number}", refusal(self._texts, error, number))
        draft = await tx.drafts.add(number, volunteer.number, words, now)
        await tx.claims.hold(number, volunteer.number, now)
        await tx.audit.add(volunteer.number, event.sender.role, "ask_check", now, number=number)
        leads = await self._desk.caller.for_leads(tx, now, but=(volunteer.number, escalation.asker))
        shown = self._shown(escalation, event.sender.name, words, draft, leads)
        nobody = () if leads.people else (answer(event, Block(self._texts("check.no_lead"))),)
        return Handled(f"check #{number}", (*shown, *nobody))

    def _shown(
        self, escalation: Escalation, name: str, words: Words, draft: int, leads: Call
    ) -> tuple[OutgoingMessage, ...]:
        """Show a draft in its thread on every desk, and in private to the leads it calls, with the choices."""
        title = Block(self._texts("check.asks", name=name, number=escalation.id))
        blocks = (title, Block(words.text, Style.QUOTE)) if words.text else (title,)
        told = self._desk.tell(escalation, *blocks, attachments=words.attachments, buttons=self._choices(draft))
        asker = Block(self._texts("check.question", pseudonym=escalation.asker_name))
        private = (asker, Block(escalation.question, Style.QUOTE), *blocks)
        files = Block(self._texts("check.files", name=name, number=escalation.id))
        to_leads = [
            one for lead in leads.people for one in self._private(escalation, lead, private, words, files, draft)
        ]
        return (*told, *to_leads)

    def _private(
        self, escalation: Escalation, lead: Volunteer, body: tuple[Block, ...], words: Words, files: Block, draft: int
    ) -> Sequence[OutgoingMessage]:
        """Show it to one lead, files apart: what the asker wrote can be taken back from a message of words alone."""
        to = Address.private_with(lead.id)
        shown = OutgoingMessage(to, body, self._choices(draft), escalation_id=escalation.id, person=lead.number)
        apart = OutgoingMessage(to, (files,), person=lead.number, attachments=words.attachments)
        both = (apart, shown) if words.attachments else (shown,)
        return [replace(one, only_for=Role.LEAD) for one in both]

    def _choices(self, draft: int) -> tuple[Button, ...]:
        return tuple(Button(self._texts(f"button.{action}"), action, str(draft)) for action in ("approve", "send_back"))

    async def _own(self, tx: Transaction, event: Event, number: int, volunteer: Person) -> Escalation:
        escalation = await self._desk.find(tx, number)
        rules.check("reply", event.sender.role, volunteer.number, escalation)
        return escalation

    async def _due(self, tx: Transaction, now: datetime) -> Sequence[OutgoingMessage]:
        """Call the leads for drafts that nobody has read for a while."""
        found: list[OutgoingMessage] = []
        for escalation, nudge in await nudging.due_now(tx, now, self._times):
            draft = await tx.drafts.waiting(escalation.id) if nudge.kind is Kind.DRAFT else None
            if draft and await tx.nudges.add(nudge, now):
                leads = await self._desk.caller.for_leads(tx, now)
                found += self._still_waits(
                    escalation, draft, replace(leads, alarm=escalation.urgent), now - nudge.since
                )
        return found

    def _still_waits(self, escalation: Escalation, draft: Draft, leads: Call, time: timedelta) -> list[OutgoingMessage]:
        words = self._texts("check.waits", name=draft.name, number=escalation.id, time=notices.in_words(time))
        told = self._desk.tell(escalation, Block(words), Block(draft.words.text, Style.QUOTE))
        return [called(replace(message, buttons=self._choices(draft.id)), leads) for message in told]

    # The lead.

    async def _approve(self, tx: Transaction, event: Press, subject: str, lead: Person, now: datetime) -> Handled:
        draft, escalation = await self._found(tx, subject)
        if draft is None or escalation is None:
            return self._says(event, "approve nothing", self._texts("check.gone"))
        if draft.person == lead.number:
            return self._says(event, "refused approve", self._texts("check.own"))
        if escalation.asker == lead.number:
            own = Block(self._texts("desk.own_question", number=escalation.id))
            return Handled("refused approve", (for_them_only(event, lead, own),))
        if escalation.owner not in (None, draft.person) or not escalation.is_open:
            return self._says(event, "refused approve", self._texts("check.moved", number=escalation.id))
        if not await tx.drafts.decide(draft.id, Verdict.APPROVED):
            return self._says(event, "approve late", self._texts("check.decided"))
        await tx.audit.add(lead.number, event.sender.role, "approve", now, number=escalation.id)
        taken = await self._taken_again(tx, escalation, draft.person, now)
        writer = Sender(draft.account, draft.name, Role.VOLUNTEER)
        told = self._desk.tell(escalation, Block(self._texts("check.approved", name=event.sender.name)))
        sent = await self._work.reply(
            tx, escalation, writer, draft.person, draft.words, self._where(event), now, hidden=True
        )
        return Handled(f"approve #{escalation.id}", (*told, *self._done(event), *taken, *sent))

    async def _taken_again(
        self, tx: Transaction, escalation: Escalation, writer: int, now: datetime
    ) -> tuple[OutgoingMessage, ...]:
        """Give it back to the writer whose claim ran out while a lead was waited for."""
        if not await tx.escalations.claim(escalation.id, writer, now):
            return ()
        return await self._desk.cards(tx, await self._desk.find(tx, escalation.id))

    def _where(self, event: Event) -> Address:
        """Give a desk where the fate of the reply is told, wherever it was approved."""
        here = Address(event.address.platform, event.address.chat)
        return here if here in self._desk.desks else self._desk.desks[0]

    async def _ask_why(self, tx: Transaction, event: Press, subject: str, lead: Person, now: datetime) -> Handled:
        draft, _ = await self._found(tx, subject)
        if draft is None:
            return self._says(event, "send_back nothing", self._texts("check.gone"))
        awaiting = Awaiting(Waiting.SEND_BACK, subject, draft.escalation)
        await tx.conversations.wait_for(lead.number, where_answered(event), awaiting, now)
        return self._says(event, "asks send_back", self._texts("check.why"))

    async def _why(self, tx: Transaction, event: MessageReceived, subject: str, lead: Person, now: datetime) -> Handled:
        return await self._send_back(tx, event, subject, event.words, lead, now)

    async def _returned(self, tx: Transaction, event: CommandGiven, lead: Person, now: datetime) -> Handled:
        subject, _, note = event.argument.strip().partition(" ")
        return await self._send_back(tx, event, subject, event.words(note.strip()), lead, now)

    async def _send_back(
        self, tx: Transaction, event: Event, subject: str, note: Words, lead: Person, now: datetime
    ) -> Handled:
        draft, escalation = await self._found(tx, subject)
        if draft is None or escalation is None:
            return self._says(event, "send_back nothing", self._texts("check.gone"))
        if not await tx.drafts.decide(draft.id, Verdict.SENT_BACK):
            return self._says(event, "send_back late", self._texts("check.decided"))
        await tx.said.keep(escalation.id, lead.number, Voice.NOTE, note, now)
        await tx.audit.add(lead.number, event.sender.role, "send_back", now, number=escalation.id)
        title = self._texts("check.sent_back", name=event.sender.name, writer=draft.name)
        quote = Block(note.text.strip() or "-", Style.QUOTE)
        told = self._desk.tell(escalation, Block(title), quote, attachments=note.attachments)
        return Handled(f"send_back #{escalation.id}", (*told, *self._done(event)))

    async def _found(self, tx: Transaction, subject: str) -> tuple[Draft | None, Escalation | None]:
        draft = await tx.drafts.get(number_in(subject) or 0)
        return draft, await tx.escalations.get(draft.escalation) if draft else None

    def _done(self, event: Event) -> Sequence[OutgoingMessage]:
        """Tell a lead who decided in private; at the desk the thread says it."""
        return (answer(event, Block(self._texts("check.done"))),) if event.address.is_private else ()

    def _says(self, event: Event, outcome: str, text: str) -> Handled:
        return Handled(outcome, (answer(event, Block(text)),))
