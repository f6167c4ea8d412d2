"""What is asked of Discord at the start, and said in the log."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from tests.adapters.discord.simulated import simulated


@pytest.mark.parametrize(
    ("settings", "content"),
    [({}, False), ({"ask_channels": (77,)}, True), ({"message_content": True}, True)],
    ids=["plain", "ask channels", "asked for"],
)
async def test_message_texts_are_asked_for_only_where_they_are_needed_and_the_log_says_so(
    settings: dict[str, object], content: bool
) -> None:
    with capture_logs() as said:
        async with simulated(**settings) as place:
            intents = place.env.bot.intents
    assert intents.message_content is content
    assert not intents.members
    assert not intents.presences
    [started] = [one for one in said if one["event"] == "discord.started"]
    assert started["message_content_intent"] == ("on" if content else "off")
    assert ("discord.no_message_content" in {one["event"] for one in said}) is not content
