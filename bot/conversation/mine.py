"""The asker's side of their open questions: where each stands, adding to it, its name and place, a word at the end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from bot.conversation.asked import Asked
from bot.conversation.relaying import Relaying
from bot.conversation.service import ConversationService
from bot.domain.conversation import Awaiting, Waiting
from bot.domain.escalation import Escalation, Reason, number_in
from bot.domain.messages import Address, Block, Button, Handled, Style, Words
from bot.escalation import notices
from bot.escalation.afterwards import Afterwards
from bot.escalation.desk import REOPEN_WITHIN
from bot.storage.store import Transaction
from bot.triage.decision import HandOff, Silent
from bot.triage.speech import Speech, kind_of
from bot.triage.triage import Triaged

MOST_BUTTONS = 5  # questions under which /mine has buttons
NAMED = ("desk.named", "escalation.named", "hide_name")  # said at the desks, said to the asker, the way back
UNNAMED = ("desk.unnamed", "escalation.unnamed", "show_name")
Press = Callable[[Transaction, Asked, str, datetime], Awaitable[Handled]]


class Mine:
    """What askers do with their own escalations, beside replying to messages about them."""

    def __init__(self, service: ConversationService, relaying: Relaying) -> None:
        self._service = service
        self._relaying = relaying
        self._afterwards = Afterwards(service.desk)
        self._texts = service.texts

    def presses(self) -> dict[str, Press]:
        """Give its buttons."""
        return {
            "show_name": self._show_name,
            "hide_name": self._hide_name,
            "in_group": self._in_group,
            "add": self._add,
            "helped": self._helped,
            "not_helped": self._not_helped,
        }

    async def show(self, tx: Transaction, asked: Asked, now: datetime) -> Handled:
        """Say where each open question stands, who has it, where the answer comes, and what can be done."""
        found = await tx.escalations.of_asker(asked.person.number, closed_after=now)
        mine = [one for one in found if one.is_open and one.reason is not Reason.SPAM]
        if not mine:
            return Handled("mine", (asked.reply(Block(self._texts("mine.none"))),))
        blocks = [block for one in mine for block in self._lines(one, now)]
        shown = asked.reply(*blocks, Block(self._texts("mine.how"), Style.SMALL), buttons=self._buttons(mine))
        if asked.private:
            return Handled("mine", (shown,))
        private = replace(shown, to=Address.private_with(asked.person.id), reply_to=None)
        return Handled("mine", (private, asked.reply(Block(self._texts("privacy.in_private")))))

    def _lines(self, one: Escalation, now: datetime) -> tuple[Block, ...]:
        status = notices.status_for_asker(self._texts, one)
        line = self._texts("mine.line", number=one.id, status=status, question=" ".join(one.question.split())[:200])
        place = self._texts("mine.private" if one.private else "mine.group")
        since = self._texts("mine.since", time=notices.in_words(now - one.opened_at), place=place)
        return Block(line, Style.QUOTE), Block(since)

    def _buttons(self, mine: list[Escalation]) -> tuple[Button, ...]:
        return tuple(
            Button(self._texts(f"mine.button_{action}", number=one.id), action, str(one.id))
            for one in mine[:MOST_BUTTONS]
            for action in ("add", self._other_choice(one))
            if action
        )

    @staticmethod
    def _other_choice(one: Escalation) -> str | None:
        """Give what else can be done: a cry for help is not cancelled, but it may be answered in private."""
        if one.urgent:
            return None if one.private else "in_private"
        return "cancel"

    async def _own(self, tx: Transaction, asked: Asked, subject: str) -> Escalation | None:
        """Give the asker's own escalation, if it is still open."""
        escalation = await tx.escalations.get(number_in(subject) or 0)
        mine = escalation and escalation.asker == asked.person.number and escalation.is_open
        return escalation if mine else None

    def _stale(self, asked: Asked) -> Handled:
        return Handled("stale", (asked.reply(Block(self._texts("error.stale"))),))

    async def _show_name(self, tx: Transaction, asked: Asked, subject: str, now: datetime) -> Handled:
        """Let the volunteers see the asker's name from now on."""
        return await self._named(tx, asked, subject, shown=True)

    async def _hide_name(self, tx: Transaction, asked: Asked, subject: str, now: datetime) -> Handled:
        """Let the volunteers see the made-up name again; what they have read stays read."""
        return await self._named(tx, asked, subject, shown=False)

    async def _named(self, tx: Transaction, asked: Asked, subject: str, *, shown: bool) -> Handled:
        escalation = await self._own(tx, asked, subject)
        if escalation is None:
            return self._stale(asked)
        await tx.escalations.show_name(escalation.id, shown=shown)
        desk = self._service.desk
        fresh = await desk.find(tx, escalation.id)
        told, done, other = NAMED if shown else UNNAMED
        words = Block(self._texts(told, pseudonym=escalation.asker_name, name=fresh.asker_name))
        undo = Button(self._texts(f"button.{other}"), other, str(fresh.id))
        confirmed = Block(self._texts(done, number=fresh.id, name=fresh.asker_name))
        to_asker = asked.reply(confirmed, buttons=(undo,))
        cards = await desk.cards(tx, fresh)
        return Handled(f"{'show' if shown else 'hide'}_name #{fresh.id}", (*cards, *desk.tell(fresh, words), to_asker))

    async def _in_group(self, tx: Transaction, asked: Asked, subject: str, now: datetime) -> Handled:
        """Send answers to the group again, where the question was asked there."""
        escalation = await self._own(tx, asked, subject)
        origin = await tx.escalations.asked_at(escalation.id) if escalation else None
        if escalation is None or origin is None or origin.is_private:
            return self._stale(asked)
        await self._service.desk.move(tx, escalation, origin, now, private=False)
        moved = Block(self._texts("escalation.moved_group", number=escalation.id))
        return Handled(f"in_group #{escalation.id}", (asked.reply(moved),))

    async def _add(self, tx: Transaction, asked: Asked, subject: str, now: datetime) -> Handled:
        escalation = await self._own(tx, asked, subject)
        if escalation is None:
            return self._stale(asked)
        await tx.conversations.wait_for(asked.person.number, asked.address, Awaiting(Waiting.ADD, subject), now)
        return Handled("add asks", (asked.reply(Block(self._texts("mine.add", number=escalation.id))),))

    async def _helped(self, tx: Transaction, asked: Asked, subject: str, now: datetime) -> Handled:
        return await self._rated(tx, asked, subject, now, helped=True)

    async def _not_helped(self, tx: Transaction, asked: Asked, subject: str, now: datetime) -> Handled:
        return await self._rated(tx, asked, subject, now, helped=False)

    async def _rated(self, tx: Transaction, asked: Asked, subject: str, now: datetime, *, helped: bool) -> Handled:
        """Pass on whether it helped; a line may follow, and is passed on as well."""
        escalation = await tx.escalations.get(number_in(subject) or 0)
        if escalation is None or escalation.asker != asked.person.number:
            return self._stale(asked)
        awaiting = Awaiting(Waiting.RATING, subject)
        await tx.conversations.wait_for(asked.person.number, asked.address, awaiting, now)
        rating = "helped" if helped else "not_helped"
        await tx.care.rate(escalation.id, rating, now)
        told = await self._afterwards.rated(tx, escalation, helped=helped, now=now)
        return Handled(f"{rating} #{escalation.id}", told)

    async def awaited(
        self, tx: Transaction, asked: Asked, awaiting: Awaiting, words: Words, triaged: Triaged, now: datetime
    ) -> Handled | None:
        """Take a message for what is added, or for a line after a rating; a question after one is a new question."""
        escalation = await tx.escalations.get(number_in(awaiting.subject) or 0)
        if escalation is None or escalation.asker != asked.person.number:
            return None
        if awaiting.what is Waiting.ADD or (escalation.is_open and triaged.reading.speech is not Speech.QUESTION):
            return await self._relaying.pass_on(tx, asked, escalation, words, triaged, now)
        if triaged.reading.speech is Speech.QUESTION or escalation.is_open:
            return None
        return await self._word(tx, asked, escalation, words, triaged, now)

    async def after_close(
        self, tx: Transaction, asked: Asked, words: Words, triaged: Triaged, now: datetime
    ) -> Handled | None:
        """In private, within 14 days: thanks are passed on, and what is told opens the last question again."""
        if triaged.reading.speech is Speech.QUESTION:
            return None
        since = await tx.escalations.of_asker(asked.person.number, closed_after=now - REOPEN_WITHIN)
        closed = [one for one in since if not one.is_open and one.answered_at and one.reason is not Reason.SPAM]
        if not closed:
            return None
        if triaged.reading.speech is Speech.CHATTER:
            return await self._word(tx, asked, closed[0], words, triaged, now) if words.text.strip() else None
        unanswerable = isinstance(triaged.decision, Silent | HandOff) and not triaged.reading.flag
        if not unanswerable:
            return None
        return await self._relaying.pass_on(tx, asked, closed[0], words, triaged, now)

    async def thanked(
        self, tx: Transaction, asked: Asked, escalation: Escalation, words: Words, triaged: Triaged, now: datetime
    ) -> Handled | None:
        """Pass thanks on that answer a closed question, without opening it again; in doubt more is wanted."""
        if escalation.is_open or kind_of(words.text) is not Speech.CHATTER:
            return None
        return await self._word(tx, asked, escalation, words, triaged, now)

    async def _word(
        self, tx: Transaction, asked: Asked, escalation: Escalation, words: Words, triaged: Triaged, now: datetime
    ) -> Handled:
        """Pass a last word on; what raises a red flag is none, and opens the question again."""
        if triaged.reading.flag:
            return await self._relaying.pass_on(tx, asked, escalation, words, triaged, now)
        told = await self._afterwards.last_word(tx, escalation, words, now)
        return Handled(f"word #{escalation.id}", told)
