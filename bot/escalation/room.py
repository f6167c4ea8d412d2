"""The desk room: what volunteers write, press and command there, turned into the actions of `work.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.conversation import ASKED_WITHIN, AT_DESK, Awaiting, Waiting
from bot.domain.escalation import Escalation, Status, Voice, number_in
from bot.domain.messages import (
    Block,
    ButtonPressed,
    CommandGiven,
    Handled,
    MessageReceived,
    OutgoingMessage,
    Place,
    Style,
)
from bot.domain.people import Person, Role
from bot.errors import EscalationError, FullHands
from bot.escalation import rules
from bot.escalation.asked_for import Lapsed, asked_for, subject_of
from bot.escalation.canned import Canned
from bot.escalation.desk import EscalationDesk
from bot.escalation.features import Features, answer, for_them_only, where_answered
from bot.escalation.refusals import refusal
from bot.escalation.work import DeskWork
from bot.escalation.written import is_note, meaning, numbered, words_of
from bot.storage.store import Transaction

COMMANDS = {
    "claim": "claim", "handback": "hand_back", "close": "close", "pass": "pass", "note": "note",
    "reply": "reply", "canned": "send_entry", "reopen": "reopen",
}  # fmt: skip
ASKS_FOR_WORDS = {
    "note": (Waiting.NOTE, "desk.ask_note"),
    "reply": (Waiting.REPLY, "desk.ask_reply"),
    "send_entry": (Waiting.SEND_ENTRY, "desk.ask_entry"),
}
NO_NOTE = "-"  # typed instead of a hand-over note


@dataclass(frozen=True, slots=True)
class _Act:
    """One action of a volunteer on one escalation; `words` is None when they are still to be asked for.

    A `plain` one was written in a thread without a button or command that asks for it.
    """

    action: str
    words: str | None
    event: MessageReceived | ButtonPressed | CommandGiven
    volunteer: Person
    now: datetime
    plain: bool = False


class DeskRoom:
    """Understands volunteers at any desk."""

    def __init__(self, desk: EscalationDesk, canned: Canned, features: Features) -> None:
        self._desk = desk
        self._work = DeskWork(desk)
        self._canned = canned
        self._features = features
        self._texts = desk.texts
        self.commands = COMMANDS.keys() | features.commands.keys()
        self.actions = rules.DESK_ACTIONS | features.presses.keys()

    async def message(self, tx: Transaction, event: MessageReceived, volunteer: Person, now: datetime) -> Handled:
        """Take what was written in an escalation's thread: a reply, a note, or what a button asked for."""
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
        if awaiting and (awaiting.what is Waiting.NOTE or not is_note(event)):
            await tx.conversations.wait_for(volunteer.number, event.address, None, now)
            if write := self._features.writes.get(awaiting.what):
                return await write(tx, event, awaiting.subject, volunteer, now)
        if number is None:
            return await self._beside_threads(tx, event, volunteer, now)
        action, words = meaning(event, awaiting, number)
        plain = action == "reply" and awaiting is None
        return await self._try(tx, number, _Act(action, words, event, volunteer, now, plain=plain))

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
        found = await tx.escalations.corrected(volunteer.number, event.words)
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
            return await self._resend(tx, _Act(action, None, event, volunteer, now), subject)
        if action in self._features.presses:
            if not self._features.allows(action, event.sender.role):
                return self._for_leads(event, action)
            return await self._features.presses[action](tx, event, subject, volunteer, now)
        return await self._try(tx, number_in(subject) or 0, _Act(action, None, event, volunteer, now))

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
        return await self._try(tx, number, _Act(action, words or None, event, volunteer, now))

    async def edited_command(self, tx: Transaction, event: CommandGiven, volunteer: Person) -> Handled:
        """Correct the words that came with a command; nothing is done a second time because of an edit."""
        return await self._corrected(tx, event.as_message(numbered(event.argument)[1]), volunteer)

    def _for_leads(self, event: MessageReceived | ButtonPressed | CommandGiven, name: str) -> Handled:
        return Handled(f"refused {name}", (answer(event, Block(self._texts("desk.leads_only"))),))

    async def _try(self, tx: Transaction, number: int, act: _Act) -> Handled:
        """Check, then act; a refusal is told where it was tried."""
        try:
            escalation = await self._desk.find(tx, number)
            self._check(escalation, act)
            messages = await self._do(tx, escalation, act)
            if act.action == "send_entry" or (act.words is None and act.action in ASKS_FOR_WORDS):
                return Handled(f"asks {act.action} #{number}", messages)
            await tx.audit.add(act.volunteer.number, act.event.sender.role, act.action, act.now, number=number)
            return Handled(f"{act.action} #{number}", messages)
        except EscalationError as error:
            refused = Block(refusal(self._texts, error, number))
            own = isinstance(error, rules.OwnQuestion)
            told = for_them_only(act.event, act.volunteer, refused) if own else self._here(act, refused)
            return Handled(f"refused {act.action} #{number}", (told,))

    @staticmethod
    def _check(escalation: Escalation, act: _Act) -> None:
        role, volunteer = act.event.sender.role, act.volunteer.number
        if act.plain:
            rules.check_plain(role, volunteer, escalation)
        rules.check(act.action, role, volunteer, escalation)

    def _here(self, act: _Act, *blocks: Block) -> OutgoingMessage:
        return answer(act.event, *blocks)

    async def _do(self, tx: Transaction, escalation: Escalation, act: _Act) -> tuple[OutgoingMessage, ...]:
        if act.words is None and act.action in ASKS_FOR_WORDS:
            return await self._asks(tx, escalation, act, *ASKS_FOR_WORDS[act.action])
        work, sender, volunteer = self._work, act.event.sender, act.volunteer.number
        at, now, words = act.event.address, act.now, act.words or ""
        said = words_of(act.event, words)
        hidden = isinstance(act.event, CommandGiven) and act.event.hidden
        match act.action:
            case "claim":
                await self._check_room(tx, escalation, act)
                return await work.claim(tx, escalation, volunteer, now)
            case "reply":
                return await work.reply(tx, escalation, sender, volunteer, said, at, now, hidden=hidden)
            case "note" if words == NO_NOTE:
                return ()
            case "note":
                return await work.note(tx, escalation, sender, volunteer, said, at, now, hidden=hidden)
            case "hand_back":
                asks = act.words is None and escalation.status is Status.CLAIMED
                back = await work.hand_back(tx, escalation, sender, volunteer, "" if words == NO_NOTE else words, now)
                asked = await self._asks(tx, escalation, act, Waiting.NOTE, "desk.ask_hand_back") if asks else ()
                return (*back, *asked)
            case "close":
                return await work.close(tx, escalation, sender, now)
            case "reopen":
                return await work.reopen(tx, escalation, now)
            case "pass":
                await tx.escalations.pass_on(escalation.id, volunteer)
                passed = Block(self._texts("desk.passed", number=escalation.id), Style.SMALL)
                return (for_them_only(act.event, act.volunteer, passed),)
            case _:
                return await self._canned.preview(tx, act.event, escalation, act.volunteer, words, now)

    async def _asks(
        self, tx: Transaction, escalation: Escalation, act: _Act, waiting: Waiting, key: str
    ) -> tuple[OutgoingMessage, ...]:
        """Ask for words; what is written next is they."""
        awaiting = Awaiting(waiting, str(escalation.id), escalation.id)
        await tx.conversations.wait_for(act.volunteer.number, where_answered(act.event), awaiting, act.now)
        return (self._here(act, Block(self._texts(key))),)

    async def _check_room(self, tx: Transaction, escalation: Escalation, act: _Act) -> None:
        """Refuse a claim beyond what a volunteer takes at once; urgent ones and leads are free of that.

        Raises:
            FullHands: they have as many as they take.
        """
        volunteer = await tx.roster.get(act.volunteer.number)
        if volunteer is None or escalation.urgent or act.event.sender.role is Role.LEAD:
            return
        has_room, load = await self._desk.caller.has_room(tx, volunteer)
        if not has_room and escalation.status is Status.WAITING:
            raise FullHands(load)

    async def _resend(self, tx: Transaction, act: _Act, subject: str) -> Handled:
        """Send a failed message again, for the owner of the escalation that it is about, or a lead."""
        number = number_in(subject) or 0
        about = await tx.outbox.about(number) or 0
        try:
            escalation = await self._desk.find(tx, about)
            rules.check(act.action, act.event.sender.role, act.volunteer.number, escalation)
        except EscalationError as error:
            refused = Block(refusal(self._texts, error, about))
            return Handled(f"refused {act.action} #{about}", (self._here(act, refused),))
        if await tx.outbox.resend(number, act.now) and number in await tx.outbox.replies(about):
            await tx.escalations.answered(about, act.now)
        await tx.audit.add(act.volunteer.number, act.event.sender.role, act.action, act.now, number=about)
        return Handled(f"{act.action} #{about}")
