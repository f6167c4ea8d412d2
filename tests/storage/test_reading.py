"""Up to when all that was said on a platform is handled."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.storage.reading import Reading
from bot.storage.store import Store
from tests.clock import START


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(database_url)
    yield opened
    await opened.close()


async def test_each_part_has_its_own_time_and_a_new_one_begins_at_the_earliest(store: Store) -> None:
    """A fourth shard gets servers that any of the others had."""
    late = START + timedelta(hours=1)
    async with store.transaction() as tx:
        reading = Reading(tx.connection)
        assert await reading.kept("discord", "0/3") is None
        await reading.keep("discord", "0/3", START)
        await reading.keep("discord", "1/3", START)
        await reading.keep("discord", "1/3", late)
        assert await reading.kept("discord", "1/3") == late
        assert await reading.kept("discord", "0/4") == START
        assert await reading.own("discord", "1/3") == late
        assert await reading.own("discord", "0/4") is None
        assert await reading.kept("discordant", "") is None
