"""Over the wire: the whole application with the real library against a strict Bot API server."""

from __future__ import annotations

from pathlib import Path

from bot.domain.people import PersonId
from bot.triage.triage import Triage
from tests.platforms.telegram.people import BOT_ID, BOT_NAME
from tests.platforms.telegram.server import TelegramServer
from tests.platforms.telegram.stage import DESK, GROUP, Stage, a_stage, labels

UNKNOWN = "Who can drive me to the clinic in Ruiz?"
NASTY = "<b>x</b> & _*[]()~` [l](https://e.org) \u200fשלום 👩‍👩‍👧 zero\u200bwidth @everyone @anna"


async def test_a_member_mentions_the_bot_and_is_answered_as_a_reply(stage: Stage) -> None:
    asked = stage.server.says(stage.anna, "@HsctHelpBot what is hsct?", stage.group)
    await stage.settles()
    (answer,) = stage.server.seen(stage.group)
    assert answer["reply_to_message"]["message_id"] == asked["message_id"]
    assert "stem cell" in answer["text"].lower()
    assert labels(answer)[0] == "More"


async def test_people_talking_to_each_other_are_left_alone_and_nothing_is_kept(stage: Stage) -> None:
    assert await stage.says(stage.anna, "what is hsct? does anybody know?", stage.group) == []
    async with stage.app.store.transaction() as tx:
        assert await tx.people.find(PersonId("telegram", str(stage.anna.id))) is None


async def test_an_answer_stays_in_the_topic_where_it_was_asked(stage: Stage) -> None:
    topic = stage.server.open_topic(stage.group, "Questions")
    await stage.says(stage.anna, "/ask what is hsct?", stage.group, topic=topic.id)
    assert len(stage.server.seen(stage.group, topic.id)) == 1


async def test_an_ask_topic_needs_no_mention_and_its_neighbour_does(server: TelegramServer, triage: Triage) -> None:
    ask = server.open_topic(server.chats[GROUP], "Ask")
    other = server.open_topic(server.chats[GROUP], "Chat")
    async with a_stage(server, triage, ask_chats=(f"{GROUP}/{ask.id}",)) as stage:
        assert await stage.says(stage.anna, "What is HSCT?", stage.group, topic=other.id) == []
        assert len(await stage.says(stage.anna, "What is HSCT?", stage.group, topic=ask.id)) == 1
        assert await stage.says(stage.anna, "Good morning everybody!", stage.group, topic=ask.id) == []


async def test_from_question_to_answer_over_a_topic(stage: Stage) -> None:
    told = await stage.says(stage.anna, "/person " + UNKNOWN, stage.group)
    assert "#1" in told[0]
    topic = stage.topic_of(1)
    await stage.presses(stage.ben, stage.card(1), "Claim")
    assert "with Ben" in stage.card(1)["text"], "the card is edited in its place"
    await stage.says(stage.ben, "Ask the clinic's shuttle.", stage.desk, topic=topic)
    reply = stage.server.seen(stage.group)[-1]
    assert "Ask the clinic's shuttle." in reply["text"]
    await stage.says(stage.anna, "@HsctHelpBot thank you!", stage.group, reply_to=reply["message_id"])
    assert any("thank you!" in words for words in stage.server.words(stage.desk, topic))
    await stage.says(stage.ben, "// she was nice", stage.desk, topic=topic)
    assert not any("nice" in words for words in stage.server.words(stage.group))
    await stage.presses(stage.ben, stage.card(1), "Close")
    assert "This helped" in labels(stage.server.seen(stage.group)[-1])
    assert stage.server.alerts == [], "nobody was pinged"


async def test_a_corrected_note_never_goes_out_as_a_reply(stage: Stage) -> None:
    await stage.says(stage.anna, "/person " + UNKNOWN)
    await stage.presses(stage.ben, stage.card(1), "Claim")
    await stage.presses(stage.ben, stage.card(1), "Note")
    note = stage.server.says(stage.ben, "she is a nurce", stage.desk, topic=stage.topic_of(1))
    await stage.settles()
    stage.server.edits(note, "she is a nurse")
    await stage.settles()
    assert not any("she is a nur" in words for words in stage.server.words(stage.anna))


async def test_reply_in_private_opens_the_private_chat_and_moves_the_answer_there(stage: Stage) -> None:
    stage.anna.started = False
    await stage.says(stage.anna, "/person " + UNKNOWN, stage.group)
    await stage.presses(stage.anna, stage.server.seen(stage.group)[-1], "Reply in private")
    await stage.presses(stage.ben, stage.card(1), "Claim")
    in_group = len(stage.server.seen(stage.group))
    await stage.says(stage.ben, "Between us: the shuttle.", stage.desk, topic=stage.topic_of(1))
    assert "Between us: the shuttle." in stage.server.words(stage.anna)[-1]
    assert len(stage.server.seen(stage.group)) == in_group, "nothing private is made public"


