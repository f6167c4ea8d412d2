"""What a volunteer was asked to write, whether what they write now is that, and what a command is about."""

from __future__ import annotations

from datetime import datetime

from bot.domain.conversation import ASKED_WITHIN, AT_DESK, Awaiting, Waiting
from bot.domain.messages import Address, CommandGiven, MessageReceived
from bot.errors import EscalationError
from bot.escalation.written import numbered
from bot.storage.store import Transaction


class Lapsed(EscalationError):
    """Somebody was asked for words too long ago to tell whether these are they."""


async def asked_for(tx: Transaction, event: MessageReceived, volunteer: int, now: datetime) -> Awaiting | None:
    """Give what a message is the answer to; none if it replies to a message of another escalation.

    Raises:
        Lapsed: it was asked for long ago. Nothing is waited for any more.
    """
    awaiting = await tx.conversations.awaiting(volunteer, event.address)
    if awaiting is None or awaiting.what not in AT_DESK or await _replies_elsewhere(tx, event, awaiting):
        return None
    if not await has_lapsed(tx, event.address, volunteer, now):
        return awaiting
    if awaiting.what is Waiting.REPLY:
        return None  # plain words in a thread are a reply as well, if they are its owner's
    raise Lapsed(awaiting.what)


async def has_lapsed(tx: Transaction, address: Address, person: int, now: datetime) -> bool:
    """Tell whether what is waited for was asked for long ago; then it is waited for no more."""
    asked_at = await tx.conversations.changed_at(person, address)
    if asked_at is not None and now - asked_at <= ASKED_WITHIN:
        return False
    await tx.conversations.wait_for(person, address, None, now)
    return True


async def subject_of(tx: Transaction, event: CommandGiven) -> tuple[int | None, str]:
    """Give the escalation that a command names first, or in whose thread it is given, and the rest of its words."""
    number, words = numbered(event.argument)
    return (await tx.escalations.in_thread(event.address) if number is None else number), words


async def _replies_elsewhere(tx: Transaction, event: MessageReceived, awaiting: Awaiting) -> bool:
    """Tell whether a message replies to one about another escalation than the one it was asked for."""
    replied = await tx.outbox.escalation_of(event.address, event.reply_to) if event.reply_to else None
    if replied is None:
        return False
    about = awaiting.escalation
    if about is None:
        about = await tx.escalations.in_thread(event.address)
    return replied != about
