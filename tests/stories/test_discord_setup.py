"""docs/setup-discord.md as its reader follows it, with the program itself in a process of its own."""

from __future__ import annotations

import re
from pathlib import Path
from unittest.mock import patch

import yaml

from bot.triage.triage import Triage
from tests.platforms.discord.people import until
from tests.platforms.discord.wire import KNOWN, LEADS, UNKNOWN, VOLUNTEERS, Place, a_place
from tests.platforms.program import PATIENCE, Program, line_with
from tests.world import ROOT

GUIDE = (ROOT / "docs" / "setup-discord.md").read_text(encoding="utf-8")


def as_the_guide_says(place: Place) -> dict[str, object]:
    """Give the settings of the guide with the reader's own token and numbers, for a server on this machine."""
    [block] = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    settings: dict[str, object] = yaml.safe_load(block)["discord"]
    own = place.settings(lead_roles=(LEADS,)).model_dump(mode="json", include=set(settings))
    mine = {"token": "test-token", "api_url": f"{place.server.host}/api/v10", "gateway_url": place.server.url}
    return {**own, **mine, "ask_channels": [], "message_content": settings["message_content"]}


async def test_from_a_token_to_the_first_answered_question(triage: Triage, tmp_path: Path) -> None:
    async with a_place() as place:
        program = Program(tmp_path, "discord", as_the_guide_says(place))
        anna, kim = place.human("Anna"), place.human("Kim", VOLUNTEERS)
        with patch("tests.platforms.discord.people.WAIT", PATIENCE):
            async with program.runs() as log:
                await line_with(log, "discord.ready")
                said = await program.says("doctor")
                assert all(f"Discord: {what}" in said for what in ("token", "intents", "desk", "tags", "commands")), (
                    said
                )
                await anna.answered(await anna.slash(place.lounge, "ask", question=KNOWN), "Checked")
                await anna.mentions(place.lounge, UNKNOWN)
                await anna.gets(place.lounge, "Your question is #1")
                post = await place.post()
                await kim.presses(post, place.card(post), "Claim")
                await anna.gets(place.lounge, "Kim, a volunteer, has your question #1")
                await until(lambda: place.card(post)["content"].count("with Kim"), "the card to name Kim")
                form = await kim.presses(post, place.card(post), "Reply")
                await kim.fills_in(form, "They have one, and towels are free.")
                await anna.gets(place.lounge, "towels are free")
                await kim.presses(post, place.card(post), "Close")
                await anna.gets(place.lounge, "Did this help?")
