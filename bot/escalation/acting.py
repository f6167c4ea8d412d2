"""One action of a volunteer on one escalation: checked, done by `work.py`, or refused where it was tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.conversation import Awaiting, Waiting
from bot.domain.escalation import Escalation, Status, number_in
from bot.domain.messages import (
    Block,
    ButtonPressed,
    CommandGiven,
    Handled,
    MessageReceived,
    OutgoingMessage,
    Style,
)
from bot.domain.people import Person, Role
from bot.errors import EscalationError, FullHands
from bot.escalation import fates, notices, rules
from bot.escalation.canned import Canned
from bot.escalation.desk import EscalationDesk
from bot.escalation.features import answer, for_them_only, where_answered
from bot.escalation.refusals import refusal
from bot.escalation.work import DeskWork
from bot.escalation.written import words_of
from bot.storage.store import Transaction

ASKS_FOR_WORDS = {
    "note": (Waiting.NOTE, "desk.ask_note"),
    "reply": (Waiting.REPLY, "desk.ask_reply"),
    "send_entry": (Waiting.SEND_ENTRY, "desk.ask_entry"),
}
NO_NOTE = "-"  # typed instead of a hand-over note


@dataclass(frozen=True, slots=True)
class Act:
    """One action of a volunteer on one escalation; `words` is None when they are still to be asked for.

    A `plain` one was written in a thread without a button or command that asks for it. `word` is set where its words
    are nothing but the word of a button or command: the action that it names.
    """

    action: str
    words: str | None
    event: MessageReceived | ButtonPressed | CommandGiven
    volunteer: Person
    now: datetime
    plain: bool = False
    word: str | None = None


class Acting:
    """Does what volunteers ask for, if they may."""

    def __init__(self, desk: EscalationDesk, canned: Canned) -> None:
        self._desk = desk
        self._work = DeskWork(desk)
        self._canned = canned
        self._texts = desk.texts

    async def act(self, tx: Transaction, number: int, act: Act) -> Handled:
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
            outcome = "needless" if isinstance(error, rules.Needless) else "refused"
            return Handled(f"{outcome} {act.action} #{number}", (told,))

    @staticmethod
    def _check(escalation: Escalation, act: Act) -> None:
        role, volunteer = act.event.sender.role, act.volunteer.number
        if act.plain:
            rules.check_plain(role, volunteer, escalation)
        rules.check(act.action, role, volunteer, escalation)
        if act.word is not None:
            rules.check_word(act.action, act.words or "", act.word, role, volunteer, escalation)

    def _here(self, act: Act, *blocks: Block) -> OutgoingMessage:
        return answer(act.event, *blocks)

    async def _do(self, tx: Transaction, escalation: Escalation, act: Act) -> tuple[OutgoingMessage, ...]:
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
        self, tx: Transaction, escalation: Escalation, act: Act, waiting: Waiting, key: str
    ) -> tuple[OutgoingMessage, ...]:
        """Ask for words; what is written next is they."""
        awaiting = Awaiting(waiting, str(escalation.id), escalation.id)
        await tx.conversations.wait_for(act.volunteer.number, where_answered(act.event), awaiting, act.now)
        return (self._here(act, Block(self._texts(key))),)

    async def _check_room(self, tx: Transaction, escalation: Escalation, act: Act) -> None:
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

    async def resend(self, tx: Transaction, act: Act, subject: str) -> Handled:
        """Send a failed message again, for the owner of the escalation that it is about, or a lead."""
        number = number_in(subject) or 0
        about = await tx.outbox.about(number) or 0
        try:
            escalation = await self._desk.find(tx, about)
            rules.check(act.action, act.event.sender.role, act.volunteer.number, escalation)
        except EscalationError as error:
            refused = Block(refusal(self._texts, error, about))
            return Handled(f"refused {act.action} #{about}", (self._here(act, refused),))
        kept = await tx.outbox.kept(number)
        message = notices.as_of_now(escalation, kept) if kept else None
        if message is None or not await tx.outbox.resend(number, message, act.now):
            return Handled(f"{act.action} nothing", (self._here(act, Block(self._texts("desk.not_failed"))),))
        if message.tell_fate:
            await tx.escalations.answered(about, act.now)
        await tx.audit.add(act.volunteer.number, act.event.sender.role, act.action, act.now, number=about)
        told = fates.sent_again(self._desk, escalation, message) or (self._here(act, self._sent_again(escalation)),)
        return Handled(f"{act.action} #{about}", told)

    def _sent_again(self, escalation: Escalation) -> Block:
        return Block(self._texts("desk.sent_again", pseudonym=escalation.asker_name), Style.SMALL)
