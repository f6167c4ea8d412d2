"""The program itself in a process of its own, as the reader of a guide runs it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import yaml

from tests.world import ROOT

PATIENCE = 90.0  # seconds for the program to start, or for an answer


class Program:
    """`hsct-bot` with the reader's config.yaml."""

    def __init__(self, folder: Path, platform: str, settings: dict[str, object]) -> None:
        self.folder = folder
        self.platform = platform
        self.settings = settings

    def _command(self, *words: str) -> list[str]:
        log = {"format": "json"}
        settings = {"knowledge": str(ROOT / "knowledge"), self.platform: self.settings, "log": log}
        (self.folder / "config.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
        return [sys.executable, "-m", "bot", *words]

    async def says(self, *words: str) -> str:
        """Run a command to its end; give what it prints."""
        running = await self._start(*words)
        return (await running.communicate())[0].decode()

    async def _start(self, *words: str) -> asyncio.subprocess.Process:
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        return await asyncio.create_subprocess_exec(
            *self._command(*words),
            cwd=self.folder,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )

    @asynccontextmanager
    async def runs(self) -> AsyncIterator[asyncio.StreamReader]:
        """Run the bot, as `make run` does; give its log."""
        running = await self._start("run")
        assert running.stdout is not None
        try:
            yield running.stdout
        finally:
            running.terminate()
            await running.communicate()


async def line_with(log: asyncio.StreamReader, words: str) -> str:
    async with asyncio.timeout(PATIENCE):
        while line := (await log.readline()).decode():
            if words in line:
                return line
    raise AssertionError(f"the log ended without {words!r}")
