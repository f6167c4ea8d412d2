"""Days off as people type them (pure): `24 Dec - 2 Jan`, `2026-12-24 to 2027-01-02`, `24.12.`, `tomorrow`."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.domain.roster import Holiday
from bot.duty.hours import NotUnderstood

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NEXT_LEAP_YEAR = 8  # years in which there is a 29 February at the latest
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = re.compile(r"(?P<day>\d{1,2})[./](?P<month>\d{1,2})(?:[./](?P<year>\d{4}))?\.?")
_DAY_MONTH = re.compile(
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?(?P<month>[a-z]{3,9})\.?(?:,?\s+(?P<year>\d{4}))?"
)
_MONTH_DAY = re.compile(r"(?P<month>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(?P<year>\d{4}))?")
_TO = re.compile(r"\s*(?:\bto\b|\buntil\b|\btill\b|-)\s*")


def holiday_in(words: str, today: date) -> Holiday:
    """Give the days off named in words; without a year the next such days are meant.

    Raises:
        NotUnderstood: they are no dates, or end before they begin.
    """
    parts = [part for part in _TO.split(_ISO.sub(_dotted, words)) if part]
    if not 1 <= len(parts) <= 2:
        raise NotUnderstood("duty.no_dates", words=words[:40])
    if len(parts) == 2 and parts[0].rstrip(".").isdecimal():
        parts[0] = f"{parts[0].rstrip('.')} {parts[1].lstrip('0123456789. ')}"  # "24-31 Dec"
    first = _date_in(parts[0], today)
    last = _date_in(parts[1], first) if len(parts) == 2 else first
    if last < first or last < today:
        raise NotUnderstood("duty.no_dates", words=words[:40])
    return Holiday(first, last)


def _dotted(iso: re.Match[str]) -> str:
    return f"{iso[3]}.{iso[2]}.{iso[1]}"


def _date_in(words: str, not_before: date) -> date:
    if words in ("today", "tomorrow"):
        return not_before + timedelta(days=words == "tomorrow")
    found = _NUMBERS.fullmatch(words) or _DAY_MONTH.fullmatch(words) or _MONTH_DAY.fullmatch(words)
    if not found:
        raise NotUnderstood("duty.no_dates", words=words[:40])
    day, month, year = int(found["day"]), _month(found["month"]), found["year"]
    years = [int(year)] if year else range(not_before.year, not_before.year + NEXT_LEAP_YEAR + 1)
    for one in years:
        try:
            there_is = date(one, month, day)
        except ValueError:
            continue  # 29 February
        if year or there_is >= not_before:
            return there_is
    raise NotUnderstood("duty.no_dates", words=words[:40])


def _month(word: str) -> int:
    if word.isdecimal():
        return int(word)
    if word[:3] not in MONTHS:
        raise NotUnderstood("duty.no_dates", words=word[:40])
    return MONTHS.index(word[:3]) + 1
