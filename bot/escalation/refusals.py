"""What somebody is told who may not do something with an escalation (pure)."""

from __future__ import annotations

from bot.errors import AlreadyClaimed, EscalationError, FullHands, NoSuchEscalation, NotAllowed, NotYours
from bot.escalation import rules
from bot.texts import Texts

_PLAIN: dict[type[EscalationError], str] = {
    NoSuchEscalation: "desk.no_such",
    NotAllowed: "desk.volunteers_only",
    rules.Closed: "desk.closed_already",
    rules.ClosedBefore: "desk.closed_before",
    rules.NotClaimed: "desk.not_claimed",
    rules.OpenAlready: "desk.open_already",
    rules.YoursAlready: "desk.you_have_it",
    rules.HasIt: "desk.has_it",
    rules.OwnQuestion: "desk.own_question",
    rules.StaysAtDesk: "desk.stays",
}


def refusal(texts: Texts, error: EscalationError, number: int) -> str:
    """Give the words for a refusal."""
    match error:
        case NotYours(owner=owner):
            return texts("desk.not_yours", number=number, name=owner)
        case AlreadyClaimed(owner=owner):
            return texts("desk.already", number=number, name=owner)
        case FullHands(load=load):
            return texts("desk.full_hands", load=load)
        case rules.OnlyAWord(action=action, words=words, why_not=why_not):
            why = refusal(texts, why_not, number) if why_not else texts("desk.only_word_how")
            return texts("desk.only_word", words=words, why=why, command=action, number=number)
        case rules.Unanswered(name=""):
            return texts("desk.unanswered", number=number)
        case rules.Unanswered(name=name):
            return texts("desk.waits_again", number=number, pseudonym=name)
        case _:
            return texts(_PLAIN[type(error)], number=number)
