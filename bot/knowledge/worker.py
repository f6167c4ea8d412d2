"""Running the other process (`rebuild.py`) from the event loop, and taking in what it makes without a stop."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import os
import sys
from collections.abc import AsyncIterator, Iterator
from io import BufferedReader

from bot.knowledge.rebuild import COMMAND, Frame, read_frame

TURN = 0.0005  # seconds that a thread of the reload keeps the interpreter's lock while the chat waits for it
LIMIT = 3600.0  # seconds; fitting goes last, and 100,000 phrasings take eight minutes to encode on an idle machine


class Died(Exception):
    """The other process ended without doing its work; the text says how."""


async def frames(*task: str, given: str = "") -> list[Frame]:
    """Have the other process do a task, and give all that it makes.

    Raises:
        Died: it did not do all of it.
    """
    ours, theirs = os.pipe()  # not asyncio's: frames are read in a thread, and never lie in memory whole
    with os.fdopen(ours, "rb") as pipe:
        process = await _started(task, theirs)
        try:
            async with asyncio.timeout(LIMIT):
                await _hand_over(process, given)
                made = [frame async for frame in _made(pipe)]
                code = await process.wait()
        except TimeoutError:
            raise Died(f"not done within {LIMIT:.0f} seconds") from None
        finally:
            if process.returncode is None:
                process.kill()  # a thread that still reads finds the end then
            await process.wait()
    if code:
        raise Died(f"exit code {code}")
    return made


async def _started(task: tuple[str, ...], output: int) -> asyncio.subprocess.Process:
    try:
        command = (sys.executable, "-c", COMMAND, *task)
        return await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.PIPE, stdout=output)
    finally:
        os.close(output)


async def _hand_over(process: asyncio.subprocess.Process, given: str) -> None:
    if process.stdin is None:
        return
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it has died: its exit code says so
        process.stdin.write(given.encode())
        await process.stdin.drain()
    process.stdin.close()


async def _made(pipe: BufferedReader) -> AsyncIterator[Frame]:
    while await asyncio.to_thread(pipe.peek, 1):  # until a frame begins: it may be a minute of fitting away
        with collector_held(), short_turns():
            if frame := await asyncio.to_thread(read_frame, pipe):
                yield frame


_holding = 0


@contextlib.contextmanager
def collector_held() -> Iterator[None]:
    """Keep Python's search for garbage from going through the new knowledge, as it would while that comes in.

    For 10,000 entries one search takes half a second, in which no message is decided. What is there at the end is
    left out of later searches as well; it is freed as usual when nothing refers to it any more.
    """
    global _holding  # the collector is the process's own, and reading and fitting may overlap
    gc.disable()
    _holding += 1
    try:
        yield
    finally:
        _holding -= 1
        gc.freeze()
        if not _holding:
            gc.enable()


_in_turns: list[float] = []  # the usual turn, once for each that holds it short


@contextlib.contextmanager
def short_turns() -> Iterator[None]:
    """Let the chat wait less for threads that work on new knowledge.

    A decision among 10,000 entries lets go of the interpreter's lock dozens of times, and would wait each time for as
    long as Python lets a busy thread keep it: 5 ms as a rule.
    """
    _in_turns.append(_in_turns[0] if _in_turns else sys.getswitchinterval())  # reading and fitting may overlap
    sys.setswitchinterval(TURN)
    try:
        yield
    finally:
        usual = _in_turns.pop()
        if not _in_turns:
            sys.setswitchinterval(usual)


def give_back() -> None:
    """Give the system back what reading and fitting needed for a moment: 1 MiB from the cache, 20 without (glibc)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
