"""Live reload: changed files are checked and taken over while the chat goes on; broken ones are refused.

What leads publish from chat lies over the files; every process asks for it as often as it looks at the files.

The folder is looked at twice a second. A watcher library (watchfiles) would save a few of these looks, and would
miss changes on network folders and bind mounts unless it polled as well; 25 files cost a fraction of a millisecond.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Generic, Protocol, TypeVar

import structlog

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.entry import Entry
from bot.knowledge.loader import files_of, version_of
from bot.knowledge.overlay import Changes, combined, laid_over
from bot.knowledge.rebuild import COMMAND, Broken, Fit, Fitted, Read, Some, name_of, read_frame

LOOK_EVERY = 0.5  # seconds
REBUILD_LIMIT = 900.0  # seconds; the fitting goes last, and took more than 300 on a machine with six times its work
Prepared = TypeVar("Prepared")
log = structlog.get_logger()

Fingerprint = tuple[tuple[str, int, int], ...]  # name, time of change in ns, size in bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """Changed files have mistakes, each with file, line and what to do; the last good set stays live."""

    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TakenOver:
    """Changed files are live; `mended` tells that the set before them had been refused."""

    version: str
    entries: int
    mended: bool = False


News = Refused | TakenOver


class Live(Protocol[Prepared]):
    """What holds the knowledge in use."""

    @property
    def knowledge(self) -> KnowledgeBase:
        """Give the knowledge in use."""
        ...

    def prepare(self, knowledge: KnowledgeBase, fitted: object | None = None) -> Prepared | None:
        """Make ready, in a thread, what `swap` takes; None if that cannot be without something fitted to it."""
        ...

    def swap(self, prepared: Prepared) -> None:
        """Use it from the next message on; called on the event loop, so between two messages."""
        ...


async def nothing_published() -> Changes:
    """Give no changes: the files alone count."""
    return Changes()


class LiveReload(Generic[Prepared]):
    """Keeps what is live equal to a folder with what was published over it; `report` is told what leads should know."""

    def __init__(
        self,
        folder: Path,
        live: Live[Prepared],
        fit: Fit,
        report: Callable[[News], Awaitable[None]],
        published: Callable[[], Awaitable[Changes]] = nothing_published,
    ) -> None:
        self._folder = folder
        self._live = live
        self._fit = name_of(fit)
        self._report = report
        self._published = published
        self._changes = Changes()
        self._files: KnowledgeBase | None = None  # as they were read last, without what was published
        self._settled: tuple[Fingerprint, str] | None = None  # dealt with: live, or refused
        self._fitted_version = live.knowledge.version
        self._refused: tuple[str, ...] = ()
        self._news: News | None = None  # not told yet

    async def run(self) -> None:
        """Look for changes until cancelled; no mistake in a file, and none of ours, ends it."""
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("knowledge.reload_failed")
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """Look once, and take over or refuse what has changed."""
        await self._tell()
        self._changes = await self._published()
        files = await asyncio.to_thread(fingerprint, self._folder)
        now = (files, self._changes.version)
        if now == self._settled:
            return
        in_files = await asyncio.to_thread(version_of, self._folder)
        if combined(in_files, self._changes) == self._version:
            self._good(now)
        else:
            if self._files and self._files.version == in_files:  # no need to read them again to show new words
                await self._use(self._files)
            problems = await self._rebuild()
            if problems and await asyncio.to_thread(fingerprint, self._folder) != files:
                return  # somebody is still writing: what was read may have been half a file
            self._refuse(now, problems) if problems else self._good(now, changed=True)
        await self._tell()

    @property
    def _version(self) -> str | None:
        """Give the version that is live as a whole: None while its texts wait for what is fitted to them."""
        live = self._live.knowledge.version
        return live if live == self._fitted_version else None

    async def _rebuild(self) -> tuple[str, ...]:
        """Have the other process read and fit; give the problems."""
        ours, theirs = os.pipe()  # not asyncio's: frames are read in a thread, and never lie in memory whole
        with os.fdopen(ours, "rb") as frames:
            process = await self._started(theirs)
            try:
                with collector_held():
                    async with asyncio.timeout(REBUILD_LIMIT):
                        await self._hand_over_changes(process)
                        return await self._follow(process, frames)
            except TimeoutError:
                return (f"{self._folder}: could not be read within {REBUILD_LIMIT:.0f} seconds. Look at the load.",)
            finally:
                if process.returncode is None:
                    process.kill()  # a thread that still reads finds the end then
                await process.wait()

    async def _started(self, output: int) -> asyncio.subprocess.Process:
        command = (sys.executable, "-c", COMMAND, str(self._folder), self._fit)
        try:
            return await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.PIPE, stdout=output)
        finally:
            os.close(output)

    async def _hand_over_changes(self, process: asyncio.subprocess.Process) -> None:
        if process.stdin is None:
            return
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it has died: `_follow` says so
            process.stdin.write(self._changes.to_json().encode())
            await process.stdin.drain()
        process.stdin.close()

    async def _follow(self, process: asyncio.subprocess.Process, frames: BinaryIO) -> tuple[str, ...]:
        entries: dict[str, Entry] = {}
        knowledge: KnowledgeBase | None = None
        while frame := await asyncio.to_thread(read_frame, frames):
            match frame:
                case Broken(problems):
                    return problems
                case Some(some):
                    entries |= some
                case Read(rest):
                    knowledge = self._files = replace(rest, entries=entries)
                    await self._use(knowledge)
                case Fitted(fitted) if knowledge:
                    self._fitted_version = await self._use(knowledge, fitted)
                    return ()
        code = await process.wait()
        return (
            f"{self._folder}: not taken over (exit code {code}). The log says why; questions are matched as before.",
        )

    async def _use(self, files: KnowledgeBase, fitted: object | None = None) -> str:
        """Use what is in the files, with what was published over it; give its version."""
        knowledge = await asyncio.to_thread(laid_over, files, self._changes)
        prepared = await asyncio.to_thread(self._live.prepare, knowledge, fitted)
        if prepared is not None:
            self._live.swap(prepared)
        return knowledge.version

    def _good(self, now: tuple[Fingerprint, str], *, changed: bool = False) -> None:
        """Note that the files are what is live; leads hear of it if something has changed or was broken."""
        knowledge, mended = self._live.knowledge, bool(self._refused)
        if changed or mended:
            log.info("knowledge.taken_over", version=knowledge.version, entries=len(knowledge.entries))
            self._news = TakenOver(knowledge.version, len(knowledge.entries), mended)
        self._settled, self._refused = now, ()

    def _refuse(self, now: tuple[Fingerprint, str], problems: tuple[str, ...]) -> None:
        """Note that the files are broken; leads hear the same mistakes once, however often they are saved."""
        log.warning("knowledge.refused", problems=len(problems))
        if problems != self._refused:
            self._news = Refused(problems)
        self._settled, self._refused = now, problems

    async def _tell(self) -> None:
        """Tell the news; if that fails, it is told at the next look."""
        if self._news:
            await self._report(self._news)
            self._news = None


@contextlib.contextmanager
def collector_held() -> Iterator[None]:
    """Keep Python's search for garbage from going through the new knowledge, as it would while that comes in.

    For 10,000 entries one search takes half a second, in which no message is decided. What is there at the end is
    left out of later searches as well; it is freed as usual when nothing refers to it any more.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def fingerprint(folder: Path) -> Fingerprint:
    """Give what tells that a file has changed, without reading it."""
    found = []
    for name in files_of(folder):
        try:
            stat = (folder / name).stat()
        except OSError:
            continue  # a missing file differs from a present one, and the loader says what it means
        found.append((name, stat.st_mtime_ns, stat.st_size))
    return tuple(found)
