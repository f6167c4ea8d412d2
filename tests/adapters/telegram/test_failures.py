"""Telegram's errors as ours: permanent or not, when to try again, and in words that volunteers understand."""

from __future__ import annotations

import pytest
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.adapters.telegram.failures import translated
from bot.errors import ThreadGone


@pytest.mark.parametrize(
    ("error", "permanent", "words"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), True, "blocked the bot"),
        (Forbidden("Forbidden: user is deactivated"), True, "account is deleted"),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), True, "not opened a private chat"),
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), True, "removed from the group"),
        (BadRequest("Bad Request: chat not found"), True, "no such chat"),
        (BadRequest("Bad Request: not enough rights to send text messages to the chat"), True, "lacks a right"),
        (BadRequest("Bad Request: something new"), True, "Telegram refused it: Something new"),
        (NetworkError("Request Entity Too Large (413)"), True, "too large"),
        (NetworkError("Bad Gateway (502)"), False, "cannot be reached"),
        (NetworkError("httpx.ConnectError: no route"), False, "cannot be reached"),
        (TimedOut(), False, "in time"),
        (InvalidToken("Not Found"), False, "token"),
        (Conflict("terminated by other getUpdates request"), False, "cannot be reached"),
    ],
)
def test_what_passes_is_tried_again_and_what_stays_is_told(error: TelegramError, permanent: bool, words: str) -> None:
    ours = translated(error)
    assert (ours.permanent, ours.retry_after) == (permanent, None)
    assert words in ours.reason


@pytest.mark.parametrize(
    "said", ["bot was kicked from the supergroup chat", "bot is not a member of the supergroup chat"]
)
def test_at_a_desk_what_the_operator_can_mend_is_tried_again(said: str) -> None:
    assert not translated(Forbidden(f"Forbidden: {said}"), on_desk=True).permanent


def test_a_message_that_telegram_will_never_take_is_given_up_at_a_desk_too() -> None:
    assert translated(BadRequest("Bad Request: BUTTON_DATA_INVALID"), on_desk=True).permanent


def test_slow_down_names_the_wait() -> None:
    assert translated(RetryAfter(17)).retry_after == 17


@pytest.mark.parametrize("said", ["message thread not found", "TOPIC_CLOSED", "TOPIC_DELETED", "TOPIC_ID_INVALID"])
def test_a_lost_topic_is_a_lost_thread(said: str) -> None:
    assert isinstance(translated(BadRequest(f"Bad Request: {said}")), ThreadGone)


def test_reasons_never_hold_the_token() -> None:
    assert "123:abc" not in translated(InvalidToken("The token `123:abc` was rejected by the server.")).reason
