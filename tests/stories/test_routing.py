"""What volunteers cover and how much they take; leads give a question to somebody."""

from __future__ import annotations

import pytest

from bot.domain.messages import Button, OutgoingMessage
from tests.world import Person, World

STRANGE = "does the hospital in Puebla have wifi in the rooms"


async def opened(world: World, count: int) -> None:
    for number in range(count):
        await world.asker(f"asker{number}").commands("person", f"{STRANGE} number {number}")


async def queue_of(person: Person) -> str:
    return (await person.commands_desk("desk"))[-1].text()


async def test_what_is_covered_is_understood_and_shown(world: World) -> None:
    ben = world.volunteer("ben")
    (told,) = await ben.commands_desk("covers", "topics costs and risks")
    assert "Topics: Costs, Risks" in told.text()
    (told,) = await ben.commands_desk("covers", "countries uk, irland")
    assert "Countries: UK, Ireland" in told.text(), "a slip of the finger is forgiven"
    (told,) = await ben.commands_desk("covers", "languages english, German")
    assert "Languages: English, German" in told.text()
    (told,) = await ben.commands_desk("covers", "countries all")
    assert "Countries: all" in told.text()
    (told,) = await ben.commands_desk("covers")
    assert "Languages: English, German" in told.text()


@pytest.mark.parametrize("words", ["countries atlantis", "topics", "costs", "languages elvish", "topics quux"])
async def test_what_is_not_understood_is_answered_with_what_is_known(world: World, words: str) -> None:
    ben = world.volunteer("ben")
    (told,) = await ben.commands_desk("covers", words)
    assert "/covers topics costs, risks" in told.text()


async def test_what_somebody_covers_comes_first_and_all_others_after_it(world: World) -> None:
    ben, anna, dora = world.volunteer("ben"), world.asker("anna"), world.asker("dora")
    await anna.commands("country", "US")
    await anna.commands("person", STRANGE)
    await dora.commands("country", "UK")
    await dora.commands("person", "is there a lift in that hospital")
    await ben.commands_desk("covers", "countries UK")
    shown = await queue_of(ben)
    assert shown.index("#2") < shown.index("#1")
    cara = world.volunteer("cara")
    shown = await queue_of(cara)
    assert shown.index("#1") < shown.index("#2")


async def test_on_duty_one_is_told_of_new_ones_that_one_covers(world: World) -> None:
    ben, cara, anna = world.volunteer("ben"), world.volunteer("cara", "telegram"), world.asker("anna")
    await ben.commands_desk("covers", "countries UK")
    await cara.commands_desk("covers", "countries UK")
    await ben.commands_desk("duty", "on")
    await anna.commands("country", "UK")
    await anna.commands("person", STRANGE)
    await world.learn_people()
    assert world.card(1, "discord").pages == (world.people[ben.id],)
    assert not world.card(1, "discord").page, "it is no alarm"
    assert not world.card(1, "telegram").alerts, "Cara is not on duty"


async def test_beyond_ones_own_number_a_claim_is_refused_kindly(world: World) -> None:
    ben = world.volunteer("ben")
    await ben.commands_desk("load", "2")
    await opened(world, 3)
    for number in (1, 2, 3):
        await ben.at_desk(number, press="Claim")
    assert "You have 2 questions that wait for your answer" in ben.got_at_desk(3)
    assert world.card(3).buttons[0].label == "Claim"
    await ben.at_desk(1, "Yes, it has.")
    await ben.at_desk(3, press="Claim")
    assert world.card(3).buttons[0].label == "Reply", "what is answered counts no more"


async def test_urgent_ones_and_leads_are_free_of_the_limit(world: World) -> None:
    ben, lou = world.volunteer("ben"), world.lead("lou")
    for person in (ben, lou):
        await person.commands_desk("load", "1")
    await opened(world, 3)
    await world.asker("anna").asks("i want to kill myself")
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(4, press="Claim")
    assert world.card(4).buttons[0].label == "Reply"
    for number in (2, 3):
        await lou.at_desk(number, press="Claim")
        assert world.card(number).buttons[0].label == "Reply"


async def test_hard_topics_can_be_left_to_others(world: World) -> None:
    ben, cara = world.volunteer("ben"), world.volunteer("cara")
    for person in (ben, cara):
        await person.commands_desk("duty", "on")
    (told,) = await ben.commands_desk("hardtopics", "off")
    assert "Thank you for looking after yourself." in told.text()
    await world.asker("anna").asks("i want to kill myself")
    await world.learn_people()
    assert world.card(1).pages == (world.people[cara.id],)
    assert "#1" in await queue_of(ben), "it is not hidden from them"


