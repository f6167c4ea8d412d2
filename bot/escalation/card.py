"""The card of an escalation on a desk (pure): what volunteers see of it, and what they can do at this point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.conversation import Turn
from bot.domain.escalation import Escalation, Reason, Status, card_key
from bot.domain.messages import Address, Block, Button, OutgoingMessage, Style
from bot.domain.people import NOT_SAID
from bot.duty.covers import language_name
from bot.escalation import notices
from bot.texts import Texts

LIKELIHOODS = ((0.5, "likely"), (0.2, "possible"), (0.0, "unlikely"))  # probability from which it is called so


@dataclass(frozen=True, slots=True)
class Near:
    """An entry that the bot thought of: its question, and how likely it is the right one, if that is known."""

    question: str
    probability: float | None = None
    for_people: bool = False  # no answer, but a subject that is left to people


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What a card shows beside the escalation itself."""

    before: Sequence[Turn] = ()
    nearest: Sequence[Near] = ()  # answers, best first
    offers_check: bool = False  # a lead may be asked to read a reply before it goes out
    paused_until: datetime | None = None  # the asker is muted or blocked


def card_buttons(texts: Texts, escalation: Escalation, *, offers_check: bool = False) -> tuple[Button, ...]:
    """Give what volunteers can do at this point."""
    actions: tuple[str, ...] = {
        Status.WAITING: ("claim", "note", "pass"),
        Status.CLAIMED: ("reply", "note", "hand_back", "send_entry", "close"),
        Status.CLOSED: ("reopen",),
    }[escalation.status]
    if offers_check and escalation.status is Status.CLAIMED:
        actions = (*actions, "ask_check")
    actions = (*actions, "reassign") if escalation.is_open else actions
    buttons = tuple(Button(texts(f"button.{action}"), action, str(escalation.id)) for action in actions)
    return (*buttons, *suggest_button(texts, escalation)) if escalation.status is Status.CLOSED else buttons


def suggest_button(texts: Texts, escalation: Escalation) -> tuple[Button, ...]:
    """Offer to make knowledge of an answered one."""
    worth = escalation.answered_at is not None and escalation.reason not in notices.SILENT_REASONS
    return (Button(texts("curating.button_suggest"), "suggest", str(escalation.id)),) if worth else ()


def card_of(texts: Texts, desk: Address, escalation: Escalation, facts: CardFacts) -> OutgoingMessage:
    """Give the card of an escalation on a desk; sent again, it takes the place of the last one."""
    title = "desk.card_urgent" if escalation.urgent else "desk.card_title"
    reason = texts(f"reason.{escalation.reason}")
    asked = texts(
        "desk.asked_by",
        pseudonym=escalation.asker_name,
        country=_where_from(texts, escalation),
        when=f"{escalation.opened_at:%d %b %H:%M}",
    )
    status = notices.status_text(texts, escalation)
    blocks = [
        Block(texts(title, number=escalation.id, reason=reason, status=status), Style.TITLE),
        Block(asked),
        Block(escalation.question, Style.QUOTE),
    ]
    if facts.paused_until:
        paused = "desk.paused_urgent" if escalation.urgent else "desk.paused"
        blocks.append(Block(texts(paused, until=f"{facts.paused_until:%d %b %Y, %H:%M}")))
    if facts.before:
        blocks.append(Block(texts("desk.before")))
        blocks += [Block(turn.question, Style.QUOTE) for turn in facts.before]
    blocks.append(Block("\n".join(_explanation(texts, escalation.reason, facts.nearest)), Style.SMALL))
    if escalation.is_open:
        blocks.append(Block(texts("desk.how"), Style.SMALL))
    message = notices.on_desk(
        texts,
        desk,
        escalation,
        *blocks,
        buttons=card_buttons(texts, escalation, offers_check=facts.offers_check),
        key=card_key(escalation.id),
    )
    return replace(message, labels=(str(escalation.status), *(["urgent"] if escalation.urgent else [])))


def _explanation(texts: Texts, reason: Reason, nearest: Sequence[Near]) -> tuple[str, str]:
    """Give two lines: which answers came nearest and how sure the bot was of each, and why a person is asked."""
    shown = "; ".join(_with_likelihood(texts, near) for near in nearest)
    return texts("why.nearest", entries=shown) if shown else texts("why.nothing_near"), texts(f"why.{reason}")


def _with_likelihood(texts: Texts, near: Near) -> str:
    if near.probability is None:
        return near.question
    key = "why.subject" if near.for_people else "why.answer"
    word = next(word for least, word in LIKELIHOODS if near.probability >= least)
    return texts(key, question=near.question, likely=texts(f"why.{word}"), percent=f"{near.probability:.0%}")


def _where_from(texts: Texts, escalation: Escalation) -> str:
    """Give country and language of an asker, as far as they are known."""
    country = escalation.country or texts("desk.country_unknown")
    if escalation.language == NOT_SAID:
        return country
    return texts("desk.language", country=country, language=language_name(escalation.language))
