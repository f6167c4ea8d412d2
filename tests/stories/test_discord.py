"""Discord over the wire: the real discord.py against a strict server, the whole application behind it."""

from __future__ import annotations

from tests.platforms.discord.people import is_ephemeral, labels, until
from tests.platforms.discord.wire import KNOWN, UNKNOWN, Place, Wire


async def test_a_mention_is_answered_in_the_channel_and_pings_nobody(wire: Wire, place: Place) -> None:
    anna = place.human("Anna")
    asked = await anna.mentions(place.lounge, KNOWN)
    answer = await anna.gets(place.lounge, "Checked")
    assert answer["message_reference"]["message_id"] == asked["id"]
    assert "More" in labels(answer)
    assert not place.server.pings


async def test_a_question_goes_to_the_desk_and_the_answer_comes_back(wire: Wire, place: Place) -> None:
    anna, kim = place.human("Anna"), place.volunteer()
    asked = await anna.mentions(place.lounge, UNKNOWN)
    await anna.gets(place.lounge, "Your question is #1")
    post = await place.post()
    assert "Anna" not in place.card(post)["content"]
    assert "swimming pool" in place.card(post)["content"]
    await kim.presses(post, place.card(post), "Claim")
    await anna.gets(place.lounge, "Kim, a volunteer, has your question #1")
    await until(lambda: "Reply" in labels(place.card(post)), "the card to offer Reply")
    await kim.says(post, "They have one, and towels are free.")
    answer = await anna.gets(place.lounge, "towels are free")
    assert answer["message_reference"]["message_id"] == asked["id"]
    await anna.says(place.lounge, "Thank you so much!", reply_to=answer)
    await kim.gets(post, "Thank you so much!")
    await kim.presses(post, place.card(post), "Close")
    closing = await anna.gets(place.lounge, "Did this help?")
    await anna.presses(place.lounge, closing, "This helped")
    await kim.gets(post, "says that it helped")
    assert not place.server.pings


async def test_a_slash_command_is_answered_for_the_asker_alone(wire: Wire, place: Place) -> None:
    anna = place.human("Anna")
    asked = await anna.slash(place.lounge, "ask", question=KNOWN)
    answer = await anna.answered(asked, "Checked")
    assert is_ephemeral(answer)
    assert "Only you can see this" in answer["content"]
    assert {"Send me a copy", "Share with the channel"} <= set(labels(answer))
    assert not anna.sees(place.lounge)
