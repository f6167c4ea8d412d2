"""Counters: all that is left of purged rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.sql import insert_or_add
from bot.storage.tables import counters


class Counters:
    """Rows of `counters`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, numbers: Mapping[str, int], day: date) -> None:
        """Add to the counters of a day."""
        for name, number in sorted(numbers.items()):
            if number:
                await insert_or_add(self._connection, counters, {"day": day.isoformat(), "name": name}, value=number)
