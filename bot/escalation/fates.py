"""What became of a message to an asker: told at the desk, with a way to send it again if it failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from bot.domain.escalation import Escalation, card_key
from bot.domain.messages import Address, Block, Button, OutgoingMessage, Style
from bot.escalation import notices
from bot.escalation.calling import Call, called
from bot.escalation.desk import EscalationDesk
from bot.storage.outbox import Fate
from bot.storage.store import Transaction

log = structlog.get_logger()


def sent_again(desk: EscalationDesk, escalation: Escalation, message: OutgoingMessage) -> tuple[OutgoingMessage, ...]:
    """Put in the place of "not delivered" that a reply is on its way again; nothing for what is no reply."""
    if message.tell_fate is None:
        return ()
    fate, name = message.tell_fate, escalation.asker_name
    texts = {one: "desk.stored" if one == fate.desk else "desk.sent_again" for one in (*desk.desks, fate.desk)}
    return tuple(
        notices.on_desk(desk.texts, one, escalation, Block(desk.texts(key, pseudonym=name), Style.SMALL), key=fate.key)
        for one, key in texts.items()
    )


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
        return await self._desk.cards_at(tx, escalation, message.to)

    async def gave_up(
        self, tx: Transaction, number: int, message: OutgoingMessage, reason: str, now: datetime
    ) -> Sequence[OutgoingMessage]:
        """Give the messages that tell it."""
        escalation = await tx.escalations.get(message.escalation_id) if message.escalation_id else None
        if escalation is None or message.on_desk:
            log.error("outbox.gave_up", platform=message.to.platform, message=number, reason=reason)
            return self._desk_lost(message.to, reason, now) if message.on_desk else ()
        if message.person != escalation.asker:
            return await self._volunteer_not_reached(tx, escalation, message, reason)
        open_again = await self._owed_again(tx, escalation, number, now) if message.tell_fate else ()
        texts, owner = self._desk.texts, await tx.roster.get(escalation.owner or 0)
        told = Block(texts("desk.failed", pseudonym=escalation.asker_name, reason=reason))
        words = [Block(block.text, Style.QUOTE) for block in message.body if block.style is Style.QUOTE]
        again = (Button(texts("button.resend"), "resend", str(number)),)
        key = message.tell_fate.key if message.tell_fate else None
        call = Call((owner,) if owner and message.tell_fate else ())
        desks = [
            called(notices.on_desk(texts, desk, escalation, told, *words, buttons=again, key=key), call)
            for desk in self._desk.desks
        ]
        return (*desks, *open_again, *await self._not_in_private(tx, escalation, message))

    async def _not_in_private(
        self, tx: Transaction, escalation: Escalation, message: OutgoingMessage
    ) -> Sequence[OutgoingMessage]:
        """Tell who cannot be written to in private where they asked in a group; nothing of what they were to read."""
        origin = await tx.escalations.asked_at(escalation.id) if message.to.is_private else None
        if origin is None or origin.is_private or not escalation.private:
            return ()
        texts, number = self._desk.texts, str(escalation.id)
        here = (Button(texts("button.in_group"), "in_group", number),) if escalation.is_open else ()
        told = notices.to_asker(
            replace(escalation, reply_to=origin, private=False),
            Block(texts("escalation.not_in_private", number=number)),
            buttons=here,
        )
        return (replace(told, key=f"not in private:{number}"),)

    async def _owed_again(
        self, tx: Transaction, escalation: Escalation, number: int, now: datetime
    ) -> Sequence[OutgoingMessage]:
        """Let the asker of a reply that did not arrive count as waiting, unless a later one is there or on its way.

        What was closed on the strength of replies none of which arrived is open again: nothing is closed unanswered.
        """
        fates = await tx.outbox.replies(escalation.id)
        alive = [one for one, fate in fates.items() if fate is not Fate.FAILED and one != number]
        if any(one > number for one in alive):
            return ()
        told = () if alive else await self._desk.reopen(tx, escalation, now, told="desk.reopened_here", calls=False)
        await tx.escalations.unanswered(escalation.id, never=not alive)
        return told

    async def _volunteer_not_reached(
        self, tx: Transaction, escalation: Escalation, message: OutgoingMessage, reason: str
    ) -> Sequence[OutgoingMessage]:
        """Tell the desk who did not get in private what they were to read about a question."""
        person = await tx.roster.get(message.person or 0)
        told = self._desk.texts("desk.not_reached", name=person.name if person else "", reason=reason)
        return self._desk.tell(escalation, Block(told))

    def _desk_lost(self, lost: Address, reason: str, now: datetime) -> Sequence[OutgoingMessage]:
        """Tell the other desks that one takes nothing: once a day, however much is given up there."""
        words = Block(self._desk.texts("desk.lost", platform=lost.platform.capitalize(), reason=reason))
        key = f"desk lost:{lost.platform}:{lost.chat}:{now:%Y%m%d}"
        others = [desk for desk in self._desk.desks if (desk.platform, desk.chat) != (lost.platform, lost.chat)]
        return tuple(OutgoingMessage(desk, (words,), key=key) for desk in others)
