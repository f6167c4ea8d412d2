"""What Discord's answers say about the time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.adapters.discord.clock import read


def test_a_date_is_read_whatever_it_says_of_its_zone() -> None:
    told = datetime(2026, 11, 29, 15, 31, 6, tzinfo=UTC)
    for zone in ("GMT", "-0000", "UTC", "+0000"):
        assert read(f"Sun, 29 Nov 2026 15:31:06 {zone}") == told


@pytest.mark.parametrize(
    "date",
    [
        "",
        "yesterday",
        "1764430266",
        "Sun, 29 Nov 2026 25:31:06 GMT",
        "Sun, 29 Nov 2026 15:31:06 +9999",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
    ],
)
def test_what_is_no_date_is_left(date: str) -> None:
    assert read(date) is None
