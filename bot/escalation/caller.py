"""Reads who is there, and asks `calling.py` whom a question is for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
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
        if escalation.urgent:
            return await self.for_cry(tx, escalation, now)
        spared = {escalation.asker, *await tx.claims.passers(escalation.id)}
        volunteers = [one for one in await tx.roster.all() if one.number not in spared]
        if not any(one.schedule.is_set for one in volunteers):
            return Call()
        load = await tx.claims.loads()
        return calling.for_new(volunteers, self.subject_of(escalation), load, self.usual_load, now)

    async def for_reopened(self, tx: Transaction, escalation: Escalation, now: datetime) -> Call:
        """Give whom one that is open again calls: its volunteer; without one, or if it is urgent, as a new one does."""
        owner = None if escalation.urgent else await self._owner(tx, escalation)
        return Call((owner,)) if owner else await self.for_new(tx, escalation, now)

    async def for_cry(self, tx: Transaction, escalation: Escalation, now: datetime) -> Call:
        """Give whom a cry for help is for; from now on it pages again and again, until it is taken or answered."""
        await tx.nudges.add(Nudge(escalation.id, Kind.PAGE, now), now)
        return await self.for_page(tx, escalation, 0, now)

    async def for_page(self, tx: Transaction, escalation: Escalation, place: int, now: datetime) -> Call:
        """Give whom a page for an urgent question is for, the one who has it among them; `place` 0 is the first."""
        passed = await tx.claims.passers(escalation.id)
        call = calling.for_urgent(await tx.roster.all(), escalation, passed, place, now)
        owner = await self._owner(tx, escalation)
        return call if owner is None or owner in call.people else replace(call, people=(*call.people, owner))

    @staticmethod
    async def _owner(tx: Transaction, escalation: Escalation) -> Volunteer | None:
        return await tx.roster.get(escalation.owner) if escalation.owner else None

    async def for_leads(self, tx: Transaction, now: datetime, *, but: Collection[int] = ()) -> Call:
        """Give whom what waits too long, or is to be read before it goes out, is brought to."""
        return calling.for_leads([one for one in await tx.roster.all() if one.number not in but], now)

    async def has_room(self, tx: Transaction, volunteer: Volunteer) -> tuple[bool, int]:
        """Tell whether somebody may take one more, and how many they have."""
        load = (await tx.claims.loads()).get(volunteer.number, 0)
        most = self.usual_load if volunteer.most_at_once is None else volunteer.most_at_once
        return load < most, load
