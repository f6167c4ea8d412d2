"""Units of work that PostgreSQL ends because another one was in their way: they are done again from the start."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from sqlalchemy.exc import DBAPIError

CLASHES = ("40001", "40P01")  # SQLSTATE: serialization failure, deadlock
TRIES = 4  # in all
WAIT = 0.05  # seconds before the second; doubled each time
T = TypeVar("T")
log = structlog.get_logger()


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
