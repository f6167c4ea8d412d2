"""Discord with the bot as an operator starts it, in a process of its own: what it logs, and how it stops under load."""

from __future__ import annotations

import json
import time
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from tests.platforms.discord.people import labels
from tests.platforms.discord.people import until as until_seen
from tests.platforms.discord.server import TOKEN
from tests.platforms.discord.wire import KNOWN, LEADS, VOLUNTEERS, Place
from tests.processes import ENDS_WITHIN, BotProcess, bot_process, until
from tests.test_logs import NAMES, POISON, SAID, WITH_A_MISTAKE, is_clean

ASKERS = 20
QUESTION = "xyzzy plugh quux?"  # what no answer is for


def the_bot(
    place: Place, folder: Path, knowledge: Path, code: str | None = None
) -> AbstractAsyncContextManager[BotProcess]:
    return bot_process(
        "run",
        folder=folder,
        code=code,
        KNOWLEDGE=str(knowledge),
        MATCHING__ENCODER="none",
        LOG__LEVEL="debug",
        DISCORD__MESSAGE_CONTENT="true",
        DISCORD__TOKEN=TOKEN,
        DISCORD__API_URL=f"{place.server.host}/api/v10",
        DISCORD__GATEWAY_URL=place.server.url,
        DISCORD__DESK_CHANNEL=str(place.desk.id),
        DISCORD__VOLUNTEER_ROLES=json.dumps([VOLUNTEERS]),
        DISCORD__LEAD_ROLES=json.dumps([LEADS]),
    )


async def test_a_whole_run_with_failures_logs_no_text_no_name_and_no_token(
    place: Place, tmp_path: Path, small_knowledge: Path
) -> None:
    asker, helper = place.human(f"{NAMES[0]} {NAMES[1]}"), place.volunteer(f"{NAMES[3]} {NAMES[4]}")
    _, poison, statement, answer, note = SAID
    async with the_bot(place, tmp_path, small_knowledge, WITH_A_MISTAKE) as bot:
        await bot.logs("discord.ready")
        await asker.mentions(place.lounge, QUESTION)
        await asker.gets(place.lounge, "Your question is #1")
        await asker.mentions(place.lounge, poison)
        await bot.logs("event.failed")
        await asker.says(place.lounge, statement)
        post = await place.post()
        await helper.presses(post, place.card(post), "Claim")
        await until_seen(lambda: "Reply" in labels(place.card(post)), "the card to offer Reply")
        await helper.says(post, f"//{note}")
        await helper.says(post, answer)
        await asker.gets(place.lounge, answer)
        assert await bot.stops() == 0
    is_clean(bot.log, [QUESTION, *SAID[1:], *NAMES, TOKEN, POISON])
    for expected in ("event.handled", "outbox.sent", "ValueError"):
        assert expected in bot.log, "what could have held words was provoked, at debug level"


async def test_being_asked_to_stop_under_load_loses_nothing_and_repeats_nothing(
    place: Place, tmp_path: Path, small_knowledge: Path
) -> None:
    askers = [place.human(f"asker {number}") for number in range(ASKERS)]
    async with the_bot(place, tmp_path, small_knowledge) as bot:
        await bot.logs("discord.ready")
        asked = [await asker.mentions(place.lounge, KNOWN) for asker in askers]
        await askers[0].gets(place.lounge, "Checked")
        told = time.monotonic()
        assert await bot.stops() == 0, "it ended by itself, and called it no failure"
        assert time.monotonic() - told < ENDS_WITHIN
    async with the_bot(place, tmp_path, small_knowledge) as bot:
        await until(lambda: len(answered(place)) >= ASKERS, "everybody to be answered")
        assert await bot.stops() == 0
    assert sorted(answered(place)) == sorted(message["id"] for message in asked), "each once"


def answered(place: Place) -> list[str]:
    """The messages in the lounge that have an answer, once for each."""
    replies = [one.get("message_reference") for one in place.lounge.messages.values() if "Checked" in one["content"]]
    return [str(one["message_id"]) for one in replies if one]
