"""Units of work that fail through no mistake of ours: another one was in their way, or the database is away."""

from __future__ import annotations

import asyncio
import sqlite3
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
UNUSABLE = (  # SQLite's own
    *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR),  # its disk is full or broken
    *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY),  # its file is gone, or may not be written
    sqlite3.SQLITE_BUSY,  # another process keeps it for longer than is waited
)
TRIES = 4  # in all
WAIT = 0.05  # seconds before the second; doubled each time
T = TypeVar("T")
log = structlog.get_logger()


class NotReached(ConnectionError):
    """The database's server is not there."""


def is_away(error: BaseException) -> bool:
    """Tell whether it is the database that cannot be reached or used, rather than what was asked of it."""
    if isinstance(error, DBAPIError):
        if error.connection_invalidated or getattr(error.orig, "sqlstate", None) in AWAY:
            return True
        error = error.orig or error
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in UNUSABLE  # the lowest byte is the kind
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
