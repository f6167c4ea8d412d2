"""At the edges of the desk: words that would go astray, buttons that would say nothing, somebody who would wait unseen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.domain.escalation import Status
from bot.domain.messages import Attachment, Button, Delivery, FileKind, OutgoingMessage, Receipt
from bot.errors import DeliveryError
from bot.storage.tables import outbox
from tests.stories.test_replies import DANGER, STRANGE, claimed
from tests.world import Person, World

SPAM = "Dr Omar cured my MS completely with herbs, whatsapp him on +234 801 234 5678"


def newest(world: World, action: str, platform: str = "discord") -> Button:
    shown = reversed(world.on_desk(1, platform))
    return next(button for message in shown for button in message.buttons if button.action == action)


def message_id(world: World, person: Person, words: str) -> str:
    """The number of the message in somebody's private chat that holds these words."""
    adapter = world.adapter(person.platform)
    sent = (one for one in reversed(adapter.sent) if one.message.to == person.dm and words in one.message.text())
    return adapter.ids[next(sent).number]


# Words that go astray


async def fails_in_the_group(world: World) -> tuple[Person, Person]:
    anna, ben = await claimed(world)
    world.telegram.goes_down("not allowed to write here", permanent=True)
    await ben.at_desk(1, "About your results")
    world.telegram.comes_back()
    return anna, ben


async def test_what_failed_in_the_group_is_sent_again_where_the_asker_wants_it_by_now(world: World) -> None:
    anna, ben = await fails_in_the_group(world)
    await anna.presses("Reply in private")
    await ben.at_desk(1, button=newest(world, "resend"))
    (sent,) = [one for one in anna.got() if "About your results" in one.text()]
    assert sent.to == anna.dm


async def test_sent_again_is_seen_on_each_desk_and_a_second_press_says_why_nothing_happens(world: World) -> None:
    anna, ben = await fails_in_the_group(world)
    again = newest(world, "resend")
    await ben.at_desk(1, button=again)
    fates = {platform: fate(world, platform) for platform in ("discord", "telegram")}
    assert "Delivered to" in fates["discord"].text()
    assert "Sent again to" in fates["telegram"].text()
    assert not any(one.buttons for one in fates.values())
    await ben.at_desk(1, button=again)
    assert "It is not sent twice" in ben.got_at_desk(1)
    assert sum("About your results" in one.text() for one in anna.got()) == 1


def fate(world: World, platform: str) -> OutgoingMessage:
    return [one for one in world.on_desk(1, platform) if (one.key or "").startswith("fate:")][-1]


async def test_a_volunteers_correction_in_private_reaches_the_asker(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.commands("person", STRANGE)
    await ben.commands("claim", "1", private=True)
    await ben.commands("reply", "1", private=True)
    written = ben.message("There is wiffi. Bring food.", private=True)
    await world.happens(written)
    corrected = "There is wifi. What food should I bring to the clinic?"
    await world.happens(replace(written, event_id=world.next_id(), text=corrected, edited=True))
    assert "has corrected a message about #1" in anna.got()[-1].text()
    assert corrected in anna.got()[-1].text()
    assert world.on_desk(2) == [], "it is no question of the volunteer's own"


@pytest.mark.parametrize(
    "words", ["Please be gentler", "She says she wants to end her life, call her", "should she stop tysabri"]
)
async def test_a_leads_answer_in_private_to_a_draft_is_no_question_of_theirs(world: World, words: str) -> None:
    lea = world.lead("lea")
    await lea.commands_desk("desk")
    anna, ben = await claimed(world, DANGER)
    await ben.at_desk(1, command="check", argument="Call me.")
    before = len(anna.got())
    (told,) = await lea.asks(words, private=True, reply_to=message_id(world, lea, "Call me."))
    assert "Nobody has got this" in told.text()
    assert (world.on_desk(2), len(anna.got())) == ([], before)
    await lea.asks("Approve", private=True, reply_to=message_id(world, lea, "Call me."))
    assert "Call me." in anna.got()[-1].text(), "a typed button is one"


async def test_what_a_volunteer_answers_is_no_spam_any_more(world: World) -> None:
    eve, ben = world.asker("eve"), world.volunteer("ben")
    await eve.asks(SPAM, private=True)
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, "Is there something I can do for you?")
    assert "looks like spam" not in world.card(1).text()
    (told,) = await eve.asks(
        "My sister sent me that", private=True, reply_to=message_id(world, eve, "something I can do")
    )
    assert "passed this on (#1)" in told.text()
    assert "My sister sent me that" in ben.got_at_desk(1)


# A draft of somebody who has it no more


async def test_a_draft_goes_no_further_when_somebody_else_has_it(world: World) -> None:
    lea, cleo = world.lead("lea"), world.volunteer("cleo")
    await lea.commands_desk("desk")
    await cleo.commands_desk("desk")
    anna, ben = await claimed(world, DANGER)
    await ben.at_desk(1, command="check", argument="Old words.")
    old = newest(world, "approve")
    await lea.at_desk(1, command="reassign", argument="cleo")
    await cleo.at_desk(1, "I am here.")
    await world.time_passes(hours=30)
    assert "has waited" not in lea.got_at_desk(1), "leads are not called for what they cannot approve"
    await cleo.at_desk(1, command="handback", argument="-")
    await lea.at_desk(1, button=old)
    assert not any("Old words." in one.text() for one in anna.got())


