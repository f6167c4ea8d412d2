"""`/healthz`, `/readyz` and `/metrics` over HTTP, where `health.port` is set."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime

import structlog
from aiohttp import web

from bot.config import HealthSettings
from bot.domain.link import Link
from bot.errors import ConfigError
from bot.metrics import CONTENT_TYPE, Metrics
from bot.storage.levels import Levels
from bot.storage.store import Store
from bot.triage.live import LiveTriage
from bot.watch import platform_of, states

MEASURED_FOR = 5.0  # seconds that measured numbers are given again
MEASURE_WITHIN = 5.0  # seconds; a database that is busy for longer keeps its last numbers
log = structlog.get_logger()


class Health:
    """Answers whoever watches the process; nobody's words or names can be asked for."""

    def __init__(
        self,
        settings: HealthSettings,
        metrics: Metrics,
        parts: Mapping[str, Link],
        clock: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._metrics = metrics
        self._parts = parts
        self._clock = clock
        self._measured = 0.0
        self._to_measure: tuple[Store, LiveTriage] | None = None

    def loaded(self, store: Store, live: LiveTriage) -> None:
        """Learn what else is to be measured, once it is there."""
        self._to_measure = store, live

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Listen meanwhile: from before the knowledge is loaded until all is closed.

        Raises:
            ConfigError: address and port cannot be used.
        """
        app = web.Application(client_max_size=1024)
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._give_metrics)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await self._listen(runner)
            yield
        finally:
            await runner.cleanup()

    async def _listen(self, runner: web.AppRunner) -> None:
        listen, port = self._settings.listen, self._settings.port
        try:
            await web.TCPSite(runner, listen, port).start()
        except OSError as error:
            raise ConfigError(
                f"`health.listen` {listen} and `health.port` {port} cannot be used ({error.strerror}). Choose others."
            ) from None
        log.info("health.listens", address=listen, port=port)

    async def _healthz(self, _request: web.Request) -> web.Response:
        """Say that the event loop runs: what does not answer here is to be started again."""
        return web.json_response({"alive": True})

    async def _readyz(self, request: web.Request) -> web.Response:
        """Say of each part whether it works; a start again would mend none of it.

        `?without=discord` leaves that platform out: who shares Telegram's webhook among processes must not send it
        elsewhere because Discord is away.
        """
        without = request.query.get("without")
        parts = {name: link for name, link in self._parts.items() if platform_of(name) != without}
        ready = all(link.state is None for link in parts.values())
        return web.json_response({"ready": ready, "parts": states(parts)}, status=200 if ready else 503)

    async def _give_metrics(self, _request: web.Request) -> web.Response:
        await self._measure()
        return web.Response(body=self._metrics.text(), headers={"Content-Type": CONTENT_TYPE})

    async def _measure(self) -> None:
        now = self._clock()
        self._metrics.set_parts(self._parts)
        if self._to_measure is None:
            return
        store, live = self._to_measure
        self._metrics.set_knowledge(live.knowledge, now.date())
        if time.monotonic() - self._measured < MEASURED_FOR:
            return
        try:
            async with asyncio.timeout(MEASURE_WITHIN), store.transaction() as tx:
                levels = Levels(tx.connection)
                outbox, open_ones = await levels.outbox(), await levels.escalations()
        except Exception as error:  # noqa: BLE001  # the counters are still worth having
            log.warning("metrics.not_measured", error=type(error).__name__)
            return
        self._metrics.set_levels(outbox, open_ones, now)
        self._measured = time.monotonic()
