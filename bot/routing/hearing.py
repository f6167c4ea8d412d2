"""What a member wrote, in the order of the product rules: danger, corrections, buttons, relays, what was waited for."""

from __future__ import annotations

from datetime import datetime

from bot.conversation.asked import Asked
from bot.conversation.browse import stage_named
from bot.conversation.commands import Commands
from bot.conversation.following_up import FollowUps
from bot.conversation.mine import Mine
from bot.conversation.relaying import Relaying
from bot.conversation.service import ConversationService
from bot.conversation.typed import FOR_A_PERSON, is_short
from bot.domain.conversation import AT_DESK, Awaiting, Waiting
from bot.domain.escalation import Escalation, Reason, Voice
from bot.domain.labels import plain
from bot.domain.messages import Addressed, Block, Button, Handled, MessageReceived, Place
from bot.domain.people import Person
from bot.escalation.asked_for import has_lapsed
from bot.escalation.desk import REOPEN_WITHIN
from bot.escalation.room import DeskRoom
from bot.moderation.gate import Gate
from bot.routing.buttons import Buttons
from bot.storage.store import Transaction
from bot.triage.decision import Silent
from bot.triage.speech import Speech
from bot.triage.triage import Triaged


class Hearing:
    """Handles messages of members."""

    def __init__(
        self,
        service: ConversationService,
        commands: Commands,
        follow_ups: FollowUps,
        mine: Mine,
        relaying: Relaying,
        room: DeskRoom,
        gate: Gate,
        buttons: Buttons,
    ) -> None:
        self._service = service
        self._commands = commands
        self._follow_ups = follow_ups
        self._mine = mine
        self._relaying = relaying
        self._room = room
        self._gate = gate
        self._buttons = buttons
        texts = service.texts
        self._labels = frozenset(plain(texts(key)) for key in texts.names() if key.startswith("button."))
        self._asks_for_person = frozenset(plain(texts(f"button.{name}")) for name in ("person", "none"))

    async def message(self, tx: Transaction, event: MessageReceived, asked: Asked, now: datetime) -> Handled:
        """Handle what a member wrote, in the order of the product rules."""
        if event.edited and await self._is_work(tx, event, asked.person):
            return await self._room.message(tx, event, asked.person, now)
        triaged = self._service.live.triage.decide(event.text, event.addressed)
        about = await self._about_another(tx, event, asked.person, now)
        if triaged.reading.flag and triaged.reading.flag.route in ("emergency", "crisis") and not about:
            if not event.edited and await self._is_awaited_by_desk(tx, event, asked.person, now):
                return await self._room.message(tx, event, asked.person, now)
            return await self._service.act(tx, asked, triaged, now)
        if event.edited:
            corrected = await self._corrected(tx, event, asked.person)
            if corrected:
                return corrected
        button = await self._buttons.typed(tx, event, asked.person, now)
        if button:
            return await self._buttons.press(tx, event, asked, button, now)
        if about:
            told = self._service.texts("desk.nobody_got", number=about)
            return Handled(f"beside threads #{about}", (asked.reply(Block(told)),))
        escalation = await self._answered_one(tx, event, asked.person, now)
        escalation = escalation or await self._answered_shortly(tx, event, asked, now)
        if escalation is not None:
            thanked = await self._mine.thanked(tx, asked, escalation, event.words, triaged, now)
            return thanked or await self._relaying.pass_on(tx, asked, escalation, event.words, triaged, now)
        awaited = await self._awaited(tx, event, asked, triaged, now)
        awaited = awaited or await self._label(tx, event, asked, now)
        return awaited or await self._question(tx, event, asked, triaged, now)

    async def _answered_shortly(
        self, tx: Transaction, event: MessageReceived, asked: Asked, now: datetime
    ) -> Escalation | None:
        """Give the one that "yes", "none" or "2" belongs to, when a volunteer's words stand right above in private."""
        if not (asked.private and is_short(event.text)):
            return None
        if not await self._buttons.answers_volunteer(tx, event, asked.person):
            return None
        return await self._relaying.partner(tx, asked.person.number, now)

    async def _label(self, tx: Transaction, event: MessageReceived, asked: Asked, now: datetime) -> Handled | None:
        """Take a button's words with no such button in sight: they ask for a person, a stage ("stage 6") or nothing."""
        words = plain(event.text)
        if words.startswith("stage ") and stage_named(words, self._service.live.knowledge.stages):
            return await self._commands.handle(tx, asked, "stages", words, now)
        if words in self._asks_for_person or (words in FOR_A_PERSON and event.addressed is Addressed.DIRECT):
            return await self._buttons.press(tx, event, asked, Button(event.text, "person", ""), now)
        if words in self._labels:
            return Handled("stale", (asked.reply(Block(self._service.texts("error.stale"))),))
        if most := await self._buttons.beyond(tx, event, asked.person):
            return Handled("no such choice", (asked.reply(Block(self._service.texts("clarify.no_such", most=most))),))
        return None

    async def unreadable(self, tx: Transaction, event: MessageReceived, asked: Asked, now: datetime) -> Handled:
        """Say what can be read; in a channel for questions a sticker is people's talk."""
        if event.addressed is not Addressed.DIRECT:
            return Handled("unreadable talk")
        if await self._is_awaited_by_desk(tx, event, asked.person, now):
            return await self._room.message(tx, event, asked.person, now)
        held = await self._gate.too_much(tx, event, asked.person, now)
        texts = self._service.texts
        person = Button(texts("button.person"), "person", "")
        told = asked.reply(Block(texts("unreadable.to_asker")), buttons=(person,))
        return held or Handled("unreadable", (told,))

    async def _corrected(self, tx: Transaction, event: MessageReceived, person: Person) -> Handled | None:
        """Pass an edit on to the volunteers; one of a question that was answered already wants no second answer.

        None: it is to be handled like any message (a question that only now is meant for the bot).
        """
        found = await tx.said.corrected(person.number, event.words)
        number = found[0] if found else await tx.escalations.asked_in(person.number, event.address, event.message_id)
        escalation = await tx.escalations.get(number) if number else None
        if escalation and escalation.asker == person.number and escalation.reason is not Reason.SPAM:
            desk = self._service.desk
            told = desk.corrected(escalation, Voice.ASKER, escalation.asker_name, event.text)
            cards = () if found else await desk.reworded(tx, escalation, event.text)
            return Handled(f"corrected #{escalation.id}", (*cards, *told))
        if await tx.conversations.asked_in(person.number, event.address, event.message_id):
            return Handled("edit of an answered question")
        return None

    @staticmethod
    async def _is_work(tx: Transaction, event: MessageReceived, person: Person) -> bool:
        """Tell whether an edit corrects what somebody wrote as a volunteer: that is no question of theirs."""
        if not event.sender.role.works_the_desk:
            return False
        found = await tx.said.corrected(person.number, event.words)
        return found is not None and found[1] is not Voice.ASKER

    async def _about_another(
        self, tx: Transaction, event: MessageReceived, person: Person, now: datetime
    ) -> int | None:
        """Give the question of somebody else that a volunteer answers in private, unasked: it is none of their own."""
        if not (event.sender.role.works_the_desk and event.place is Place.PRIVATE and event.reply_to):
            return None
        number = await tx.outbox.escalation_of(event.address, event.reply_to)
        escalation = await tx.escalations.get(number) if number else None
        if escalation is None or escalation.asker == person.number or await self._is_fresh(tx, event, person, now):
            return None
        return number

    async def _is_awaited_by_desk(self, tx: Transaction, event: MessageReceived, person: Person, now: datetime) -> bool:
        """Tell whether a volunteer was asked for these words: what they write of danger is then about an asker.

        A reply to what the bot told them as an asker is still their own cry.
        """
        if not await self._is_fresh(tx, event, person, now):
            return False
        return await self._answered_one(tx, event, person, now) is None

    @staticmethod
    async def _is_fresh(tx: Transaction, event: MessageReceived, person: Person, now: datetime) -> bool:
        """Tell whether a volunteer was asked for words not long ago; much later they are meant for somebody else."""
        awaiting = await tx.conversations.awaiting(person.number, event.address)
        if awaiting is None or awaiting.what not in AT_DESK or not event.sender.role.works_the_desk:
            return False
        return not await has_lapsed(tx, event.address, person.number, now)

    async def _awaited(
        self, tx: Transaction, event: MessageReceived, asked: Asked, triaged: Triaged, now: datetime
    ) -> Handled | None:
        """Take a message for what was waited for; anything else simply ends the waiting."""
        awaiting = await tx.conversations.awaiting(asked.person.number, asked.address)
        if awaiting is None:
            return None
        if awaiting.what in AT_DESK and event.sender.role.works_the_desk:
            fresh = await self._is_fresh(tx, event, asked.person, now)
            return await self._room.message(tx, event, asked.person, now) if fresh else None
        if awaiting.what is Waiting.RATING and await has_lapsed(tx, event.address, asked.person.number, now):
            return None  # a line after a rating comes at once; a day later it is news
        if awaiting.what is Waiting.FOLLOW_UP:
            filled = await self._follow_ups.fill(tx, asked, awaiting.subject, asked.text, now)
            if filled:
                return filled
        if awaiting.what is Waiting.QUESTION and triaged.reading.speech is Speech.CHATTER and not event.attachments:
            return None  # "thanks, good night" is not the question that was waited for
        await tx.conversations.wait_for(asked.person.number, asked.address, None, now)
        if awaiting == Awaiting(Waiting.QUESTION, "person"):
            return await self._commands.hand_over(tx, asked, now)
        if awaiting.what in (Waiting.ADD, Waiting.RATING) and event.addressed is Addressed.DIRECT:
            return await self._mine.awaited(tx, asked, awaiting, event.words, triaged, now)
        return None

    async def _question(
        self, tx: Transaction, event: MessageReceived, asked: Asked, triaged: Triaged, now: datetime
    ) -> Handled:
        """Decide a message; in private with an open escalation, what is no question goes to the volunteer.

        So does a question of which the bot knows nothing, once a volunteer has it.
        """
        if not asked.private:
            return await self._act(tx, event, asked, triaged, now)
        open_one = await self._relaying.partner(tx, asked.person.number, now)
        if open_one is None:
            after = await self._mine.after_close(tx, asked, event.words, triaged, now)
            if after:
                return after
            return await self._act(tx, event, asked, triaged, now)
        if triaged.reading.speech is not Speech.QUESTION:
            return await self._relaying.pass_on(tx, asked, open_one, event.words, triaged, now)
        if self._relaying.takes(open_one, triaged.decision):
            return await self._relaying.ask(tx, asked, open_one, event.words, triaged, now)
        held = await self._gate.too_much(tx, event, asked.person, now)
        return held or await self._service.act_beside(tx, asked, triaged, open_one, now)

    async def _act(
        self, tx: Transaction, event: MessageReceived, asked: Asked, triaged: Triaged, now: datetime
    ) -> Handled:
        """Do what was decided, unless too much is asked at once; people's chatter is not counted."""
        silent = isinstance(triaged.decision, Silent)
        held = None if silent else await self._gate.too_much(tx, event, asked.person, now)
        return held or await self._service.act(tx, asked, triaged, now)

    async def _answered_one(
        self, tx: Transaction, event: MessageReceived, person: Person, now: datetime
    ) -> Escalation | None:
        """Give the asker's own escalation that a message replies to, open or closed within the last 14 days."""
        if event.reply_to is None:
            return None
        number = await tx.outbox.escalation_of(event.address, event.reply_to)
        number = number or await tx.escalations.asked_in(person.number, event.address, event.reply_to)
        escalation = await tx.escalations.get(number) if number else None
        if escalation is None or escalation.asker != person.number or escalation.reason is Reason.SPAM:
            return None
        if escalation.closed_at and now - escalation.closed_at > REOPEN_WITHIN:
            return None
        return escalation