async def test_a_lead_gives_a_question_to_somebody_who_is_told(world: World) -> None:
    anna, ben, cara = world.asker("anna"), world.volunteer("ben"), world.volunteer("cara", "telegram")
    lou = world.lead("lou")
    await opened(world, 1)
    await anna.commands("person", "is there a lift")
    await cara.commands_desk("desk")
    await ben.at_desk(2, press="Claim")
    await lou.commands_desk("reassign", "2 @cara")
    await world.learn_people()
    told = world.on_desk(2, "telegram")[-1]
    assert "Lou gave #2 to Cara." in told.text()
    assert told.pages == (world.people[cara.id],)
    assert "with Cara" in world.card(2, "discord").text()
    assert "Cara, a volunteer, has your question #2" in anna.got()[-1].text()
    await ben.at_desk(2, "too late")
    assert "#2 is with Cara." in ben.got_at_desk(2)
    assert "too late" not in anna.got()[-1].text()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("1 zoe", "I know no volunteer called zoe. Known: Lou, Ben, Bertha"),
        ("1 be", "More than one is called be: Ben, Bertha"),
        ("9 ben", "There is no open #9."),
        ("", "/reassign 12 @ben"),
        ("1", "/reassign 12 @ben"),
    ],
)
async def test_who_is_meant_has_to_be_clear(world: World, words: str, told: str) -> None:
    lou = world.lead("lou")
    await lou.commands_desk("desk")
    for name in ("ben", "bertha"):
        await world.volunteer(name).commands_desk("desk")
    await opened(world, 1)
    assert told in (await lou.commands_desk("reassign", words))[-1].text()
    assert world.card(1).buttons[0].label == "Claim"


async def test_only_leads_give_questions_away(world: World) -> None:
    ben = world.volunteer("ben")
    await opened(world, 1)
    (told,) = await ben.commands_desk("reassign", "1 ben")
    assert "Only leads can do that." in told.text()


async def test_what_has_changed_hands_meanwhile_is_not_taken_away(world: World) -> None:
    ben = world.volunteer("ben")
    await opened(world, 1)
    await ben.commands_desk("desk")
    async with world.app.store.transaction() as tx:
        before = await tx.escalations.get(1)
        assert before
        number = world.people[ben.id]
        assert await tx.escalations.claim(1, number, world.clock())
        assert not await tx.claims.reassign(before, number, world.clock())


REASSIGN = "Reassign (leads)"


async def offered(lead: Person, number: int = 1) -> OutgoingMessage:
    """Press Reassign on the card; give the list of volunteers."""
    await lead.at_desk(number, press=REASSIGN)
    return lead.world.adapter(lead.platform).sent[-1].message


async def test_the_cards_reassign_lists_volunteers_with_those_on_duty_and_free_first(world: World) -> None:
    lou, ben = world.lead("lou"), world.volunteer("ben")
    for person in (lou, ben, world.volunteer("bertha"), world.volunteer("cara", "telegram"), world.volunteer("dan")):
        await person.commands_desk("desk")
    for person in (world.volunteer("cara", "telegram"), world.volunteer("dan")):
        await person.commands_desk("duty", "on")
    await opened(world, 1)
    await world.asker("anna").commands("person", "is there a lift")
    await world.volunteer("dan").at_desk(1, press="Claim")
    await ben.at_desk(2, press="Claim")
    shown = await offered(lou, 2)
    labels = [button.label for button in shown.buttons]
    assert labels == ["Cara: on duty, has 0", "Dan: on duty, has 1", "Bertha: has 0", "Lou: has 0"], "not its owner"
    await lou.at_desk(2, button=shown.buttons[0])
    assert "Lou gave #2 to Cara." in world.on_desk(2, "telegram")[-1].text()
    assert world.on_desk(2, "telegram")[-1].pages == (world.people[world.volunteer("cara", "telegram").id],)
    assert "with Cara" in world.card(2).text()


async def test_a_list_that_is_out_of_date_says_why_nothing_came_of_it(world: World) -> None:
    lou, ben, cara = world.lead("lou"), world.volunteer("ben"), world.volunteer("cara")
    for person in (ben, cara):
        await person.commands_desk("desk")
    await opened(world, 1)
    shown = await offered(lou)
    to_ben = next(button for button in shown.buttons if button.label.startswith("Ben"))
    await lou.at_desk(1, button=to_ben)
    await lou.at_desk(1, button=to_ben)
    assert "Ben has #1 already." in lou.got_at_desk(1)
    await lou.at_desk(1, press="Close")
    await lou.at_desk(1, button=to_ben)
    assert "#1 is closed." in lou.got_at_desk(1)
    await ben.commands("forgetme", private=True)
    await ben.presses("Delete everything about me")
    await lou.at_desk(1, button=to_ben)
    assert "I do not know this volunteer any more." in lou.got_at_desk(1)


async def test_reassign_on_the_card_is_for_leads(world: World) -> None:
    ben, cara = world.volunteer("ben"), world.volunteer("cara")
    await cara.commands_desk("desk")
    await opened(world, 1)
    await ben.at_desk(1, press=REASSIGN)
    assert "Only leads can do that." in ben.got_at_desk(1)
    await ben.at_desk(1, button=Button("Cara", "give_to", f"1:{world.people[cara.id]}"))
    assert world.card(1).buttons[0].label == "Claim"
