"""An asker and a volunteer in the midst of it: despair is seen, thanks owe nothing, words reach the one they are for."""

from __future__ import annotations

import pytest

from bot.domain.escalation import Escalation, Status
from tests.world import DESPAIR, Person, World

STRANGE = "does the hospital in Puebla have wifi in the rooms"
CRY = "I want to kill myself"
UNSURE = "mexico"


async def claimed(world: World) -> tuple[Person, Person]:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.commands("person", STRANGE, private=True)
    await ben.at_desk(1, press="Claim")
    return anna, ben


async def answered(world: World) -> tuple[Person, Person]:
    anna, ben = await claimed(world)
    await ben.at_desk(1, "Yes, it has. I was there.")
    return anna, ben


async def closed(world: World) -> tuple[Person, Person]:
    anna, ben = await answered(world)
    await ben.at_desk(1, press="Close")
    return anna, ben


async def open_ones(world: World) -> list[Escalation]:
    async with world.app.store.transaction() as tx:
        return await tx.escalations.open_ones()


def warm(world: World) -> str:
    flags = {flag.id: flag for flag in world.app.live.knowledge.safety.flags}
    return next(flag.advice_for(None) for flag in flags.values() if flag.route == "distress")


async def test_despair_told_to_a_volunteer_gets_the_warm_line_first_and_makes_it_a_hard_one(world: World) -> None:
    anna, _ = await claimed(world)
    first, *others = await anna.asks(DESPAIR, private=True)
    assert first.text() == warm(world)
    assert "I have passed this on (#1)" in others[-1].text()
    assert "unbearable" in world.on_desk(1)[-1].text()
    assert "distress" in world.card(1).text()
    assert "Ask a lead to check" in [button.label for button in world.card(1).buttons]
    assert len(await open_ones(world)) == 1


async def test_despair_in_a_reply_to_the_volunteer_gets_it_as_well(world: World) -> None:
    anna, _ = await answered(world)
    last = next(one.number for one in reversed(world.telegram.sent) if "I was there" in one.message.text())
    first, *_ = await anna.asks(DESPAIR, private=True, reply_to=world.telegram.ids[last])
    assert first.text() == warm(world)


@pytest.mark.parametrize("words", [DESPAIR, f"Thank you. {DESPAIR}"])
async def test_despair_after_a_rating_is_no_last_word(world: World, words: str) -> None:
    anna, _ = await closed(world)
    await anna.presses("This helped")
    got = await anna.asks(words, private=True)
    assert warm(world) in got[0].text()
    assert not any("needs no answer" in message.text() for message in world.on_desk(1))
    assert [one.status for one in await open_ones(world)] != []


async def test_what_is_told_days_after_a_rating_opens_the_question_again(world: World) -> None:
    anna, _ = await closed(world)
    await anna.presses("This helped")
    world.clock.pass_(days=6)
    await anna.asks("My scan came back and there are two new lesions in my spine", private=True)
    assert [one.id for one in await open_ones(world)] == [1]


async def test_thanks_while_it_is_open_owe_the_asker_nothing(world: World) -> None:
    anna, _ = await answered(world)
    await anna.asks("Thank you so much, that helps a lot!", private=True)
    assert "Thank you so much" in world.on_desk(1)[-1].text()
    before = len(anna.got())
    for _ in range(4):
        await world.time_passes(hours=12)
    assert anna.got()[before:] == []
    assert (await open_ones(world))[0].status is Status.CLAIMED


async def test_thanks_in_an_urgent_one_take_it_from_nobody(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.asks(CRY, private=True)
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, "I am here. Please call 116 123.")
    await anna.asks("Thank you, I have called them and I am safe now.", private=True)
    before = len(anna.got())
    for _ in range(6):
        await world.time_passes(minutes=31)
    assert anna.got()[before:] == []
    assert (await open_ones(world))[0].status is Status.CLAIMED


@pytest.mark.parametrize("words", ["yes I am alone", "ok", "thanks, but I still feel awful"])
async def test_what_only_sounds_like_chatter_still_waits_for_an_answer(world: World, words: str) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.asks(CRY, private=True)
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, "Are you alone?")
    await anna.asks(words, private=True)
    assert (await open_ones(world))[0].owed_since is not None


