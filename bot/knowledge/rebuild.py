"""The other process of a live reload: reads large files, and fits; the chat goes on meanwhile.

A thread would not do: reading YAML and much of the fitting hold the interpreter's lock, and every message would wait.
It is started with `COMMAND read FOLDER FILE…` or `COMMAND fit FOLDER MODULE:FUNCTION`, reads from standard input what
was published from chat, and writes what it has as frames to standard output.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from io import BufferedIOBase
from pathlib import Path
from typing import BinaryIO

from bot.errors import KnowledgeError
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.loader import Part, load, read_part
from bot.knowledge.overlay import Changes, laid_over
from bot.knowledge.wording import wording_of

COMMAND = "from bot.knowledge.rebuild import main; main()"  # not -m: frames must be pickled under their real names
NICENESS = 10  # of the fitting: the chat goes first; reading is short, and curators wait to see their words

Fit = Callable[[KnowledgeBase], object]


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was fitted, and the wording (see `wording_of`) that it was fitted to."""

    fitted: object
    wording: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The files have mistakes by now, so nothing could be fitted to them."""

    problems: tuple[str, ...]


Frame = Part | Fitted | Broken


def name_of(fit: Fit) -> str:
    """Give the name by which the other process finds a function; it must stand in a module, by itself.

    Of a `partial` the named arguments are part of the name; they must be what JSON can hold.
    """
    if isinstance(fit, partial):
        return f"{name_of(fit.func)}?{json.dumps(fit.keywords)}"
    return f"{fit.__module__}:{fit.__qualname__}"


def named(name: str) -> Fit:
    """Give the function that has a name of `name_of`."""
    path, _, arguments = name.partition("?")
    module, _, function = path.partition(":")
    found: Fit = partial(getattr(import_module(module), function), **json.loads(arguments or "{}"))
    return found


class InPieces:
    """A stream for the unpickler that lets other threads have a turn between two pieces.

    The unpickler reads about 64 KB at a time and holds the interpreter's lock in between. A stream of Python's own
    would never let go of it: a matcher of 10,000 entries would stop the chat for seconds. Its arrays of 57 MB are
    read to where they stay: copying one held the lock for 50 ms.
    """

    def __init__(self, stream: BufferedIOBase) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        """Read as the stream does."""
        time.sleep(0)  # without it the chat waits for the interpreter's own five milliseconds
        return self._stream.read(size)

    def readinto(self, place: bytearray | memoryview) -> int:
        """Read as the stream does; the lock is free while a pipe is waited for, and while what came is copied."""
        time.sleep(0)
        return self._stream.readinto(place)

    def readline(self) -> bytes:
        """Read as the stream does."""
        return self._stream.readline()


def write_frame(out: BinaryIO, frame: Frame) -> None:
    """Write a frame."""
    pickle.dump(frame, out, pickle.HIGHEST_PROTOCOL)
    out.flush()


def read_frame(stream: BufferedIOBase) -> Frame | None:
    """Give the next frame, None at the end, or where the other process has died; waits, so it is for a thread."""
    try:
        frame: Frame = pickle.Unpickler(InPieces(stream)).load()  # noqa: S301 - our own process wrote it
    except (EOFError, pickle.UnpicklingError):
        return None
    return frame


def reading(folder: Path, names: Sequence[str]) -> Iterator[Frame]:
    """Read some files of a folder."""
    return (read_part(folder, name) for name in names)


def fitting(folder: Path, fit: str, changes: Changes) -> Iterator[Frame]:
    """Fit to a folder with the changes over it."""
    with contextlib.suppress(AttributeError, OSError):
        os.nice(NICENESS)
    try:
        knowledge = laid_over(load(folder), changes)
    except KnowledgeError as error:
        yield Broken(error.problems)
    else:
        yield Fitted(named(fit)(knowledge), wording_of(knowledge))


def main() -> None:
    """Do what the command line says; whatever prints by mistake goes to standard error."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    task, folder, *others = sys.argv[1:]
    with out:
        changes = Changes.from_json(sys.stdin.read())
        frames = reading(Path(folder), others) if task == "read" else fitting(Path(folder), others[0], changes)
        for frame in frames:
            write_frame(out, frame)
