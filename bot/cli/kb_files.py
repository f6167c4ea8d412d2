"""Writing into the folder of the answers: all that a command changes is kept, or none of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import ConfigError
from bot.knowledge.loader import load


@dataclass(frozen=True)
class Pen:
    """Writes files, and knows what stood in them before."""

    _before: dict[Path, str | None] = field(default_factory=dict)

    def write(self, path: Path, text: str) -> None:
        """Write a file, new or not."""
        self._before.setdefault(path, path.read_text(encoding="utf-8") if path.exists() else None)
        path.write_text(text, encoding="utf-8")

    def undo(self) -> list[Path]:
        """Put everything back; give the files where that failed too."""
        return [path for path, text in self._before.items() if not _put_back(path, text)]


@contextmanager
def all_or_none(folder: Path) -> Iterator[Pen]:
    """Give a pen, and load the folder at the end; whatever goes wrong, the files are as they were.

    Raises:
        ConfigError: a file cannot be written.
        KnowledgeError: the files cannot be loaded afterwards.
    """
    pen = Pen()
    try:
        yield pen
        load(folder)
    except OSError as error:
        raise _unwritten(folder, error, pen.undo()) from None
    except BaseException:
        pen.undo()
        raise


def _put_back(path: Path, text: str | None) -> bool:
    try:
        if text is None:
            path.unlink(missing_ok=True)
        elif path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    except OSError:
        return False
    return True


def _unwritten(folder: Path, error: OSError, broken: list[Path]) -> ConfigError:
    left = f"Look at {', '.join(map(str, broken))}, which may be half written" if broken else "Nothing was changed"
    what = f"{error.filename or folder} cannot be written ({error.strerror or error}). {left}."
    where = "Run this where the folder may be written to and the disk has room; the bot's container may only read it."
    return ConfigError(f"{what} {where} --knowledge names another folder.")
