"""Who handles an event: the desk, or the conversation with an asker."""

from __future__ import annotations

from datetime import datetime

from bot.conversation.commands import Commands
from bot.conversation.service import ConversationService
from bot.domain.escalation import Reason
from bot.domain.messages import Button, ButtonPressed, CommandGiven, Event, Handled, MessageReceived, Place
from bot.domain.people import Person
from bot.escalation.room import DeskRoom
from bot.escalation.written import is_note
from bot.moderation.gate import Gate
from bot.routing.asking import asked_by, here
from bot.routing.buttons import Buttons
from bot.routing.hearing import Hearing
from bot.storage.store import Transaction
from bot.triage.decision import HandOff

WITH_A_QUESTION = ("ask", "person")  # commands whose words are a question that may have been passed on


class Routing:
    """Hands each event to its handler."""

    def __init__(
        self,
        service: ConversationService,
        commands: Commands,
        room: DeskRoom,
        gate: Gate,
        buttons: Buttons,
        hearing: Hearing,
    ) -> None:
        self._service = service
        self._commands = commands
        self._room = room
        self._gate = gate
        self._buttons = buttons
        self._hearing = hearing

    async def route(self, tx: Transaction, event: Event, person: Person, now: datetime) -> Handled:
        """Handle an event where it belongs."""
        if event.place is Place.DESK or self._works_from_elsewhere(event):
            return await self._at_desk(tx, event, person, now)
        held = await self._gate.restricted(tx, event, person, now)
        if held is None and not isinstance(event, MessageReceived):
            held = await self._gate.too_much(tx, event, person, now)
        return held or await self._from_asker(tx, event, person, now)

    async def _from_asker(self, tx: Transaction, event: Event, person: Person, now: datetime) -> Handled:
        asked = asked_by(event, person)
        match event:
            case CommandGiven() if event.edited and event.name in WITH_A_QUESTION and event.argument:
                return await self._hearing.message(tx, event.as_message(event.argument), asked, now)
            case CommandGiven():
                await tx.conversations.wait_for(person.number, event.address, None, now)
                return await self._commands.handle(tx, asked, event.name, event.argument, now)
            case ButtonPressed():
                return await self._buttons.press(tx, event, asked, Button("", event.action, event.subject), now)
            case MessageReceived() if event.unreadable:
                return await self._hearing.unreadable(tx, event, asked, now)
            case MessageReceived():
                return await self._hearing.message(tx, event, asked, now)

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
            case CommandGiven() if event.edited and event.name in self._room.commands:
                return await self._room.edited_command(tx, event, person)
            case CommandGiven() if event.name in self._room.commands:
                return await self._room.command(tx, event, person, now)
            case CommandGiven():
                return await self._commands.handle(tx, asked_by(event, person), event.name, event.argument, now)
            case ButtonPressed() if event.action in self._room.actions:
                return await self._room.press(tx, event, event.action, event.subject, person, now)
            case ButtonPressed():
                return await self._buttons.press(
                    tx, event, asked_by(event, person), Button("", event.action, event.subject), now
                )
            case MessageReceived():
                return await self._desk_message(tx, event, person, now)

    async def _stranger(self, event: Event) -> Handled:
        """Tell somebody who is no volunteer that this is not theirs; what they merely write there is left alone."""
        if isinstance(event, MessageReceived):
            return Handled("stranger at desk")
        return Handled("refused stranger", (here(event, self._service.texts("desk.volunteers_only")),))

    async def _desk_message(self, tx: Transaction, event: MessageReceived, person: Person, now: datetime) -> Handled:
        awaiting = await tx.conversations.awaiting(person.number, event.address)
        if awaiting is None and not event.edited and not is_note(event):  # "// close" is a note, not a button
            own = await self._buttons.typed(tx, event, person, now)
            if own and own.action not in self._room.actions:
                return await self._buttons.press(tx, event, asked_by(event, person), own, now)
            number = await tx.escalations.in_thread(event.address)
            button = await self._buttons.typed_at_desk(tx, event, number) if number else None
            if button and button.action in self._room.actions:
                return await self._room.press(tx, event, button.action, button.subject, person, now)
        return await self._room.message(tx, event, person, now)

    async def last_resort(self, tx: Transaction, event: Event, person: Person, now: datetime) -> Handled:
        """Our own mistake must not cost a question: hand it over, or at least ask for it again."""
        words = getattr(event, "text", "") or getattr(event, "argument", "")
        if event.place is Place.DESK or not words.strip():
            return Handled("failed", (here(event, self._service.texts("error.failed")),))
        return await self._service.hand_over_unread(tx, asked_by(event, person), HandOff(Reason.UNKNOWN), now)
