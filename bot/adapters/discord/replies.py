"""Interactions that wait for their answers: each can be answered for 15 minutes, and only here."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic

import discord

from bot.domain.messages import Address, Block, OutgoingMessage, Style

GOOD_FOR = 14.5 * 60  # seconds; Discord's tokens live 15 minutes, and a send takes its time
MOST = 10_000  # interactions remembered


@dataclass(slots=True)
class Waiting:
    """An interaction that was acknowledged; `thinking` while Discord shows that the bot is at work."""

    interaction: discord.Interaction
    address: Address
    ephemeral: bool
    thinking: bool
    since: float
    pressed: str | None = None  # the message whose button it was: an answer may take its place
    words: str = ""  # written in a form: given back with a refusal, so that nobody has to write them twice

    def takes(self, message: OutgoingMessage) -> bool:
        """Tell whether a message is an answer to it: what goes to other places travels the usual way."""
        for_the_room = message.on_desk or message.key is not None
        if for_the_room and not message.to.is_private:
            return False
        return message.to == self.address or (message.discreet and self.ephemeral)

    def with_words(self, message: OutgoingMessage) -> OutgoingMessage:
        """Give an answer together with what was written in the form."""
        if not self.words:
            return message
        return replace(message, body=(*message.body, Block(self.words, Style.QUOTE)))


class Replies:
    """The interactions of the last quarter of an hour, by event id."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._waiting: OrderedDict[str, Waiting] = OrderedDict()

    def keep(
        self,
        event_id: str,
        interaction: discord.Interaction,
        address: Address,
        *,
        ephemeral: bool,
        thinking: bool,
        words: str = "",
    ) -> Waiting:
        """Remember an acknowledged interaction."""
        pressed = str(interaction.message.id) if interaction.message else None
        waiting = Waiting(interaction, address, ephemeral, thinking, self._clock(), pressed, words)
        self._waiting[event_id] = waiting
        self._drop_old()
        return waiting

    def to(self, event_id: str | None) -> Waiting | None:
        """Give the interaction that an event was, while it can be answered."""
        self._drop_old()
        return self._waiting.get(event_id) if event_id else None

    def over(self, event_id: str | None) -> None:
        """Forget one that Discord no longer knows."""
        if event_id:
            self._waiting.pop(event_id, None)

    def _drop_old(self) -> None:
        oldest = self._clock() - GOOD_FOR
        while self._waiting:
            event_id, waiting = next(iter(self._waiting.items()))
            if waiting.since > oldest and len(self._waiting) <= MOST:
                return
            del self._waiting[event_id]
