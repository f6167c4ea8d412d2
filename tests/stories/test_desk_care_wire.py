"""The desk's care over the wire: entries seen before they are sent, a lead's second look, mutes, the digest's picture."""

from __future__ import annotations

from tests.platforms.discord.people import until
from tests.platforms.discord.wire import LEADS, UNKNOWN, Place, Wire
from tests.platforms.telegram.stage import DESK, Stage, labels

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


async def test_on_telegram_a_leads_copy_of_a_question_goes_when_its_asker_is_forgotten(stage: Stage) -> None:
    stage.server.says(stage.lou, "/start")
    await stage.says(stage.lou, "/desk", stage.desk)
    await stage.says(stage.anna, DANGER)
    topic = stage.topic_of(1)
    await stage.presses(stage.ben, stage.card(1), "Claim")
    await stage.presses(stage.ben, stage.card(1), "Ask a lead to check")
    stage.server.sends(stage.ben, "voice", b"his", stage.desk, topic=topic)
    await stage.settles()
    voice, words = stage.server.seen(stage.lou)[-2:]
    assert "voice" in voice
    assert DANGER in words["text"]
    assert labels(words) == ["Approve", "Send back"]
    await stage.says(stage.anna, "/forgetme")
    await stage.presses(stage.anna, stage.server.seen(stage.anna)[-1], "Delete everything about me")
    assert not any(DANGER in text for text in stage.server.words(stage.lou))
    assert "What stood here is gone" in stage.server.words(stage.lou)[-1]


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


async def test_on_telegram_a_lead_gets_the_digest_as_a_table(stage: Stage) -> None:
    stage.server.says(stage.lou, "/start")
    await stage.says(stage.anna, "/person Who can drive me to the clinic in Ruiz?", stage.group)
    told = await stage.says(stage.lou, "/digest 30 csv", stage.desk)
    assert "in private" in told[0]
    assert table_at_telegram(stage)[:2] == ["group,name,value", "days,,30"]
    await stage.says(stage.lou, "/digest")
    numbers = next(one for one in stage.server.seen(stage.lou) if "Opened: 1. Answered: 0." in one.get("text", ""))
    await stage.presses(stage.lou, numbers, "As a table (CSV)")
    assert "opened,,1" in table_at_telegram(stage)
    assert not any("document" in one for one in stage.server.seen(stage.desk))


def table_at_telegram(stage: Stage) -> list[str]:
    """Give the lines of the newest file that Lou got."""
    file = [one["document"] for one in stage.server.seen(stage.lou) if "document" in one][-1]
    return stage.server.files[file["file_id"]][1].decode().splitlines()


async def test_on_discord_a_lead_gets_the_digest_as_a_table_and_nobody_else_does(wire: Wire, place: Place) -> None:
    lou, kim = place.human("Lou", LEADS), place.volunteer()
    digest = await lou.answered(await lou.slash(place.lounge, "digest"), "Opened: 0")
    pressed = await lou.presses(place.lounge, digest, "As a table (CSV)")
    given = await lou.answered(pressed, "as a table")
    (table,) = given["attachments"]
    assert given["flags"] & 64, "only she sees it"
    assert place.server.cdn[f"{table['id']}/{table['filename']}"].startswith(b"group,name,value\ndays,,7\n")
    await kim.answered(await kim.slash(place.lounge, "digest", days="csv"), "Only leads")


async def test_on_telegram_a_lead_gives_a_question_away_by_a_list(stage: Stage) -> None:
    await stage.says(stage.anna, "/person Who can drive me to the clinic in Ruiz?", stage.group)
    await stage.says(stage.ben, "/duty on", stage.desk)
    await stage.presses(stage.lou, stage.card(1), "Reassign (leads)")
    shown = stage.server.seen(stage.desk, stage.topic_of(1))[-1]
    assert "Whom shall I give #1 to?" in shown["text"]
    await stage.presses(stage.ben, shown, "Ben: on duty, has 0")
    assert "Only leads can do that." in stage.server.words(stage.desk, stage.topic_of(1))[-1]
    await stage.presses(stage.lou, shown, "Ben: on duty, has 0")
    assert "with Ben" in stage.card(1)["text"]
    [now] = [one for one in stage.server.seen(stage.desk) if one["message_id"] == shown["message_id"]]
    assert (now["text"], labels(now)) == ("Lou gave #1 to Ben.", []), "the list has done its work"
    assert (DESK, str(stage.ben.id)) in stage.server.alerts, "the new owner is mentioned"


async def test_on_discord_a_lead_gives_a_question_away_by_a_menu_that_only_she_sees(wire: Wire, place: Place) -> None:
    lou, names = place.human("Lou", LEADS), ["Kim", "Ada", "Bo", "Cy", "Dee", "Eve"]
    for name in names:
        volunteer = place.volunteer(name)
        await volunteer.answered(await volunteer.slash(place.lounge, "duty", hours="on"), "You are on duty")
    await place.human("Anna").mentions(place.lounge, UNKNOWN)
    post = await place.post()
    opened = await lou.presses(post, place.card(post), "Reassign (leads)")
    shown = await lou.answered(opened, "Whom shall I give #1 to?")
    assert shown["flags"] & 64
    assert shown["components"][0]["components"][0]["type"] == 3, "six volunteers make a menu"
    await lou.presses(post, shown, "Kim: on duty, has 0")
    await until(lambda: "with Kim" in place.card(post)["content"], "the card to be edited")
    await lou.gets(post, "Lou gave #1 to Kim.")