async def test_a_stranger_cannot_move_or_see_somebody_elses_question_by_its_link(stage: Stage) -> None:
    await stage.says(stage.anna, "/person " + UNKNOWN, stage.group)
    carl = stage.server.user(9, "Carl")
    assert "I cannot use that button" in (await stage.says(carl, "/start in_private-1"))[0]


async def test_a_stranger_who_presses_claim_is_told_that_it_is_not_theirs(stage: Stage) -> None:
    await stage.says(stage.anna, "/person " + UNKNOWN)
    stage.desk.members[stage.ben.id] = "left"
    await stage.presses(stage.ben, stage.card(1), "Claim")
    assert "Only volunteers" in stage.server.words(stage.desk, stage.topic_of(1))[-1]
    assert "waiting" in stage.card(1)["text"]


async def test_a_press_is_answered_at_once_and_twice_pressed_does_no_harm(stage: Stage) -> None:
    await stage.says(stage.anna, "what is hsct?")
    answer = stage.server.seen(stage.anna)[0]
    queries = [stage.server.presses(stage.anna, answer, "More") for _ in range(2)]
    await stage.settles()
    assert [stage.server.queries[query] for query in queries] == ["", ""]


async def test_a_button_of_long_ago_asks_to_type_instead(stage: Stage) -> None:
    await stage.says(stage.anna, "what is hsct?")
    query = stage.server.press_data(stage.anna, stage.server.seen(stage.anna)[0], "old:format")
    await stage.settles()
    assert "type your question" in (stage.server.queries[query] or "")


async def test_typed_words_do_what_the_button_does(stage: Stage) -> None:
    await stage.says(stage.anna, "what is hsct?")
    (full,) = await stage.says(stage.anna, "more")
    assert "Sources:" in full


async def test_faq_numbers_its_topics_on_wide_buttons(stage: Stage) -> None:
    await stage.says(stage.anna, "/faq")
    listed = stage.server.seen(stage.anna)[-1]
    await stage.presses(stage.anna, listed, labels(listed)[0])
    assert "1. " in stage.server.words(stage.anna)[-1]


async def test_stages_go_back_and_on(stage: Stage) -> None:
    await stage.says(stage.anna, "/stages 2")
    (shown,) = stage.server.seen(stage.anna)
    await stage.presses(stage.anna, shown, "Next")
    assert "Stage 3" in shown["text"], "the same message, turned over"
    await stage.presses(stage.anna, shown, "Back")
    await stage.presses(stage.anna, shown, "Back")
    assert "Stage 1" in shown["text"]
    assert stage.server.seen(stage.anna) == [shown]
    await stage.says(stage.anna, "next")
    assert "Stage 2" in stage.server.words(stage.anna)[-1], "typed words are answered below"


async def test_somebody_else_turning_the_page_leaves_the_askers_page_alone(stage: Stage) -> None:
    await stage.says(stage.anna, "/stages 2", stage.group)
    (hers,) = stage.server.seen(stage.group)
    await stage.presses(stage.ben, hers, "Next")
    assert "Stage 2" in hers["text"]
    assert "Stage 3" in stage.server.words(stage.group)[-1]


async def test_stages_come_with_their_picture_and_its_words(stage: Stage) -> None:
    await stage.says(stage.anna, "/stages")
    shown = stage.server.seen(stage.anna)
    assert "photo" in shown[0]
    assert "Picture: " in "\n".join(stage.server.words(stage.anna))
    await stage.presses(stage.anna, shown[-1], labels(shown[-1])[0])
    assert "Stage 1 of" in stage.server.words(stage.anna)[-1]


async def test_buttons_work_after_a_restart(server: TelegramServer, triage: Triage, tmp_path: Path) -> None:
    database = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    async with a_stage(server, triage, database=database) as stage:
        await stage.says(stage.anna, "what is hsct?")
        await stage.says(stage.anna, "/person " + UNKNOWN)
    async with a_stage(server, triage, database=database) as stage:
        await stage.presses(stage.anna, server.seen(stage.anna)[0], "More")
        assert "Sources:" in server.words(stage.anna)[-1]
        await stage.presses(stage.ben, stage.card(1), "Claim")
        assert "with Ben" in stage.card(1)["text"]


