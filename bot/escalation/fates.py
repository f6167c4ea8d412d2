"""What became of a message to an asker: told at the desk, with a way to send it again if it failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog

from bot.domain.escalation import card_key
from bot.domain.messages import Address, Block, Button, OutgoingMessage, Style
from bot.escalation import notices
from bot.escalation.desk import EscalationDesk
from bot.storage.store import Transaction

log = structlog.get_logger()


class Fates:
    """Tells the desk what was delivered and what was given up."""

    def __init__(self, desk: EscalationDesk) -> None:
        self._desk = desk

    async def delivered(
        self, tx: Transaction, _number: int, message: OutgoingMessage, now: datetime
    ) -> Sequence[OutgoingMessage]:
        """Give the messages that tell it to the desk where a reply was written."""
        if message.tell_fate is None or message.escalation_id is None:
            return ()
        escalation = await tx.escalations.get(message.escalation_id)
        if escalation is None:
            return ()
        texts, told = self._desk.texts, message.tell_fate
        words = Block(texts("desk.delivered", pseudonym=escalation.asker_name), Style.SMALL)
        return (notices.on_desk(texts, told.desk, escalation, words, key=told.key),)

    async def thread_lost(self, tx: Transaction, message: OutgoingMessage, now: datetime) -> Sequence[OutgoingMessage]:
        """Give the card for a thread that is made again."""
        escalation = await tx.escalations.get(message.escalation_id) if message.escalation_id else None
        if escalation is None or message.key == card_key(escalation.id):
            return ()
        cards = await self._desk.cards(tx, escalation)
        return [card for card in cards if (card.to.platform, card.to.chat) == (message.to.platform, message.to.chat)]

    async def gave_up(
        self, tx: Transaction, number: int, message: OutgoingMessage, reason: str, now: datetime
    ) -> Sequence[OutgoingMessage]:
        """Give the messages that tell it."""
        escalation = await tx.escalations.get(message.escalation_id) if message.escalation_id else None
        if escalation is None or message.on_desk:
            log.error("outbox.gave_up", platform=message.to.platform, message=number, reason=reason)
            return self._desk_lost(message.to, reason, now) if message.on_desk else ()
        texts = self._desk.texts
        told = Block(texts("desk.failed", pseudonym=escalation.asker_name, reason=reason))
        words = [Block(block.text, Style.QUOTE) for block in message.body if block.style is Style.QUOTE]
        again = (Button(texts("button.resend"), "resend", str(number)),)
        key = message.tell_fate.key if message.tell_fate else None
        return tuple(
            notices.on_desk(texts, desk, escalation, told, *words, buttons=again, key=key) for desk in self._desk.desks
        )

    def _desk_lost(self, lost: Address, reason: str, now: datetime) -> Sequence[OutgoingMessage]:
        """Tell the other desks that one takes nothing: once a day, however much is given up there."""
        words = Block(self._desk.texts("desk.lost", platform=lost.platform.capitalize(), reason=reason))
        key = f"desk lost:{lost.platform}:{lost.chat}:{now:%Y%m%d}"
        others = [desk for desk in self._desk.desks if (desk.platform, desk.chat) != (lost.platform, lost.chat)]
        return tuple(OutgoingMessage(desk, (words,), key=key) for desk in others)
