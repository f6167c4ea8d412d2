"""What waits in memory until it can be handed in: Discord sends an event only once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import structlog

FIRST_WAIT = 0.5  # seconds before what did not work is tried again; doubled each time
LONGEST_WAIT = 30.0  # seconds, for that and for logging in
MOST_WAITING = 1000  # of a kind, more than any usual rush: some 10 MiB, and 33 tries a second meanwhile
log = structlog.get_logger()


async def patiently(act: Callable[[], Awaitable[Any]], says: str) -> Any:  # noqa: ANN401
    """Do it again and again until it works, each time after a longer wait; `says` is what is logged meanwhile."""
    wait = FIRST_WAIT
    while True:
        try:
            return await act()
        except Exception as error:  # noqa: BLE001  # whatever it is, the event must not be lost
            log.error(says, error=type(error).__name__, again_in=wait)
        await asyncio.sleep(wait)
        wait = min(wait * 2, LONGEST_WAIT)


class Waits:
    """Counts the events of a kind that wait; beyond the bound the next ones are let go, and that is logged once."""

    def __init__(self, kind: str, now: Callable[[], datetime]) -> None:
        self._kind = kind
        self._now = now
        self._since: dict[object, datetime] = {}  # each that waits -> since when
        self._let_go = 0

    @property
    def full(self) -> bool:
        """Tell whether there is no room for one more."""
        return len(self._since) >= MOST_WAITING

    @property
    def oldest(self) -> datetime | None:
        """Give since when the one waits that has waited longest."""
        return min(self._since.values(), default=None)

    def let_go(self) -> None:
        """Note that one could not wait."""
        if not self._let_go:
            log.error("discord.no_room", kind=self._kind, waiting=len(self._since))
        self._let_go += 1

    @contextmanager
    def one(self, said: datetime | None = None) -> Iterator[None]:
        """Count one for as long as it waits; what a connection repeats was said before."""
        this = object()
        self._since[this] = said or self._now()
        try:
            yield
        finally:
            del self._since[this]
            if self._let_go and len(self._since) <= MOST_WAITING // 2:
                log.info("discord.room_again", kind=self._kind, let_go=self._let_go)
                self._let_go = 0
