"""`/name`: a volunteer chooses what askers see: their name here, another name, or just "a volunteer"."""

from __future__ import annotations

from datetime import datetime

from bot.domain.messages import Block, Button, ButtonPressed, CommandGiven, Event, Handled, MessageReceived
from bot.domain.people import Person
from bot.escalation.features import DeskFeature, answer
from bot.storage.store import Transaction
from bot.texts import Texts

NAME_LIMIT = 40  # characters of a chosen name


class Signature:
    """Sets how a volunteer is shown to askers."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def feature(self) -> DeskFeature:
        """Give its command and buttons."""
        return DeskFeature(
            "signature", commands={"name": self._name}, presses={"own_name": self._own, "no_name": self._none}
        )

    async def _name(self, tx: Transaction, event: CommandGiven, volunteer: Person, now: datetime) -> Handled:
        chosen = " ".join(event.argument.split())[:NAME_LIMIT]
        if not chosen:
            buttons = (
                Button(self._texts("button.own_name"), "own_name", ""),
                Button(self._texts("button.no_name"), "no_name", ""),
            )
            shown = self._texts("volunteer.now", name=self._shown(volunteer, event.sender.name))
            return Handled("name", (answer(event, Block(shown), buttons=buttons, person=volunteer.number),))
        return await self._set(tx, event, volunteer, chosen, chosen)

    async def _own(
        self, tx: Transaction, event: ButtonPressed | MessageReceived, _subject: str, volunteer: Person, now: datetime
    ) -> Handled:
        return await self._set(tx, event, volunteer, None, event.sender.name)

    async def _none(
        self, tx: Transaction, event: ButtonPressed | MessageReceived, _subject: str, volunteer: Person, now: datetime
    ) -> Handled:
        return await self._set(tx, event, volunteer, "", self._texts("volunteer.one"))

    async def _set(self, tx: Transaction, event: Event, volunteer: Person, name: str | None, shown: str) -> Handled:
        await tx.people.show_as(volunteer.number, name)
        return Handled("name set", (answer(event, Block(self._texts("volunteer.set", name=shown))),))

    def _shown(self, volunteer: Person, name: str) -> str:
        return name if volunteer.shown_as is None else volunteer.shown_as or self._texts("volunteer.one")
