"""YAML that cannot hurt: plain data only, no deeper than ours ever is, and nothing that grows while it is read."""

from __future__ import annotations

import re
from collections.abc import Hashable

import yaml

DEEPEST = 30  # levels; ours has 7. The C reader crashes the process somewhere beyond 10,000
_INDENT = re.compile(r"^[ ]*(?:[-?:] +)*", re.MULTILINE)
_BRACKET = re.compile(r"[\[\]{}]")
_TAG = re.compile(r"!(?<![^\s,\[{]!)")  # begins with what is rare: a third of the time
_OPENING = frozenset("[{")


class Refused(yaml.YAMLError):
    """It is YAML, but of a kind that is not read; `problem` says which, `line` counts from 1."""

    def __init__(self, problem: str, line: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line


class _EachKeyOnce(yaml.CSafeLoader):
    """Plain data in which no key swallows an earlier one of the same name."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        mapping: dict[Hashable, object] = super().construct_mapping(node, deep=deep)
        if len(mapping) < len(node.value):
            self._refuse_second(node)
        return mapping

    def _refuse_second(self, node: yaml.MappingNode) -> None:
        first: dict[object, int] = {}
        for key, _ in node.value:
            line = key.start_mark.line + 1
            name = self.construct_object(key, deep=True)
            if name in first:
                raise Refused(f"`{name}` stands here a second time (first on line {first[name]}). Keep one", line)
            first[name] = line


def read(text: str) -> object:
    """Give the data of a text.

    Raises:
        Refused: it uses aliases or tags, is nested too deeply, or has a key twice.
        yaml.YAMLError, ValueError: it is not YAML, or a date or number in it is none.
    """
    if _is_suspicious(text):
        _examine(text)
    return yaml.load(text, Loader=_EachKeyOnce)  # noqa: S506


def _is_suspicious(text: str) -> bool:
    """Tell in a fraction of the time that reading takes whether there may be something to refuse."""
    if ("*" in text and "&" in text) or _TAG.search(text):
        return True
    if max((len(found) for found in _INDENT.findall(text)), default=0) > DEEPEST:
        return True
    depth = 0
    for bracket in _BRACKET.findall(text):
        depth = depth + 1 if bracket in _OPENING else max(0, depth - 1)
        if depth > DEEPEST:
            return True
    return False


def _examine(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):  # a few of them can blow a small file up to gigabytes
            raise Refused("uses a YAML alias (*name). Write the text out instead", line)
        tag = getattr(event, "tag", None)
        if tag:
            raise Refused(f"uses a YAML tag ({tag}). Put the text in quotes, or leave the tag out", line)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise Refused(f"is nested more than {DEEPEST} levels deep. Close the brackets", line)
