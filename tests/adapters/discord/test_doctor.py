"""What `doctor` says of the Discord side."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import discord
import pytest

from bot.adapters.discord import doctor
from bot.domain.findings import Finding
from bot.triage.triage import Triage
from tests.platforms.discord.wire import TAGS, Place, a_place, bot_running
from tests.world import ROOT

CONTENT_FLAG = 1 << 18  # the application may use the Message Content intent


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with a_place() as made:
        made.server.app_flags = CONTENT_FLAG
        yield made


def wrong(found: list[Finding]) -> dict[str, str]:
    return {check.what.removeprefix("Discord: "): check.says for check in found if not check.good}


async def test_all_is_well_once_the_bot_has_run(place: Place, triage: Triage) -> None:
    async with bot_running(place, triage):
        pass
    assert not wrong(await doctor.examine(place.settings()))


async def test_commands_that_were_never_registered_are_named(place: Place) -> None:
    assert "ask" in wrong(await doctor.examine(place.settings()))["commands"]
    assert not place.server.commands


async def test_a_wrong_token_is_the_only_finding(place: Place) -> None:
    assert list(wrong(await doctor.examine(place.settings(token="wrong")))) == ["token"]  # noqa: S106


async def test_a_server_out_of_reach_is_named(place: Place) -> None:
    settings = place.settings(api_url="http://127.0.0.1:9/api/v10")
    assert "127.0.0.1:9" in wrong(await doctor.examine(settings))["token"]


async def test_a_missing_intent_is_named_only_where_it_is_needed(place: Place) -> None:
    place.server.app_flags = 0
    assert "Message Content" in wrong(await doctor.examine(place.settings()))["intents"]
    assert "intents" not in wrong(await doctor.examine(place.settings(ask_channels=())))


async def test_missing_permissions_are_named_by_channel(place: Place) -> None:
    place.desk.denied |= {"MANAGE_THREADS", "SEND_MESSAGES"}
    place.ask.denied.add("CREATE_PRIVATE_THREADS")
    found = wrong(await doctor.examine(place.settings()))
    assert "#desk" in found["desk"]
    assert "send messages" in found["desk"]
    assert "manage threads" in found["desk"]
    assert "create private threads" in found["ask channel"]


async def test_channels_of_which_nothing_can_be_read_later_are_named(place: Place) -> None:
    place.lounge.denied.add("READ_MESSAGE_HISTORY")
    hidden = place.server.add_channel("staff")
    hidden.denied = {"VIEW_CHANNEL", "READ_MESSAGE_HISTORY"}
    said = wrong(await doctor.examine(place.settings()))["history"]
    assert "#lounge" in said
    assert "#staff" not in said
    for number in range(20):
        place.server.add_channel(f"corner-{number}").denied.add("READ_MESSAGE_HISTORY")
    assert "and 11 more" in wrong(await doctor.examine(place.settings()))["history"]


async def test_missing_tags_are_named(place: Place) -> None:
    place.desk.tags = place.desk.tags[:2]
    said = wrong(await doctor.examine(place.settings()))["tags"]
    assert all(tag in said for tag in TAGS[2:])


async def test_a_forum_that_requires_a_tag_and_has_none_of_ours_is_named(place: Place) -> None:
    forum = place.server.add_forum("elsewhere", ("questions",))
    forum.requires_tag = True
    assert "no post without a tag" in wrong(await doctor.examine(place.settings(desk_channel=forum.id)))["tags"]
    forum.requires_tag = False
    assert "no post without a tag" not in wrong(await doctor.examine(place.settings(desk_channel=forum.id)))["tags"]


async def test_a_desk_the_bot_cannot_see_is_named(place: Place) -> None:
    assert "Invite" in wrong(await doctor.examine(place.settings(desk_channel=12345)))["desk"]
    assert "not set" in wrong(await doctor.examine(place.settings(desk_channel=None)))["desk"]


async def test_roles_that_cannot_be_alerted_or_do_not_exist_are_named(place: Place) -> None:
    assert "no role 999" in wrong(await doctor.examine(place.settings(lead_roles=(999,))))["roles"]
    place.desk.denied.add("MENTION_EVERYONE")
    assert "volunteers" in wrong(await doctor.examine(place.settings()))["roles"]


def test_the_invite_link_of_the_docs_asks_for_exactly_what_is_needed() -> None:
    [asked] = re.findall(r"permissions=(\d+)", (ROOT / "docs" / "setup-discord.md").read_text(encoding="utf-8"))
    needed = {*doctor.ASK_NEEDS, *doctor.FORUM_NEEDS, *doctor.TEXT_DESK_NEEDS}
    assert discord.Permissions(int(asked)) == discord.Permissions(**dict.fromkeys(needed, True))
