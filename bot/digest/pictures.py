"""Pictures of digests: drawn by another process, then sent after the numbers, which never wait for them."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import structlog

from bot.domain.messages import OutgoingMessage, Picture
from bot.storage.store import Store

LONGEST = 60.0  # seconds for drawing; the library needs a while to start
KEPT = 7 * 24 * 3600.0  # seconds that a drawn file stays: sending may be retried for a day and a half
log = structlog.get_logger()


class Pictures:
    """Draws beside the running bot, and stores the messages that carry what was drawn."""

    def __init__(self, store: Store, folder: Path, clock: Callable[[], datetime], stored: Callable[[], None]) -> None:
        self._store = store
        self._folder = folder
        self._clock = clock
        self._stored = stored
        self._under_way: set[asyncio.Task[None]] = set()

    def send(self, what: Mapping[str, object], alt: str, messages: Sequence[OutgoingMessage]) -> None:
        """Begin to draw; the messages go out with the picture when it is there."""
        task = asyncio.create_task(self._send(what, alt, messages))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def settle(self) -> None:
        """Wait until nothing is being drawn."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def close(self) -> None:
        """Stop what is being drawn: the numbers themselves have been stored."""
        for task in self._under_way:
            task.cancel()
        await self.settle()

    async def _send(self, what: Mapping[str, object], alt: str, messages: Sequence[OutgoingMessage]) -> None:
        try:
            file = await self.drawn(what)
        except (OSError, TimeoutError, RuntimeError) as error:
            log.warning("digest.not_drawn", error=type(error).__name__)  # the numbers have been sent in words
            return
        picture = Picture(str(file), alt)
        async with self._store.transaction() as tx:
            for message in messages:
                await tx.outbox.add(replace(message, picture=picture), self._clock())
        self._stored()

    async def drawn(self, what: Mapping[str, object]) -> Path:
        """Give the picture's file.

        Raises:
            RuntimeError: the drawing process failed.
            TimeoutError: it took too long.
            OSError: it could not be started, or the folder cannot be written to.
        """
        data = json.dumps(what).encode()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._tidy()
        file = self._folder / f"digest-{hashlib.sha256(data).hexdigest()[:16]}.png"
        if not file.exists():
            await self._draw(data, file)
        return file

    async def _draw(self, data: bytes, file: Path) -> None:
        environment = os.environ | {"MPLCONFIGDIR": str(self._folder / "matplotlib")}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.digest.draw", str(file), env=environment,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            async with asyncio.timeout(LONGEST):
                await process.communicate(data)
        except BaseException:
            if process.returncode is None:
                process.kill()
                await process.wait()
            raise
        if process.returncode:
            raise RuntimeError(f"drawing ended with {process.returncode}")

    def _tidy(self) -> None:
        for old in self._folder.glob("digest-*.png"):
            if old.stat().st_mtime < time.time() - KEPT:
                old.unlink(missing_ok=True)
