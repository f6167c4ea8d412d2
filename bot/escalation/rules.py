"""Who may do what with an escalation (pure): the one place where it is decided."""

from __future__ import annotations

from bot.domain.escalation import Escalation, Reason, Status
from bot.domain.people import Role
from bot.errors import EscalationError, NotAllowed, NotYours

ANY_VOLUNTEER = frozenset({"claim", "pass", "note", "reopen"})
OWNER_OR_LEAD = frozenset({"reply", "hand_back", "send_entry", "close", "resend"})
NOT_FOR_THE_ASKER = frozenset({"claim", "reply", "send_entry", "close", "reopen"})
DESK_ACTIONS = ANY_VOLUNTEER | OWNER_OR_LEAD


class NotClaimed(EscalationError):
    """Nobody has it yet: claim it first."""


class Closed(EscalationError):
    """It is closed and nobody's: open it again first."""


class ClosedBefore(EscalationError):
    """It is closed already: there is nothing left to close."""


class Needless(EscalationError):
    """They may do it, but it would come to nothing."""


class OpenAlready(Needless):
    """It is open: there is nothing to open again."""


class HasIt(Needless):
    """They have it, and want to pass it: it would still be theirs, and its asker would wait."""


class YoursAlready(Needless):
    """They have it: there is nothing to claim."""


class OnlyAWord(EscalationError):
    """Their words are nothing but the word of a button or command: they may not be meant for anybody to read."""

    def __init__(self, action: str, words: str, why_not: EscalationError | None) -> None:
        super().__init__(action)
        self.action = action
        self.words = words
        self.why_not = why_not


class StaysAtDesk(EscalationError):
    """Plain words in a thread that is closed or another one's: volunteers may be talking among themselves."""


class Unanswered(EscalationError):
    """Its asker waits for words: only the asker or a lead may close it. `name` is theirs, if it was answered before."""

    def __init__(self, name: str = "") -> None:
        super().__init__(name)
        self.name = name


class OwnQuestion(EscalationError):
    """They asked it themselves: another one has to answer it. Said to them alone: the others see a made-up name."""


def check(action: str, role: Role, person: int, escalation: Escalation) -> None:
    """Refuse what somebody may not do.

    Raises:
        NotAllowed: not a volunteer.
        ClosedBefore: it is to be closed, and is.
        Closed, NotClaimed: nobody owns it, and the action needs an owner.
        NotYours: somebody else owns it.
        Unanswered: it would be closed without an answer, or without one since the asker wrote or it was opened again.
        OwnQuestion: they asked it.
        OpenAlready: it is to be opened again, and is open.
        YoursAlready: they claim what is theirs.
        HasIt: they pass what is theirs, instead of handing it back.
    """
    if not role.works_the_desk:
        raise NotAllowed(action)
    if action in NOT_FOR_THE_ASKER and escalation.asker == person:
        raise OwnQuestion
    _check_sense(action, person, escalation)
    if action in ANY_VOLUNTEER:
        return
    if action == "close" and escalation.status is Status.CLOSED:
        raise ClosedBefore
    if action == "close" and escalation.reason is Reason.SPAM:
        return
    if role is not Role.LEAD and escalation.status is Status.WAITING:
        raise NotClaimed(action)
    if role is not Role.LEAD and escalation.owner is None:
        raise Closed
    if role is not Role.LEAD and escalation.owner != person:
        raise NotYours(escalation.owner_name or "")
    if action == "close" and role is not Role.LEAD:
        _check_answered(escalation)


def _check_sense(action: str, person: int, escalation: Escalation) -> None:
    if action == "reopen" and escalation.is_open:
        raise OpenAlready
    has_it = escalation.status is Status.CLAIMED and escalation.owner == person
    if action == "claim" and has_it:
        raise YoursAlready
    if action == "pass" and has_it:
        raise HasIt


def _check_answered(escalation: Escalation) -> None:
    if escalation.answered_at is None:
        raise Unanswered
    if escalation.owed_since is not None:
        raise Unanswered(escalation.asker_name)


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


def check_word(action: str, words: str, named: str, role: Role, person: int, escalation: Escalation) -> None:
    """Hold back words that are nothing but the word of a button or command, which names an action.

    Raises:
        OnlyAWord: always; it holds why the named action would be refused as well, if it would.
    """
    why_not = None
    try:
        if named in DESK_ACTIONS:
            check(named, role, person, escalation)
    except EscalationError as error:
        why_not = error
    raise OnlyAWord(action, words, why_not)
