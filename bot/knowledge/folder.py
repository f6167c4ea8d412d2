"""A knowledge folder over time: a file that has not changed is neither opened nor read again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.errors import KnowledgeError
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.loader import Part, assemble, digest_of, files_of, read_part, version_of

NO_FILE = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file as it was when last opened."""

    stamp: tuple[int, int, int]  # what tells without opening it that it has changed: number, time in ns, size in bytes
    digest: bytes


class KnowledgeFolder:
    """Remembers what each file said. Its methods take time, so they are for a thread; one at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: dict[str, _Seen] = {}
        self._parts: dict[str, Part] = {}

    def look(self) -> str:
        """Give the version of the files as they are now; a missing folder counts as an empty one."""
        try:
            names = files_of(self.path)
        except KnowledgeError:
            names = []
        self._seen = {name: self._look_at(name) for name in names}
        self._parts = {name: part for name, part in self._parts.items() if name in self._seen}
        return version_of({name: seen.digest for name, seen in self._seen.items()})

    def unread(self) -> dict[str, int]:
        """Give the files that have other words than were read, each with its size in bytes."""
        read = {name: part.digest for name, part in self._parts.items()}
        return {name: seen.stamp[2] for name, seen in self._seen.items() if read.get(name) != seen.digest}

    def take(self, part: Part) -> None:
        """Take over what a file says, as `read_part` gives it."""
        self._parts[part.name] = part

    def base(self) -> KnowledgeBase:
        """Give the whole as it was seen last, from what was read.

        Raises:
            KnowledgeError: with every problem found, one line each.
        """
        names = list(self._seen) or files_of(self.path)  # raises where the folder is gone
        return assemble(self.path, [self._parts[name] for name in names])

    def load(self) -> KnowledgeBase:
        """Look, read what is unread, and give the whole.

        Raises:
            KnowledgeError: with every problem found, one line each.
        """
        self.look()
        for name in self.unread():
            self.take(read_part(self.path, name))
        return self.base()

    def _look_at(self, name: str) -> _Seen:
        path = self.path / name
        try:
            stat = path.stat()
            stamp = (stat.st_ino, stat.st_mtime_ns, stat.st_size)  # before its words: a change in between is seen then
            before = self._seen.get(name)
            return before if before and before.stamp == stamp else _Seen(stamp, digest_of(path.read_bytes()))
        except OSError:
            return _Seen(NO_FILE, digest_of(b""))  # the reading says what is wrong with it
