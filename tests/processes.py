"""The bot as an operator starts it: a process of its own, whose log is read to the end."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.world import ROOT

PATIENCE = 60.0  # seconds until a test gives up waiting
ENDS_WITHIN = 10.0  # seconds to stop in: container engines kill after that


@dataclass
class BotProcess:
    """A running bot."""

    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)

    @property
    def log(self) -> str:
        """All it has written so far, on either output."""
        return "".join(self.lines)

    async def logs(self, words: str) -> None:
        """Wait until it has logged something."""
        try:
            await until(lambda: words in self.log, words)
        except AssertionError:
            raise AssertionError(f"no {words!r} in the log:\n{self.log[-3000:]}") from None

    async def stops(self) -> int:
        """Ask it to stop, as a supervisor does; give the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), PATIENCE)


async def until(holds: Callable[[], object], what: str) -> None:
    for _ in range(int(PATIENCE / 0.02)):
        if holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"waited in vain for {what}")


@asynccontextmanager
async def bot_process(
    *arguments: str, folder: Path, code: str | None = None, **settings: str
) -> AsyncIterator[BotProcess]:
    """Run `hsct-bot ARGUMENTS`, or code of our own, in a folder; settings as in the environment: TELEGRAM__TOKEN."""
    command = [sys.executable, *(("-c", code) if code else ("-m", "bot")), *arguments]
    env = {
        **os.environ, "PYTHONPATH": str(ROOT), "HSCTBOT_KNOWLEDGE": str(ROOT / "knowledge"), "HSCTBOT_LOG__FORMAT": "json",
        **{f"HSCTBOT_{name}": value for name, value in settings.items()},
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    running = BotProcess(process)
    reading = asyncio.create_task(_read(process, running.lines))
    try:
        yield running
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
        await process.wait()
        await reading


async def _read(process: asyncio.subprocess.Process, lines: list[str]) -> None:
    assert process.stdout
    while line := await process.stdout.readline():
        lines.append(line.decode(errors="replace"))
