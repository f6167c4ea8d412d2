"""Where a text stops being YAML, in words for somebody who writes answers, not code.

The parser names the line where it gave up, which is often far below the mistake: an unclosed quotation mark swallows
everything behind it. So the lines are first searched for what people get wrong; then the parser is believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

_START = re.compile(r"^(?P<space>[ ]*)(?P<dash>(?:- +)*)(?:(?P<key>[\w-]+):(?:[ ]+|$))?")
_BLOCK = re.compile(r"[|>][+-]?\d?[+-]?\s*(?:#.*)?")
_NO_GAP = re.compile(r"^[ ]*(?:- +)?(?P<key>[a-z_]+):(?=[^\s:/])")
_HYPHEN = re.compile(r"^[ ]*-[^\s-]")
_DAY = re.compile(r"(?<![\w-])(\d{4})-(\d\d?)-(\d\d?)(?![\w-])")
_CURLY = re.compile("[\u201c\u201d\u201e\u2018]")
_HIDDEN = "\u00a0\u2007\u202f\u200b\ufeff"  # spaces that cannot be told from one; word processors put them in
_AFTER_QUOTE = re.compile(r"\s*(?:[,\]}#:]|$)")

Found = tuple[int, str]  # a line from 1, and what is wrong there


def mistake_in(text: str, error: Exception) -> tuple[int | None, str]:
    """Give the line of a mistake, None where nobody can tell, and what is wrong and what to do."""
    lines = text.splitlines()
    return next(_seen(lines), None) or _no_day(lines, error) or _told(lines, error)


def _seen(lines: list[str]) -> Iterator[Found]:
    """Find what the parser cannot name, in the lines that are not part of a text of several lines."""
    within = -1  # a text of several lines goes on while lines are indented deeper than this
    skip_to = 0
    for place, line in enumerate(lines):
        indent = len(line) - len(line.lstrip(" "))
        if place < skip_to or (within >= 0 and (not line.strip() or indent > within)):
            continue
        within = -1
        if line.lstrip().startswith("#"):
            continue
        yield from _beginning(line, place + 1)
        start = _START.match(line)
        if start is None:
            continue
        rest = line[start.end() :]
        if _BLOCK.fullmatch(rest):
            within = len(start["space"] + start["dash"]) if start["key"] else len(start["space"])
        elif rest[:1] in {'"', "'"}:
            end, fault = _quoted(lines, place, start.end())
            if fault:
                yield place + 1, fault
            skip_to = end + 1


def _beginning(line: str, number: int) -> Iterator[Found]:
    space = line[: len(line) - len(line.lstrip(" \t" + _HIDDEN))]
    if "\t" in space:
        yield number, "a tab stands at the beginning of the line. Put spaces in its place, as many as in the line above"
    elif any(sign in space for sign in _HIDDEN):
        yield (
            number,
            "an invisible sign stands at the beginning of the line. Delete all before its first letter, type spaces",
        )
    elif _HYPHEN.match(line):
        yield number, "after the hyphen a space is missing. Put one behind it"
    elif gap := _NO_GAP.match(line):
        yield number, f"after `{gap['key']}:` a space is missing. Put one behind the colon"


def _quoted(lines: list[str], place: int, column: int) -> tuple[int, str]:
    """Follow a text in quotation marks; give the place of its last line, and what is wrong with it."""
    mark = lines[place][column]
    column += 1
    for end in range(place, len(lines)):
        line = lines[end]
        while (column := line.find(mark, column)) >= 0:
            if mark == '"' and (len(line[:column]) - len(line[:column].rstrip("\\"))) % 2:
                column += 1
            elif mark == "'" and line[column + 1 : column + 2] == "'":
                column += 2
            elif _AFTER_QUOTE.match(line, column + 1):
                return end, ""
            elif end > place:
                return place, _not_closed(mark)
            elif mark == "'":
                return place, "an apostrophe ends the text that begins with '. Put \" around the text instead"
            else:
                return place, 'a second " stands inside the text, and ends it. Put \' around the text, or \\" inside it'
        column = 0
    return place, _not_closed(mark)


def _not_closed(mark: str) -> str:
    return f"the quotation mark {mark} that opens here is not closed. Put another {mark} at the end of the text"


def _no_day(lines: list[str], error: Exception) -> Found | None:
    """Find a date that is in no calendar, which the reader of YAML trips over without saying where."""
    if getattr(error, "problem_mark", None) is not None:
        return None
    for number, line in enumerate(lines, 1):
        for found in _DAY.finditer(line):
            try:
                date(*(int(part) for part in found.groups()))
            except ValueError:
                return number, f"there is no day {found.group()}. Write year-month-day, such as 2026-11-23"
    return None


def _told(lines: list[str], error: Exception) -> tuple[int | None, str]:
    """Put what the parser says into plain words."""
    problem = str(getattr(error, "problem", None) or (str(error).splitlines() or [""])[0])
    context = str(getattr(error, "context", None) or "")
    mark, began = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    if mark is None:
        return None, f"{problem}. Often a text with a colon needs quotes, or a line is indented wrongly"
    line = min(mark.line, max(0, len(lines) - 1))
    if "flow" in context and began:
        opened = lines[began.line] if began.line < len(lines) else ""
        opens = opened[began.column : began.column + 1] or "["
        closes = {"[": "]", "{": "}"}.get(opens, "]")
        return (
            began.line + 1,
            f"the bracket {opens} that opens here is not closed, or a comma is missing. Put {closes} at its end",
        )
    if "mapping values" in problem:
        return line + 1, _colon(lines, line)
    if "simple key" in context and began:
        return (
            began.line + 1,
            "no colon stands behind its first word. Write `name: text`, or indent it as a part of the text above",
        )
    if "cannot start any token" in problem:
        return line + 1, "a text cannot begin with that sign. Put quotation marks around the whole text"
    if "did not find expected" in problem:
        return line + 1, _out_of_line(lines, line, context)
    return line + 1, f"{problem}. Often a text with a colon needs quotes, or a line is indented wrongly"


def _colon(lines: list[str], line: int) -> str:
    start = _START.match(lines[line])
    above = next((one for one in reversed(lines[:line]) if one.strip()), "")
    before = _START.match(above)
    if start and before and start["key"] and lines[line].count(": ") <= 1:
        return "the line is indented deeper than the one above it. Put its first letter below the lines it belongs to"
    curly = " Curly quotation marks do not count as such." if _CURLY.search(lines[line]) else ""
    return f'a text with a colon needs quotation marks. Put " around the whole text.{curly}'.rstrip(".")


def _out_of_line(lines: list[str], line: int, context: str) -> str:
    start = _START.match(lines[line])
    if "block collection" in context and not (start and start["key"]):
        return "a line of a list does not begin with `- ` or is indented otherwise than the others. Put it below them"
    return "the line is not indented like its neighbours. Put its first letter exactly below the lines it belongs to"
