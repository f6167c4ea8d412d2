"""Reading YAML quickly, and finding the line of a mistake when there is one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import yaml

from bot.errors import KnowledgeError
from bot.safe_yaml import Refused, read

SIZE_LIMIT = 64 * 1024 * 1024  # bytes; 10,000 entries take about 40 MB


def read_yaml(path: Path, name: str) -> tuple[str, object]:
    """Give a file's text and its data.

    Raises:
        KnowledgeError: it is missing, too large, not UTF-8 or not YAML.
    """
    return parse_yaml(read_bytes(path, name), name)


def read_bytes(path: Path, name: str) -> bytes:
    """Give what is in a file.

    Raises:
        KnowledgeError: it is missing or too large, or cannot be read.
    """
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise KnowledgeError([f"{name}: larger than {SIZE_LIMIT >> 20} MB. Split it into several files."])
        return path.read_bytes()
    except FileNotFoundError:
        raise KnowledgeError([f"{name}: the file is missing. Restore it, or name another knowledge folder."]) from None
    except OSError as error:
        raise KnowledgeError([f"{name}: cannot be read ({error.strerror}). Check its permissions."]) from None


def parse_yaml(content: bytes, name: str) -> tuple[str, object]:
    """Give the text and the data of what was read.

    Raises:
        KnowledgeError: it is not UTF-8 or not YAML.
    """
    try:
        text = content.decode()
        return text, read(text)
    except UnicodeDecodeError as error:
        raise KnowledgeError([f"{name}: not UTF-8 (byte {error.start}). Save it as UTF-8."]) from None
    except Refused as error:
        raise KnowledgeError([f"{name}:{error.line}: {error.problem}."]) from None
    except (yaml.YAMLError, ValueError) as error:
        raise KnowledgeError([_syntax_problem(name, error)]) from None


def _syntax_problem(name: str, error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"{name}:{mark.line + 1}" if mark else name
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return (
        f"{where}: not valid YAML ({problem}). Often a text with a colon needs quotes, or a line is indented wrongly."
    )


def line_of(text: str, path: Sequence[str | int]) -> int:
    """Give the line (from 1) where the value at `path` stands, or the nearest thing above it that exists."""
    node, line = _tree(text), 1
    for step in path:
        child, mark = _child(node, step)
        if child is None:
            break
        node, line = child, mark
    return line


@lru_cache(maxsize=1)
def _tree(text: str) -> yaml.Node | None:
    """Give the nodes of a text; kept, as one with a mistake often has many."""
    node: yaml.Node | None = yaml.compose(text, Loader=yaml.CSafeLoader)
    return node


def _child(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node | None, int]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step].start_mark.line + 1
    return None, 0
