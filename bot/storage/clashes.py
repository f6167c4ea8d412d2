"""Units of work that fail through no mistake of ours: another one was in their way, or the database is away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from sqlalchemy.exc import DBAPIError

CLASHES = ("40001", "40P01")  # SQLSTATE: serialization failure, deadlock
AWAY = (
    *("57P01", "57P02", "57P03"),  # the server is told to stop, has crashed, or is starting
    *("25P03", "57P05"),  # it hung up on a process that was frozen
    *("25006", "53100", "53300"),  # it only follows another one, its disk is full, it has no connection left
)
TRIES = 4  # in all
WAIT = 0.05  # seconds before the second; doubled each time
T = TypeVar("T")
log = structlog.get_logger()


class NotReached(ConnectionError):
    """The database's server is not there."""


def is_away(error: BaseException) -> bool:
    """Tell whether it is the server that cannot be reached or hung up, rather than what was asked of it."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in AWAY
    return isinstance(error, NotReached)


async def through_clashes(work: Callable[[], Awaitable[T]]) -> T:
    """Do a unit of work, again if it clashed; of what is given up nothing is stored, so it is no repetition."""
    for attempt in range(TRIES - 1):
        try:
            return await work()
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in CLASHES:
                raise
            log.info("storage.clash", attempt=attempt)
        await asyncio.sleep(WAIT * 2**attempt)
    return await work()
