"""The front door: each event once, one at a time per address, routed, its messages stored with what it changed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

import structlog

from bot.conversation.commands import Commands
from bot.conversation.following_up import FollowUps
from bot.conversation.mine import Mine
from bot.conversation.presses import Presses
from bot.conversation.service import Asked, ConversationService
from bot.conversation.typed import labelled, plain, pressed
from bot.domain.conversation import AT_DESK, Awaiting, Waiting
from bot.domain.escalation import Escalation, Reason, Voice
from bot.domain.limits import bounded
from bot.domain.messages import (
    Address,
    Addressed,
    Block,
    Button,
    ButtonPressed,
    ChatMoved,
    CommandGiven,
    Event,
    Handled,
    MessageReceived,
    OutgoingMessage,
    Place,
)
from bot.domain.people import Person
from bot.escalation.desk import REOPEN_WITHIN
from bot.escalation.notices import STARTS_NOTE
from bot.escalation.room import DeskRoom
from bot.meter import Meter
from bot.moderation.gate import Gate
from bot.storage.outbox import Shown
from bot.storage.store import Store, Transaction
from bot.triage.decision import HandOff, Silent
from bot.triage.speech import Speech
from bot.triage.triage import Triaged

OVERHEARD_WITHIN = timedelta(hours=1)  # in an ask channel, words count as a button only this long after it was shown
Clock = Callable[[], datetime]
Route = Callable[[Transaction, Event, Person, datetime], Awaitable[Handled]]
log = structlog.get_logger()


class Intake:
    """Takes events from every adapter; `stored` is called when messages wait in the outbox."""

    def __init__(
        self,
        store: Store,
        service: ConversationService,
        commands: Commands,
        presses: Presses,
        follow_ups: FollowUps,
        mine: Mine,
        room: DeskRoom,
        gate: Gate,
        clock: Clock,
        stored: Callable[[], None],
        meter: Meter | None = None,
    ) -> None:
        self._meter = meter or Meter()
        self._store = store
        self._service = service
        self._commands = commands
        self._presses = presses
        self._follow_ups = follow_ups
        self._mine = mine
        self._room = room
        self._gate = gate
        self._clock = clock
        self._stored = stored
        texts = service.texts
        self._labels = frozenset(plain(texts(key)) for key in texts.names() if key.startswith("button."))
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def accept(self, event: Event | ChatMoved) -> None:
        """Handle an event, unless it was handled before or is none of the bot's business.

        Raises:
            Exception: the database could not store it; the adapter has the platform deliver it again.
        """
        if isinstance(event, ChatMoved):
            await self._moved(event)
            return
        if isinstance(event, MessageReceived) and event.addressed is Addressed.NO and event.place is not Place.DESK:
            return  # people talking to each other: nothing is kept
        event = bounded(event)
        async with self._one_at_a_time(str(event.address)):
            arrived = time.perf_counter()
            try:
                outcome = await self._handle(event, self._route)
            except Exception:
                log.exception("event.failed", platform=event.address.platform, kind=type(event).__name__)
                outcome = await self._handle(event, self._last_resort)
            seconds = time.perf_counter() - arrived
            self._meter.handled(event, outcome, seconds)
            log.debug("event.handled", platform=event.address.platform, outcome=outcome, ms=round(seconds * 1000))
        self._stored()

    async def _moved(self, event: ChatMoved) -> None:
        """Let everything kept follow a group to its new number; a desk is shown its open escalations again."""
        now = self._clock()
        async with self._store.transaction() as tx:
            if not await tx.inbox.record(event.event_id, now):
                return
            await tx.moves.chat(event.platform, event.old, event.new)
            for message in await self._service.desk.shown_again(tx, Address(event.platform, event.new)):
                await tx.outbox.add(message, now)
            await tx.inbox.decided(event.event_id, "moved")
        self._stored()

    @asynccontextmanager
    async def _one_at_a_time(self, address: str) -> AsyncIterator[None]:
        lock = self._locks.get(address)
        if lock is None:
            lock = self._locks[address] = asyncio.Lock()
        async with lock:
            yield

    async def _handle(self, event: Event, route: Route) -> str | None:
        """Handle an event in one transaction; give the outcome, None if it was handled before."""
        now = self._clock()
        async with self._store.transaction() as tx:
            await tx.alone_at(str(event.address))
            if not await tx.inbox.record(event.event_id, now):
                return None
            person = await tx.people.known(event.sender, now)
            if event.place is Place.DESK or event.sender.role.works_the_desk:
                await tx.roster.seen(person.number, event.sender.role, now)
            handled = await route(tx, event, person, now)
            for message in handled.messages:
                await tx.outbox.add(message, now, event_id=event.event_id)
            await tx.inbox.decided(event.event_id, handled.outcome)
        return handled.outcome

    async def _route(self, tx: Transaction, event: Event, person: Person, now: datetime) -> Handled:
        if event.place is Place.DESK or self._works_from_elsewhere(event):
            return await self._at_desk(tx, event, person, now)
        held = await self._gate.restricted(tx, event, person, now)
        if held is None and not isinstance(event, MessageReceived):
            held = await self._gate.too_much(tx, event, person, now)
        return held or await self._from_asker(tx, event, person, now)

    async def _from_asker(self, tx: Transaction, event: Event, person: Person, now: datetime) -> Handled:
        asked = _asked(event, person)
        match event:
            case CommandGiven():
                await tx.conversations.wait_for(person.number, event.address, None, now)
                return await self._commands.handle(tx, asked, event.name, event.argument, now)
            case ButtonPressed():
                return await self._press(tx, event, asked, Button("", event.action, event.subject), now)
            case MessageReceived():
                return await self._message(tx, event, asked, now)

    def _works_from_elsewhere(self, event: Event) -> bool:
        """Tell whether this is work at the desk done outside it: a command, or a button of an answer in private."""
        if isinstance(event, CommandGiven):
            return event.name in self._room.commands
        pressed_desk = isinstance(event, ButtonPressed) and event.action in self._room.actions
        return pressed_desk and event.sender.role.works_the_desk

    async def _at_desk(self, tx: Transaction, event: Event, person: Person, now: datetime) -> Handled:
        if not event.sender.role.works_the_desk:
            return await self._stranger(event)
        match event:
            case CommandGiven() if event.name in self._room.commands:
                return await self._room.command(tx, event, person, now)
            case CommandGiven():
                return await self._commands.handle(tx, _asked(event, person), event.name, event.argument, now)
            case ButtonPressed() if event.action in self._room.actions:
                return await self._room.press(tx, event, event.action, event.subject, person, now)
            case ButtonPressed():
                return await self._press(tx, event, _asked(event, person), Button("", event.action, event.subject), now)
            case MessageReceived():
                return await self._desk_message(tx, event, person, now)

    async def _stranger(self, event: Event) -> Handled:
        """Tell somebody who is no volunteer that this is not theirs; what they merely write there is left alone."""
        if isinstance(event, MessageReceived):
            return Handled("stranger at desk")
        return Handled("refused stranger", (_here(event, self._service.texts("desk.volunteers_only")),))

    async def _desk_message(self, tx: Transaction, event: MessageReceived, person: Person, now: datetime) -> Handled:
        awaiting = await tx.conversations.awaiting(person.number, event.address)
        is_note = event.text.lstrip().startswith(STARTS_NOTE)  # "// close" is a note, not a button
        if awaiting is None and not event.edited and not is_note:
            own = await self._typed(tx, event, person, now)
            if own and own.action not in self._room.actions:
                return await self._press(tx, event, _asked(event, person), own, now)
            number = await tx.escalations.in_thread(event.address) if event.address.thread else None
            button = await self._typed_at_desk(tx, event, number) if number else None
            if button and button.action in self._room.actions:
                return await self._room.press(tx, event, button.action, button.subject, person, now)
        return await self._room.message(tx, event, person, now)

    @staticmethod
    async def _typed_at_desk(tx: Transaction, event: MessageReceived, number: int) -> Button | None:
        """Give the button that was typed in an escalation's thread: of its newest messages, or of its card."""
        for shown in await tx.outbox.in_thread(event.address, number):
            if found := labelled(event.text, shown.buttons):
                return found
        card = await tx.outbox.card_shown(event.address, number)
        return pressed(event.text, card.buttons) if card else None

    async def _typed(self, tx: Transaction, event: MessageReceived, person: Person, now: datetime) -> Button | None:
        """Give the button that was typed: of the message replied to, of the last one shown, or a label further up.

        In a channel for questions people talk to each other as well: there a "yes" or "no" is no button, and nothing
        is, once some time has passed.
        """
        for place in (event.address, event.room) if event.reply_to else ():
            replied = await tx.outbox.shown_in(place, event.reply_to or "") if place else None
            if replied and replied.person in (None, person.number):
                return pressed(event.text, self._with_share(replied))
        shown = await tx.outbox.shown_to(event.address, person.number)
        directly = event.addressed is Addressed.DIRECT
        if not shown or not (directly or now - shown[0].sent_at < OVERHEARD_WITHIN):
            return None
        button = pressed(event.text, self._with_share(shown[0]), loosely=directly)
        return button or next((found for one in shown[1:] if (found := labelled(event.text, one.buttons))), None)

    def _with_share(self, shown: Shown) -> tuple[Button, ...]:
        """Give a message's buttons with the one that the adapter adds where only its reader saw it."""
        share = Button(self._service.texts("button.share"), "share", str(shown.number))
        return (*shown.buttons, share) if shown.shareable else shown.buttons

    async def _press(self, tx: Transaction, event: Event, asked: Asked, button: Button, now: datetime) -> Handled:
        if button.action in self._room.actions and isinstance(event, MessageReceived) and asked.works_the_desk:
            return await self._room.press(tx, event, button.action, button.subject, asked.person, now)
        if button.action in self._room.actions:
            return Handled("refused stranger", (_here(event, self._service.texts("desk.volunteers_only")),))
        if not self._presses.knows(button.action):
            return Handled("stale", (_here(event, self._service.texts("error.stale")),))
        return await self._presses.handle(tx, asked, button, now)

    async def _message(self, tx: Transaction, event: MessageReceived, asked: Asked, now: datetime) -> Handled:
        """Handle what a member wrote, in the order of the product rules."""
        triaged = self._service.live.triage.decide(event.text, event.addressed)
        if triaged.reading.flag and triaged.reading.flag.route in ("emergency", "crisis"):
            return await self._service.act(tx, asked, triaged, now)
        if event.edited:
            corrected = await self._corrected(tx, event, asked.person)
            if corrected:
                return corrected
        button = await self._typed(tx, event, asked.person, now)
        if button:
            return await self._press(tx, event, asked, button, now)
        escalation = await self._answered_one(tx, event, asked.person, now)
        if escalation is not None:
            thanked = await self._mine.thanked(tx, escalation, event.words, triaged, now)
            if thanked:
                return thanked
            said = await self._service.desk.asker_said(tx, escalation, event.words, now)
            return Handled(f"said #{escalation.id}", said)
        awaited = await self._awaited(tx, event, asked, triaged, now)
        if awaited:
            return awaited
        if plain(event.text) in self._labels:  # a button's words, and no such button in sight: no question for anybody
            return Handled("stale", (asked.reply(Block(self._service.texts("error.stale"))),))
        return await self._question(tx, event, asked, triaged, now)

    async def _corrected(self, tx: Transaction, event: MessageReceived, person: Person) -> Handled | None:
        """Pass an edit on to the volunteers; one of a question that was answered already wants no second answer.

        None: it is to be handled like any message (a question that only now is meant for the bot).
        """
        found = await tx.escalations.corrected(person.number, event.words)
        number = found[0] if found else await tx.escalations.asked_in(event.address, event.message_id)
        escalation = await tx.escalations.get(number) if number else None
        if escalation and escalation.asker == person.number and escalation.reason is not Reason.SPAM:
            desk = self._service.desk
            told = desk.corrected(escalation, Voice.ASKER, escalation.asker_name, event.text)
            return Handled(f"corrected #{escalation.id}", told)
        if await tx.conversations.asked_in(person.number, event.address, event.message_id):
            return Handled("edit of an answered question")
        return None

    async def _awaited(
        self, tx: Transaction, event: MessageReceived, asked: Asked, triaged: Triaged, now: datetime
    ) -> Handled | None:
        """Take a message for what was waited for; anything else simply ends the waiting."""
        awaiting = await tx.conversations.awaiting(asked.person.number, asked.address)
        if awaiting is None:
            return None
        if awaiting.what in AT_DESK and event.sender.role.works_the_desk:
            return await self._room.message(tx, event, asked.person, now)
        if awaiting.what is Waiting.FOLLOW_UP:
            filled = await self._follow_ups.fill(tx, asked, awaiting.subject, asked.text, now)
            if filled:
                return filled
        if awaiting.what is Waiting.QUESTION and triaged.reading.speech is Speech.CHATTER:
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
        """Decide a message; in private with an open escalation, what is no question goes to the volunteer."""
        if not asked.private:
            return await self._act(tx, event, asked, triaged, now)
        recent = await tx.escalations.of_asker(asked.person.number, closed_after=now)
        open_one = next((one for one in recent if one.is_open and one.reason is not Reason.SPAM), None)
        if open_one is None:
            after = await self._mine.after_close(tx, asked, event.words, triaged, now)
            if after:
                return after
            return await self._act(tx, event, asked, triaged, now)
        if triaged.reading.speech is not Speech.QUESTION:
            said = await self._service.desk.asker_said(tx, open_one, event.words, now)
            return Handled(f"said #{open_one.id}", said)
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
        number = number or await tx.escalations.asked_in(event.address, event.reply_to)
        escalation = await tx.escalations.get(number) if number else None
        if escalation is None or escalation.asker != person.number or escalation.reason is Reason.SPAM:
            return None
        if escalation.closed_at and now - escalation.closed_at > REOPEN_WITHIN:
            return None
        return escalation

    async def _last_resort(self, tx: Transaction, event: Event, person: Person, now: datetime) -> Handled:
        """Our own mistake must not cost a question: hand it over, or at least ask for it again."""
        words = getattr(event, "text", "") or getattr(event, "argument", "")
        if event.place is Place.DESK or not words.strip():
            return Handled("failed", (_here(event, self._service.texts("error.failed")),))
        return await self._service.hand_over_unread(tx, _asked(event, person), HandOff(Reason.UNKNOWN), now)


def _asked(event: Event, person: Person) -> Asked:
    text = event.text if isinstance(event, MessageReceived) else getattr(event, "argument", "")
    addressed = event.addressed if isinstance(event, MessageReceived) else Addressed.DIRECT
    private = event.place is Place.PRIVATE
    works_the_desk = event.sender.role.works_the_desk
    was_pressed = isinstance(event, ButtonPressed)
    place = (event.address, private, event.message_id)
    return Asked(person, text, *place, addressed, works_the_desk, event.room, was_pressed)


def _here(event: Event, text: str) -> OutgoingMessage:
    return OutgoingMessage(event.address, (Block(text),), reply_to=event.message_id)
