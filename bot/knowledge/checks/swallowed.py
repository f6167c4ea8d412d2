"""What YAML takes away from a text of an entry without a word: a lost dash, and what looks like a comment."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import yaml

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks.remark import FileLines, Remark, entries_of
from bot.knowledge.entry import Entry
from bot.knowledge.more_phrasings import FILE

LISTS = ("phrasings", "keywords")
WORDS = (*LISTS, "question", "short", "full", "by_country", "sources")  # fields with words that people read or write
_IS_TEXT = "tag:yaml.org,2002:str"
_COMMENT = re.compile(r"\s+#.*")
_MAYBE_COMMENT = re.compile(r"^[^\n#]*[^\s#][ \t]+#", re.MULTILINE)


def swallowed(base: KnowledgeBase) -> Iterator[Remark]:
    """Find lines that became part of the one above, and words behind ` #`, which are no part of a text."""
    by_file: dict[str, list[Entry]] = defaultdict(list)
    for name, file in base.files.items():
        if name in base.entries:
            by_file[file].append(base.entries[name])
    for file, entries in by_file.items():
        text = FileLines.read(Path(file)).text
        if _may_lack(text, (one for entry in entries for one in (*entry.phrasings, *entry.keywords))):
            yield from _in_file(text)
    text = FileLines.read(Path(base.beside(FILE))).text
    if _may_lack(text, (one for entry in base.entries.values() for one in entry.more_phrasings)):
        yield from _in_more_phrasings(text)


def _may_lack(text: str, listed: Iterable[str]) -> bool:
    """Tell whether a file has to be looked through: most need not."""
    return bool(text) and (bool(_MAYBE_COMMENT.search(text)) or any(one not in text for one in listed))


def _in_more_phrasings(text: str) -> Iterator[Remark]:
    lines = text.splitlines()
    for one in _plain(yaml.compose(text, Loader=yaml.CSafeLoader)):
        dash = lines[one.start_mark.line][: one.start_mark.column].endswith("- ")
        yield from (Remark(says, words=words, file=FILE) for says, words in _lost(one, lines, dash=dash))


def _in_file(text: str) -> Iterator[Remark]:
    lines = text.splitlines()
    for entry in entries_of(yaml.compose(text, Loader=yaml.CSafeLoader)):
        fields = {key.value: value for key, value in entry.value}
        name = fields["id"].value if "id" in fields else ""
        for field in WORDS:
            node = fields.get(field)
            dashes = field in LISTS and isinstance(node, yaml.SequenceNode) and not node.flow_style
            for one in _plain(node):
                yield from (Remark(says, name, field, words) for says, words in _lost(one, lines, dash=dashes))


def _lost(one: yaml.ScalarNode, lines: Sequence[str], *, dash: bool) -> Iterator[tuple[str, str]]:
    """Tell what a text lost, and the line that shows it; only behind a dash is a further line one of its own."""
    first, last = one.start_mark.line, one.end_mark.line
    if dash and last > first:
        yield _folded(one.value), lines[first + 1].strip()
    if comment := _COMMENT.match(lines[last], one.end_mark.column):
        yield _cut(comment.group().strip()), lines[last].strip()


def _plain(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    """Give the texts in a node that stand there without quotation marks or a block's sign."""
    if isinstance(node, yaml.ScalarNode):
        if node.tag == _IS_TEXT and node.style not in ("'", '"', "|", ">"):
            yield node
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from _plain(one)
    elif isinstance(node, yaml.MappingNode):
        for _, one in node.value:
            yield from _plain(one)


def _folded(text: str) -> str:
    return (
        f"several lines are read as one: '{text}'. Put `- ` in front of each that is one of its own; if it is one "
        "text, write it on one line."
    )


def _cut(comment: str) -> str:
    return (
        f"'{comment}' is cut off: behind a space, # begins a remark that nobody sees. If it belongs to the text, put "
        '" around the whole text; if not, put it on a line of its own.'
    )
