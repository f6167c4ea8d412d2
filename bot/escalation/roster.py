"""What volunteers say about themselves: `/duty`, `/covers`, `/load`, `/hardtopics`; each shows what was understood."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.domain.messages import Block, CommandGiven, Handled
from bot.domain.people import Person
from bot.domain.roster import Covers, Volunteer
from bot.duty import covers as covers_words
from bot.duty import shown as duty_shown
from bot.duty import words as duty_words
from bot.duty.hours import NotUnderstood
from bot.escalation.desk import EscalationDesk
from bot.escalation.features import DeskFeature, answer
from bot.storage.store import Transaction

HIGHEST_LOAD = 50  # questions at once that can be named as one's own limit
YES = frozenset({"on", "yes"})
NO = frozenset({"off", "no"})
SHOW = duty_words.SHOW


class RosterDesk:
    """Keeps when volunteers are on duty, what they cover, and how much they take."""

    def __init__(self, desk: EscalationDesk, countries: Iterable[str]) -> None:
        self._desk = desk
        self._texts = desk.texts
        self._countries = tuple(countries)

    def feature(self) -> DeskFeature:
        """Give what the desk room calls."""
        commands = {"duty": self.duty, "covers": self.covers, "load": self.load, "hardtopics": self.hard_topics}
        return DeskFeature("roster", commands=commands)

    async def duty(self, tx: Transaction, event: CommandGiven, person: Person, now: datetime) -> Handled:
        """Change when somebody is on duty, and show it."""
        volunteer = await known(tx, event, person, now)
        try:
            schedule = duty_words.changed(volunteer.schedule, event.argument, now)
        except NotUnderstood as error:
            return self._not_understood(event, error, "duty.help")
        await tx.roster.set_schedule(person.number, schedule)
        return Handled("duty", (answer(event, *duty_shown.shown(self._texts, schedule, now)),))

    async def covers(self, tx: Transaction, event: CommandGiven, person: Person, now: datetime) -> Handled:
        """Change what somebody covers, and show it."""
        volunteer = await known(tx, event, person, now)
        if event.argument.strip().casefold() in SHOW:
            return Handled("covers", (answer(event, *self._covered(volunteer.covers)),))
        topics = {topic.id: topic.title for topic in self._desk.topics()}
        try:
            covers = covers_words.changed(volunteer.covers, event.argument, topics, self._countries)
        except NotUnderstood as error:
            return self._not_understood(event, error, "covers.help")
        await tx.roster.set_covers(person.number, covers)
        return Handled("covers", (answer(event, *self._covered(covers)),))

    def _covered(self, covers: Covers) -> tuple[Block, ...]:
        titles = {topic.id: topic.title for topic in self._desk.topics()}
        every = self._texts("covers.all")
        topics = ", ".join(titles.get(one, one) for one in covers.topics) or every
        countries = ", ".join(covers.countries) or every
        languages = ", ".join(covers_words.language_name(one) for one in covers.languages) or every
        shown = self._texts("covers.shown", topics=topics, countries=countries, languages=languages)
        return (Block(shown), Block(self._texts("covers.means")))

    def _not_understood(self, event: CommandGiven, error: NotUnderstood, help_key: str) -> Handled:
        blocks = (Block(self._texts(error.key, **error.values)), Block(self._texts(help_key)))
        return Handled(f"{event.name} not understood", (answer(event, *blocks),))

    async def load(self, tx: Transaction, event: CommandGiven, person: Person, now: datetime) -> Handled:
        """Change how many somebody takes at once, and show it."""
        volunteer, words = await known(tx, event, person, now), event.argument.strip().casefold()
        usual = self._desk.caller.usual_load
        most = volunteer.most_at_once
        if words in ("usual", "default"):
            most = None
        elif words.isascii() and words.isdecimal() and 1 <= int(words[:3]) <= HIGHEST_LOAD and len(words) < 3:
            most = int(words)
        elif words not in SHOW:
            return Handled("load not understood", (answer(event, Block(self._texts("load.help", most=HIGHEST_LOAD))),))
        await tx.roster.set_most(person.number, most)
        have = (await tx.claims.loads()).get(person.number, 0)
        shown = self._texts("load.shown", most=usual if most is None else most, have=have)
        return Handled("load", (answer(event, Block(shown)),))

    async def hard_topics(self, tx: Transaction, event: CommandGiven, person: Person, now: datetime) -> Handled:
        """Change whether somebody is called for hard ones, and show it."""
        volunteer, words = await known(tx, event, person, now), event.argument.strip().casefold()
        if words not in YES | NO | SHOW:
            return Handled("hardtopics not understood", (answer(event, Block(self._texts("hard.help"))),))
        wanted = volunteer.hard_topics if words in SHOW else words in YES
        await tx.roster.set_hard_topics(person.number, wanted=wanted)
        return Handled("hardtopics", (answer(event, Block(self._texts("hard.on" if wanted else "hard.off"))),))


async def known(tx: Transaction, event: CommandGiven, person: Person, now: datetime) -> Volunteer:
    """Give the volunteer who gave a command."""
    await tx.roster.seen(person.number, event.sender.role, now)
    found = await tx.roster.get(person.number)
    if found is None:
        raise LookupError("a volunteer just seen is not in the roster")
    return found
