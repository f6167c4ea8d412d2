"""Reading YAML quickly, and finding the line of a mistake when there is one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from bot.errors import KnowledgeError

SIZE_LIMIT = 64 * 1024 * 1024  # bytes; 10,000 entries take about 40 MB


def read_yaml(path: Path, name: str) -> tuple[str, object]:
    """Give a file's text and its data.

    Raises:
        KnowledgeError: it is missing, too large, not UTF-8 or not YAML.
    """
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise KnowledgeError([f"{name}: larger than {SIZE_LIMIT >> 20} MB. Split it into several files."])
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise KnowledgeError([f"{name}: the file is missing. Restore it, or name another knowledge folder."]) from None
    except UnicodeDecodeError as error:
        raise KnowledgeError([f"{name}: not UTF-8 (byte {error.start}). Save it as UTF-8."]) from None
    except OSError as error:
        raise KnowledgeError([f"{name}: cannot be read ({error.strerror}). Check its permissions."]) from None
    if any(isinstance(token, yaml.AliasToken) for token in _tokens_if_suspicious(text)):
        raise KnowledgeError([f"{name}: uses a YAML alias (*name). Write the text out instead."])
    try:
        return text, yaml.load(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError) as error:
        raise KnowledgeError([_syntax_problem(name, error)]) from None


def _tokens_if_suspicious(text: str) -> Sequence[yaml.Token]:
    """Give the tokens of a text that might use aliases (they can blow a small file up to gigabytes)."""
    if "*" not in text or "&" not in text:
        return ()
    try:
        return tuple(yaml.scan(text, Loader=yaml.CSafeLoader))
    except yaml.YAMLError:
        return ()  # the load that follows says what is wrong


def _syntax_problem(name: str, error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"{name}:{mark.line + 1}" if mark else name
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return (
        f"{where}: not valid YAML ({problem}). Often a text with a colon needs quotes, or a line is indented wrongly."
    )


def line_of(text: str, path: Sequence[str | int]) -> int:
    """Give the line (from 1) where the value at `path` stands, or the nearest thing above it that exists."""
    node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    line = 1
    for step in path:
        child, mark = _child(node, step)
        if child is None:
            break
        node, line = child, mark
    return line


def _child(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node | None, int]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step].start_mark.line + 1
    return None, 0
