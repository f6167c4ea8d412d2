"""Who may do what with an escalation (pure): the one place where it is decided."""

from __future__ import annotations

from bot.domain.escalation import Escalation, Reason, Status
from bot.domain.people import Role
from bot.errors import EscalationError, NotAllowed, NotYours

ANY_VOLUNTEER = frozenset({"claim", "pass", "note", "reopen"})
OWNER_OR_LEAD = frozenset({"reply", "hand_back", "send_entry", "close", "resend"})
DESK_ACTIONS = ANY_VOLUNTEER | OWNER_OR_LEAD


class NotClaimed(EscalationError):
    """Nobody has it yet: claim it first."""


class StaysAtDesk(EscalationError):
    """Plain words in a thread that is closed or another one's: volunteers may be talking among themselves."""


class Unanswered(EscalationError):
    """It has had no answer yet: only the asker or a lead may close it."""


def check(action: str, role: Role, person: int, escalation: Escalation) -> None:
    """Refuse what somebody may not do.

    Raises:
        NotAllowed: not a volunteer.
        NotClaimed: nobody owns it, and the action needs an owner.
        NotYours: somebody else owns it.
        Unanswered: it would be closed without an answer.
    """
    if not role.works_the_desk:
        raise NotAllowed(action)
    if action in ANY_VOLUNTEER:
        return
    if action == "close" and escalation.reason is Reason.SPAM:
        return
    if role is not Role.LEAD and escalation.status is Status.WAITING:
        raise NotClaimed(action)
    if role is not Role.LEAD and escalation.owner != person:
        raise NotYours(escalation.owner_name or "")
    if action == "close" and escalation.answered_at is None and role is not Role.LEAD:
        raise Unanswered(action)


def check_plain(role: Role, person: int, escalation: Escalation) -> None:
    """Refuse to send plain words in a thread, unless they are its owner's and it is open; Reply sends the others.

    Raises:
        StaysAtDesk: they may be talk among volunteers.
        EscalationError: as for a reply.
    """
    talks = role is Role.LEAD and escalation.owner != person
    if role.works_the_desk and (talks or not escalation.is_open):
        raise StaysAtDesk
    check("reply", role, person, escalation)
