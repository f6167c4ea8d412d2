"""What all desks are told of a proposal: its card, what was decided, and that there is nothing to press any more."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.curating import Kind, Proposal, State
from bot.domain.messages import Address, Block, Button, Event, OutgoingMessage
from bot.escalation.features import answer
from bot.texts import Texts

NAME_OF = {kind: f"curating.kind_{kind}" for kind in Kind}


class Telling:
    """Writes to the desks."""

    def __init__(self, texts: Texts, desks: Sequence[Address]) -> None:
        self._texts = texts
        self._desks = tuple(desks)

    def words(self, event: Event, key: str, kind: Kind, entry: str, **values: object) -> Block:
        """Give the news of a decision."""
        name = event.sender.name
        return Block(self._texts(key, kind=self._texts(NAME_OF[kind]), entry=entry, name=name, **values).strip())

    def told(self, event: Event, words: Block, about: str) -> Sequence[OutgoingMessage]:
        """Tell every desk what was decided, and whoever decided it elsewhere.

        The key says that it is for all who read there: an answer to a press may be seen by its presser alone.
        """
        here, news = answer(event, words), self.to_desks(words, key=f"kb news:{about}")
        return news if here.to in self._desks else (here, *news)

    def no_longer(self, before: Proposal, title: Block, words: Block) -> Sequence[OutgoingMessage]:
        """Take the buttons away where a proposal was with the leads, and say what became of it."""
        if before.state is not State.OPEN:
            return ()
        return self.to_desks(title, words, key=card_key(before))

    def to_desks(
        self, *blocks: Block, buttons: tuple[Button, ...] = (), key: str | None = None
    ) -> tuple[OutgoingMessage, ...]:
        """Give a message for every desk."""
        return tuple(OutgoingMessage(desk, blocks, buttons, key=key) for desk in self._desks)


def card_key(proposal: Proposal) -> str:
    """Give the key of the card by which leads decide about these words: other words are on a card of their own."""
    return f"kb:{proposal.id}:{proposal.revision}"
