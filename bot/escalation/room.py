"""The desk room: what volunteers write, press and command there, understood; `acting.py` does it."""

from __future__ import annotations

from datetime import datetime

from bot.domain.conversation import ASKED_WITHIN, AT_DESK, Awaiting, Waiting
from bot.domain.escalation import Voice, number_in
from bot.domain.messages import (
    Block,
    ButtonPressed,
    CommandGiven,
    Handled,
    MessageReceived,
    Place,
)
from bot.domain.people import Person
from bot.escalation import rules
from bot.escalation.acting import Act, Acting
from bot.escalation.asked_for import Lapsed, asked_for, subject_of
from bot.escalation.canned import Canned
from bot.escalation.desk import EscalationDesk
from bot.escalation.features import Features, answer
from bot.escalation.written import desk_words, is_note, meaning, numbered, word_in
from bot.storage.store import Transaction

COMMANDS = {
    "claim": "claim", "handback": "hand_back", "close": "close", "pass": "pass", "note": "note",
    "reply": "reply", "canned": "send_entry", "reopen": "reopen",
}  # fmt: skip


class DeskRoom:
    """Understands volunteers at any desk."""

    def __init__(self, desk: EscalationDesk, canned: Canned, features: Features) -> None:
        self._desk = desk
        self._acting = Acting(desk, canned)
        self._features = features
        self._texts = desk.texts
        self.commands = COMMANDS.keys() | features.commands.keys()
        self.actions = rules.DESK_ACTIONS | features.presses.keys()
        commands = {name: COMMANDS.get(name, name) for name in self.commands}
        self._words = desk_words(desk.texts, self.actions, commands)

    async def message(self, tx: Transaction, event: MessageReceived, volunteer: Person, now: datetime) -> Handled:
        """Take what was written in an escalation's thread: a reply, a note, or what a button asked for.

        A word that is a button's or a command's and nothing else is passed on to nobody: it may not be meant for them.
        """
        if event.edited:
            return await self._corrected(tx, event, volunteer)
        try:
            awaiting = await asked_for(tx, event, volunteer.number, now)
        except Lapsed:
            return Handled("lapsed", (answer(event, Block(self._texts("desk.lapsed"))),))
        number = await self._number_of(tx, event, awaiting)
        if event.unreadable and (awaiting or number is not None):
            return Handled("unreadable", (answer(event, Block(self._texts("unreadable.to_volunteer"))),))
        if not (event.text.strip() or event.attachments):
            return Handled("desk talk")
        for_people = awaiting is None or awaiting.what in (Waiting.REPLY, Waiting.NOTE)
        word = word_in(event, self._words) if for_people else None
        if awaiting and word is None and (awaiting.what is Waiting.NOTE or not is_note(event)):
            await tx.conversations.wait_for(volunteer.number, event.address, None, now)
            if write := self._features.writes.get(awaiting.what):
                return await write(tx, event, awaiting.subject, volunteer, now)
        if number is None:
            return await self._beside_threads(tx, event, volunteer, now)
        action, words = meaning(event, awaiting, number)
        plain = action == "reply" and awaiting is None
        return await self._acting.act(tx, number, Act(action, words, event, volunteer, now, plain, word))

    async def _beside_threads(
        self, tx: Transaction, event: MessageReceived, volunteer: Person, now: datetime
    ) -> Handled:
        """Say where to write to somebody who was asked for words in a thread of this desk and writes outside it."""
        asked = await tx.conversations.awaiting_in_threads(volunteer.number, event.address, now - ASKED_WITHIN)
        if asked is None or asked.escalation is None or event.place is not Place.DESK:
            return Handled("desk talk")
        told = self._texts("desk.elsewhere", number=asked.escalation)
        return Handled("beside threads", (answer(event, Block(told)),))

    async def _corrected(self, tx: Transaction, event: MessageReceived, volunteer: Person) -> Handled:
        """Pass an edit on to those who have read the message; what was never passed on stays as it is."""
        found = await tx.said.corrected(volunteer.number, event.words)
        if found is None:
            return await self._edited_draft(tx, event, volunteer)
        if found[1] is Voice.VOLUNTEER and is_note(event):
            return Handled("refused edit", (answer(event, Block(self._texts("desk.no_note_any_more"))),))
        escalation = await self._desk.find(tx, found[0])
        name = event.sender.name
        shown = name if volunteer.shown_as is None else volunteer.shown_as
        messages = self._desk.corrected(escalation, found[1], name, event.text, shown=shown, but=event.address)
        return Handled(f"corrected #{escalation.id}", messages)

    async def _edited_draft(self, tx: Transaction, event: MessageReceived, volunteer: Person) -> Handled:
        """Say that a lead reads what was first written, to somebody whose draft waits in this thread."""
        number = await tx.escalations.in_thread(event.address)
        draft = await tx.drafts.waiting(number) if number else None
        if draft is None or draft.person != volunteer.number:
            return Handled("desk edit")
        return Handled("edited draft", (answer(event, Block(self._texts("check.unchanged"))),))

    async def _number_of(self, tx: Transaction, event: MessageReceived, awaiting: Awaiting | None) -> int | None:
        """Give what a message is about: what it replies to, else what was waited for, else the thread it stands in."""
        if event.reply_to:
            number = await tx.outbox.escalation_of(event.address, event.reply_to)
            if number is not None:
                return number
        if awaiting and awaiting.what in AT_DESK and awaiting.what not in self._features.writes:
            return int(awaiting.subject)
        return await tx.escalations.in_thread(event.address)

    async def press(
        self,
        tx: Transaction,
        event: ButtonPressed | MessageReceived,
        action: str,
        subject: str,
        volunteer: Person,
        now: datetime,
    ) -> Handled:
        """Do what a desk button says."""
        if action == "resend":
            return await self._acting.resend(tx, Act(action, None, event, volunteer, now), subject)
        if action in self._features.presses:
            if not self._features.allows(action, event.sender.role):
                return self._for_leads(event, action)
            return await self._features.presses[action](tx, event, subject, volunteer, now)
        return await self._acting.act(tx, number_in(subject) or 0, Act(action, None, event, volunteer, now))

    async def command(self, tx: Transaction, event: CommandGiven, volunteer: Person, now: datetime) -> Handled:
        """Do what a desk command says: `/claim 12`, or `/claim` in its thread."""
        if event.name in self._features.commands:
            if not self._features.allows(event.name, event.sender.role):
                return self._for_leads(event, event.name)
            return await self._features.commands[event.name](tx, event, volunteer, now)
        action = COMMANDS[event.name]
        number, words = await subject_of(tx, event)
        if number is None:
            which = self._texts("desk.which", command=event.name)
            return Handled("which", (answer(event, Block(which)),))
        return await self._acting.act(tx, number, Act(action, words or None, event, volunteer, now))

    async def edited_command(self, tx: Transaction, event: CommandGiven, volunteer: Person) -> Handled:
        """Correct the words that came with a command; nothing is done a second time because of an edit."""
        return await self._corrected(tx, event.as_message(numbered(event.argument)[1]), volunteer)

    def _for_leads(self, event: MessageReceived | ButtonPressed | CommandGiven, name: str) -> Handled:
        return Handled(f"refused {name}", (answer(event, Block(self._texts("desk.leads_only"))),))
