"""What can be mended without thinking: signs and short forms in the answers, line by line, so that comments stay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.knowledge.checks.remark import FileLines

_TEXT_FIELDS = frozenset({"short", "full", "by_country"})
_KEY = re.compile(r"^\s*(?:- )?(?:short|full):\s+(?![>|])[\"']?")
_ADDRESS = re.compile(r"\]\(([^)\s]*)\)")
_HIDDEN = re.compile(r"\]\(\x00(\d+)\)")
_OF_ADDRESSES = (
    (re.compile(r"(\]\()(?=www\.)"), r"\1https://", "an address starts with https://"),
    (re.compile(r"(\]) +(?=\(https?:)"), r"\1", "no space inside a link"),
)
_OF_TEXTS = (
    (re.compile(r"^(\s*)(?:[*+•–] +|-(?=[A-Za-z]))"), r"\1- ", "a list begins with `- `"),
    (re.compile(r"^(\s*)#{1,6} +(?=\S)"), r"\1", "no headings"),
    (re.compile(r"\*\*(\S(?:.*?\S)?)\*\*|(?<!\w)__(\S(?:.*?\S)?)__(?!\w)"), r"\1\2", "no bold"),
    (re.compile(r"\bE\.g\.,?"), "For example", "short forms are written out"),
    (re.compile(r"\bI\.e\.,?"), "That is,", "short forms are written out"),
    (re.compile(r"\bApprox\."), "About", "short forms are written out"),
    (re.compile(r"\be\.g\.,?", re.I), "for example", "short forms are written out"),
    (re.compile(r"\bi\.e\.,?", re.I), "that is,", "short forms are written out"),
    (re.compile(r"\bapprox\.", re.I), "about", "short forms are written out"),
    (re.compile(r"(?<=\S)(?:\t+| {2,})(?=\S)"), " ", "one space between words"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fix:
    """A line (from 1) that was changed, and by which rule."""

    line: int
    rule: str


def fixed(text: str) -> tuple[str, list[Fix]]:
    """Give the text of a file of entries with the mechanical mistakes mended, and what was done."""
    lines = text.splitlines(keepends=True)
    file = FileLines(text)
    in_texts = set(_lines_of_texts(file))
    first_lines = {first for (_, field), (first, _) in file.spans.items() if field in _TEXT_FIELDS}
    done: list[Fix] = []
    for place, line in enumerate(lines):
        body = line.splitlines()[0]
        mended = body.rstrip()
        if mended != body:
            done.append(Fix(place + 1, "no spaces at the end of a line"))
        key = _KEY.match(mended) if place in first_lines else None
        if key or place in in_texts:
            start = key.end() if key else 0
            text_of_line, rules = _mended(mended[start:])
            mended = mended[:start] + text_of_line
            done += [Fix(place + 1, rule) for rule in rules]
        lines[place] = mended + (line[len(body) :] or "\n")
    return "".join(lines), done


def _lines_of_texts(file: FileLines) -> Iterator[int]:
    """Give the places (from 0) of the lines that hold answers, without the lines of their keys."""
    for (_, field), (first, last) in file.spans.items():
        if field in _TEXT_FIELDS:
            yield from range(first + 1, last)


def _mended(line: str) -> tuple[str, list[str]]:
    """Mend a line; what stands in an address is none of the rules for texts."""
    line, rules = _applied(_OF_ADDRESSES, line)
    addresses = _ADDRESS.findall(line)
    places = iter(range(len(addresses)))
    hidden = _ADDRESS.sub(lambda _: f"](\x00{next(places)})", line)
    hidden, more = _applied(_OF_TEXTS, hidden)
    return _HIDDEN.sub(lambda found: f"]({addresses[int(found[1])]})", hidden), rules + more


def _applied(mends: Sequence[tuple[re.Pattern[str], str, str]], line: str) -> tuple[str, list[str]]:
    rules: list[str] = []
    for pattern, instead, rule in mends:
        changed = pattern.sub(instead, line)
        if changed != line:
            rules.append(rule)
        line = changed
    return line, rules
