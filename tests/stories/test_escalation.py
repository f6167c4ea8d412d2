"""A question goes to the volunteers, on two platforms, and comes back answered."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import update

from bot.domain.messages import Attachment, Button, FileKind
from bot.errors import ThreadGone
from bot.storage.tables import escalations
from tests.world import Person, World

STRANGE = "does the hospital in Puebla have wifi in the rooms"


async def opened(anna: Person, text: str = STRANGE) -> None:
    await anna.commands("person", text)


async def test_the_asker_is_told_the_reference_who_reads_it_and_when(world: World) -> None:
    anna = world.asker("anna")
    await opened(anna)
    (told,) = anna.got()
    assert "Your question is #1." in told.text()
    assert "Your question stands in the group, where everybody can read it." in told.text()
    assert "Anna" not in told.text().replace("anna", "")
    assert {button.label for button in told.buttons} == {"Cancel", "Reply in private", "Show my name"}


async def test_each_desk_gets_a_card_without_the_askers_name(world: World) -> None:
    await opened(world.asker("anna"))
    for platform in ("telegram", "discord"):
        card = world.card(1, platform)
        assert STRANGE in card.text()
        assert "anna" not in card.text().lower()
        assert card.thread_title
        assert card.thread_title.startswith("#1 ")
        assert not card.page


async def test_the_card_explains_in_two_lines_what_came_nearest_and_why_a_person_is_asked(world: World) -> None:
    anna = world.asker("anna")
    await anna.asks("who fixes a leaking tap at home", private=True)
    await opened(anna)
    for number, why in ((1, "no answer of the bot was sure enough for all of it."), (2, "the asker wants a person.")):
        for platform in ("telegram", "discord"):
            lines = world.card(number, platform).text().splitlines()
            place = next(at for at, line in enumerate(lines) if line.startswith("Nearest answers: "))
            assert re.search(r" \((?:left to people; )?(?:likely|possible|unlikely), \d+%\)", lines[place])
            assert lines[place + 1] == f"Handed over because {why}"


async def test_a_subject_for_people_is_not_called_a_likely_answer(world: World) -> None:
    await opened(world.asker("anna"))
    entries = world.app.live.knowledge.entries
    subject = next(entry for entry in entries.values() if entry.by_person)
    async with world.app.store.transaction() as tx:
        await tx.connection.execute(update(escalations).values(considered=[[subject.id, 0.6]]))
    await world.volunteer("ben").at_desk(1, press="Claim")
    assert f"Nearest answers: {subject.question} (left to people; likely, 60%)\n" in world.card(1).text()


async def test_the_card_of_a_question_kept_before_likelihoods_were_names_the_answer_alone(world: World) -> None:
    await opened(world.asker("anna"))
    async with world.app.store.transaction() as tx:
        await tx.connection.execute(update(escalations).values(considered=["cost-mexico"]))
    await world.volunteer("ben").at_desk(1, press="Claim")
    question = world.app.live.knowledge.entries["cost-mexico"].question
    assert f"Nearest answers: {question}\nHanded over" in world.card(1).text()


async def test_the_card_keeps_what_led_to_it_whatever_is_asked_later(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.asks("how much does hsct cost in mexico?")
    await anna.commands("person", "does the hospital in Puebla have wifi")
    for topic in ("costs", "trials", "drugs", "risks", "work"):
        await anna.commands("ask", f"what about {topic} of hsct?")
    await ben.at_desk(1, press="Claim")
    card = world.card(1).text()
    assert "Asked before that:\n\nhow much does hsct cost in mexico?" in card
    assert "what about" not in card
    assert "Write here to reply" in card
    await ben.at_desk(1, "Yes, it has.")
    await ben.at_desk(1, press="Close")
    assert "Write here to reply" not in world.card(1).text()


async def test_answered_by_a_volunteer_on_another_platform(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben", "discord")
    await opened(anna)
    await ben.at_desk(1, press="Claim")
    assert "Ben, a volunteer, has your question #1" in anna.got()[-1].text()
    await ben.at_desk(1, "Yes, it has. I was there in 2024.")
    reply = anna.got()[-1]
    assert "Ben, a volunteer, about #1:" in reply.text()
    assert "Yes, it has. I was there in 2024." in reply.text()
    assert any("Ben replied:" in message.text() for message in world.on_desk(1, "telegram")), "the other desk sees it"
    assert not any("Ben replied:" in message.text() for message in world.on_desk(1, "discord")), "no echo"


async def test_the_askers_reply_comes_back_to_both_desks(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await opened(anna)
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, "Yes, it has.")
    await anna.asks("and is it quick enough for video calls?", reply_to=world.telegram.ids[last_number(world)])
    for platform in ("telegram", "discord"):
        assert "and is it quick enough" in world.on_desk(1, platform)[-1].text()


def last_number(world: World) -> int:
    return [d.number for d in world.telegram.sent if not d.message.on_desk][-1]


async def test_the_second_volunteer_is_told_it_is_taken(world: World) -> None:
    ben, cara = world.volunteer("ben", "discord"), world.volunteer("cara", "telegram")
    await opened(world.asker("anna"))
    waiting = world.card(1, "telegram")
    await ben.at_desk(1, press="Claim")
    assert world.card(1, "telegram").buttons[0].label == "Reply", "the card on the other desk is up to date"
    claim = next(b for b in waiting.buttons if b.label == "Claim")
    await press_raw(cara, 1, claim)
    assert "Ben has #1 already." in cara.got_at_desk(1)
    async with world.app.store.transaction() as tx:
        escalation = await tx.escalations.get(1)
    assert escalation
    assert escalation.owner_name == "Ben"


async def press_raw(person: Person, number: int, button: Button) -> None:
    await person.at_desk(number, button=button)


async def test_a_double_press_is_harmless(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await opened(anna)
    claim = world.card(1).buttons[0]
    await press_raw(ben, 1, claim)
    told = len(anna.got())
    await press_raw(ben, 1, claim)
    assert len(anna.got()) == told


async def test_a_strangers_press_does_nothing(world: World) -> None:
    await opened(world.asker("anna"))
    eve = world.asker("eve", "discord")
    await press_raw(eve, 1, world.card(1).buttons[0])
    async with world.app.store.transaction() as tx:
        escalation = await tx.escalations.get(1)
    assert escalation
    assert escalation.owner is None


async def test_a_reply_before_the_claim_stays_inside(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await opened(anna)
    before = len(anna.got())
    await ben.at_desk(1, "hello")
    assert len(anna.got()) == before
    assert "Claim it first" in ben.got_at_desk(1)


async def test_notes_stay_inside(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben", "discord")
    await opened(anna)
    before = len(anna.got())
    await ben.at_desk(1, "// I think she means the new building")
    await ben.at_desk(1, press="Note")
    await ben.at_desk(1, "second note")
    assert len(anna.got()) == before
    notes = [message.text() for message in world.on_desk(1, "telegram") if "Note by Ben:" in message.text()]
    assert len(notes) == 2


async def test_handed_back_with_a_note_and_taken_by_another(world: World) -> None:
    anna, ben, cara = world.asker("anna"), world.volunteer("ben"), world.volunteer("cara", "telegram")
    await opened(anna)
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, press="Hand back")
    assert "waiting" in world.card(1).text(), "the press alone hands it back: who walks away keeps nothing"
    assert "with the volunteers again" in anna.got()[-1].text()
    assert "Ben handed #1 back." in world.on_desk(1, "telegram")[-1].text()
    before = len(anna.got())
    await ben.at_desk(1, "she needs somebody who was in Puebla")
    assert "she needs somebody who was in Puebla" in world.on_desk(1, "telegram")[-1].text()
    assert len(anna.got()) == before
    await cara.at_desk(1, press="Claim")
    await cara.at_desk(1, "I was there.")
    assert "Cara, a volunteer, about #1:" in anna.got()[-1].text()


async def test_an_entry_is_sent_word_for_word(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await opened(anna)
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, press="Send an entry")
    await ben.at_desk(1, "cost-mexico")
    await ben.at_desk(1, "Send")
    assert world.app.live.knowledge.entries["cost-mexico"].short in anna.got()[-1].text()


async def test_nothing_is_closed_unanswered_by_its_owner(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await opened(anna)
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, press="Close")
    assert "has had no answer yet" in ben.got_at_desk(1)
    await ben.at_desk(1, "Here is my answer.")
    await ben.at_desk(1, press="Close")
    closed = anna.got()[-1]
    assert "#1 is closed. Did this help?" in closed.text()


async def test_a_lead_may_close_or_hand_back_for_the_owner(world: World) -> None:
    anna, ben, lou = world.asker("anna"), world.volunteer("ben"), world.lead("lou")
    await opened(anna)
    await ben.at_desk(1, press="Claim")
    await lou.at_desk(1, press="Close")
    assert "#1 is closed." in anna.got()[-1].text()


async def answered_and_closed(world: World) -> tuple[Person, Person]:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await opened(anna)
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, "Yes.")
    await ben.at_desk(1, press="Close")
    return anna, ben


async def test_it_did_not_help_opens_it_again(world: World) -> None:
    anna, _ = await answered_and_closed(world)
    await anna.presses("This did not help")
    assert "is open again" in world.on_desk(1)[-1].text()
    assert world.card(1).buttons[0].label == "Reply", "its volunteer has it again"


async def test_who_was_not_helped_by_one_that_is_open_again_waits_for_words(world: World) -> None:
    anna, ben = await answered_and_closed(world)
    asks = anna.got()[-1]
    await ben.at_desk(1, press="Reopen")
    await ben.at_desk(1, "Yes, on every floor.")
    await anna.presses("This did not help", asks)
    await ben.at_desk(1, press="Close")
    assert "waits for words of yours" in world.on_desk(1)[-1].text() + world.discord.sent[-1].message.text()
    await world.time_passes(hours=5)
    assert "still open" in anna.got()[-1].text()


async def test_a_reply_within_14_days_reopens_it_and_a_later_one_asks_anew(world: World) -> None:
    anna, ben = await answered_and_closed(world)
    closing = world.telegram.ids[last_number(world)]
    world.clock.pass_(days=13)
    await anna.asks("one more thing about the wifi", reply_to=closing)
    assert "one more thing about the wifi" in world.on_desk(1)[-1].text()
    await ben.at_desk(1, "It is free.")
    await ben.at_desk(1, press="Close")
    world.clock.pass_(days=15)
    await anna.asks("how much does hsct cost in mexico?", reply_to=closing)
    assert world.app.live.knowledge.entries["cost-mexico"].short in anna.got()[-1].text()


async def test_the_asker_cancels(world: World) -> None:
    anna = world.asker("anna")
    await opened(anna)
    await anna.presses("Cancel")
    assert "#1 is cancelled" in anna.got()[-1].text()
    assert world.card(1).buttons[0].label == "Reopen"


async def test_the_reply_comes_in_private_when_asked_for(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await opened(anna)
    await anna.presses("Reply in private")
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, "Yes, it has.")
    assert anna.got()[-1].to == anna.dm
    assert "Yes, it has." in anna.got()[-1].text()


async def test_in_private_a_statement_goes_to_the_volunteer_and_a_question_is_answered(world: World) -> None:
    anna = world.asker("anna")
    await anna.commands("person", STRANGE, private=True)
    await anna.asks("i forgot to say that i go there in march with my husband.", private=True)
    assert "i forgot to say" in world.on_desk(1)[-1].text()
    (answer,) = await anna.asks("how much does hsct cost in mexico?", private=True)
    assert answer.buttons[-1].label == "Send this to my volunteer"
    await anna.presses("Send this to my volunteer")
    assert "how much does hsct cost in mexico?" in world.on_desk(1)[-1].text()


async def test_two_escalations_of_one_volunteer_do_not_mix(world: World) -> None:
    anna, dora, ben = world.asker("anna"), world.asker("dora"), world.volunteer("ben")
    await opened(anna)
    await dora.commands("person", "is there a lift in that hospital")
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(2, press="Claim")
    await ben.at_desk(2, "for dora")
    await ben.at_desk(1, "for anna")
    assert "for anna" in anna.got()[-1].text()
    assert "for dora" in dora.got()[-1].text()
    assert not any("for dora" in message.text() for message in anna.got())


async def test_a_message_that_cannot_be_delivered_is_shown_and_sent_again(world: World) -> None:
    anna, ben = world.asker("anna", "telegram"), world.volunteer("ben", "discord")
    await opened(anna)
    await ben.at_desk(1, press="Claim")
    world.telegram.goes_down("the asker has blocked the bot", permanent=True)
    await ben.at_desk(1, "Yes, it has.")
    failed = world.on_desk(1, "discord")[-1]
    assert "Not delivered" in failed.text()
    assert "has blocked the bot" in failed.text()
    world.telegram.comes_back()
    await press_raw(ben, 1, failed.buttons[0])
    assert "Yes, it has." in anna.got()[-1].text()


async def test_an_outage_of_one_platform_delays_and_loses_nothing(world: World) -> None:
    anna, ben = world.asker("anna", "telegram"), world.volunteer("ben", "discord")
    world.telegram.goes_down()
    await opened(anna)
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, "Yes, it has.")
    assert anna.got() == []
    world.telegram.comes_back()
    world.clock.pass_(hours=1)
    await world.app.outbox.settle()
    texts = [message.text() for message in anna.got()]
    assert ["Your question is #1." in texts[0], "has your question" in texts[1], "Yes, it has." in texts[2]] == [
        True
    ] * 3


async def test_pass_hides_it_from_ones_own_queue(world: World) -> None:
    await opened(world.asker("anna"))
    ben = world.volunteer("ben")
    await ben.at_desk(1, press="Pass")
    await ben.commands("desk")
    assert "You have passed these. They wait for somebody else: #1." in ben.got()[-1].text()
    cara = world.volunteer("cara")
    await cara.commands("desk")
    assert "#1" in cara.got()[-1].text()


async def test_a_known_wait_is_told(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    for number in (1, 2, 3):
        await opened(anna, f"question number {number} about the rooms")
        world.clock.pass_(hours=2)
        await ben.at_desk(number, press="Claim")
        await ben.at_desk(number, "answer")
    await opened(anna, "the fourth question about the rooms")
    assert "Lately the first reply took about 2 hours." in anna.got()[-1].text()


async def test_edits_reach_the_other_side_as_corrections(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await opened(anna)
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, "Yes, on the third flor.", message_id="b1")
    await ben.at_desk(1, "Yes, on the third floor.", message_id="b1", edited=True)
    assert "Ben has corrected a message about #1." in anna.got()[-1].text()
    assert "third floor" in anna.got()[-1].text()
    reply = anna.message("thanks, witch one?", reply_to=world.telegram.ids[last_number(world)], event_id="a1")
    await world.happens(reply)
    await world.happens(replace(reply, text="thanks, which one?", event_id="a1-edit", edited=True))
    assert "has corrected a message" in world.on_desk(1)[-1].text()
    assert "which one?" in world.on_desk(1)[-1].text()


async def test_a_corrected_question_is_read_as_it_stands_now(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben", "telegram")
    asked = anna.message("does the hospital in Puebla have a lift, I take 20 mg of x", event_id="q1")
    await world.happens(asked)
    words = "does the hospital in Puebla have a lift, I take 200 mg of x"
    await world.happens(replace(asked, text=words, event_id="q1-edit", edited=True))
    for platform in ("discord", "telegram"):
        assert "200 mg" in world.card(1, platform).text()
        assert "20 mg" not in world.card(1, platform).text()
    await ben.at_desk(1, press="Claim")
    assert "200 mg" in world.card(1).text(), "whoever takes it reads what was meant"
    (told, *_) = await anna.commands("mine", private=True)
    assert "200 mg" in told.text()


async def test_a_correction_says_which_question_it_is_about(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    for number, question in enumerate(("is there wifi at the hospital", "is there a lift at the hospital"), 1):
        await anna.commands("person", question, private=True)
        await ben.at_desk(number, press="Claim")
        await ben.at_desk(number, "Yes.", message_id=f"b{number}")
    await ben.at_desk(1, "No.", message_id="b1", edited=True)
    assert "#1" in anna.got()[-1].text()


async def test_what_was_written_elsewhere_is_shown_in_its_thread(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben", "telegram")
    await opened(anna)
    await ben.at_desk(1, press="Claim")
    await ben.commands_desk("reply", "1 Yes, on the third floor.")
    await ben.commands_desk("note", "1 she sounds tired")
    await ben.at_desk(1, "And a quiet room.")
    told = {platform: [one.text() for one in world.on_desk(1, platform)] for platform in ("telegram", "discord")}
    for words in ("third floor", "sounds tired"):
        assert [sum(words in text for text in told[one]) for one in ("telegram", "discord")] == [1, 1]
    assert not any("quiet room" in text for text in told["telegram"]), "it stands there already"


async def test_the_edit_of_a_note_never_reaches_the_asker(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben", "discord")
    await opened(anna)
    await ben.at_desk(1, press="Claim")
    before = len(anna.got())
    await ben.at_desk(1, "// she sounds tierd", message_id="b1")
    await ben.at_desk(1, "// she sounds tired", message_id="b1", edited=True)
    await ben.at_desk(1, "never passed on", message_id="b0", edited=True)
    assert len(anna.got()) == before
    assert "she sounds tired" in world.on_desk(1, "telegram")[-1].text()


async def test_an_edited_question_that_was_answered_is_not_answered_again(world: World) -> None:
    anna = world.asker("anna")
    asked = anna.message("how much does hsct cost in mexico?", event_id="q1")
    await world.happens(asked)
    await world.happens(replace(asked, text="How much does HSCT cost in Mexico?", event_id="q1-edit", edited=True))
    assert len(anna.got()) == 1


async def test_the_edit_of_a_command_corrects_its_words(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.commands("person", "is there wifi at the hospitl", message_id="c1")
    await anna.commands("person", "is there wifi at the hospital", message_id="c1", edited=True)
    assert "has corrected a message" in world.on_desk(1)[-1].text()
    assert "wifi at the hospital" in world.on_desk(1)[-1].text()
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, command="reply", argument="1 Yes, on the third flor.", message_id="c2")
    await ben.at_desk(1, command="reply", argument="1 Yes, on the third floor.", message_id="c2", edited=True)
    told = anna.got()[-1].text()
    assert "has corrected a message" in told
    assert "Yes, on the third floor." in told
    assert "1 Yes" not in told
    before = len(anna.got())
    await ben.at_desk(1, command="close", argument="1", message_id="c3", edited=True)
    assert len(anna.got()) == before, "an edit does nothing a second time"
    assert "with Ben" in world.card(1).text()


async def test_danger_in_the_edit_of_a_command_is_seen(world: World) -> None:
    anna = world.asker("anna")
    await anna.commands("person", "hello", message_id="c1")
    told = await anna.commands("person", "i want to kill myself", message_id="c1", edited=True)
    assert "116 123" in "".join(one.text() for one in told)


async def test_a_command_that_is_given_by_an_edit_is_obeyed(world: World) -> None:
    (told,) = await world.asker("anna").commands("faq", "fertility", message_id="c1", edited=True)
    assert "fertility" in told.text()


async def test_files_are_passed_on_both_ways(world: World) -> None:
    anna, ben = world.asker("anna", "telegram"), world.volunteer("ben", "discord")
    await opened(anna)
    await ben.at_desk(1, press="Claim")
    letter = Attachment("discord", "ref-1", FileKind.DOCUMENT, "letter.pdf", 1000)
    await ben.at_desk(1, "Here is the letter.", attachments=(letter,))
    assert anna.got()[-1].attachments == (letter,)
    photo = Attachment("telegram", "ref-2", FileKind.PHOTO, "photo.jpg")
    answer = anna.message("", reply_to=world.telegram.ids[last_number(world)])
    await world.happens(replace(answer, attachments=(photo,)))
    assert world.on_desk(1, "discord")[-1].attachments == (photo,)


async def test_a_file_that_came_with_an_answered_question_is_there_when_a_person_is_asked(world: World) -> None:
    anna = world.asker("anna", "telegram")
    photo = Attachment("telegram", "ref-3", FileKind.PHOTO, "photo.jpg")
    await world.happens(replace(anna.message("how much does hsct cost in mexico?"), attachments=(photo,)))
    assert world.on_desk(1, "discord") == [], "the bot answered it"
    await anna.presses("Ask a person")
    assert world.on_desk(1, "discord")[-1].attachments == (photo,)


async def test_the_pictures_of_an_album_belong_to_the_question_of_its_first_one(world: World) -> None:
    anna = world.asker("anna", "telegram")
    photos = [Attachment("telegram", f"ref-{number}", FileKind.PHOTO, f"{number}.jpg") for number in range(3)]
    await world.happens(replace(anna.message("how much does hsct cost in mexico?"), attachments=tuple(photos[:1])))
    for photo in photos[1:]:
        await world.happens(replace(anna.message(""), attachments=(photo,)))
    assert len(anna.got()) == 1, "the answer, and no word about the pictures"
    await anna.presses("Ask a person")
    assert world.on_desk(1, "discord")[-1].attachments == tuple(photos)


async def test_several_files_without_words_get_one_hint(world: World) -> None:
    anna = world.asker("anna", "telegram")
    photo = Attachment("telegram", "ref-5", FileKind.PHOTO, "photo.jpg")
    for _ in range(3):
        await world.happens(replace(anna.message("", private=True), attachments=(photo,)))
    hints = [one for one in world.telegram.sent if "I can read words only" in one.message.text()]
    assert [one.replaces is None for one in hints] == [True, False, False], "the others take the place of the first"


async def test_a_file_goes_along_when_an_answered_question_is_sent_to_the_volunteer(world: World) -> None:
    anna = world.asker("anna", "telegram")
    await opened(anna)
    photo = Attachment("telegram", "ref-4", FileKind.PHOTO, "photo.jpg")
    asked = anna.message("how much does hsct cost in mexico?", private=True)
    await world.happens(replace(asked, attachments=(photo,)))
    await anna.presses("Send this to my volunteer")
    assert world.on_desk(1, "discord")[-1].attachments == (photo,)


async def test_a_lost_thread_gets_its_card_again(world: World) -> None:
    await opened(world.asker("anna"))
    ben = world.volunteer("ben", "discord")
    await ben.at_desk(1, press="Claim")
    world.discord.failure = ThreadGone("the post is gone")
    await world.asker("anna").presses("Cancel")
    world.discord.comes_back()
    world.clock.pass_(minutes=1)
    before = len(world.discord.sent)
    await world.app.outbox.settle()
    keys = [delivery.message.key for delivery in world.discord.sent[before:]]
    assert "card:1" in keys


async def test_a_note_asked_for_another_escalation_goes_to_that_one_and_never_out(world: World) -> None:
    anna, dora, ben = world.asker("anna"), world.asker("dora"), world.volunteer("ben")
    await opened(anna)
    await dora.commands("person", "is there a lift in that hospital")
    for number in (1, 2):
        await ben.at_desk(number, press="Claim")
    before = len(anna.got()), len(dora.got())
    await ben.at_desk(1, command="note", argument="2")
    await ben.at_desk(1, "be careful with her")
    assert (len(anna.got()), len(dora.got())) == before
    async with world.app.store.transaction() as tx:
        assert [said.text for said in await tx.said.all(2)] == ["be careful with her"]


async def test_a_button_can_be_typed_however_much_was_said_since(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await opened(anna)
    await ben.at_desk(1, press="Claim")
    for number in range(12):
        await ben.at_desk(1, f"reply number {number}")
    await ben.at_desk(1, "Close")
    assert "#1 is closed." in anna.got()[-1].text()


async def test_what_a_volunteer_does_as_a_person_at_the_desk_reaches_no_asker(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await opened(anna)
    await ben.at_desk(1, press="Claim")
    before = len(anna.got())
    await ben.at_desk(1, command="forgetme")
    await ben.at_desk(1, "Keep it")
    assert len(anna.got()) == before


async def test_the_queue_is_never_shown_to_members(world: World) -> None:
    await opened(world.asker("anna"))
    ben = world.volunteer("ben", "telegram")
    (queue,) = await ben.commands("desk")
    assert queue.to == ben.dm


@pytest.mark.parametrize(("command", "told"), [("reply", 1), ("note", 0)])
async def test_a_volunteers_words_on_suicide_written_in_private_are_no_cry_of_their_own(
    world: World, command: str, told: int
) -> None:
    words = "If you want to kill yourself, please call the crisis line of your country now."
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.commands("person", STRANGE, private=True)
    await ben.commands("claim", "1", private=True)
    await ben.commands(command, "1", private=True)
    await ben.asks(words, private=True)
    assert sum(words in message.text() for message in anna.got()) == told
    assert not any("not an emergency service" in message.text() for message in ben.got())
    async with world.app.store.transaction() as tx:
        assert len(await tx.escalations.open_ones()) == 1
    await ben.asks("i want to kill myself", private=True)
    assert world.card(2).page, "nothing was asked for any more: these are their own"


async def test_words_asked_for_in_private_go_where_they_were_meant(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben", "telegram")
    await opened(anna)
    await ben.commands("claim", "1", private=True)
    await ben.commands("reply", "1", private=True)
    await ben.asks("Please ask at the ward.", private=True)
    assert "Please ask at the ward." in anna.got()[-1].text()


@pytest.mark.parametrize("words", ["i want to kill myself", "what does hsct cost in mexico?"])
async def test_a_reply_forgotten_in_private_takes_no_later_words_to_the_asker(world: World, words: str) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben", "telegram")
    await opened(anna)
    await ben.commands("claim", "1", private=True)
    await ben.commands("reply", "1", private=True)
    world.clock.pass_(hours=3)
    own = await ben.asks(words, private=True)
    assert own, "they are answered as the volunteer's own"
    assert not any(words in message.text() for message in anna.got())


async def test_what_a_forgotten_volunteer_had_is_taken_by_another_one(world: World) -> None:
    anna, ben, cara = world.asker("anna"), world.volunteer("ben"), world.volunteer("cara", "telegram")
    await opened(anna)
    await ben.at_desk(1, press="Claim")
    await ben.commands("forgetme", private=True)
    await ben.presses("Delete everything about me")
    assert "with the volunteers again" in anna.got()[-1].text()
    await cara.at_desk(1, press="Claim")
    assert "Cara, a volunteer, has your question #1" in anna.got()[-1].text()


@pytest.mark.parametrize("typed", ["no", "> This did not help", "this did not help"])
async def test_did_this_help_can_be_answered_in_words(world: World, typed: str) -> None:
    anna, _ = await answered_and_closed(world)
    reply_to = world.telegram.ids[last_number(world)] if typed.startswith(">") else None
    await anna.asks(typed.removeprefix("> "), reply_to=reply_to)
    assert "I have opened #1 again" in anna.got()[-1].text()


async def test_a_number_that_no_row_can_have_is_refused_kindly(world: World) -> None:
    ben = world.volunteer("ben")
    (told,) = await ben.commands("claim", "9" * 30, private=True)
    assert "Which one?" in told.text()


async def test_a_closed_one_is_not_handed_back(world: World) -> None:
    anna, ben, lou = world.asker("anna"), world.volunteer("ben"), world.lead("lou")
    await opened(anna)
    await ben.at_desk(1, press="Claim")
    hand_back = next(button for button in world.card(1).buttons if button.label == "Hand back")
    await lou.at_desk(1, press="Close")
    await press_raw(lou, 1, hand_back)
    await lou.at_desk(1, "-")
    async with world.app.store.transaction() as tx:
        escalation = await tx.escalations.get(1)
    assert escalation
    assert not escalation.is_open


async def test_who_closes_what_is_closed_is_told_so(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await opened(anna)
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, "Yes, it has.")
    card = world.card(1)
    close = next(button for button in card.buttons if button.label == "Close")
    for _ in range(2):
        await ben.at_desk(1, button=close)
    closed = "#1 is closed already. Nothing is left to do. Thank you."
    assert ben.got_at_desk(1).count(closed) == 1
    await world.lead("lou").at_desk(1, command="close")
    assert ben.got_at_desk(1).count(closed) == 2
    assert sum("Did this help?" in one.text() for one in anna.got()) == 1


async def test_what_its_asker_cancelled_is_nobodys(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await opened(anna)
    await anna.presses("Cancel")
    await ben.at_desk(1, button=Button("Hand back", "hand_back", "1"))
    assert "#1 is closed. Reopen it first." in ben.got_at_desk(1)
