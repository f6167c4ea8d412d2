"""Hours and days of the week as people type them (pure): `mon-fri 19:00-23:00, sat 10-12`, `daily 7-11pm`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.roster import DAY, Span

NOON = DAY // 2
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
GROUPS = {
    "daily": range(7), "everyday": range(7), "every": range(7), "all": range(7), "weekdays": range(5),
    "weekday": range(5), "weekend": range(5, 7), "weekends": range(5, 7),
}  # fmt: skip
TIME = r"(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?"
_SPAN = re.compile(rf"(?<![\w:.]){TIME}\s*(?:-|to|until|till)\s*{TIME}(?![\w:.])")
_DAYS = re.compile(r"([a-z]+)\s*(?:(?:-|\bto\b)\s*([a-z]+))?")
_FILLERS = frozenset({"and", "on", "from", "at", "day", "days", "the", "hours", "each"})


class NotUnderstood(Exception):
    """What was typed has no clear meaning; `key` names the text that says what to type, `values` fill it in."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def spans_in(words: str) -> list[Span]:
    """Give the hours named in words; without any days they are meant daily.

    Raises:
        NotUnderstood: a word is neither a day nor a time.
    """
    spans: list[Span] = []
    days: tuple[int, ...] = ()
    start = 0
    for found in _SPAN.finditer(words):
        days = _days_in(words[start : found.start()]) or days
        begin, end = minutes(found.group(1, 2, 3)), minutes(found.group(4, 5, 6))
        if not found.group(3):
            begin = _same_half(begin, end, found.group(6))
        _check_half(found, (end - begin) % DAY)
        spans.append(Span(days, begin % DAY, end))
        start = found.end()
    after = _days_in(words[start:])
    if not spans or (days and after):
        raise NotUnderstood("duty.no_hours", words=words[:40])
    return [span if span.days else replace(span, days=after or tuple(range(7))) for span in spans]


def _check_half(found: re.Match[str], length: int) -> None:
    """Refuse "9-5", which most mean as 9 to 17 and a 24-hour clock reads as 9 to 5 on the next day."""
    begin, end = found.group(1), found.group(4)
    bare = not found.group(3) and not found.group(6) and not (begin.startswith("0") or end.startswith("0"))
    if bare and length > NOON and 0 < int(begin) <= 12 and 0 < int(end) <= 12:
        raise NotUnderstood("duty.which_half", words=found.group(), begin=begin, end=end)


def minutes(time: Sequence[str | None]) -> int:
    """Give minutes after midnight for an hour, minutes and am or pm.

    Raises:
        NotUnderstood: no clock shows that.
    """
    hour, minute, half = int(time[0] or 0), int(time[1] or 0), time[2]
    if half and not 1 <= hour <= 12:
        raise NotUnderstood("duty.no_time", words=f"{hour}{half}")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if minute > 59 or hour * 60 + minute > DAY:
        raise NotUnderstood("duty.no_time", words=f"{hour}:{minute:02}")
    return hour * 60 + minute


def _same_half(begin: int, end: int, half: str | None) -> int:
    """Give the start of "7-11pm" and "11-2am": in the evening, as nobody means the longer way round."""
    if half == "pm" and begin < NOON and begin + NOON < end:
        return begin + NOON
    return begin + NOON if half == "am" and end < begin < NOON else begin


def _days_in(words: str) -> tuple[int, ...]:
    found: set[int] = set()
    for first, last in _DAYS.findall(words):
        if first in _FILLERS and not last:
            continue
        begin, end = _days_of(first), _days_of(last or first)
        found |= {(begin[0] + step) % 7 for step in range((end[-1] - begin[0]) % 7 + 1)}
    if _DAYS.sub("", words).strip(" ,;:&+-.\n"):
        raise NotUnderstood("duty.no_hours", words=words.strip()[:40])
    return tuple(sorted(found))


def _days_of(word: str) -> Sequence[int]:
    if word in GROUPS:
        return GROUPS[word]
    day = word.removesuffix("s")
    for number, name in enumerate(WEEK):
        if len(day) > 1 and name.startswith(day):
            return (number,)
    raise NotUnderstood("duty.no_day", words=word[:40])
