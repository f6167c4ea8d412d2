"""JSON to the library's updates: one that it cannot read holds up no other."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import structlog
from telegram import Bot, Update
from telegram.warnings import PTBUserWarning

CANNOT_BE_READ = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError, RecursionError)
log = structlog.get_logger()
# The library knows this method itself, but only as a whole batch that it reads or does not.
warnings.filterwarnings("ignore", "Please use 'Bot.getUpdates'", PTBUserWarning)


def parsed(data: object, bot: Bot | None) -> Update | None:
    """Give the update that some JSON is; None where the library cannot read it, as it looks at no value's kind."""
    if not isinstance(data, dict):
        return None
    try:
        return Update.de_json(data, bot)
    except CANNOT_BE_READ:
        return None


def number_of(data: object) -> int | None:
    """Give an update's number, also of one that cannot be read."""
    number = data.get("update_id") if isinstance(data, dict) else None
    return number if isinstance(number, int) else None


async def one_by_one(bot: Bot, offset: int) -> tuple[list[Update], int]:
    """Give what can be read of a batch that could not be read whole, and the offset that follows all of it.

    Raises:
        TelegramError: Telegram did not give it.
    """
    batch: Sequence[object] = await bot.do_api_request("getUpdates", {"offset": offset, "timeout": 0})
    readable: list[Update] = []
    for data in batch:
        update = parsed(data, bot)
        if update is None:
            given_up(number_of(data))
        else:
            readable.append(update)
    return readable, max((number + 1 for data in batch if (number := number_of(data)) is not None), default=offset)


def given_up(number: int | None) -> None:
    """Say that an update cannot be read: a newer library may be able to."""
    log.error("tg.update_unreadable", update=number, what_to_do="look for a newer version of this bot")
