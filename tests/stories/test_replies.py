"""How volunteers reply: entries seen before they are sent, a lead's second look, and the name that askers see."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.domain.messages import Address, Button, OutgoingMessage
from tests.world import DESK, Person, World

STRANGE = "does the hospital in Puebla have wifi in the rooms"
DANGER = "I want to end my life tonight"


async def claimed(world: World, question: str = STRANGE) -> tuple[Person, Person]:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.commands("person", question)
    await ben.at_desk(1, press="Claim")
    return anna, ben


def newest(world: World, label: str, number: int = 1, platform: str = "discord") -> tuple[Button, OutgoingMessage]:
    """The newest button of that name in a thread of a desk."""
    for message in reversed(world.on_desk(number, platform)):
        for button in message.buttons:
            if button.label == label:
                return button, message
    raise AssertionError(f"nobody sees a button '{label}'")


# Entries


async def test_an_entry_is_shown_first_and_sent_word_for_word_only_then(world: World) -> None:
    anna, ben = await claimed(world)
    before = len(anna.got())
    await ben.at_desk(1, command="canned", argument="cost mexico")
    send, preview = newest(world, "Send")
    short = world.app.live.knowledge.entries["cost-mexico"].short
    assert short in preview.text()
    assert "Nothing has been sent yet" in preview.text()
    assert len(anna.got()) == before
    await ben.at_desk(1, button=send)
    assert short in anna.got()[-1].text()
    assert "Ben, a volunteer, about #1:" in anna.got()[-1].text()
    (answer,) = await world.asker("dora").asks("how much does hsct cost in mexico?")
    for line in (block for block in answer.body if "Sources:" in block.text or "change often" in block.text):
        assert line in anna.got()[-1].body, "as under an ordinary answer"
        assert line in preview.body
    assert "Sources: " in anna.got()[-1].text()
    assert any("Delivered to" in message.text() for message in world.on_desk(1))


async def test_another_entry_is_shown_by_the_same_words(world: World) -> None:
    _, ben = await claimed(world)
    await ben.at_desk(1, command="canned", argument="cost mexico")
    first = newest(world, "Send")[0]
    await ben.at_desk(1, button=newest(world, "Another")[0])
    second, shown = newest(world, "Send")
    assert second.subject != first.subject
    assert world.app.live.knowledge.entries[second.subject.split(":")[1]].short in shown.text()


async def test_the_buttons_of_a_preview_can_be_typed(world: World) -> None:
    anna, ben = await claimed(world)
    before = len(anna.got())
    await ben.at_desk(1, command="canned", argument="cost mexico")
    await ben.at_desk(1, "do not send it")
    assert "Nothing was sent" in world.on_desk(1)[-1].text()
    await ben.at_desk(1, "// send")
    assert len(anna.got()) == before
    await ben.at_desk(1, command="canned", argument="cost mexico")
    await ben.at_desk(1, "Send")
    assert world.app.live.knowledge.entries["cost-mexico"].short in anna.got()[-1].text()
    sent = len(anna.got())
    await ben.at_desk(1, "Send")
    assert len(anna.got()) == sent, "the preview is gone"


async def test_pressing_send_twice_sends_once(world: World) -> None:
    anna, ben = await claimed(world)
    await ben.at_desk(1, command="canned", argument="cost mexico")
    send, _ = newest(world, "Send")
    await ben.at_desk(1, button=send)
    once = len(anna.got())
    await ben.at_desk(1, button=send)
    assert len(anna.got()) == once


async def test_only_its_owner_or_a_lead_sends(world: World) -> None:
    anna, ben = await claimed(world)
    cara = world.volunteer("cara", "discord")
    await ben.at_desk(1, command="canned", argument="cost mexico")
    before = len(anna.got())
    await cara.at_desk(1, button=newest(world, "Send")[0])
    assert len(anna.got()) == before
    assert "#1 is with Ben" in cara.got_at_desk(1)


async def test_long_searches_still_fit_on_a_button(world: World) -> None:
    _, ben = await claimed(world)
    await ben.at_desk(1, command="canned", argument="wie viel kostet die Behandlung in México für Ausländer " * 3)
    for message in world.on_desk(1)[-2:]:
        assert all(len(f"v1:{button.action}:{button.subject}".encode()) <= 64 for button in message.buttons)


async def test_a_preview_outside_the_thread_says_which_question_it_is_for(world: World) -> None:
    anna, ben = await claimed(world)
    before = len(anna.got())
    (shown,) = await ben.commands_desk("canned", "1 cost mexico")
    assert "For #1 I found" in shown.text()
    assert len(anna.got()) == before


# A second pair of eyes


async def drafted(world: World) -> tuple[Person, Person, Person]:
    anna, lou = world.asker("anna"), world.lead("lou")
    ben = world.volunteer("ben", "telegram")
    await lou.commands_desk("desk")  # the bot has seen that lou is a lead
    await anna.asks(DANGER)
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, press="Ask a lead to check")
    await ben.at_desk(1, "You are not alone. Can I call you?")
    return anna, ben, lou


async def test_a_hard_reply_is_read_by_a_lead_before_it_goes_out_as_the_volunteers(world: World) -> None:
    anna, _, lou = await drafted(world)
    assert "not alone" not in "".join(message.text() for message in anna.got())
    assert "Ben asks a lead to read this reply" in world.on_desk(1, "discord")[-1].text()
    await lou.at_desk(1, button=newest(world, "Approve")[0])
    assert "Ben, a volunteer, about #1:" in anna.got()[-1].text()
    assert "You are not alone. Can I call you?" in anna.got()[-1].text()
    assert any("Delivered to" in message.text() for message in world.on_desk(1, "discord"))


async def test_a_lead_approves_in_private_too(world: World) -> None:
    anna, _, lou = await drafted(world)
    private = [message for message in lou.got() if message.to == lou.dm][-1]
    assert DANGER in private.text()
    assert "You are not alone" in private.text()
    await lou.presses("Approve", private)
    assert "You are not alone" in anna.got()[-1].text()
    assert "Done." in lou.got()[-1].text()


async def test_sent_back_with_a_note_nothing_goes_out(world: World) -> None:
    anna, ben, lou = await drafted(world)
    before = len(anna.got())
    await lou.at_desk(1, button=newest(world, "Send back")[0])
    await lou.at_desk(1, "give the number of the helpline first")
    assert len(anna.got()) == before
    assert "Lou sent the reply back to Ben" in ben.got_at_desk(1)
    assert "helpline first" in world.on_desk(1, "telegram")[-1].text()
    await lou.at_desk(1, button=newest(world, "Approve")[0])
    assert len(anna.got()) == before, "what was sent back is not sent later by mistake"


async def test_of_two_leads_one_decides(world: World) -> None:
    anna, _, lou = await drafted(world)
    mia = world.lead("mia", "telegram")
    events = []
    for lead, platform in ((lou, "discord"), (mia, "telegram")):
        button, message = newest(world, "Approve", platform=platform)
        events.append(lead.button_pressed(button, replace(message, to=Address(platform, DESK, "thread-1"))))
    before = len(anna.got())
    await asyncio.gather(*(world.app.intake.accept(event) for event in events))
    await world.app.outbox.settle()
    assert len(anna.got()) == before + 1
    told = lou.got_at_desk(1) + mia.got_at_desk(1)
    assert told.count("has been decided already") == 1


async def test_only_leads_approve_and_never_their_own(world: World) -> None:
    anna, ben, lou = await drafted(world)
    before = len(anna.got())
    await ben.at_desk(1, button=newest(world, "Approve", platform="telegram")[0])
    assert "Only leads can do that" in ben.got_at_desk(1)
    await lou.at_desk(1, command="check", argument="My own words.")
    await lou.at_desk(1, button=newest(world, "Approve")[0])
    assert "Another lead has to read this one" in lou.got_at_desk(1)
    assert len(anna.got()) == before


async def test_leads_who_are_off_duty_are_not_written_to_while_another_one_is_there(world: World) -> None:
    lea = world.lead("lea", "telegram")
    await lea.commands_desk("duty", "off")
    lou = world.lead("lou")
    await lou.commands_desk("duty", "on")
    await drafted(world)
    assert "You are not alone" in lou.got()[-1].text()
    assert not any("You are not alone" in one.text() for one in lea.got())


async def test_a_lead_who_asked_is_no_reader_of_the_answer(world: World) -> None:
    anna, lou = world.lead("anna", "telegram"), world.lead("lou")
    for lead in (anna, lou):
        await lead.commands_desk("desk")
    await anna.asks(DANGER)
    ben = world.volunteer("ben")
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, command="check", argument="You are not alone.")
    assert not any("a lead to read" in one.text() for one in anna.got())
    assert "You are not alone." in lou.got()[-1].text()
    approve = newest(world, "Approve")[0]
    await anna.at_desk(1, button=approve)
    assert "You asked #1 yourself" in anna.got()[-1].text(), "and to her alone"
    assert "You asked #1 yourself" not in anna.got_at_desk(1)
    await lou.at_desk(1, button=approve)
    assert "You are not alone." in anna.got()[-1].text()


async def test_a_newer_draft_takes_the_place_of_the_last_one(world: World) -> None:
    anna, ben, lou = await drafted(world)
    old = newest(world, "Approve")[0]
    await ben.at_desk(1, command="check", argument="Better words.")
    await lou.at_desk(1, button=old)
    assert "not alone" not in anna.got()[-1].text()
    await lou.at_desk(1, button=newest(world, "Approve")[0])
    assert "Better words." in anna.got()[-1].text()


async def test_what_is_with_somebody_else_by_now_is_not_sent(world: World) -> None:
    anna, ben, lou = await drafted(world)
    await ben.at_desk(1, command="handback", argument="-")
    before = len(anna.got())
    await lou.at_desk(1, button=newest(world, "Approve")[0])
    assert len(anna.got()) == before
    assert "its writer has replied or handed back since" in lou.got_at_desk(1)


async def test_what_somebody_else_has_taken_is_not_sent(world: World) -> None:
    anna, _, lou = await drafted(world)
    await lou.at_desk(1, command="reassign", argument="@lou")
    before = len(anna.got())
    await lou.at_desk(1, button=newest(world, "Approve")[0])
    assert len(anna.got()) == before
    assert "no longer with the volunteer who wrote this" in lou.got_at_desk(1)


async def test_a_draft_is_no_second_answer_once_its_writer_has_replied(world: World) -> None:
    anna, ben, lou = await drafted(world)
    await ben.at_desk(1, "I am with you.")
    before = len(anna.got())
    await lou.at_desk(1, button=newest(world, "Approve")[0])
    assert len(anna.got()) == before


async def test_leads_are_called_for_a_draft_that_nobody_reads(world: World) -> None:
    _, _, lou = await drafted(world)
    await world.time_passes(minutes=10)
    called = world.on_desk(1, "discord")[-1]
    assert "A reply of Ben to #1 has waited 10 minutes" in called.text()
    assert (called.page, called.pages) == (True, (world.people[lou.id],))
    assert {button.action for button in called.buttons} == {"approve", "send_back"}


async def test_asking_a_lead_is_a_sign_of_life_and_what_a_lead_approves_late_still_goes_out(world: World) -> None:
    anna, ben, lou = world.asker("anna"), world.volunteer("ben"), world.lead("lou")
    await lou.commands_desk("desk")
    await anna.asks(DANGER)
    await ben.at_desk(1, press="Claim")
    await world.time_passes(minutes=25)
    await ben.at_desk(1, command="check", argument="You are not alone.")
    await world.time_passes(minutes=25)
    assert "the asker of #1 still waits" not in ben.got_at_desk(1)
    await world.time_passes(minutes=10)
    await world.time_passes(minutes=31)
    assert "waiting" in world.card(1).text()
    await lou.at_desk(1, button=newest(world, "Approve")[0])
    assert "You are not alone." in anna.got()[-1].text()
    assert "with Ben" in world.card(1).text()


async def test_a_volunteer_hears_that_no_lead_is_known(world: World) -> None:
    _, ben = await claimed(world)
    await ben.at_desk(1, command="check", argument="Yes, it has.")
    assert "I know no lead who could be told" in ben.got_at_desk(1)


async def test_a_change_after_the_lead_has_read_it_does_not_slip_through(world: World) -> None:
    anna, ben, lou = world.asker("anna"), world.volunteer("ben"), world.lead("lou")
    await anna.asks(DANGER)
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, press="Ask a lead to check")
    await ben.at_desk(1, "You are not alone.", message_id="draft")
    await lou.at_desk(1, button=newest(world, "Approve")[0])
    before = len(anna.got())
    await ben.at_desk(1, "Something no lead has read.", message_id="draft", edited=True)
    assert len(anna.got()) == before


async def test_the_button_is_offered_for_hard_questions_only(world: World) -> None:
    await claimed(world)
    assert "Ask a lead to check" not in {button.label for button in world.card(1).buttons}


# Names


async def test_a_volunteer_may_stay_unnamed(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await ben.commands("name", private=True)
    await ben.presses("Show no name")
    await anna.commands("person", STRANGE)
    await ben.at_desk(1, press="Claim")
    assert anna.got()[-1].text() == "A volunteer has your question #1 and will answer here."
    await ben.at_desk(1, "Yes, on the third flor.", message_id="b1")
    await ben.at_desk(1, "Yes, on the third floor.", message_id="b1", edited=True)
    await anna.commands("mine", private=True)
    everything = "\n".join(message.text() for message in anna.got())
    assert "A volunteer about #1:" in everything
    assert "A volunteer has corrected a message about #1." in everything
    assert "#1: with a volunteer" in everything
    assert "Ben" not in everything
    assert "with Ben" in world.card(1).text(), "the desk knows who has it"


async def test_a_volunteer_may_use_another_name_and_go_back(world: World) -> None:
    anna, ben = await claimed(world)
    await ben.commands("name", "Bee", private=True)
    await ben.at_desk(1, "Yes.")
    assert "Bee, a volunteer, about #1:" in anna.got()[-1].text()
    await ben.commands("name", private=True)
    assert "Askers see you as: Bee." in ben.got()[-1].text()
    await ben.asks("My name here", private=True)
    await ben.at_desk(1, "No.")
    assert "Ben, a volunteer, about #1:" in anna.got()[-1].text()
