"""What volunteers say about themselves: `/duty`. The answer always shows what was understood."""

from __future__ import annotations

from datetime import datetime

from bot.domain.messages import Block, CommandGiven, Handled
from bot.domain.people import Person
from bot.domain.roster import Volunteer
from bot.escalation import duty_shown, duty_words
from bot.escalation.features import DeskFeature, answer
from bot.escalation.hours import NotUnderstood
from bot.storage.store import Transaction
from bot.texts import Texts


class RosterDesk:
    """Keeps when volunteers are on duty."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def feature(self) -> DeskFeature:
        """Give what the desk room calls."""
        return DeskFeature("roster", commands={"duty": self.duty})

    async def duty(self, tx: Transaction, event: CommandGiven, person: Person, now: datetime) -> Handled:
        """Change when somebody is on duty, and show it."""
        volunteer = await known(tx, event, person, now)
        try:
            schedule = duty_words.changed(volunteer.schedule, event.argument, now)
        except NotUnderstood as error:
            blocks = (Block(self._texts(error.key, **error.values)), Block(self._texts("duty.help")))
            return Handled("duty not understood", (answer(event, *blocks),))
        await tx.roster.set_schedule(person.number, schedule)
        return Handled("duty", (answer(event, *duty_shown.shown(self._texts, schedule, now)),))


async def known(tx: Transaction, event: CommandGiven, person: Person, now: datetime) -> Volunteer:
    """Give the volunteer who gave a command."""
    await tx.roster.seen(person.number, event.sender.role, now)
    found = await tx.roster.get(person.number)
    if found is None:
        raise LookupError("a volunteer just seen is not in the roster")
    return found