async def test_an_urgent_one_that_was_answered_is_not_said_to_have_had_no_answer(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.asks(CRY, private=True)
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, "I am here.")
    await anna.asks("I am sitting in the kitchen", private=True)
    before = len(anna.got())
    for _ in range(12):
        await world.time_passes(minutes=31)
    told = "\n".join(message.text() for message in anna.got()[before:])
    assert "Your last message about #1 has no answer yet." in told
    assert "No volunteer has answered" not in told


async def test_questions_the_bot_cannot_answer_go_to_the_volunteer_who_is_there(world: World) -> None:
    anna, _ = await answered(world)
    for question in ("When were you there?", "Did you bring your own laptop?", "can I call you?"):
        await anna.asks(question, private=True)
        assert question in world.on_desk(1)[-1].text()
    assert [one.id for one in await open_ones(world)] == [1]


async def test_a_question_the_bot_knows_is_still_answered_and_can_be_sent_on(world: World) -> None:
    anna, _ = await answered(world)
    (told,) = await anna.asks("how much does hsct cost in mexico?", private=True)
    assert world.app.live.knowledge.entries["cost-mexico"].short in told.text()
    assert told.buttons[-1].action == "to_volunteer"


async def test_while_nobody_has_it_another_question_is_one_of_its_own(world: World) -> None:
    anna = world.asker("anna")
    await anna.commands("person", STRANGE, private=True)
    await anna.asks("Did you bring your own laptop?", private=True)
    assert [one.id for one in await open_ones(world)] == [1, 2]


async def test_in_a_crisis_no_list_of_entries_comes_between(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.asks(CRY, private=True)
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, "I am here. Talk to me.")
    for question in ("can you stay with me tonight?", UNSURE):
        (told,) = await anna.asks(question, private=True)
        assert told.buttons == ()
        assert question in world.on_desk(1)[-1].text()


async def test_an_answer_goes_to_the_volunteer_who_asked_last(world: World) -> None:
    anna, ben = await answered(world)
    await anna.commands("person", "who can lend me a wheelchair in Monterrey", private=True)
    world.clock.pass_(minutes=5)
    await ben.at_desk(1, "By the way, how old are you and how far can you walk?")
    await anna.asks("I am 34 and I walk with one stick.", private=True)
    assert "one stick" in world.on_desk(1)[-1].text()
    assert "one stick" not in world.on_desk(2)[-1].text()


async def test_yes_answers_the_volunteer_and_opens_no_entry(world: World) -> None:
    anna, ben = await claimed(world)
    await ben.at_desk(1, command="canned", argument="1 cost mexico")
    preview = next(one for one in reversed(world.on_desk(1)) if any(b.action == "send_canned" for b in one.buttons))
    await ben.at_desk(1, button=next(one for one in preview.buttons if one.action == "send_canned"))
    (more,) = await anna.asks("yes", private=True)
    assert world.app.live.knowledge.entries["cost-mexico"].full[:40] in more.text(), "right below the entry"
    await ben.at_desk(1, "Would you like me to phone the clinic for you?")
    await anna.asks("yes", private=True)
    assert "yes" in world.on_desk(1)[-1].text()


async def test_no_answers_the_volunteer_and_rates_nothing(world: World) -> None:
    anna, ben = await closed(world)
    await anna.asks("My mother will come with me and stays in the same room", private=True)
    await ben.at_desk(1, "Did they tell you a date already?")
    await anna.asks("no", private=True)
    assert world.on_desk(1)[-1].body[-1].text == "no"
    assert not any("did not help" in message.text() for message in world.on_desk(1))


@pytest.mark.parametrize("words", ["2", "none", "the second one"])
async def test_a_number_or_none_answers_the_volunteer_and_chooses_nothing(world: World, words: str) -> None:
    anna, ben = await claimed(world)
    (asked_back,) = await anna.asks(UNSURE, private=True)
    assert any(button.action == "none" for button in asked_back.buttons)
    await ben.at_desk(1, "How many relapses have you had, one, two or three?")
    await anna.asks(words, private=True)
    assert world.on_desk(1)[-1].body[-1].text == words
    assert len(await open_ones(world)) == 1


async def test_the_full_words_of_a_button_still_press_it(world: World) -> None:
    anna, ben = await claimed(world)
    await ben.at_desk(1, "Would you like me to phone the clinic for you?")
    await anna.asks("Cancel", private=True)
    assert await open_ones(world) == []
