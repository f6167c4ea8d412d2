"""What volunteers write at the desk goes where they mean it: to the asker, to a lead, or to nobody outside."""

from __future__ import annotations

import pytest

from bot.domain.messages import Address, Attachment, FileKind, MessageReceived, OutgoingMessage, Place
from tests.world import DESK, DESPAIR, Person, World

STRANGE = "does the hospital in Puebla have wifi in the rooms"
VOICE = Attachment("discord", "r1", FileKind.VOICE, "words.ogg")


async def replies_at_desk(person: Person, number: int | None, text: str, *files: Attachment) -> None:
    """Reply to the newest message of the bot at the desk; without a number, write outside every thread."""
    adapter = person.world.adapter(person.platform)
    newest = adapter.ids[[one.number for one in adapter.sent if one.message.to.chat == DESK][-1]]
    event_id = person.world.next_id()
    event = MessageReceived(
        event_id=event_id, at=person.world.clock(), sender=person.message("").sender, place=Place.DESK, text=text,
        address=Address(person.platform, DESK, f"thread-{number}" if number else None), message_id=f"m-{event_id}",
        reply_to=newest if number else None, attachments=files,
    )  # fmt: skip
    await person.world.happens(event)


def texts(messages: list[OutgoingMessage]) -> str:
    return "\n".join(message.text() for message in messages)


async def distressed(world: World) -> tuple[Person, Person, Person]:
    """Anna in distress is #2, so that numbers of drafts and of questions differ; Ben has her."""
    anna, ben, lea = world.asker("anna"), world.volunteer("ben"), world.lead("lea")
    await lea.commands_desk("desk")
    await world.asker("zoe").commands("person", STRANGE, private=True)
    await anna.asks(DESPAIR, private=True)
    await ben.at_desk(2, press="Claim")
    return anna, ben, lea


async def test_a_leads_note_on_a_draft_stays_inside_when_it_is_a_reply_to_the_prompt(world: World) -> None:
    anna, ben, lea = await distressed(world)
    await ben.at_desk(2, command="check", argument="Pull yourself together.")
    send_back = next(one for one in world.on_desk(2)[-1].buttons if one.action == "send_back")
    await lea.at_desk(2, button=send_back)
    before = len(anna.got())
    await replies_at_desk(lea, 2, "far too harsh, she sounds lost")
    assert anna.got()[before:] == []
    assert "Lea sent the reply back to Ben" in ben.got_at_desk(2)
    assert "far too harsh" in texts(world.on_desk(2, "telegram"))


@pytest.mark.parametrize(("words", "files"), [("You are not alone", ()), ("", (VOICE,))])
async def test_a_draft_may_be_a_reply_to_the_prompt_and_a_voice_alone(
    world: World, words: str, files: tuple[Attachment, ...]
) -> None:
    anna, ben, lea = await distressed(world)
    await ben.at_desk(2, press="Ask a lead to check")
    before = len(anna.got())
    await replies_at_desk(ben, 2, words, *files)
    shown = world.on_desk(2)[-1]
    assert anna.got()[before:] == []
    assert "Ben asks a lead to read this reply" in shown.text()
    assert (words in shown.text(), shown.attachments) == (True, files)
    got = [message for message in lea.got() if message.to == lea.dm]
    assert got[-1].attachments == (), "the asker's words can be taken back from a message of words alone"
    assert not files or got[-2].attachments == files
    await lea.presses("Approve", got[-1])
    assert (words in anna.got()[-1].text(), anna.got()[-1].attachments) == (True, files)


async def test_the_file_of_a_check_command_comes_along(world: World) -> None:
    anna, ben, lea = await distressed(world)
    await ben.at_desk(2, command="check", argument="listen to this", attachments=(VOICE,))
    await lea.presses("Approve", [message for message in lea.got() if message.to == lea.dm][-1])
    assert anna.got()[-1].attachments == (VOICE,)


async def test_a_note_while_a_draft_is_waited_for_is_a_note(world: World) -> None:
    anna, ben, _ = await distressed(world)
    await ben.at_desk(2, press="Ask a lead to check")
    before = len(anna.got())
    await ben.at_desk(2, "// give me a minute")
    assert "asks a lead" not in texts(world.on_desk(2))
    await ben.at_desk(2, "You are not alone")
    assert anna.got()[before:] == [], "it is still the draft"
    assert "Ben asks a lead to read this reply" in world.on_desk(2)[-1].text()


async def test_a_reply_to_a_message_of_another_question_is_about_that_one(world: World) -> None:
    anna, ben, _ = await distressed(world)
    await ben.at_desk(1, press="Claim")
    zoe = world.asker("zoe")
    await ben.commands("reply", "2", private=True)
    await ben.commands("note", "1", private=True)
    before = (len(anna.got()), len(zoe.got()))
    await ben.asks("She asked me that in 2024 too", private=True)
    assert (len(anna.got()), len(zoe.got())) == before
    assert "She asked me that" in texts(world.on_desk(1, "telegram"))


async def test_who_changes_a_draft_is_told_that_a_lead_reads_the_first_words(world: World) -> None:
    anna, ben, lea = await distressed(world)
    await ben.at_desk(2, press="Ask a lead to check")
    await ben.at_desk(2, "You are not alone", message_id="draft")
    await ben.at_desk(2, "Something else", message_id="draft", edited=True)
    assert "still reads the reply as you first wrote it" in ben.got_at_desk(2)
    await lea.presses("Approve", [message for message in lea.got() if message.to == lea.dm][-1])
    assert "You are not alone" in anna.got()[-1].text()


# Plain words in a thread


async def claimed(world: World) -> tuple[Person, Person, Person]:
    anna, ben, lea = world.asker("anna"), world.volunteer("ben"), world.lead("lea")
    await lea.commands_desk("desk")
    await anna.commands("person", STRANGE, private=True)
    await ben.at_desk(1, press="Claim")
    return anna, ben, lea