async def test_askers_and_volunteers_see_different_commands(stage: Stage) -> None:
    await stage.says(stage.anna, "hello")
    names = {scope: [command["command"] for command in menu] for scope, menu in stage.server.commands.items()}
    assert names["all_group_chats"] == ["ask", "faq", "stages", "person"]
    assert "forgetme" in names["all_private_chats"]
    assert "claim" in names[f"chat:{DESK}"]
    assert "claim" not in names["all_private_chats"]


async def test_inline_mode_finds_entries_and_a_volunteer_can_send_one(stage: Stage) -> None:
    query = stage.server.types_inline(stage.ben, "cost mexico")
    await stage.settles()
    found = stage.server.inline[query][0]
    assert "mexico" in (found["title"] + found["input_message_content"]["message_text"]).lower()
    await stage.says(stage.anna, "/person " + UNKNOWN)
    await stage.presses(stage.ben, stage.card(1), "Claim")
    words, bot = found["input_message_content"]["message_text"], stage.server.users[BOT_ID].json() | {"is_bot": True}
    await stage.says(stage.ben, words, stage.desk, topic=stage.topic_of(1), via_bot=bot)
    assert words in stage.server.words(stage.anna)[-1]


async def test_an_entry_picked_in_the_group_is_not_answered_by_the_bot(stage: Stage) -> None:
    bot = stage.server.users[BOT_ID].json() | {"is_bot": True}
    assert await stage.says(stage.anna, f"HSCT is a treatment. @{BOT_NAME}", stage.group, via_bot=bot) == []


async def test_a_link_opens_an_entry(stage: Stage) -> None:
    (answer,) = await stage.says(stage.anna, "/start show-what-is-hsct")
    assert "stem cell" in answer.lower()


async def test_names_and_words_arrive_as_typed_and_ping_nobody(stage: Stage) -> None:
    stage.ben.first_name, stage.ben.last_name = "<i>Ben</i> & @anna", "_*👩‍👩‍👧"
    await stage.says(stage.anna, f"/person {NASTY}?", stage.group)
    assert NASTY in stage.card(1)["text"]
    await stage.presses(stage.ben, stage.card(1), "Claim")
    await stage.says(stage.ben, NASTY, stage.desk, topic=stage.topic_of(1))
    reply = stage.server.words(stage.group)[-1]
    assert NASTY in reply
    assert "<i>Ben</i> & @anna _*👩‍👩‍👧" in reply
    assert stage.server.alerts == []


async def test_signs_that_turn_the_writing_round_are_dropped_by_telegram_and_nothing_else_is(stage: Stage) -> None:
    stage.anna.first_name = "An\u202ena"
    await stage.says(stage.anna, "/person who drives \u202eme\u202c to \u2067שלום\u2069 @an\u202ena?", stage.group)
    assert "who drives me to \u2067שלום\u2069 @anna?" in stage.card(1)["text"]
    assert stage.server.alerts == []


async def test_an_admin_who_hides_at_the_desk_can_still_answer(stage: Stage) -> None:
    await stage.says(stage.anna, "/person " + UNKNOWN)
    hidden = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    more = {"from": hidden, "sender_chat": stage.desk.json(), "author_signature": "Mod"}
    await stage.says(stage.lou, "Who of us takes this one?", stage.desk, topic=stage.topic_of(1), **more)
    assert not any("Who of us" in words for words in stage.server.words(stage.anna)), "talk stays at the desk"
    await stage.says(stage.lou, "/reply 1 Ask the shuttle.", stage.desk, topic=stage.topic_of(1), **more)
    assert "Mod" in stage.server.words(stage.anna)[-1]
    assert "Ask the shuttle." in stage.server.words(stage.anna)[-1]


async def test_an_admin_who_hides_in_the_group_is_answered_there_and_nothing_private_is_posted(stage: Stage) -> None:
    hidden = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    more = {"from": hidden, "sender_chat": stage.group.json()}
    (answer,) = await stage.says(stage.lou, "/ask what is hsct?", stage.group, **more)
    assert "stem cell" in answer.lower()
    told = await stage.says(stage.lou, "/mydata", stage.group, **more)
    assert not any("what is hsct" in words for words in told)


async def test_a_corrected_question_is_answered(stage: Stage) -> None:
    message = stage.server.says(stage.anna, "good morning")
    await stage.settles()
    before = len(stage.server.seen(stage.anna))
    stage.server.edits(message, "what is hsct?")
    await stage.settles()
    assert "stem cell" in stage.server.words(stage.anna)[before].lower()


async def test_an_update_that_comes_twice_is_answered_once(stage: Stage) -> None:
    message = stage.server.says(stage.anna, "what is hsct?")
    update = {"update_id": 5, "message": message}
    for _ in range(3):
        stage.server.again(update)
    await stage.settles()
    assert len(stage.server.seen(stage.anna)) == 2, "the message itself, and update 5 once"
