"""Buttons, pressed or typed: which one was meant, and who handles it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.conversation.asked import Asked
from bot.conversation.presses import Presses
from bot.conversation.service import ConversationService
from bot.conversation.typed import beyond, is_number, labelled, pressed
from bot.domain.labels import plain
from bot.domain.messages import Addressed, Button, Event, Handled, MessageReceived
from bot.domain.people import Person
from bot.escalation.room import DeskRoom
from bot.routing.asking import here
from bot.storage.outbox import Shown
from bot.storage.store import Transaction

OVERHEARD_WITHIN = timedelta(hours=1)  # in an ask channel, words count as a button only this long after it was shown


class Buttons:
    """Finds the button that typed words mean, and has each press handled."""

    def __init__(self, service: ConversationService, presses: Presses, room: DeskRoom) -> None:
        self._service = service
        self._presses = presses
        self._room = room

    @staticmethod
    async def typed_at_desk(tx: Transaction, event: MessageReceived, number: int) -> Button | None:
        """Give the button that was typed in an escalation's thread: of its newest messages, or of its card."""
        for shown in await tx.outbox.in_thread(event.address, number):
            if found := labelled(event.text, shown.buttons):
                return found
        card = await tx.outbox.card_shown(event.address, number)
        return pressed(event.text, card.buttons) if card else None

    async def typed(self, tx: Transaction, event: MessageReceived, person: Person, now: datetime) -> Button | None:
        """Give the button that was typed: of the message replied to, of the last one shown, or a label further up.

        In a channel for questions people talk to each other as well: there a "yes" or "no" is no button, and nothing
        is, once some time has passed. Below a volunteer's newer words, "yes" and "2" are an answer to them.
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
        if button and plain(button.label) != plain(event.text) and await self._below(tx, event, person, shown):
            return None
        return button or next((found for one in shown[1:] if (found := labelled(event.text, one.buttons))), None)

    @staticmethod
    async def beyond(tx: Transaction, event: MessageReceived, person: Person) -> int:
        """Give how many choices the last message shown has, if the number typed is none of them; otherwise 0."""
        if event.addressed is not Addressed.DIRECT or not is_number(event.text):
            return 0
        shown = await tx.outbox.shown_to(event.address, person.number)
        return beyond(event.text, shown[0].buttons) if shown else 0

    @staticmethod
    async def answers_volunteer(tx: Transaction, event: MessageReceived, person: Person) -> bool:
        """Tell whether a volunteer's words are newer here than any button."""
        return await Buttons._below(tx, event, person, await tx.outbox.shown_to(event.address, person.number))

    @staticmethod
    async def _below(tx: Transaction, event: MessageReceived, person: Person, shown: Sequence[Shown]) -> bool:
        after = shown[0].number if shown else 0
        return await tx.outbox.heard_from_volunteer(event.address, person.number, after)

    def _with_share(self, shown: Shown) -> tuple[Button, ...]:
        """Give a message's buttons with the one that the adapter adds where only its reader saw it."""
        share = Button(self._service.texts("button.share"), "share", str(shown.number))
        return (*shown.buttons, share) if shown.shareable else shown.buttons

    async def press(self, tx: Transaction, event: Event, asked: Asked, button: Button, now: datetime) -> Handled:
        """Do what a button says; one of the desk does nothing for those who are no volunteers."""
        if button.action in self._room.actions and isinstance(event, MessageReceived) and asked.works_the_desk:
            return await self._room.press(tx, event, button.action, button.subject, asked.person, now)
        if button.action in self._room.actions:
            return Handled("refused stranger", (here(event, self._service.texts("desk.volunteers_only")),))
        if not self._presses.knows(button.action):
            return Handled("stale", (here(event, self._service.texts("error.stale")),))
        return await self._presses.handle(tx, asked, button, now)
