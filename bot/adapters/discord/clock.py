"""What time it is on Discord, where each message's number tells when it was said: the machine's clock may be wrong."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import aiohttp

YEARS = range(2015, 3000)  # those that a message's number can tell
EXACT = timedelta(seconds=5)  # dates are of whole seconds, and answers take a while: it is not put back for less


class DiscordTime:
    """Goes by the date on Discord's latest answer; by the machine's clock until there is one.

    While the machine sleeps it stands still until the next answer, so it is late at the worst and not early.
    """

    def __init__(self) -> None:
        self._told: datetime | None = None
        self._since = 0.0  # by the monotonic clock

    def now(self) -> datetime:
        """Give the time."""
        if self._told is None:
            return datetime.now(UTC)
        return self._told + timedelta(seconds=time.monotonic() - self._since)

    def trace(self) -> aiohttp.TraceConfig:
        """Give what reads the date of each answer, for discord.py's client."""
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._answered)
        return trace

    async def _answered(
        self, _session: aiohttp.ClientSession, _context: SimpleNamespace, answer: aiohttp.TraceRequestEndParams
    ) -> None:
        if told := read(answer.response.headers.get("Date", "")):
            now = self.now()
            self._told = now if timedelta(0) <= now - told <= EXACT else told
            self._since = time.monotonic()


def read(date: str) -> datetime | None:
    """Give the time that a date of HTTP names; None if it is none, as what a proxy made up, or before Discord was."""
    try:
        told = parsedate_to_datetime(date).replace(tzinfo=UTC)  # HTTP knows no other zone
    except ValueError:
        return None
    return told if told.year in YEARS else None
