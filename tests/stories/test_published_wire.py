"""What leads publish over the wire, in forms, by buttons and by commands, is found by its new words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.running import App
from bot.triage.triage import Triage
from tests.platforms.discord.model import Interaction, Json
from tests.platforms.discord.people import labels, until
from tests.platforms.discord.wire import LEADS, UNKNOWN, Place, Wire, bot_running
from tests.platforms.telegram.server import TelegramServer
from tests.platforms.telegram.stage import Stage, a_stage
from tests.stories.test_notices_wire import ENTRY, PARTS, QUESTION, fills_in_all, told

FITTING = 240.0  # seconds that a second process may take to fit new phrasings on a busy machine


@pytest.fixture
async def wire(place: Place, few_answers_triage: Triage, few_answers: Path) -> AsyncIterator[Wire]:
    """With few answers: a change is fitted to, and with all of them that takes long."""
    async with bot_running(place, few_answers_triage, knowledge=few_answers) as made:
        yield made


@pytest.fixture
async def stage(server: TelegramServer, few_answers_triage: Triage, few_answers: Path) -> AsyncIterator[Stage]:
    """With few answers as well."""
    async with a_stage(server, few_answers_triage, knowledge=few_answers) as made:
        yield made


async def is_live(app: App) -> None:
    """Wait until members get the new entry: its words are live first, then what finds it."""
    await until(lambda: ENTRY in app.live.knowledge.entries and app.reload.learnt, "the entry to be live", FITTING)


async def test_on_discord_a_proposal_is_written_in_forms_and_approved_among_the_notices(
    wire: Wire, place: Place
) -> None:
    anna, kim = place.human("Anna"), place.volunteer()
    lou, lea = place.human("Lou", LEADS), place.human("Lea", LEADS)
    await anna.slash(place.lounge, "person", question=UNKNOWN)
    post = await place.post()
    for lead in (lou, lea):
        await lead.answered(await lead.slash(post, "kb", what="proposals"), "There is no proposal")
    draft = await kim.answered(await kim.slash(post, "kb", what=f"new {QUESTION}"), "Proposal 1")
    draft = await fills_in_all(kim, post, draft)
    await kim.answered(await kim.presses(post, draft, "Give it to the leads"), "is with the leads")
    notices = await told(place, "Proposal 1")
    card = next(one for one in notices.messages.values() if "Approve" in labels(one))
    await kim.answered(await kim.presses(notices, card, "Approve"), "Only a lead")
    await lou.answered(await lou.presses(notices, card, "Approve"), "1 of 2 leads")
    await lea.answered(await lea.presses(notices, card, "Approve"), "Published as change 1")
    await told(place, "Published as change 1")
    await until(lambda: not labels(card), "the buttons to be gone")
    assert "published" in card["content"]
    await is_live(wire.app)
    bea = place.human("Bea")
    await bea.mentions(place.lounge, "are house shoes allowed?")
    await bea.gets(place.lounge, "closed slippers with a firm sole")


async def test_on_discord_a_form_begins_with_the_words_that_stand_there(wire: Wire, place: Place) -> None:
    anna, kim = place.human("Anna"), place.volunteer()
    await anna.slash(place.lounge, "person", question=UNKNOWN)
    post = await place.post()
    draft = await kim.answered(await kim.slash(post, "kb", what="edit cost-mexico"), "Press a part to write it")
    entry = wire.app.live.knowledge.entries["cost-mexico"]
    stands = {"Question": entry.question, "Short answer": entry.short, "Full answer": entry.full, "Topic": "costs"}
    for label, words in stands.items():
        assert form_of(await kim.presses(post, draft, label))["value"] == words
    added = form_of(await kim.presses(post, draft, "Phrasings"))
    assert not added.get("value")
    assert "are added" in added["placeholder"]
    sent = await kim.fills_in(
        await kim.presses(post, draft, "Short answer"), "Ask for a dated quote, and about the risks."
    )
    await kim.answered(sent, "Press a part to write it")
    assert (
        form_of(await kim.presses(post, draft, "Short answer"))["value"]
        == "Ask for a dated quote, and about the risks."
    )


async def test_of_two_open_forms_the_later_replaces_nothing_and_gives_its_words_back(wire: Wire, place: Place) -> None:
    anna, kim, lou = place.human("Anna"), place.volunteer(), place.human("Lou", LEADS)
    await anna.slash(place.lounge, "person", question=UNKNOWN)
    post = await place.post()
    draft = await kim.answered(await kim.slash(post, "kb", what="edit cost-mexico"), "Press a part to write it")
    earlier, later = await kim.presses(post, draft, "Short answer"), await lou.presses(post, draft, "Short answer")
    elsewhere = await lou.presses(post, draft, "Full answer")
    await kim.answered(await kim.fills_in(earlier, "Ask for a dated quote, and about the risks."), "Press a part")
    refused = await lou.answered(await lou.fills_in(later, "Ask what is included."), "nothing was replaced")
    assert "Ask for a dated quote, and about the risks." in refused["content"], "what stands there now"
    assert "> Ask what is included." in refused["content"], "nobody writes them twice"
    await lou.answered(await lou.fills_in(elsewhere, "Other words.\n\nThey are of another part."), "Press a part")
    again = await lou.presses(post, draft, "Short answer")
    assert form_of(again)["value"] == "Ask for a dated quote, and about the risks."
    await lou.answered(await lou.fills_in(again, "Ask what is included."), "Press a part")
    assert form_of(await lou.presses(post, draft, "Short answer"))["value"] == "Ask what is included."


def form_of(opened: Interaction) -> Json:
    assert opened.modal
    field: Json = opened.modal["components"][0]["component"]
    return field


async def test_on_telegram_notices_stand_in_the_general_topic_and_their_buttons_work(stage: Stage) -> None:
    await stage.says(stage.anna, "/person Who can drive me to the clinic in Ruiz?", stage.group)
    topic = stage.topic_of(1)
    await stage.says(stage.lou, "/kb proposals", stage.desk)
    await stage.says(stage.ben, f"/kb new {QUESTION}", stage.desk, topic=topic)
    for part, words in zip(("phrasings", "short", "full", "sources", "topic"), PARTS.values(), strict=True):
        assert "Proposal 1" in (await stage.says(stage.ben, f"/kb {part} 1 {words}", stage.desk, topic=topic))[0]
    draft = stage.server.seen(stage.desk, topic)[-1]
    await stage.presses(stage.ben, draft, "Give it to the leads")
    card = stage.server.seen(stage.desk)[-1]
    assert "message_thread_id" not in card, "it stands in General"
    await stage.presses(stage.ben, card, "Approve")
    assert "Only a lead" in stage.server.words(stage.desk)[-1]
    await stage.presses(stage.lou, card, "Approve")
    published, why = stage.server.seen(stage.desk)[-2:]
    [decided] = [one for one in stage.server.seen(stage.desk) if one["message_id"] == card["message_id"]]
    assert "reply_markup" not in decided, "there is nothing to press any more"
    assert "Published as change 1" in decided["text"]
    assert "Published as change 1" in published["text"]
    assert "Leads whose yes was needed: 1" in why["text"]
    assert "message_thread_id" not in published | why
    await is_live(stage.app)
    assert "closed slippers" in (await stage.says(stage.anna, "/ask are house shoes allowed?", stage.group))[0]
