"""Reading YAML quickly, and finding the line of a mistake when there is one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import yaml

from bot.errors import KnowledgeError
from bot.knowledge.yaml_mistakes import mistake_in
from bot.safe_yaml import Refused, read

_BOOL, _SWITCHES = "tag:yaml.org,2002:bool", ("True", "False", 0, 1)  # `NO:` is read as False
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
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise KnowledgeError([f"{name}:{line}: not UTF-8 (byte {error.start}). Save the file as UTF-8."]) from None
    try:
        return text, read(text)
    except Refused as error:
        raise KnowledgeError([f"{name}:{error.line}: {error.problem}."]) from None
    except (yaml.YAMLError, ValueError) as error:
        place, what = mistake_in(text, error)
        raise KnowledgeError([f"{name}{f':{place}' if place else ''}: not valid YAML: {what}."]) from None


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
            if key.value == str(step) or (step in _SWITCHES and key.tag == _BOOL):
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step].start_mark.line + 1
    return None, 0
