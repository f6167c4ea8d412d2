"""What somebody is told who may not do something with an escalation (pure)."""

from __future__ import annotations

from bot.errors import AlreadyClaimed, EscalationError, FullHands, NoSuchEscalation, NotAllowed, NotYours
from bot.escalation import rules
from bot.texts import Texts


def refusal(texts: Texts, error: EscalationError, number: int) -> str:
    """Give the words for a refusal."""
    match error:
        case NotYours(owner=owner):
            return texts("desk.not_yours", number=number, name=owner)
        case AlreadyClaimed(owner=owner):
            return texts("desk.already", number=number, name=owner)
        case NoSuchEscalation():
            return texts("desk.no_such", number=number)
        case FullHands(load=load):
            return texts("desk.full_hands", load=load)
        case NotAllowed():
            return texts("desk.volunteers_only")
        case rules.Unanswered(name=""):
            return texts("desk.unanswered", number=number)
        case rules.Unanswered(name=name):
            return texts("desk.waits_again", number=number, pseudonym=name)
        case rules.OwnQuestion():
            return texts("desk.own_question", number=number)
        case rules.StaysAtDesk():
            return texts("desk.stays", number=number)
        case _:
            return texts("desk.not_claimed", number=number)
