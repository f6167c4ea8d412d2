"""The other process of a live reload: reads the files, then fits to them; the chat goes on meanwhile.

A thread would not do: reading YAML and much of the fitting hold the interpreter's lock, and every message would wait.
It is started with `COMMAND FOLDER MODULE:FUNCTION`, reads from standard input what was published from chat, and writes
what it has as frames to standard output.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from bot.errors import KnowledgeError
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.entry import Entry
from bot.knowledge.loader import load
from bot.knowledge.overlay import Changes, laid_over

COMMAND = "from bot.knowledge.rebuild import main; main()"  # not -m: frames must be pickled under their real names
AT_ONCE = 200  # entries in a frame
NICENESS = 10  # of the fitting: the chat goes first; reading is short, and curators wait to see their words

Fit = Callable[[KnowledgeBase], object]


@dataclass(frozen=True, slots=True)
class Some:
    """Some of the entries."""

    entries: Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class Read:
    """The files are good; this is what they say: without changes, and without the entries that came before."""

    knowledge: KnowledgeBase


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was fitted to the knowledge that was read."""

    fitted: object


@dataclass(frozen=True, slots=True)
class Broken:
    """The files have mistakes."""

    problems: tuple[str, ...]


Frame = Some | Read | Fitted | Broken


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
    would never let go of it: a matcher of 10,000 entries would stop the chat for seconds.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        """Read as the stream does."""
        time.sleep(0)  # without it the chat waits for the interpreter's own five milliseconds
        return self._stream.read(size)

    def readline(self) -> bytes:
        """Read as the stream does."""
        return self._stream.readline()


def write_frame(out: BinaryIO, frame: Frame) -> None:
    """Write a frame."""
    pickle.dump(frame, out, pickle.HIGHEST_PROTOCOL)
    out.flush()


def read_frame(stream: BinaryIO) -> Frame | None:
    """Give the next frame, None at the end, or where the other process has died; waits, so it is for a thread."""
    try:
        frame: Frame = pickle.Unpickler(InPieces(stream)).load()  # noqa: S301 - our own process wrote it
    except (EOFError, pickle.UnpicklingError):
        return None
    return frame


def rebuild(folder: Path, fit: str, changes: Changes, out: BinaryIO) -> None:
    """Read a folder and fit to it with the changes over it; each result is written as soon as it is there."""
    try:
        knowledge = load(folder)
    except KnowledgeError as error:
        write_frame(out, Broken(error.problems))
        return
    entries = list(knowledge.entries.items())
    for start in range(0, len(entries), AT_ONCE):
        write_frame(out, Some(dict(entries[start : start + AT_ONCE])))
    write_frame(out, Read(replace(knowledge, entries={})))
    with contextlib.suppress(AttributeError, OSError):
        os.nice(NICENESS)
    write_frame(out, Fitted(named(fit)(laid_over(knowledge, changes))))


def main() -> None:
    """Do what the command line says; whatever prints by mistake goes to standard error."""
    frames = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with frames:
        rebuild(Path(sys.argv[1]), sys.argv[2], Changes.from_json(sys.stdin.read()), frames)
