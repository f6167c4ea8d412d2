"""Whom to call for a question (pure): those on duty, then the leads, then everybody; nobody more often than needed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.escalation import Escalation
from bot.domain.messages import OutgoingMessage
from bot.domain.people import Role
from bot.domain.roster import Volunteer
from bot.duty.schedule import of_these
from bot.escalation import suiting
from bot.escalation.suiting import Subject

MOST_TOLD = 3  # volunteers told of a new question that is not urgent


@dataclass(frozen=True, slots=True)
class Call:
    """Who is called: people by name, or with `everybody` all of a desk; `alarm` for what cannot wait."""

    people: tuple[Volunteer, ...] = ()
    everybody: bool = False
    alarm: bool = False


def for_urgent(
    volunteers: Sequence[Volunteer], escalation: Escalation, passed: Collection[int], place: int, now: datetime
) -> Call:
    """Give whom the first, second or a later page is for; where a page would reach nobody it is for everybody.

    Who would rather have no hard ones, or has passed this one, is not called by name.
    """
    if place > 1:
        return Call(everybody=True, alarm=True)
    willing = [one for one in volunteers if one.number not in passed and one.number != escalation.asker]
    willing = [one for one in willing if one.hard_topics or not escalation.reason.hard]
    on_duty = of_these(willing, now)
    leads = [one for one in willing if one.role is Role.LEAD and one not in on_duty] if place else []
    called = (*on_duty, *leads)
    return Call(called, everybody=not called, alarm=True)


def for_new(
    volunteers: Sequence[Volunteer], subject: Subject, load: Mapping[int, int], usual: int, now: datetime
) -> Call:
    """Give who is told of a new question that can wait: those on duty who say they cover it, least busy first."""
    fitting = [
        one
        for one in of_these(volunteers, now)
        if suiting.covers(one, subject) and suiting.has_room(one, load.get(one.number, 0), usual)
    ]
    fitting = [one for one in fitting if one.hard_topics or not subject.hard]
    return Call(tuple(sorted(fitting, key=lambda one: load.get(one.number, 0))[:MOST_TOLD]))


def for_leads(volunteers: Sequence[Volunteer], now: datetime) -> Call:
    """Give the leads whom one that waits too long is brought to: those on duty, else all who have no hours."""
    leads = [one for one in volunteers if one.role is Role.LEAD]
    return Call(tuple(of_these(leads, now) or [one for one in leads if not one.schedule.is_set] or leads))


def called(message: OutgoingMessage, call: Call) -> OutgoingMessage:
    """Give a message for a desk as it calls those who are on its platform."""
    here = tuple(one.number for one in call.people if one.id.platform == message.to.platform)
    return replace(message, page=call.alarm and (call.everybody or bool(here)), pages=() if call.everybody else here)
