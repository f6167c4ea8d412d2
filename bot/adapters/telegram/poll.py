"""Long polling: the next batch is asked for, and the last one thereby confirmed, when all of it is stored."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError, TimedOut

from bot.adapters.telegram import failures, parse
from bot.adapters.telegram.receive import ALLOWED_UPDATES, Receiver
from bot.domain.link import Link, Trouble

POLL_FOR = 25  # seconds that Telegram holds a request open
FIRST_WAIT = 0.5  # seconds after a failure; doubled up to the longest
LONGEST_WAIT = 30.0  # seconds
SPREAD = 0.2  # of a wait, at the most, by which chance shortens it
log = structlog.get_logger()


async def poll(bot: Bot, receiver: Receiver, link: Link) -> None:
    """Receive until cancelled; `link` hears whether Telegram answers."""
    offset, failed = 0, 0
    while True:
        try:
            held = 0 if failed else POLL_FOR  # after a failure it is known at once whether it is over
            updates, after = await _batch(bot, offset, held)
        except TimedOut:
            link.down()
            continue
        except TelegramError as error:
            failed += 1
            link.down(Trouble.REVOKED if isinstance(error, InvalidToken) else Trouble.UNREACHABLE)
            log.warning("tg.no_updates", reason=_why(error), failed=failed)
            await asyncio.sleep(_wait(error, failed))
            continue
        link.up()
        offset, failed = await _taken(receiver, updates, after, failed)
        if failed:
            await asyncio.sleep(_wait(None, failed))


async def _batch(bot: Bot, offset: int, held: int) -> tuple[Sequence[Update], int]:
    """Give what has come within `held` seconds, and the offset that follows it.

    Raises:
        TelegramError: Telegram did not give it.
    """
    try:
        updates = await bot.get_updates(offset=offset, timeout=held, allowed_updates=ALLOWED_UPDATES)
    except parse.CANNOT_BE_READ:
        return await parse.one_by_one(bot, offset)
    return updates, max((update.update_id + 1 for update in updates), default=offset)


async def _taken(receiver: Receiver, updates: Sequence[Update], after: int, failed: int) -> tuple[int, int]:
    """Give the next offset, and how often in a row something failed."""
    again = await receiver.take_all(updates) if updates else None
    return (after, 0) if again is None else (again, failed + 1)


def _wait(error: TelegramError | None, failed: int) -> float:
    if isinstance(error, RetryAfter):
        return failures.seconds(error)
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(failed - 1, 10))
    return wait * (1 - SPREAD * random.random())  # noqa: S311 - no secret


def _why(error: TelegramError) -> str:
    if isinstance(error, Conflict):
        return "another process uses the same token, or a webhook is set"
    if isinstance(error, InvalidToken):
        return "Telegram does not accept telegram.token. Copy it again from BotFather, and start the bot again."
    return type(error).__name__
