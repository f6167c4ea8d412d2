"""What Telegram calls things, and how our addresses are written there (pure)."""

from __future__ import annotations

from bot.domain.messages import PRIVATE_CHAT, Address
from bot.errors import DeliveryError

PLATFORM = "telegram"
REPLIES = "r:"  # in front of a message id: a thread made of replies, where a desk has no topics


def private(user: int) -> Address:
    """Give the private chat with somebody."""
    return Address(PLATFORM, f"{PRIVATE_CHAT}{user}")


def chat_id(address: Address) -> int:
    """Give Telegram's number of a chat.

    Raises:
        DeliveryError: it is the private chat of somebody who has none: an anonymous admin, or a channel.
    """
    number = int(address.chat.removeprefix(PRIVATE_CHAT))
    if address.is_private and number <= 0:
        raise DeliveryError("they wrote anonymously, so there is no private chat with them", permanent=True)
    return number


def topic_id(address: Address) -> int | None:
    """Give the topic's number, if the thread is a topic."""
    thread = address.thread
    return int(thread) if thread and not thread.startswith(REPLIES) else None


def root_of(address: Address) -> int | None:
    """Give the message that a thread of replies hangs on, if the thread is one."""
    thread = address.thread or ""
    return int(thread.removeprefix(REPLIES)) if thread.startswith(REPLIES) else None


def replies_to(message_id: int | str) -> str:
    """Give the thread of the replies to a message."""
    return f"{REPLIES}{message_id}"
