"""After care: a gentle word, in private, to a volunteer who has answered several hard questions in a row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.escalation import Reason
from bot.domain.messages import Address, Block, OutgoingMessage
from bot.escalation.features import DeskFeature
from bot.storage.store import Transaction
from bot.texts import Texts

IN_A_ROW = 3  # hard questions after which the bot writes
LATELY = timedelta(days=1)  # how old the last of them may be
AGAIN_AFTER = timedelta(days=7)  # nobody is written to more often
HARD = tuple(reason for reason in Reason if reason.hard)


class AfterCare:
    """Looks who may be weary; counts nothing that others see."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def feature(self) -> DeskFeature:
        """Give what is due with time."""
        return DeskFeature("after care", due=self._due)

    async def _due(self, tx: Transaction, now: datetime) -> Sequence[OutgoingMessage]:
        blocks = (Block(self._texts("care.several")), Block(self._texts("care.ways")))
        return [
            OutgoingMessage(Address.private_with(account), blocks, person=person)
            for person, account in await tx.care.wearied(HARD, IN_A_ROW, now - LATELY)
            if await tx.care.cared(person, now, now - AGAIN_AFTER)
        ]
