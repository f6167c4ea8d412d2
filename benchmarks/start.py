"""Start to first answer, and memory at rest: the table of docs/performance.md.

Run `python -m benchmarks.start`: a console and a bot with both platforms (test servers on loopback), from a warm cache, with the
encoder and without. Warm means what it is where the bot was installed and has run: the fitted state is in its cache, the modules are
compiled to bytecode (pip and `make run` do that), and the database has its tables. Beside the wall clock stands the processor time of
the process, which other work on the machine hardly changes. The first row is for comparison: a process that imports the
libraries which every start needs, and does nothing else. Machines differ by two in all of this.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.platforms.discord.server import TOKEN as DISCORD_TOKEN
from tests.platforms.discord.wire import a_place
from tests.platforms.telegram.server import TOKEN, telegram_server
from tests.platforms.telegram.stage import DESK, populate

ROOT = Path(__file__).parent.parent
RUNS = 5
QUESTION = "how much is it in mexico?"
LIBRARIES = "aiosqlite, sqlalchemy.ext.asyncio, pydantic_settings, structlog, typer, yaml, numpy, rapidfuzz.process"
REST = 3.0  # seconds after the first answer until memory is read
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Run:
    """What one start took: wall clock and processor seconds to the first answer, MiB at rest."""

    wall: float
    processor: float
    memory: float


def processor_of(pid: int) -> float:
    """Give the processor seconds a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def memory_of(pid: int) -> float:
    """Proportional share: what the process alone would free."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


async def measured(process: asyncio.subprocess.Process, started: float, answered: Callable[[], bool]) -> Run:
    """Wait for the first answer, then for rest."""
    while not answered():
        if process.returncode is not None:
            raise SystemExit(f"the bot ended with {process.returncode}")
        await asyncio.sleep(0.005)
    wall, processor = time.perf_counter() - started, processor_of(process.pid)
    await asyncio.sleep(REST)
    return Run(wall, processor, memory_of(process.pid))


async def start(folder: Path, *arguments: str, **settings: str) -> asyncio.subprocess.Process:
    """Start the bot with settings as in the environment."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env = {
        **inherited, "PYTHONPYCACHEPREFIX": str(folder / "bytecode"), "HSCTBOT_KNOWLEDGE": str(ROOT / "knowledge"), "PYTHONPATH": str(ROOT),
        "HSCTBOT_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'bot.db'}", "HSCTBOT_LOG__LEVEL": "error",
        **{f"HSCTBOT_{name}": value for name, value in settings.items()},
    }  # fmt: skip
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, cwd=folder, env=env,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=None,
    )  # fmt: skip


@contextlib.asynccontextmanager
async def ended(process: asyncio.subprocess.Process) -> AsyncIterator[None]:
    """Stop the process at the end."""
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def libraries(folder: Path) -> Run:
    """Start a process that imports libraries and rests."""
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", f"import {LIBRARIES}; print('there', flush=True); input()", cwd=folder,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=None,
    )  # fmt: skip
    async with ended(process):
        if process.stdout:
            await process.stdout.readline()
        return await measured(process, started, lambda: True)


async def console(folder: Path, encoder: str) -> Run:
    """Start the console and ask it something."""
    started = time.perf_counter()
    process = await start(folder, "console", "--plain", MATCHING__ENCODER=encoder, CACHE=str(folder / "cache"))
    shown = bytearray()

    async def read() -> None:
        while process.stdout and (piece := await process.stdout.read(4096)):
            shown.extend(piece)

    reading = asyncio.create_task(read())
    if process.stdin:
        process.stdin.write(f"{QUESTION}\n".encode())
    async with ended(process):
        run = await measured(process, started, lambda: b"Sources:" in shown)
    await reading
    return run


async def _forget(folder: Path) -> None:
    """Begin with empty tables: each new server counts its updates anew, and none is to have been seen before."""
    for suffix in ("", "-wal", "-shm"):
        (folder / f"bot.db{suffix}").unlink(missing_ok=True)
    await (await start(folder, "db", "upgrade")).wait()


async def platforms(folder: Path, encoder: str) -> Run:
    """Start it with both platforms; a question waits on Telegram, and Discord is to be connected."""
    await _forget(folder)
    async with telegram_server() as telegram, a_place() as place:
        populate(telegram)
        telegram.says(telegram.users[1], QUESTION)
        started = time.perf_counter()
        process = await start(
            folder, "run", MATCHING__ENCODER=encoder, CACHE=str(folder / "cache"),
            TELEGRAM__TOKEN=TOKEN, TELEGRAM__API_URL=telegram.url, TELEGRAM__DESK_CHAT=str(DESK),
            DISCORD__TOKEN=DISCORD_TOKEN, DISCORD__API_URL=f"{place.server.host}/api/v10", DISCORD__GATEWAY_URL=place.server.url,
            DISCORD__DESK_CHANNEL=str(place.desk.id),
        )  # fmt: skip
        async with ended(process):

            def both() -> bool:
                return bool(telegram.words(telegram.users[1])) and bool(place.server.sessions)

            return await measured(process, started, both)


async def main() -> None:
    """Print the table."""
    print("| what | encoder | first answer, s | of it processor, s | at rest, MiB |\n|---|---|---|---|---|")
    await row("libraries alone, imported", "", libraries)
    for name, run in (("console", console), ("Telegram and Discord", platforms)):
        for encoder in ("minilm", "none"):
            await row(name, encoder, partial(run, encoder=encoder))


async def row(name: str, encoder: str, run: Callable[[Path], Awaitable[Run]]) -> None:
    """Print a row: the medians of several starts."""
    with TemporaryDirectory() as folder:
        runs = [await run(Path(folder)) for _ in range(RUNS + 1)][1:]  # the first one fills the cache
    wall, processor, memory = (median(getattr(one, key) for one in runs) for key in ("wall", "processor", "memory"))
    print(f"| {name} | {encoder} | {wall:.2f} | {processor:.2f} | {memory:.0f} |", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
