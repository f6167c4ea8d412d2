"""What lets the bot show something to one member of a group alone: their press or hidden command, for 15 seconds."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from telegram import Message

from bot.domain.messages import Address

WITHIN = 15.0  # seconds after a press or a hidden command, Bot API 10.2; a bot that is an admin needs neither
MOST = 10_000  # events remembered
HIDDEN = "ephemeral"  # in front of the ids of messages that only one person sees: their own `message_id` is 0


@dataclass(frozen=True, slots=True)
class Trigger:
    """A press or a hidden command in a group; `unseen` when the group sees nothing of it."""

    user: int
    group: Address
    query: str | None
    unseen: bool
    until: float


class Triggers:
    """The last events that can be answered for one person's eyes, by event id."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, Trigger] = OrderedDict()

    def keep(self, event_id: str, user: int, group: Address, query: str | None, *, unseen: bool) -> None:
        """Remember one."""
        self._kept[event_id] = Trigger(user, group, query, unseen, self._clock() + WITHIN)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def to(self, event_id: str | None, user: int) -> Trigger | None:
        """Give the press or hidden command of somebody that an event was."""
        trigger = self._kept.get(event_id or "")
        return trigger if trigger and trigger.user == user else None

    def fresh(self, trigger: Trigger | None) -> bool:
        """Tell whether Telegram still takes an answer to it."""
        return trigger is not None and self._clock() < trigger.until


def hidden_id(message: object) -> int | None:
    """Give the number of a message that only one person sees; the library does not know the field yet."""
    found = message.api_kwargs.get("ephemeral_message_id") if isinstance(message, Message) else None
    return found if isinstance(found, int) else None


def receipt_id(user: int, number: int) -> str:
    """Give the id under which such a message is kept: Telegram counts them for each person."""
    return f"{HIDDEN}-{user}-{number}"
