"""discord.py's errors as ours."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

from bot.adapters.discord.errors import in_vain, to_delivery_error
from bot.errors import DeliveryError, ThreadGone


def refused(status: int, code: int = 0) -> discord.HTTPException:
    response: Any = SimpleNamespace(status=status, reason="refused")
    return discord.HTTPException(response, {"code": code, "message": "secret words of somebody"})


@pytest.mark.parametrize(
    ("error", "says", "permanent"),
    [
        (refused(429), "not able to take it now", False),
        (refused(500), "HTTP 500", False),
        (refused(503), "HTTP 503", False),
        (refused(404, 10003), "#desk does not exist any more", True),
        (refused(403, 50007), "no private messages", True),
        (refused(403, 50278), "no private messages", True),
        (refused(400, 40067), "asks for a tag", False),
        (refused(400, 160006), "too many open threads", False),
        (refused(403, 50013), "permission is missing in #desk. `hsct-bot doctor` names it", False),
        (refused(403, 50001), "permission is missing in #desk", False),
        (refused(413, 40005), "too large", True),
        (refused(400, 50035), "code 50035", True),
        (refused(401), "does not take the token", False),
        (aiohttp.ServerDisconnectedError(), "cannot be reached", False),
        (TimeoutError(), "cannot be reached", False),
        (discord.LoginFailure("no"), "token", False),
        (ValueError("secret words"), "failed (ValueError)", False),
    ],
)
def test_each_error_says_what_to_expect_and_nothing_of_what_was_written(
    error: Exception, says: str, permanent: bool
) -> None:
    ours = to_delivery_error(error, where="#desk")
    assert says in ours.reason
    assert "secret" not in ours.reason
    assert ours.permanent is permanent


def test_a_long_rate_limit_is_waited_for_by_the_outbox() -> None:
    assert to_delivery_error(discord.RateLimited(120.0), where="#desk").retry_after == 120.0


@pytest.mark.parametrize("code", [10003, 50083, 160005])
def test_a_thread_that_is_gone_locked_or_asleep_is_made_again_at_once(code: int) -> None:
    ours = to_delivery_error(refused(403, code), where="#desk", in_thread=True)
    assert isinstance(ours, ThreadGone)
    assert ours.retry_after == 0.0
    assert not isinstance(to_delivery_error(refused(403, code), where="#desk"), ThreadGone)


def test_ours_stays_as_it_is() -> None:
    ours = DeliveryError("too large", permanent=True)
    assert to_delivery_error(ours, where="#desk") is ours


@pytest.mark.parametrize(
    ("error", "vain"),
    [
        (refused(400, 50035), True),
        (refused(403, 50001), True),
        (refused(404, 10003), True),
        (refused(401), False),
        (refused(429), False),
        (refused(500), False),
        (refused(403, 40003), False),
        (refused(403), False),
        (TimeoutError(), False),
    ],
)
def test_only_what_may_change_is_asked_for_again(error: Exception, vain: bool) -> None:
    """Private chats may be opened too fast, and a proxy may refuse in Discord's place."""
    assert in_vain(error) is vain
