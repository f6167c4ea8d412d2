"""The desk's care over the wire: entries seen before they are sent, a lead's second look, mutes, the digest's picture."""

from __future__ import annotations

from tests.platforms.discord.people import until
from tests.platforms.discord.wire import LEADS, UNKNOWN, Place, Wire
from tests.platforms.telegram.stage import Stage, labels

DANGER = "I want to kill myself, I cannot go on"


async def test_on_telegram_an_entry_is_previewed_in_the_topic_and_its_preview_becomes_sent(stage: Stage) -> None:
    await stage.says(stage.anna, "/person Who can drive me to the clinic in Ruiz?", stage.group)
    topic = stage.topic_of(1)
    await stage.presses(stage.ben, stage.card(1), "Claim")
    await stage.says(stage.ben, "/canned cost mexico", stage.desk, topic=topic)
    preview = stage.server.seen(stage.desk, topic)[-1]
    assert labels(preview) == ["Send", "Another", "Do not send it"]
    short = stage.app.live.knowledge.entries["cost-mexico"].short
    assert not any(short in words for words in stage.server.words(stage.group))
    await stage.presses(stage.ben, preview, "Send")
    assert short in stage.server.words(stage.group)[-1]
    shown = next(one for one in stage.server.seen(stage.desk, topic) if one["message_id"] == preview["message_id"])
    assert shown["text"] == "Sent."
    assert labels(shown) == []


async def test_on_telegram_a_lead_mutes_and_reads_the_log_in_private(stage: Stage) -> None:
    stage.server.says(stage.lou, "/start")  # a bot may not write first
    await stage.says(stage.anna, "/person Who can drive me to the clinic in Ruiz?", stage.group)
    told = await stage.says(stage.lou, "/mute 1 1d insults volunteers", stage.desk)
    assert "is muted until" in told[0]
    assert await stage.says(stage.anna, "/ask what is hsct?", stage.group) == []
    help_ = await stage.says(stage.anna, f"/ask {DANGER}", stage.group)
    assert "Volunteers have been told" in help_[0]
    await stage.says(stage.lou, "/audit", stage.desk)
    assert "insults volunteers" in stage.server.words(stage.lou)[-1]
    assert not any("Done lately" in words for words in stage.server.words(stage.desk))


async def test_on_telegram_the_digest_comes_with_a_picture(stage: Stage) -> None:
    stage.server.says(stage.lou, "/start")
    await stage.says(stage.anna, "/person Who can drive me to the clinic in Ruiz?", stage.group)
    told = await stage.says(stage.lou, "/digest", stage.desk)
    assert "in private" in told[0]
    await stage.app.pictures.settle()
    await stage.settles()
    numbers, picture = stage.server.seen(stage.lou)[-2:]
    assert "Opened: 1. Answered: 0." in numbers["text"]
    assert "photo" in picture
    assert "Bars of the digest. Opened 1, answered 0." in picture["caption"]


async def test_on_discord_a_lead_reads_a_hard_reply_first(wire: Wire, place: Place) -> None:
    anna, kim, lou = place.human("Anna"), place.volunteer(), place.human("Lou", LEADS)
    await anna.mentions(place.lounge, DANGER)
    post = await place.post()
    await kim.presses(post, place.card(post), "Claim")
    await until(lambda: "Ask a lead to check" in str(place.card(post)["components"]), "the card to be edited")
    await kim.fills_in(await kim.presses(post, place.card(post), "Ask a lead to check"), "You are not alone.")
    draft = await lou.gets(post, "asks a lead to read this reply")
    assert not any("You are not alone." in message["content"] for message in anna.sees(place.lounge))
    await lou.presses(post, draft, "Approve")
    await anna.gets(place.lounge, "You are not alone.")


async def test_on_discord_an_entry_is_previewed(wire: Wire, place: Place) -> None:
    anna, kim = place.human("Anna"), place.volunteer()
    await anna.mentions(place.lounge, UNKNOWN)
    post = await place.post()
    await kim.presses(post, place.card(post), "Claim")
    await until(lambda: "Send an entry" in str(place.card(post)["components"]), "the card to be edited")
    await kim.fills_in(await kim.presses(post, place.card(post), "Send an entry"), "cost mexico")
    preview = await kim.gets(post, "Nothing has been sent yet")
    await kim.presses(post, preview, "Send")
    await anna.gets(place.lounge, "55,000 US dollars")


async def test_on_discord_the_digests_picture_has_its_words(wire: Wire, place: Place) -> None:
    lou = place.human("Lou", LEADS)
    await lou.answered(await lou.slash(place.lounge, "digest"), "Opened: 0")
    await wire.app.pictures.settle()  # drawn by another process, which may take its time
    sent = await lou.gets(lou.dm, "The same as a picture")
    (picture,) = sent["attachments"]
    assert picture["description"].startswith("Bars of the digest.")