# Buttons that would say nothing


async def test_opening_what_is_open_says_so(world: World) -> None:
    _, ben = await claimed(world)
    await ben.at_desk(1, command="reopen")
    assert "#1 is open already" in ben.got_at_desk(1)


async def test_who_passes_what_they_have_is_told_to_hand_it_back(world: World) -> None:
    _, ben = await claimed(world)
    await ben.at_desk(1, command="pass")
    assert "Hand it back" in ben.got_at_desk(1)
    assert not any("Somebody else will take it" in one.text() for one in ben.got())


async def test_who_cannot_be_written_to_in_private_is_told_in_the_group_without_the_answer(world: World) -> None:
    anna, ben = await claimed(world)
    sends = world.telegram.send

    async def closed_to_it(delivery: Delivery) -> Receipt:
        if delivery.message.to.is_private:
            raise DeliveryError("they have not opened a private chat with the bot yet", permanent=True)
        return await sends(delivery)

    world.telegram.send = closed_to_it  # type: ignore[method-assign]
    await anna.presses("Reply in private")
    told = anna.got()[-1]
    assert "cannot write to you in private about #1" in told.text()
    assert told.to == anna.group
    await ben.at_desk(1, "About your results")
    assert not any("About your results" in one.text() for one in anna.got())
    await anna.presses("Reply in the group")
    await ben.at_desk(1, button=newest(world, "resend"))
    assert "About your results" in anna.got()[-1].text()


# Files, and what is kept


async def test_the_files_of_notes_are_on_every_desk(world: World) -> None:
    lea = world.lead("lea", "telegram")
    await lea.commands_desk("desk")
    _, ben = await claimed(world, DANGER)
    await ben.at_desk(1, "// look at this", attachments=(Attachment("discord", "1", FileKind.PHOTO, "scan.jpg"),))
    assert [file.name for file in world.on_desk(1, "telegram")[-1].attachments] == ["scan.jpg"]
    await ben.at_desk(1, command="check", argument="Call me.")
    await lea.at_desk(1, button=newest(world, "send_back", "telegram"))
    await lea.at_desk(1, attachments=(Attachment("telegram", "2", FileKind.VOICE, "note.ogg"),))
    assert "sent the reply back" in world.on_desk(1)[-1].text()
    assert [file.name for file in world.on_desk(1)[-1].attachments] == ["note.ogg"]


async def test_a_draft_ends_with_the_question(world: World) -> None:
    lea = world.lead("lea")
    await lea.commands_desk("desk")
    anna, ben = await claimed(world, DANGER)
    await ben.at_desk(1, "I am here.")
    await ben.at_desk(1, command="check", argument="Old words.")
    await ben.at_desk(1, command="close")
    await world.time_passes(hours=50)
    await anna.presses("This did not help")
    await world.time_passes(minutes=1)
    assert "has waited" not in lea.got_at_desk(1)
    await lea.at_desk(1, button=newest(world, "approve"))
    assert not any("Old words." in one.text() for one in anna.got())


async def test_what_a_lead_read_with_audit_is_gone_with_its_asker(world: World) -> None:
    lea = world.lead("lea")
    anna, _ = await claimed(world)
    await lea.at_desk(1, command="mute", argument="1d wrote about her sister")
    shown = await lea.commands("audit", "1", private=True)
    assert "her sister" in shown[0].text()
    await anna.commands("forgetme", private=True)
    await anna.presses("Delete everything about me")
    async with world.app.store.transaction() as tx:
        kept = (await tx.connection.execute(select(outbox.c.content))).scalars().all()
    assert not any("her sister" in str(one) for one in kept)


async def test_where_it_was_asked_is_known_as_long_as_it_is_open(world: World) -> None:
    anna, ben = await claimed(world)
    await anna.presses("Reply in private")
    world.clock.pass_(days=40)
    await world.app.privacy.purge(world.app.store, world.clock())
    await anna.presses("Reply in the group")
    await ben.at_desk(1, "Yes, it has.")
    assert anna.got()[-1].to == anna.group


# The same moment


async def test_what_the_asker_writes_while_it_is_closed_opens_it_again(world: World) -> None:
    anna, ben = await claimed(world)
    await ben.at_desk(1, "Yes.")
    await world.learn_people()
    async with world.app.store.transaction() as tx:
        before = await tx.escalations.get(1)
        assert before
        await tx.escalations.close(1, world.clock())
        said = await world.app.intake._desk.asker_said(tx, before, anna.message("And in ward B?").words, world.clock())
        after = await tx.escalations.get(1)
    assert after
    assert (after.status, after.owed_since) == (Status.CLAIMED, world.clock())
    assert any("has written again" in one.text() or "open" in one.text() for one in said)


async def test_what_the_asker_has_just_written_keeps_it_open(world: World) -> None:
    _, ben = await claimed(world)
    await ben.at_desk(1, "Yes.")
    async with world.app.store.transaction() as tx:
        await tx.escalations.owes(1, world.clock())
        assert not await tx.escalations.close(1, world.clock(), answered=True)
        assert await tx.escalations.close(1, world.clock())
