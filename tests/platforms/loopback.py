"""Serving a test server's routes on a free port of this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web


@asynccontextmanager
async def on_loopback(app: web.Application, *, shutdown: float = 0.01) -> AsyncIterator[str]:
    """Serve until the end, and give `host:port`; `shutdown` is how many seconds open requests may still take."""
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=shutdown)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"{host}:{port}"
    finally:
        await runner.cleanup()
