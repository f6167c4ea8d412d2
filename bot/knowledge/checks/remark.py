"""What a check says, and where in the files it is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import accumulate
from pathlib import Path

import yaml

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks.plain import plain
from bot.knowledge.entry import Entry


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to mend: which entry, in which field, near which words, and what to do.

    Remarks on other files than those of the entries name the file (`topics.yaml`) instead of an entry.
    """

    says: str
    entry: str = ""
    field: str = ""
    words: str = ""  # as they stand in the file, to find the line
    file: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A remark with the place to open; its text is the whole line for the curator."""

    remark: Remark
    place: str  # file:line, as far as it is known

    def __str__(self) -> str:
        """Give one line: the place, the entry, what is wrong and what to do."""
        entry = f"entry '{self.remark.entry}': " if self.remark.entry else ""
        return f"{self.place}: {entry}{self.remark.says}" if self.place else f"{entry}{self.remark.says}"


EntryCheck = Callable[[KnowledgeBase, Entry, date], Iterator[Remark]]
BaseCheck = Callable[[KnowledgeBase], Iterator[Remark]]


@dataclass(frozen=True)
class FileLines:
    """The lines of a file of entries, and in which of them its parts begin and end."""

    text: str

    @classmethod
    def read(cls, path: Path) -> FileLines:
        """Read a file; nothing for an entry that was published from elsewhere, or whose file is gone."""
        try:
            return cls(path.read_text(encoding="utf-8"))
        except OSError:
            return cls("")

    @cached_property
    def lines(self) -> Sequence[str]:
        """Give the lines without their ends."""
        return self.text.splitlines()

    @cached_property
    def spans(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Give (entry, field) -> first and last line from 0; the field "" is the entry as a whole."""
        found: dict[tuple[str, str], tuple[int, int]] = {}
        try:
            root = yaml.compose(self.text, Loader=yaml.CSafeLoader)
        except yaml.YAMLError:
            return found
        for entry in entries_of(root):
            fields = {key.value: (key.start_mark.line, value.end_mark.line) for key, value in entry.value}
            name = next((value.value for key, value in entry.value if key.value == "id"), "")
            found |= {(name, field): span for field, span in fields.items()}
            found[name, ""] = (entry.start_mark.line, entry.end_mark.line)
        return found

    def line_of(self, entry: str, field_name: str = "", words: str = "") -> int | None:
        """Give the line (from 1) of some words in a field, else of the field, else of the entry."""
        span = self.spans.get((entry, field_name)) or self.spans.get((entry, ""))
        if span is None:
            return None
        return self.find(words, *span) or span[0] + 1

    def find(self, words: str, first: int = 0, last: int | None = None) -> int | None:
        """Give the first line (from 1) that holds some words, or at least their beginning."""
        lines = self.lines[first : None if last is None else last + 1]
        seen = [(line, plain(line).strip()) for line in lines] if words else []
        while words:
            for number, (line, read) in enumerate(seen, first + 1):
                if words in line or words in read:
                    return number
            if broken := _begins_in(words, [read for _, read in seen]):
                return first + broken
            words = words.rpartition(" ")[0]
        return None


def _begins_in(words: str, lines: Sequence[str]) -> int | None:
    """Give the line (from 1) in which words begin that go on in the next."""
    at = " ".join(lines).find(words)
    return bisect_right(list(accumulate(len(line) + 1 for line in lines)), at) + 1 if at >= 0 else None


def entries_of(root: yaml.Node | None) -> list[yaml.MappingNode]:
    """Give the nodes of the entries in a file of entries."""
    if not isinstance(root, yaml.MappingNode):
        return []
    lists = [value for key, value in root.value if key.value == "entries"]
    return [node for one in lists for node in one.value if isinstance(node, yaml.MappingNode)]


@dataclass(frozen=True)
class Places:
    """Finds the line a remark is about; reads a file only when there is a remark on it."""

    base: KnowledgeBase
    _files: dict[str, FileLines] = field(default_factory=dict)

    def placed(self, remark: Remark) -> Placed:
        """Give a remark with its place."""
        name = self.base.files.get(remark.entry, "") if remark.entry else self.base.beside(remark.file)
        if not name:
            return Placed(remark, remark.file)
        if name not in self._files:
            self._files[name] = FileLines.read(Path(name))
        file = self._files[name]
        line = file.line_of(remark.entry, remark.field, remark.words) if remark.entry else file.find(remark.words)
        return Placed(remark, f"{name}:{line}" if line else name)
