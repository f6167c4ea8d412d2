"""Discord's slash commands, menus, buttons and forms, over the wire."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.triage.triage import Triage
from tests.platforms.discord.model import DM
from tests.platforms.discord.people import is_ephemeral, labels, until
from tests.platforms.discord.wire import KNOWN, LEADS, UNKNOWN, VOLUNTEERS, Place, Wire, bot_running


async def test_a_slash_command_is_answered_for_the_asker_alone(wire: Wire, place: Place) -> None:
    anna = place.human("Anna")
    answer = await anna.answered(await anna.slash(place.lounge, "ask", question=KNOWN), "Checked")
    assert is_ephemeral(answer)
    assert "Only you can see this" in answer["content"]
    assert {"More", "Send me a copy", "Share with the channel"} <= set(labels(answer))
    assert not anna.sees(place.lounge)


async def test_more_under_an_ephemeral_answer_stays_ephemeral(wire: Wire, place: Place) -> None:
    anna = place.human("Anna")
    answer = await anna.answered(await anna.slash(place.lounge, "ask", question=KNOWN), "Checked")
    more = await anna.presses(place.lounge, answer, "More")
    assert more.response == 6
    assert is_ephemeral(await anna.answered(more))
    assert not anna.sees(place.lounge)


async def test_a_copy_goes_to_the_private_chat_with_working_buttons(wire: Wire, place: Place) -> None:
    anna = place.human("Anna")
    answer = await anna.answered(await anna.slash(place.lounge, "ask", question=KNOWN), "Checked")
    pressed = await anna.presses(place.lounge, answer, "Send me a copy")
    await anna.answered(pressed, "sent you a copy")
    copy = await anna.gets(anna.dm, "Checked")
    assert "Only you" not in copy["content"]
    assert "More" in labels(copy)
    assert "Send me a copy" not in labels(copy)
    await anna.presses(anna.dm, copy, "More")
    await until(lambda: len(anna.sees(anna.dm)) > 1, "the full text in private")
    await anna.presses(place.lounge, answer, "Send me a copy")
    assert len([one for one in anna.sees(anna.dm) if one["content"] == copy["content"]]) == 1


async def test_without_a_private_chat_the_copy_says_why(wire: Wire, place: Place) -> None:
    anna = place.human("Anna")
    anna.user.takes_dms = False
    answer = await anna.answered(await anna.slash(place.lounge, "ask", question=KNOWN), "Checked")
    told = await anna.answered(await anna.presses(place.lounge, answer, "Send me a copy"), "Allow direct messages")
    assert is_ephemeral(told)


async def test_sharing_posts_the_answer_once_without_what_is_the_askers_own(wire: Wire, place: Place) -> None:
    anna = place.human("Anna")
    answer = await anna.answered(await anna.slash(place.lounge, "ask", question=KNOWN), "Checked")
    await anna.presses(place.lounge, answer, "Share with the channel")
    await anna.presses(place.lounge, answer, "Share with the channel")
    shared = await anna.gets(place.lounge, "Checked")
    assert "More" in labels(shared)
    assert "Not what I meant" not in labels(shared)
    assert len(anna.sees(place.lounge)) == 1
    assert not place.server.pings


async def test_an_escalation_of_an_ephemeral_question_never_becomes_public(wire: Wire, place: Place) -> None:
    anna, kim = place.human("Anna"), place.volunteer()
    asked = await anna.slash(place.lounge, "ask", question=UNKNOWN)
    told = await anna.answered(asked, "Your question is #1")
    assert is_ephemeral(told)
    assert "Share with the channel" not in labels(told)
    post = await place.post()
    await kim.presses(post, place.card(post), "Claim")
    await anna.gets(anna.dm, "Kim, a volunteer")
    await kim.says(post, "The towels are free.")
    await anna.gets(anna.dm, "towels are free")
    assert not anna.sees(place.lounge)


async def test_after_fifteen_minutes_the_answer_comes_as_a_direct_message(wire: Wire, place: Place) -> None:
    anna = place.human("Anna")
    place.server.fails("POST /webhooks/.*", 401, code=50027, times=9)
    await anna.slash(place.lounge, "ask", question=KNOWN)
    await anna.gets(anna.dm, "Checked")
    assert not anna.sees(place.lounge)


async def test_everything_is_acknowledged_in_time_while_the_database_hangs(wire: Wire, place: Place) -> None:
    anna, kim = place.human("Anna"), place.volunteer()
    answer = await anna.answered(await anna.slash(place.lounge, "ask", question=KNOWN), "Checked")
    topics = await anna.answered(await anna.slash(place.lounge, "faq"))
    message = await anna.mentions(place.lounge, UNKNOWN)
    post = await place.post()
    await kim.presses(post, place.card(post), "Claim")
    await until(lambda: "Reply" in labels(place.card(post)), "Reply on the card")
    form = await kim.presses(post, place.card(post), "Reply")
    async with wire.app.store.transaction():
        waiting = await asyncio.gather(
            anna.slash(place.lounge, "ask", question="What is HSCT?"),
            anna.slash(anna.dm, "stages"),
            anna.slash(place.lounge, "person"),
            anna.menu(place.lounge, "Find an answer", message),
            anna.presses(place.lounge, answer, "More"),
            anna.presses(place.lounge, answer, "Send me a copy"),
            anna.presses(place.lounge, topics, labels(topics)[0]),
            kim.fills_in(form, "The towels are free."),
            kim.presses(post, place.card(post), "Note"),
            kim.presses(post, place.card(post), "Close"),
            kim.slash(post, "desk"),
        )
        assert all((one.acknowledged_after or 3.0) < 2.0 for one in waiting)  # seconds; Discord waits for three
        assert await anna.types(place.lounge, "faq", "words", "cost")
        assert waiting[0].thinking
    await anna.answered(waiting[0], "Checked")
    await anna.gets(place.lounge, "towels are free")


async def test_who_waits_long_for_the_database_is_told_that_it_takes_longer(
    wire: Wire, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.discord.interactions.SLOW_AFTER", 0.1)
    anna = place.human("Anna")
    async with wire.app.store.transaction():
        asked = await anna.slash(place.lounge, "ask", question=KNOWN)
        assert is_ephemeral(await anna.answered(asked, "takes longer than usual"))
    await anna.answered(asked, "Checked")


async def test_completions_offer_entries_while_typing_and_a_chosen_one_is_shown(wire: Wire, place: Place) -> None:
    anna = place.human("Anna")
    choices = await anna.types(place.lounge, "faq", "words", "cost")
    assert choices
    assert len(choices) <= 25
    answer = await anna.answered(await anna.slash(place.lounge, "faq", words=choices[0]["value"]))
    assert "Checked" in answer["content"]
    stages = await anna.types(place.lounge, "stages", "stage", "engraf")
    assert "ngraftment" in stages[0]["name"]
    assert (
        "Stage" in (await anna.answered(await anna.slash(place.lounge, "stages", stage=stages[0]["value"])))["content"]
    )


async def test_topics_and_stages_are_menus_that_work(wire: Wire, place: Place) -> None:
    anna = place.human("Anna")
    topics = await anna.answered(await anna.slash(place.lounge, "faq"))
    topic = labels(topics)[0]
    questions = await anna.answered(await anna.presses(place.lounge, topics, topic))
    entry = labels(questions)[0]
    assert "Checked" in (await anna.answered(await anna.presses(place.lounge, questions, entry)))["content"]
    stages = await anna.answered(await anna.slash(anna.dm, "stages"))
    first = await anna.presses(anna.dm, stages, labels(stages)[0])
    assert first.response == 6
    await anna.gets(anna.dm, "Stage 1 of")


async def test_the_pages_of_the_stages_turn_in_place(wire: Wire, place: Place) -> None:
    anna = place.human("Anna")
    stages = await anna.answered(await anna.slash(place.lounge, "stages"))
    page = await anna.answered(await anna.presses(place.lounge, stages, labels(stages)[0]), "Stage 1 of")
    turned = await anna.presses(place.lounge, page, "Next")
    await until(lambda: "Stage 2 of" in page["content"], "the second page in the place of the first")
    assert turned.response == 6
    assert not turned.answers
    assert is_ephemeral(page)
    assert {"Back", "Next", "Send me a copy"} <= set(labels(page))
    await anna.slash(anna.dm, "stages", stage="3")
    kept = await anna.gets(anna.dm, "Stage 3 of")
    await anna.presses(anna.dm, kept, "Back")
    await until(lambda: "Stage 2 of" in kept["content"], "the page before in the place of the third")
    assert len(anna.sees(anna.dm)) == 1


async def test_the_context_menus_read_a_message_without_any_intent(place: Place, triage: Triage) -> None:
    async with bot_running(place, triage, ask_channels=()):
        anna, ben = place.human("Anna"), place.human("Ben")
        message = await ben.says(place.lounge, KNOWN)
        answer = await anna.answered(await anna.menu(place.lounge, "Find an answer", message), "Checked")
        assert is_ephemeral(answer)
        told = await anna.answered(await anna.menu(place.lounge, "Ask the volunteers", message))
        assert "#1" in told["content"]
        empty = await ben.says(place.lounge, " ", files=[("scan.png", b"x", None)])
        await anna.answered(await anna.menu(place.lounge, "Find an answer", empty), "no text")


async def test_person_without_words_asks_for_them_in_a_form(wire: Wire, place: Place) -> None:
    anna = place.human("Anna")
    opened = await anna.slash(place.lounge, "person")
    assert opened.modal
    sent = await anna.fills_in(opened, "Who has been to Riga lately?")
    told = await anna.answered(sent, "Your question is #1")
    assert is_ephemeral(told)
    post = await place.post()
    assert "Who has been to Riga lately?" in place.card(post)["content"]


async def test_buttons_work_after_a_restart(place: Place, triage: Triage, tmp_path: Any) -> None:  # noqa: ANN401
    database = f"sqlite+aiosqlite:///{tmp_path}/bot.db"
    anna, kim = place.human("Anna"), place.volunteer()
    async with bot_running(place, triage, database=database):
        await anna.mentions(place.lounge, UNKNOWN)
        told = await anna.gets(place.lounge, "Your question is #1")
        await place.post()
    async with bot_running(place, triage, database=database):
        moved = await anna.presses(place.lounge, told, "Reply in private")
        assert moved.response == 6
        assert is_ephemeral(await anna.answered(moved, "will come to you in private"))
        post = await place.post()
        await kim.presses(post, place.card(post), "Claim")
        await kim.gets(post, "Kim has #1")


async def test_menus_and_open_forms_work_after_a_restart(place: Place, triage: Triage, tmp_path: Any) -> None:  # noqa: ANN401
    database = f"sqlite+aiosqlite:///{tmp_path}/bot.db"
    anna, kim = place.human("Anna"), place.volunteer()
    async with bot_running(place, triage, database=database):
        topics = await anna.answered(await anna.slash(place.lounge, "faq"))
        await anna.mentions(place.lounge, UNKNOWN)
        post = await place.post()
        await kim.presses(post, place.card(post), "Claim")
        await until(lambda: "Reply" in labels(place.card(post)), "Reply on the card")
        form = await kim.presses(post, place.card(post), "Reply")
    async with bot_running(place, triage, database=database):
        await kim.fills_in(form, "The towels are free.")
        await anna.gets(place.lounge, "towels are free")
        await anna.answered(await anna.presses(place.lounge, topics, labels(topics)[0]))


async def test_a_second_press_is_harmless_and_the_loser_learns_who_has_it(wire: Wire, place: Place) -> None:
    anna, kim, ben = place.human("Anna"), place.volunteer(), place.volunteer("Ben")
    await anna.mentions(place.lounge, UNKNOWN)
    post = await place.post()
    card = dict(place.card(post))
    first, second = await asyncio.gather(kim.presses(post, card, "Claim"), ben.presses(post, card, "Claim"))
    loser, other = (ben, second) if not second.answers and not first.answers else (kim, first)
    refused = await until(lambda: next((one for one in (*first.answers, *second.answers)), None), "a refusal")
    assert is_ephemeral(refused)
    assert "has #1 already" in refused["content"]
    assert loser
    assert other


async def test_a_stranger_may_not_press_a_volunteers_button(wire: Wire, place: Place) -> None:
    anna, eve = place.human("Anna"), place.human("Eve")
    await anna.mentions(place.lounge, UNKNOWN)
    post = await place.post()
    pressed = await eve.presses(post, place.card(post), "Claim")
    assert is_ephemeral(await eve.answered(pressed, "Only volunteers"))
    form = await eve.presses(post, place.card(post), "Note")
    assert form.modal is None
    await eve.answered(await eve.slash(place.lounge, "desk"), "Only volunteers")
    assert "waiting" in place.card(post)["content"]


async def test_a_role_counts_from_the_moment_it_is_given_or_taken(wire: Wire, place: Place) -> None:
    anna, kim = place.human("Anna"), place.volunteer()
    await anna.mentions(place.lounge, UNKNOWN)
    post = await place.post()
    kim.user.roles = []
    await kim.answered(await kim.presses(post, place.card(post), "Claim"), "Only volunteers")
    kim.user.roles = [VOLUNTEERS]
    await kim.presses(post, place.card(post), "Claim")
    await kim.gets(post, "Kim has #1")


async def test_who_is_no_volunteer_any_more_can_do_nothing_by_any_way(wire: Wire, place: Place) -> None:
    anna, kim = place.human("Anna"), place.volunteer()
    await anna.mentions(place.lounge, UNKNOWN)
    post = await place.post()
    await kim.presses(post, place.card(post), "Claim")
    await until(lambda: "Reply" in labels(place.card(post)), "Reply on the card")
    form = await kim.presses(post, place.card(post), "Reply")
    kim.user.roles = []
    await kim.answered(await kim.fills_in(form, "By form"), "Only volunteers")
    await kim.says(post, "By writing")
    await kim.answered(await kim.slash(post, "handback"), "Only volunteers")
    await kim.answered(await kim.slash(kim.dm, "desk"), "Only volunteers")
    await asyncio.sleep(0.1)
    assert not any("By " in one["content"] for one in anna.sees(place.lounge))
    assert "with Kim" in place.card(post)["content"]


async def test_a_volunteers_buttons_work_in_private_too_and_a_strangers_do_not(wire: Wire, place: Place) -> None:
    anna, kim = place.human("Anna"), place.volunteer()
    await anna.mentions(place.lounge, UNKNOWN)
    card = place.card(await place.post())
    await kim.presses(kim.dm, card, "Claim")
    await anna.gets(place.lounge, "Kim, a volunteer, has your question #1")
    assert (await kim.presses(kim.dm, card, "Note")).modal
    assert (await anna.presses(anna.dm, card, "Note")).modal is None
    await anna.gets(anna.dm, "Only volunteers")


async def test_a_form_is_not_waited_for_when_discord_does_not_say_who_somebody_is(wire: Wire, place: Place) -> None:
    anna, kim = place.human("Anna"), place.volunteer()
    await anna.mentions(place.lounge, UNKNOWN)
    card = place.card(await place.post())
    place.server.fails("GET /guilds/.*/members/.*", 503, times=9, delay=2.0)
    pressed = await kim.presses(kim.dm, card, "Note")
    assert (pressed.acknowledged_after or 3.0) < 2.0


async def test_a_volunteer_says_when_they_are_on_duty(wire: Wire, place: Place) -> None:
    kim, anna = place.volunteer(), place.human("Anna")
    said = await kim.answered(await kim.slash(place.lounge, "duty", hours="add daily 00:00-23:59"))
    assert is_ephemeral(said)
    assert "every day" in said["content"]
    await kim.answered(await kim.slash(kim.dm, "duty", hours="off"), "off duty")
    await anna.answered(await anna.slash(place.lounge, "duty"), "Only volunteers")


async def test_a_reply_by_form_reaches_the_asker_and_shows_at_the_desk(wire: Wire, place: Place) -> None:
    anna, kim = place.human("Anna"), place.volunteer()
    await anna.mentions(place.lounge, UNKNOWN)
    post = await place.post()
    await kim.presses(post, place.card(post), "Claim")
    await until(lambda: "Reply" in labels(place.card(post)), "Reply on the card")
    form = await kim.presses(post, place.card(post), "Reply")
    await kim.fills_in(form, "12 towels,\nall free.")
    await anna.gets(place.lounge, "12 towels,\n> all free.")
    await kim.gets(post, "12 towels")
    note = await kim.presses(post, place.card(post), "Note")
    await kim.fills_in(note, "She seems tired.")
    await kim.gets(post, "She seems tired.")
    back = await kim.presses(post, place.card(post), "Hand back")
    await kim.fills_in(back, "")
    await anna.gets(place.lounge, "is with the volunteers again")
    assert not any("tired" in one["content"] for one in anna.sees(place.lounge))


async def test_words_in_a_refused_form_are_given_back(wire: Wire, place: Place) -> None:
    anna, kim, ben = place.human("Anna"), place.volunteer(), place.volunteer("Ben")
    await anna.mentions(place.lounge, UNKNOWN)
    post = await place.post()
    await kim.presses(post, place.card(post), "Claim")
    await until(lambda: "Reply" in labels(place.card(post)), "Reply on the card")
    form = await ben.presses(post, place.card(post), "Reply")
    refused = await ben.answered(await ben.fills_in(form, "A long and careful reply"), "is with Kim")
    assert "A long and careful reply" in refused["content"]
    assert is_ephemeral(refused)


async def test_volunteers_commands_work_anywhere_in_the_server(wire: Wire, place: Place) -> None:
    anna, kim, lou = place.human("Anna"), place.volunteer(), place.human("Lou", LEADS)
    await anna.mentions(place.lounge, UNKNOWN)
    post = await place.post()
    queue = await kim.answered(await kim.slash(place.lounge, "desk"), "#1")
    assert is_ephemeral(queue)
    claimed = await kim.slash(post, "claim")
    await kim.gets(post, "Kim has #1")
    await until(lambda: not claimed.thinking, "the command to be done")
    canned = await kim.types(post, "canned", "entry", "cost")
    await kim.slash(post, "canned", entry=canned[0]["value"])
    shown = await kim.gets(post, "Nothing has been sent yet")
    await kim.presses(post, shown, "Send")
    await kim.gets(post, "Sent the entry")
    await lou.slash(post, "close", number=1)
    await anna.gets(place.lounge, "Did this help?")


async def test_a_double_press_on_more_answers_twice_and_breaks_nothing(wire: Wire, place: Place) -> None:
    anna = place.human("Anna")
    answer = await anna.answered(await anna.slash(place.lounge, "ask", question=KNOWN), "Checked")
    one, two = await asyncio.gather(*(anna.presses(place.lounge, answer, "More") for _ in range(2)))
    await anna.answered(one)
    await anna.answered(two)


async def test_an_unknown_old_button_asks_to_type_the_question(wire: Wire, place: Place) -> None:
    anna = place.human("Anna")
    answer = await anna.answered(await anna.slash(place.lounge, "ask", question=KNOWN), "Checked")
    answer["components"][0]["components"][0]["custom_id"] = "old-bot:more"
    pressed = await anna.presses(place.lounge, answer, labels(answer)[0])
    await anna.answered(pressed, "I cannot use that button")


async def test_commands_in_a_private_chat_are_plain_messages(wire: Wire, place: Place) -> None:
    anna = place.human("Anna")
    answer = await anna.answered(await anna.slash(anna.dm, "ask", question=KNOWN), "Checked")
    assert not is_ephemeral(answer)
    assert anna.dm.type == DM
