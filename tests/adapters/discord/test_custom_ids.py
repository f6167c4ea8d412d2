"""What components carry."""

from __future__ import annotations

import pytest

from bot.adapters.discord.custom_ids import LONGEST, decode, encode


@pytest.mark.parametrize(
    ("action", "subject"),
    [("claim", "12"), ("more", "cost-mexico:3"), ("to_volunteer", "4:9"), ("stages", ""), ("show", "a\nb")],
)
def test_action_and_subject_come_back(action: str, subject: str) -> None:
    assert decode(encode(action, subject) or "") == (action, subject)


@pytest.mark.parametrize("custom_id", ["", "claim", "v2:claim:1", "old-bot:more", "v1:CLAIM:1", "v1::1"])
def test_what_is_not_ours_is_not_taken_for_ours(custom_id: str) -> None:
    assert decode(custom_id) is None


def test_nothing_longer_than_discord_takes_is_made() -> None:
    assert encode("show", "x" * (LONGEST - 8)) is not None
    assert encode("show", "x" * LONGEST) is None
