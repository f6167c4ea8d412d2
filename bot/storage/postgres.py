"""PostgreSQL: a pool of connections, one for each unit of work.

A process that dies is noticed at once, as its machine hangs up. A machine that is off, a network that is cut and a
process that is frozen say nothing at all: whatever they hold is given to the others after a while (`GONE_AFTER`).
"""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.storage.clashes import NotReached

POOL_SIZE = 10  # connections of one process; PostgreSQL's own default allows 100 in all
POOL_TIMEOUT = 60  # seconds a unit of work waits for a connection
CONNECT_WITHIN = 15  # seconds; a server that is off answers never
ASK_AFTER, ASK_EVERY, ASK_TIMES = 20, 5, 4  # seconds of silence until the other side is asked for a sign of life
GONE_AFTER = ASK_AFTER + ASK_EVERY * ASK_TIMES  # seconds; more than twice `peers.CHECK_EVERY`: who leads stops before
FROZEN_AFTER = 60  # seconds that a unit of work may take, or that a process may leave the others without a sign
# Who is frozen half-way through saying a statement is not idle, and no other limit ends that. PostgreSQL 17 knows it.
LONGEST = "transaction_timeout"


def postgres_engine(url: URL) -> AsyncEngine:
    """Give an engine; parameters hold people's words, so they stay out of error messages, and so out of logs."""
    engine = create_async_engine(
        url, hide_parameters=True, pool_size=POOL_SIZE, max_overflow=0, pool_timeout=POOL_TIMEOUT, pool_pre_ping=True,
        connect_args={"timeout": CONNECT_WITHIN},
    )  # fmt: skip

    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:  # noqa: ANN401
        _ask_here(connection.driver_connection)
        there = {
            "tcp_keepalives_idle": ASK_AFTER, "tcp_keepalives_interval": ASK_EVERY, "tcp_keepalives_count": ASK_TIMES,
            "tcp_user_timeout": GONE_AFTER * 1000, "idle_in_transaction_session_timeout": FROZEN_AFTER * 1000,
            LONGEST: FROZEN_AFTER * 1000,
        }  # fmt: skip
        connection.run_async(lambda driver: driver.execute(set_for_session(there)))

    return engine


async def take_your_time(connection: AsyncConnection) -> None:
    """Let the statements of this unit of work take as long as they need: tables are changed, or copied whole."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text(set_for_session({LONGEST: 0}, local=True)))


def set_for_session(wanted: dict[str, int], *, local: bool = False) -> str:
    """Give the statement that sets what this server knows of some settings, for a connection or for a unit of work."""
    values, how = ", ".join(f"('{name}', '{value}')" for name, value in wanted.items()), str(local).lower()
    return (
        f"SELECT set_config(name, given, {how}) FROM pg_settings "  # noqa: S608 - names and numbers of our own
        f"JOIN (VALUES {values}) AS w (name, given) USING (name)"
    )


def _ask_here(driver: Any) -> None:  # noqa: ANN401 - asyncpg has no types
    """Have this side ask a silent server too: after a fail-over the old one may be off, and never answer."""
    connected: socket.socket = driver._transport.get_extra_info("socket")  # noqa: SLF001 - there is no other way to it
    if connected.family == socket.AF_UNIX:
        return
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    options = {
        "TCP_KEEPIDLE": ASK_AFTER, "TCP_KEEPINTVL": ASK_EVERY, "TCP_KEEPCNT": ASK_TIMES,
        "TCP_USER_TIMEOUT": GONE_AFTER * 1000,
    }  # fmt: skip
    for name, value in options.items():
        if hasattr(socket, name):  # not every system has all of them
            connected.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


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
