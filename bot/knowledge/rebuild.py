"""The other process of a live reload: reads the files, then fits to them; the chat goes on meanwhile.

A thread would not do: reading YAML and much of the fitting hold the interpreter's lock, and every message would wait.
It is started with `COMMAND FOLDER MODULE:FUNCTION`, reads from standard input what was published from chat, and writes
what it has as frames to standard output.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pickle
import sys
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
SIZE_BYTES = 8  # in front of each frame: its length
AT_ONCE = 200  # entries in a frame: unpacking holds the interpreter's lock, and 10,000 at once would take a second
NICENESS = 10  # the chat goes first

Fit = Callable[[KnowledgeBase], object]


@dataclass(frozen=True, slots=True)
class Some:
    """Some of the entries, few enough to be unpacked between two messages."""

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


def write_frame(out: BinaryIO, frame: Frame) -> None:
    """Write a frame: its length, then it."""
    data = pickle.dumps(frame, pickle.HIGHEST_PROTOCOL)
    out.write(len(data).to_bytes(SIZE_BYTES, "big") + data)
    out.flush()


async def read_frame(stream: asyncio.StreamReader) -> Frame | None:
    """Give the next frame, None at the end; unpacking a large one stays off the event loop."""
    try:
        size = int.from_bytes(await stream.readexactly(SIZE_BYTES), "big")
        data = await stream.readexactly(size)
    except asyncio.IncompleteReadError:
        return None
    frame: Frame = await asyncio.to_thread(pickle.loads, data)  # our own process wrote it
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
    write_frame(out, Fitted(named(fit)(laid_over(knowledge, changes))))


def main() -> None:
    """Do what the command line says; whatever prints by mistake goes to standard error."""
    frames = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with contextlib.suppress(AttributeError, OSError):
        os.nice(NICENESS)
    with frames:
        rebuild(Path(sys.argv[1]), sys.argv[2], Changes.from_json(sys.stdin.read()), frames)
