"""PostgreSQL: a pool of connections, one for each unit of work."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.storage.clashes import NotReached

POOL_SIZE = 10  # connections of one process; PostgreSQL's own default allows 100 in all
POOL_TIMEOUT = 60  # seconds a unit of work waits for a connection


def postgres_engine(url: URL) -> AsyncEngine:
    """Give an engine; parameters hold people's words, so they stay out of error messages, and so out of logs."""
    return create_async_engine(
        url, hide_parameters=True, pool_size=POOL_SIZE, max_overflow=0, pool_timeout=POOL_TIMEOUT, pool_pre_ping=True
    )


class OwnConnections:
    """Gives each unit of work a connection; the server has them side by side."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[AsyncConnection]:
        """Store what is done within, or nothing of it.

        Raises:
            NotReached: the server is not there.
        """
        async with AsyncExitStack() as opened:
            try:
                connection = await opened.enter_async_context(self._engine.begin())
            except OSError as error:
                raise NotReached from error
            yield connection

    async def close(self) -> None:
        """Nothing is under way once its unit of work has ended."""
