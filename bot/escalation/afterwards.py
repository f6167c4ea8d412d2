"""What askers say when it is over: thanks, a line after a rating, whether it helped."""

from __future__ import annotations

from datetime import datetime

from bot.domain.escalation import Escalation, Voice
from bot.domain.messages import Block, OutgoingMessage, Style, Words
from bot.escalation import notices
from bot.escalation.desk import EscalationDesk
from bot.storage.store import Transaction


class Afterwards:
    """Passes on what needs no answer; what did not help is opened again."""

    def __init__(self, desk: EscalationDesk) -> None:
        self._desk = desk
        self._texts = desk.texts

    async def last_word(
        self, tx: Transaction, escalation: Escalation, words: Words, now: datetime
    ) -> tuple[OutgoingMessage, ...]:
        """Pass on thanks, or a line after a rating; it stays closed, and nobody has to answer."""
        await tx.said.keep(escalation.id, escalation.asker, Voice.ASKER, words, now, wants_words=False)
        told = Block(self._texts("desk.last_word", pseudonym=escalation.asker_name))
        shown = self._desk.tell(escalation, told, Block(words.text, Style.QUOTE), attachments=words.attachments)
        return (*shown, notices.to_asker(escalation, Block(self._texts("escalation.word_passed"))))

    async def rated(
        self, tx: Transaction, escalation: Escalation, *, helped: bool, now: datetime
    ) -> tuple[OutgoingMessage, ...]:
        """Pass on whether it helped; one that did not is opened again, and its asker waits for words."""
        if not helped:
            sorry = notices.to_asker(escalation, Block(self._texts("escalation.sorry", number=escalation.id)))
            reopened = await self._desk.reopen(tx, escalation, now, told="desk.not_helped")
            await tx.escalations.owes(escalation.id, now)
            return (*(reopened or self._not_helped(escalation)), sorry)
        name = escalation.owner_name
        key = "desk.helped" if name else "desk.helped_nobody"
        told = Block(self._texts(key, pseudonym=escalation.asker_name, name=name or ""))
        thanks = notices.to_asker(escalation, Block(self._texts("escalation.thanks")))
        return (*self._desk.tell(escalation, told), thanks)

    def _not_helped(self, escalation: Escalation) -> tuple[OutgoingMessage, ...]:
        told = self._texts("desk.not_helped", pseudonym=escalation.asker_name, number=escalation.id)
        return self._desk.tell(escalation, Block(told))
