"""Telegram's errors as ours (pure): whether to try again, when, and what to tell those who wait."""

from __future__ import annotations

from datetime import timedelta

from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.errors import DeliveryError, ThreadGone

_LOST_THREADS = (
    "message thread not found",
    "topic_deleted",
    "topic_closed",
    "topic_id_invalid",
    "message to be replied not found",
)
_LOST_FILES = ("wrong file identifier", "wrong remote file", "can't use file of type", "file_reference",
               "voice_messages_forbidden", "image_process_failed")  # fmt: skip
_MARKUP = ("can't parse entities", "entity_", "entities")
_REASONS = {
    "bot was blocked by the user": "they have blocked the bot",
    "user is deactivated": "their account is deleted",
    "bot can't initiate conversation": "they have not opened a private chat with the bot yet",
    "bot was kicked": "the bot was removed from the group",
    "bot is not a member": "the bot is not in the group",
    "chat not found": "Telegram knows no such chat, or they have never written to the bot",
    "not enough rights": "the bot lacks a right in that chat",
    "have no rights": "the bot may not write in that chat",
    "chat_write_forbidden": "the bot may not write in that chat",
    "peer_id_invalid": "Telegram knows no such chat",
    "user not found": "Telegram knows no such account",
}
_LONGEST_REASON = 150  # characters of Telegram's own words


def translated(error: TelegramError, *, on_desk: bool = False) -> DeliveryError:
    """Give our error; what only the operator can mend at a desk is tried again, so that no question is lost."""
    if isinstance(error, RetryAfter):
        return DeliveryError("Telegram asks the bot to slow down", retry_after=seconds(error))
    if is_lost_thread(error):
        return ThreadGone("the topic is deleted or closed")
    if isinstance(error, BadRequest | Forbidden):
        reason = _reason(error)
        return DeliveryError(reason, permanent=not (on_desk and reason in _REASONS.values()))
    if isinstance(error, InvalidToken):
        return DeliveryError("Telegram does not accept the bot's token")
    if isinstance(error, NetworkError) and "too large" in error.message.lower():
        return DeliveryError("it is too large for Telegram", permanent=True)
    if isinstance(error, TimedOut):
        return DeliveryError("Telegram did not answer in time")
    return DeliveryError("Telegram cannot be reached")


def _reason(error: TelegramError) -> str:
    said = error.message.lower()
    known = next((reason for words, reason in _REASONS.items() if words in said), None)
    return known or f"Telegram refused it: {error.message[:_LONGEST_REASON]}"


def seconds(error: RetryAfter) -> float:
    """Give the wait that Telegram asks for."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def is_lost_thread(error: TelegramError) -> bool:
    """Tell whether the topic is gone or closed."""
    return isinstance(error, BadRequest) and any(words in error.message.lower() for words in _LOST_THREADS)


def is_closed_topic(error: TelegramError) -> bool:
    """Tell whether the topic is there but closed."""
    return isinstance(error, BadRequest) and "topic_closed" in error.message.lower()


def is_unchanged(error: TelegramError) -> bool:
    """Tell whether an edit would change nothing: it is as it should be."""
    return isinstance(error, BadRequest) and "message is not modified" in error.message.lower()


def is_markup(error: TelegramError) -> bool:
    """Tell whether Telegram dislikes the entities: the text goes without."""
    return isinstance(error, BadRequest) and any(words in error.message.lower() for words in _MARKUP)


def is_lost_file(error: TelegramError) -> bool:
    """Tell whether Telegram no longer has a file, or cannot send it in this way."""
    return isinstance(error, BadRequest) and any(words in error.message.lower() for words in _LOST_FILES)


def has_no_topics(error: TelegramError) -> bool:
    """Tell whether topics cannot be made: the group has none, or the bot lacks the right."""
    said = error.message.lower()
    return isinstance(error, BadRequest) and ("not a forum" in said or "not enough rights" in said)
