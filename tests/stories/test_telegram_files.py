"""Files that come with a question, over the wire: volunteers get them, and nobody is met with silence."""

from __future__ import annotations

import pytest

from tests.platforms.telegram.people import BOT_NAME, Json
from tests.platforms.telegram.stage import Stage, labels

UNKNOWN = "Who can drive me to the clinic in Ruiz?"


def captioned(kind: str, first: str, rest: str) -> Json:
    """A caption that starts with a command or a mention."""
    return {"caption": first + rest, "caption_entities": [{"type": kind, "offset": 0, "length": len(first)}]}


def files_at_the_desk(stage: Stage, kind: str) -> list[object]:
    return [one[kind] for one in stage.server.seen(stage.desk, stage.topic_of(1)) if kind in one]


async def test_a_photo_with_a_question_reaches_the_volunteers_under_its_card(stage: Stage) -> None:
    sent = stage.server.sends(stage.anna, "photo", b"scan", caption=UNKNOWN)
    await stage.settles()
    assert files_at_the_desk(stage, "photo") == [sent["photo"]]
    assert UNKNOWN in stage.card(1)["text"]


async def test_an_album_arrives_whole(stage: Stage) -> None:
    first = stage.server.sends(stage.anna, "photo", b"one", caption=UNKNOWN, media_group_id="7")
    second = stage.server.sends(stage.anna, "photo", b"two", media_group_id="7")
    await stage.settles()
    assert files_at_the_desk(stage, "photo") == [first["photo"], second["photo"]]


async def test_a_photo_under_a_command_arrives(stage: Stage) -> None:
    sent = stage.server.sends(stage.anna, "photo", b"scan", **captioned("bot_command", "/person", " " + UNKNOWN))
    await stage.settles()
    assert files_at_the_desk(stage, "photo") == [sent["photo"]]


async def test_a_photo_in_the_group_arrives(stage: Stage) -> None:
    words = captioned("mention", f"@{BOT_NAME}", " does the hospital shop sell gluten free bread?")
    sent = stage.server.sends(stage.anna, "photo", b"scan", stage.group, **words)
    await stage.settles()
    assert files_at_the_desk(stage, "photo") == [sent["photo"]]


async def test_a_voice_message_without_words_is_told_how_to_reach_a_person_and_then_arrives(stage: Stage) -> None:
    stage.server.sends(stage.anna, "voice", b"hello")
    await stage.settles()
    told = stage.server.seen(stage.anna)[-1]
    assert "words only" in told["text"]
    await stage.presses(stage.anna, told, labels(told)[0])
    sent = stage.server.sends(stage.anna, "voice", b"hello")
    await stage.settles()
    assert "#1" in stage.server.words(stage.anna)[-1]
    assert files_at_the_desk(stage, "voice") == [sent["voice"]]


async def test_a_photo_under_a_volunteers_reply_command_arrives(stage: Stage) -> None:
    await stage.says(stage.anna, "/person " + UNKNOWN)
    await stage.presses(stage.ben, stage.card(1), "Claim")
    words = captioned("bot_command", "/reply", " 1 Look at this map.")
    sent = stage.server.sends(stage.ben, "photo", b"map", stage.desk, topic=stage.topic_of(1), **words)
    await stage.settles()
    last = stage.server.seen(stage.anna)[-1]
    assert last["photo"] == sent["photo"]
    assert "Look at this map." in last["caption"]


async def test_a_sent_reply_edited_into_a_note_does_not_reach_the_asker(stage: Stage) -> None:
    await stage.says(stage.anna, "/person " + UNKNOWN)
    await stage.presses(stage.ben, stage.card(1), "Claim")
    reply = stage.server.says(stage.ben, "Ask the shuttle.", stage.desk, topic=stage.topic_of(1))
    await stage.settles()
    told = len(stage.server.seen(stage.anna))
    stage.server.edits(reply, "// she asks too much")
    await stage.settles()
    assert len(stage.server.seen(stage.anna)) == told
    assert "cannot become a note" in stage.server.words(stage.desk, stage.topic_of(1))[-1]


STICKER: Json = {"sticker": {"file_id": "s1", "file_unique_id": "u1", "type": "regular", "width": 512, "height": 512,
                       "is_animated": False, "is_video": False}}  # fmt: skip
PLACE: Json = {"location": {"latitude": 48.1, "longitude": 11.6}}
CONTACT: Json = {"contact": {"phone_number": "+491", "first_name": "Doctor"}}
POLL: Json = {"poll": {"id": "1", "question": "Which?", "options": [], "total_voter_count": 0, "is_closed": False,
                 "is_anonymous": True, "type": "regular", "allows_multiple_answers": False, "allows_revoting": False, "members_only": False}}  # fmt: skip


@pytest.mark.parametrize("sent", [STICKER, PLACE, CONTACT, POLL])
async def test_what_the_bot_cannot_read_is_met_with_a_way_to_a_person(stage: Stage, sent: Json) -> None:
    (told,) = await stage.says(stage.anna, "", **sent)
    assert "photos, documents and voice messages only" in told
    assert labels(stage.server.seen(stage.anna)[-1]) == ["Ask a person"]
    assert await stage.says(stage.anna, "", stage.group, **sent) == [], "people among themselves"


async def test_a_place_that_moves_is_told_of_once(stage: Stage) -> None:
    place = stage.server.says(stage.anna, "", **PLACE)
    await stage.settles()
    stage.server.edits(place, "")
    await stage.settles()
    assert len(stage.server.words(stage.anna)) == 1


async def test_a_volunteers_sticker_in_a_topic_is_said_not_to_be_passed_on(stage: Stage) -> None:
    await stage.says(stage.anna, "/person " + UNKNOWN)
    await stage.presses(stage.ben, stage.card(1), "Claim")
    before = stage.server.words(stage.anna)
    told = await stage.says(stage.ben, "", stage.desk, topic=stage.topic_of(1), **STICKER)
    assert "not passed on" in told[-1]
    assert stage.server.words(stage.anna) == before
