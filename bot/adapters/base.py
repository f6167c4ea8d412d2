"""What the core asks of a platform, and what it hands to one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from bot.domain.catalogue import Catalogue, Found
from bot.domain.messages import Address, Attachment, ChatMoved, Delivery, Event, Receipt
from bot.domain.people import Role

__all__ = [
    "Accept",
    "Adapter",
    "Bookmark",
    "Catalogue",
    "Fetch",
    "Found",
    "KnowsRoles",
    "Sharded",
    "Standing",
    "Watched",
    "name_of",
]

Accept = Callable[[Event | ChatMoved], Awaitable[None]]
Fetch = Callable[[Attachment], Awaitable[bytes]]


Watched = Callable[[str], Awaitable[Sequence[Address]]]  # a platform -> the chats to look into for what was missed


class Bookmark(Protocol):
    """Keeps up to when all that was said on a platform, or on a part of it, is handled, for the next start."""

    async def kept(self, platform: str, part: str) -> datetime | None:
        """Give what is kept of a part; of one that is new, the earliest of the platform; None: it never ran."""

    async def keep(self, platform: str, part: str, until: datetime) -> None:
        """Keep a time instead of the one that is kept."""


def name_of(shard: int, shards: int) -> str:
    """Give the name under which it is kept of a shard: `0/2` is the first of two."""
    return f"{shard}/{shards}"


Standing = Callable[[str, str], Awaitable[str]]  # a form's action and subject -> the words that its own would replace


class Adapter(Protocol):
    """A platform: gives events to `accept`, takes deliveries, and decides nothing."""

    platform: str

    def chats(self) -> Sequence[str] | None:
        """Give the chats this process delivers to; None: every chat of the platform."""

    async def run(self, accept: Accept) -> None:
        """Receive until stopped."""

    async def send(self, delivery: Delivery) -> Receipt:
        """Send one message.

        Raises:
            DeliveryError: the platform did not take it.
            ThreadGone: its thread is deleted or closed.
        """

    async def close(self) -> None:
        """Let go of what is open, after the last message was sent."""

    async def fetch(self, attachment: Attachment) -> bytes:
        """Give the content of a file that was sent on this platform.

        Raises:
            DeliveryError: it is gone or too large.
        """


@runtime_checkable
class KnowsRoles(Protocol):
    """A platform that can be asked who works at the desk; at a terminal nobody but the one who sits there can say."""

    async def role_of(self, user: str) -> Role | None:
        """Give what somebody may do at this moment; None: the platform cannot say, and nobody loses anything by it."""


@runtime_checkable
class Sharded(Protocol):
    """A platform that gives each of several processes a part of what happens on it."""

    def takes(self, shard: int) -> None:
        """Receive this part only, from the next `run` on."""