async def test_leads_talk_in_a_thread_without_the_asker_hearing_it(world: World) -> None:
    anna, lea = world.asker("anna"), world.lead("lea")
    await anna.commands("person", STRANGE, private=True)
    before = len(anna.got())
    await lea.at_desk(1, "Who of you wants this one? She seems confused.")
    assert anna.got()[before:] == []
    assert "This stays at the desk" in lea.got_at_desk(1)
    await lea.at_desk(1, command="reply", argument="Yes, it has.")
    assert "Yes, it has." in anna.got()[-1].text()


async def test_a_leads_reply_by_button_goes_out_in_anothers_thread(world: World) -> None:
    anna, _, lea = await claimed(world)
    await lea.at_desk(1, press="Reply")
    await lea.at_desk(1, "Yes, it has.")
    assert "Yes, it has." in anna.got()[-1].text()


async def test_what_is_said_in_a_closed_thread_stays_there(world: World) -> None:
    anna, ben, _ = await claimed(world)
    await ben.at_desk(1, "Yes, it has.")
    await ben.at_desk(1, press="Close")
    before = len(anna.got())
    await ben.at_desk(1, "That was a hard one. Good night all")
    assert anna.got()[before:] == []
    assert "#1 is closed, or not yours" in ben.got_at_desk(1)
    await ben.at_desk(1, command="reply", argument="One thing more: bring slippers.")
    assert "slippers" in anna.got()[-1].text()


async def test_what_a_button_asked_for_long_ago_is_not_guessed_at(world: World) -> None:
    anna, ben, _ = await claimed(world)
    await ben.at_desk(1, press="Note")
    await world.time_passes(hours=2)
    before = len(anna.got())
    await ben.at_desk(1, "Yes, it has wifi.")
    assert anna.got()[before:] == []
    assert "passed it on to nobody" in ben.got_at_desk(1)
    await ben.at_desk(1, "Yes, it has wifi.")
    assert "it has wifi" in anna.got()[-1].text()


async def test_an_owner_who_pressed_reply_long_ago_still_replies(world: World) -> None:
    anna, ben, _ = await claimed(world)
    await ben.at_desk(1, press="Reply")
    await world.time_passes(hours=2)
    await ben.at_desk(1, "Yes, it has wifi.")
    assert "it has wifi" in anna.got()[-1].text()


async def test_who_writes_beside_the_thread_is_told_where_to_write(world: World) -> None:
    anna, ben, _ = await claimed(world)
    await ben.at_desk(1, press="Reply")
    before, sent = len(anna.got()), len(world.discord.sent)
    await replies_at_desk(ben, None, "Yes, it has wifi")
    assert anna.got()[before:] == []
    assert "Nobody has got this. For #1, write in its thread" in world.discord.sent[sent].message.text()


# The words of buttons and commands


@pytest.mark.parametrize("platform", ["discord", "telegram"])
@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("Claim", "You have #1 already."),
        ("pass", "Hand it back, and somebody else can take it."),
        ("Reopen", "#1 is open already."),
        ("I still have it", "Press the button, or write the command with a / in front."),
        ("Suggest as knowledge", "Press the button"),
        ("canned", "with a / in front"),
        ("claim #12", "with a / in front"),
    ],
)
async def test_the_word_of_a_button_that_is_not_there_reaches_no_asker(
    world: World, platform: str, word: str, told: str
) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben", platform)
    await anna.commands("person", STRANGE, private=True)
    await ben.at_desk(1, press="Claim")
    before, heard = len(anna.got()), len(ben.got_at_desk(1))
    await ben.at_desk(1, word)
    assert anna.got()[before:] == []
    said = ben.got_at_desk(1)[heard:]
    assert f'"{word}" is the word of a button or a command, so nobody has got it.' in said
    assert told in said
    await ben.at_desk(1, command="reply", argument=word)
    assert word in texts(anna.got()[before:]), "it may be an answer all the same"


@pytest.mark.parametrize(
    "words", ["Yes", "Done", "No", "More", "Close to the clinic", "I claim nothing", "note: bring slippers"]
)
async def test_words_that_are_an_answer_go_out(world: World, words: str) -> None:
    anna, ben, _ = await claimed(world)
    await ben.at_desk(1, words)
    assert words in anna.got()[-1].text()


async def test_the_word_of_a_button_is_not_the_reply_or_note_that_another_one_asked_for(world: World) -> None:
    anna, ben, _ = await claimed(world)
    await ben.at_desk(1, press="Note")
    before = len(anna.got())
    await ben.at_desk(1, "close")
    assert "#1 has had no answer yet" in ben.got_at_desk(1)
    assert "If you mean just this word, write /note 1 close." in ben.got_at_desk(1)
    await ben.at_desk(1, "She sounds tired")
    assert anna.got()[before:] == [], "it is still the note"
    await ben.at_desk(1, press="Reply")
    await ben.at_desk(1, "Hand back")
    assert anna.got()[before:] == []
    await ben.at_desk(1, "Yes, it has wifi.")
    assert "it has wifi" in anna.got()[-1].text()


# From the members' group


async def test_a_reply_asked_for_in_the_members_group_is_written_where_the_prompt_stands(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben", "telegram")
    await anna.commands("person", STRANGE, private=True)
    await ben.at_desk(1, press="Claim")
    (prompt,) = await ben.commands("reply", "1")
    assert prompt.to == ben.dm
    await ben.asks("how is she doing?")
    assert "how is she doing" not in texts(anna.got())
    await ben.asks("Yes, it has wifi", private=True)
    assert "Yes, it has wifi" in anna.got()[-1].text()
