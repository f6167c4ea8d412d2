"""Reads who is there, and asks `calling.py` whom a question is for."""

from __future__ import annotations

from datetime import datetime

from bot.domain.escalation import Escalation, Reason
from bot.domain.people import NOT_SAID
from bot.domain.roster import Volunteer
from bot.domain.waits import Kind, Nudge
from bot.escalation import calling
from bot.escalation.calling import Call
from bot.escalation.suiting import Subject
from bot.storage.store import Transaction
from bot.triage.live import LiveTriage

MOST_TELLING = 3  # candidates of the bot, best first, whose topics say what a question is about
USUAL_LOAD = 5  # questions waiting for an answer that a volunteer has at once, unless they say otherwise


class Caller:
    """Knows the roster and the topics; `usual_load` is how many a volunteer takes at once who has not said."""

    def __init__(self, live: LiveTriage, usual_load: int = USUAL_LOAD) -> None:
        self._live = live
        self.usual_load = usual_load

    def subject_of(self, escalation: Escalation) -> Subject:
        """Give what a question is about, as far as the bot can tell."""
        entries = self._live.knowledge.entries
        known = [entries[one.entry] for one in escalation.considered[:MOST_TELLING] if one.entry in entries]
        language = None if escalation.language == NOT_SAID else escalation.language
        topics = frozenset(entry.topic for entry in known)
        return Subject(topics, escalation.country, language, escalation.reason.hard)

    async def for_new(self, tx: Transaction, escalation: Escalation, now: datetime) -> Call:
        """Give whom the card of a new question calls."""
        if escalation.reason is Reason.SPAM:
            return Call()
        volunteers = [one for one in await tx.roster.all() if one.number != escalation.asker]
        if escalation.urgent:
            await tx.nudges.add(Nudge(escalation.id, Kind.PAGE, escalation.waiting_since), now)
            return calling.for_urgent(volunteers, escalation, (), 0, now)
        if not any(one.schedule.is_set for one in volunteers):
            return Call()
        load = await tx.claims.loads()
        return calling.for_new(volunteers, self.subject_of(escalation), load, self.usual_load, now)

    async def for_page(self, tx: Transaction, escalation: Escalation, place: int, now: datetime) -> Call:
        """Give whom a page for an urgent question is for; `place` is 0 for the first one."""
        passed = await tx.claims.passers(escalation.id)
        return calling.for_urgent(await tx.roster.all(), escalation, passed, place, now)

    async def for_cry(self, tx: Transaction, escalation: Escalation, now: datetime) -> Call:
        """Give whom a further cry for help is for: those on duty, and the one who has it."""
        call = await self.for_page(tx, escalation, 0, now)
        owner = await tx.roster.get(escalation.owner) if escalation.owner else None
        if owner is None or owner in call.people:
            return call
        return Call((*call.people, owner), alarm=True)

    async def for_leads(self, tx: Transaction, now: datetime) -> Call:
        """Give whom what waits too long is brought to."""
        return calling.for_leads(await tx.roster.all(), now)

    async def has_room(self, tx: Transaction, volunteer: Volunteer) -> tuple[bool, int]:
        """Tell whether somebody may take one more, and how many they have."""
        load = (await tx.claims.loads()).get(volunteer.number, 0)
        most = self.usual_load if volunteer.most_at_once is None else volunteer.most_at_once
        return load < most, load
