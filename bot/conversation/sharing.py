"""Putting an answer that only its asker saw before the group, and fetching a copy of it; by the asker's press alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.conversation.asked import Asked
from bot.domain.escalation import number_in
from bot.domain.messages import Block, Button, Handled, OutgoingMessage, Style
from bot.storage.store import Transaction
from bot.texts import Texts

FOR_ALL = frozenset({"more", "show", "stage", "step", "stages", "topic"})  # buttons that are not about one person


class Sharing:
    """Finds a message by its number in the outbox; somebody else's stays theirs."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    async def share(self, tx: Transaction, asked: Asked, subject: str) -> Handled:
        """Post an answer in the group where it was asked for; pressing twice posts it once."""
        kept = await self._own(tx, asked, subject)
        if kept is None:
            return Handled("stale", (asked.reply(Block(self._texts("error.stale"))),))
        if kept.group is None or not kept.shareable:
            return Handled("not shared", (asked.reply(Block(self._texts("share.no_group"))),))
        posted = OutgoingMessage(
            kept.group,
            (Block(self._texts("share.posted"), Style.SMALL), *kept.body),
            for_all(kept.buttons),
            key=f"share:{subject}",
            picture=kept.picture,
        )
        return Handled("shared", (posted, asked.reply(Block(self._texts("share.done")))))

    async def copy(self, tx: Transaction, asked: Asked, subject: str) -> Handled:
        """Give a message again where its reader is now: in the private chat, where nothing vanishes."""
        kept = await self._own(tx, asked, subject)
        if kept is None or not asked.private:
            return Handled("stale", (asked.reply(Block(self._texts("error.stale"))),))
        again = replace(kept, to=asked.address, room=kept.group, reply_to=None, key=None, in_place_of=None)
        return Handled("copied", (replace(again, discreet=False),))

    async def _own(self, tx: Transaction, asked: Asked, subject: str) -> OutgoingMessage | None:
        kept = await tx.outbox.kept(number) if (number := number_in(subject)) else None
        return kept if kept and kept.person == asked.person.number and not kept.on_desk else None


def for_all(buttons: Sequence[Button]) -> tuple[Button, ...]:
    """Give the buttons that mean the same for everybody, without the question that the answer belonged to."""
    return tuple(
        replace(button, subject=f"{button.subject.partition(':')[0]}:") if button.action == "more" else button
        for button in buttons
        if button.action in FOR_ALL
    )
