"""Nobody is left waiting in silence: pages, expected waits, notes to askers, claims that are let go."""

from __future__ import annotations

from pathlib import Path

from bot.domain.messages import OutgoingMessage
from bot.triage.triage import Triage
from tests.world import World, a_world

STRANGE = "does the hospital in Puebla have wifi in the rooms"
DANGER = "i want to kill myself"


def alarms(messages: list[OutgoingMessage]) -> list[OutgoingMessage]:
    return [message for message in messages if message.alerts]


async def numbers_of(world: World, *names: str) -> tuple[int, ...]:
    await world.learn_people()
    by_name = {person.user: number for person, number in world.people.items()}
    return tuple(by_name[name] for name in names)


async def test_danger_calls_those_on_duty_by_name_then_the_leads_then_everybody(world: World) -> None:
    ben, cara, lou = world.volunteer("ben"), world.volunteer("cara", "telegram"), world.lead("lou")
    await ben.commands_desk("duty", "on")
    await cara.commands_desk("duty", "off")
    await lou.commands_desk("duty", "off")
    ben_number, lou_number = await numbers_of(world, "ben", "lou")
    await world.asker("anna").asks(DANGER)
    assert (world.card(1, "discord").page, world.card(1, "discord").pages) == (True, (ben_number,))
    assert not world.card(1, "telegram").alerts, "nobody is on duty there"
    await world.time_passes(minutes=10)
    (again,) = alarms(world.on_desk(1, "discord"))[1:]
    assert set(again.pages) == {ben_number, lou_number}
    assert "Nobody has taken #1 yet. It has waited 10 minutes." in again.text()
    await world.time_passes(minutes=20)
    for platform in ("telegram", "discord"):
        last = world.on_desk(1, platform)[-1]
        assert (last.page, last.pages) == (True, ()), "everybody"


async def test_paging_ends_when_somebody_takes_it(world: World) -> None:
    ben = world.volunteer("ben")
    await world.asker("anna").asks(DANGER)
    await world.time_passes(minutes=10)
    await ben.at_desk(1, button=world.on_desk(1)[-1].buttons[0])
    assert "with Ben" in world.card(1).text()
    before = len(alarms(world.on_desk(1)))
    await world.time_passes(minutes=20)
    assert len(alarms(world.on_desk(1))) == before


async def test_a_night_of_nobody_is_no_thousand_pings(world: World) -> None:
    await world.asker("anna").asks(DANGER)
    for _ in range(10 * 60 * 3):
        await world.time_passes(seconds=20)
    assert 10 < len(alarms(world.on_desk(1))) < 15


async def test_of_many_urgent_ones_each_is_among_the_alarms_in_its_turn(world: World) -> None:
    for name in ("anna", "dora", "eve", "fay", "gus"):
        await world.asker(name).asks(DANGER)
    for minutes in (10, 20, 40, 60):
        await world.time_passes(minutes=minutes)
    assert [len(alarms(world.on_desk(number))) > 1 for number in range(1, 6)] == [True] * 5


async def test_what_was_paged_is_known_after_a_restart(triage: Triage, tmp_path: Path) -> None:
    database = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    async with a_world(triage, database) as world:
        await world.asker("anna").asks(DANGER)
        await world.time_passes(minutes=10)
        assert len(alarms(world.on_desk(1))) == 2
    async with a_world(triage, database, first=100) as world:
        await world.time_passes(minutes=10)
        assert alarms(world.on_desk(1)) == [], "said before"
        await world.time_passes(minutes=20)
        assert len(alarms(world.on_desk(1))) == 1


async def test_an_urgent_one_that_comes_back_pages_again(world: World) -> None:
    ben = world.volunteer("ben")
    await world.asker("anna").asks(DANGER)
    await ben.at_desk(1, press="Claim")
    await world.time_passes(minutes=5)
    await ben.at_desk(1, press="Hand back")
    await ben.at_desk(1, "-")
    await world.time_passes(seconds=20)
    assert "Nobody has taken #1 yet." in alarms(world.on_desk(1))[-1].text()


async def test_what_waits_too_long_is_brought_to_the_leads_in_one_message(world: World) -> None:
    lou = world.lead("lou")
    await lou.commands_desk("desk")
    (lou_number,) = await numbers_of(world, "lou")
    for name in ("anna", "dora", "eve"):
        await world.asker(name).commands("person", f"{STRANGE} asks {name}")
    await world.time_passes(hours=12)
    (call,) = [message for one in (1, 2, 3) for message in alarms(world.on_desk(one))]
    assert call.pages == (lou_number,)
    assert not call.page, "it is no alarm"
    for number in (1, 2, 3):
        assert f"#{number}, 12 hours" in call.text()
    await world.asker("fay").commands("person", STRANGE)
    await world.time_passes(minutes=30)
    assert len([message for one in (1, 2, 3) for message in alarms(world.on_desk(one))]) == 1


async def test_taking_and_handing_back_does_not_hide_from_the_leads_what_waits(world: World) -> None:
    ben, lou = world.volunteer("ben"), world.lead("lou")
    await lou.commands_desk("desk")
    await world.asker("anna").commands("person", STRANGE)
    for _ in range(2):
        await world.time_passes(hours=7)
        await ben.at_desk(1, press="Claim")
        await ben.at_desk(1, command="handback", argument="-")
    await world.time_passes(minutes=1)
    assert "#1, 14 hours" in "".join(one.text() for one in world.on_desk(1))


async def test_notes_do_not_keep_a_question_from_the_leads_for_ever(world: World) -> None:
    ben, lou = world.volunteer("ben"), world.lead("lou")
    await lou.commands_desk("desk")
    await world.asker("anna").commands("person", STRANGE)
    await ben.at_desk(1, press="Claim")
    for _ in range(2):
        await world.time_passes(hours=20)
        await ben.at_desk(1, "// later")
    assert "#1, 40 hours: asked for a person, with Ben" in "".join(one.text() for one in world.on_desk(1))


async def test_the_asker_is_told_when_somebody_is_on_duty_again(world: World) -> None:
    ben, anna, dora = world.volunteer("ben"), world.asker("anna"), world.asker("dora")
    await ben.commands_desk("duty", "zone london")
    await ben.commands_desk("duty", "add mon-fri 19:00-23:00")
    await anna.commands("country", "UK")
    (told,) = await anna.commands("person", STRANGE)
    assert "Nobody is on duty for about 7 hours, until 19:00 UK time." in told.text()
    (told,) = await dora.commands("person", STRANGE)
    assert "Nobody is on duty for about 7 hours." in told.text()
    await world.time_passes(hours=8)
    (told,) = await anna.commands("person", "is there a lift in that hospital")
    assert "A volunteer is on duty now." in told.text()


async def test_an_asker_hears_after_4_and_24_hours_that_it_is_not_forgotten(world: World) -> None:
    anna = world.asker("anna")
    await anna.commands("person", STRANGE)
    await world.time_passes(hours=3, minutes=59)
    assert len(anna.got()) == 1
    await world.time_passes(minutes=1)
    assert "Your question #1 is still open." in anna.got()[-1].text()
    assert "It is not forgotten" in anna.got()[-1].text()
    await world.time_passes(hours=20)
    await world.time_passes(hours=20)
    assert len(anna.got()) == 3
    async with world.app.store.transaction() as tx:
        (kept,) = await tx.escalations.open_ones()
    assert kept.is_open, "nothing is closed for lack of a volunteer"


async def test_an_asker_is_not_written_to_at_night(world: World) -> None:
    anna = world.asker("anna")
    await anna.commands("country", "New Zealand")
    await anna.commands("person", STRANGE)  # at 1:00 there
    before = len(anna.got())
    await world.time_passes(hours=6)
    assert len(anna.got()) == before
    await world.time_passes(hours=1)
    assert "still open" in anna.got()[-1].text()


async def test_who_was_answered_hears_nothing_and_who_wrote_again_waits_anew(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.commands("person", STRANGE, private=True)
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, "Yes, it has.")
    before = len(anna.got())
    await world.time_passes(hours=30)
    assert len(anna.got()) == before
    await anna.asks("my old laptop only has a cable, and it is a heavy one.", private=True)
    await world.time_passes(hours=4)
    assert "It is with Ben and not answered yet" in anna.got()[-1].text()


async def test_a_silent_owner_is_warned_and_then_it_goes_back_with_a_kind_word(world: World) -> None:
    anna, ben, cara = world.asker("anna"), world.volunteer("ben"), world.volunteer("cara", "telegram")
    await anna.commands("person", STRANGE)
    await ben.at_desk(1, press="Claim")
    (ben_number,) = await numbers_of(world, "ben")
    await world.time_passes(hours=23)
    warning = world.on_desk(1)[-1]
    assert "Ben, the asker of #1 still waits for your answer." in warning.text()
    assert "In 60 minutes it goes back" in warning.text()
    assert warning.pages == (ben_number,)
    assert not any("still waits for your" in one.text() for one in world.on_desk(1, "telegram"))
    await world.time_passes(hours=1)
    for platform in ("telegram", "discord"):
        assert "Having no time is no fault." in "".join(one.text() for one in world.on_desk(1, platform))
        assert world.card(1, platform).buttons[0].label == "Claim"
    assert "with the volunteers again" in anna.got()[-1].text()
    await cara.at_desk(1, press="Claim")
    await cara.at_desk(1, "I was there.")
    assert "Cara, a volunteer, about #1:" in anna.got()[-1].text()


async def test_the_owner_keeps_it_by_a_button(world: World) -> None:
    ben = world.volunteer("ben")
    await world.asker("anna").commands("person", STRANGE)
    await ben.at_desk(1, press="Claim")
    await world.time_passes(hours=23)
    keep = world.on_desk(1)[-1].buttons[0]
    assert keep.label == "I still have it"
    cara = world.volunteer("cara")
    await cara.at_desk(1, button=keep)
    assert "#1 is not yours any more." in cara.got_at_desk(1)
    await ben.at_desk(1, button=keep)
    assert "the time starts anew" in ben.got_at_desk(1)
    await world.time_passes(hours=22)
    assert world.card(1).buttons[0].label == "Reply"


async def test_who_keeps_it_for_long_without_a_word_to_the_asker_is_asked_for_one(world: World) -> None:
    ben = world.volunteer("ben")
    await world.asker("anna").commands("person", STRANGE)
    await ben.at_desk(1, press="Claim")
    await world.time_passes(hours=23)
    keep = world.on_desk(1)[-1].buttons[0]
    for _ in range(2):
        await ben.at_desk(1, button=keep)
        await ben.at_desk(1, "// who was there")
        await world.time_passes(hours=23)
    await ben.at_desk(1, button=keep)
    await world.time_passes(hours=2)
    warning = next(one for one in reversed(world.on_desk(1)) if one.pages)
    assert "a short line is enough. Otherwise it goes back to the others in 60 minutes" in warning.text()
    assert [one.label for one in warning.buttons] == ["Hand back"]
    await ben.at_desk(1, button=keep)
    assert "only that starts the time anew" in ben.got_at_desk(1)
    await ben.at_desk(1, "// who was there")
    await world.time_passes(hours=1)
    assert world.card(1).buttons[0].label == "Claim"


async def test_a_line_to_the_asker_keeps_it(world: World) -> None:
    ben = world.volunteer("ben")
    await world.asker("anna").commands("person", STRANGE)
    await ben.at_desk(1, press="Claim")
    await world.time_passes(hours=23)
    keep = world.on_desk(1)[-1].buttons[0]
    for _ in range(3):
        await ben.at_desk(1, button=keep)
        await world.time_passes(hours=16)
    await ben.at_desk(1, "I am still asking around.")
    await world.time_passes(days=5)
    assert world.card(1).buttons[0].label == "Reply"


async def test_the_askers_own_words_do_not_keep_a_silent_owner(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.commands("person", STRANGE, private=True)
    await ben.at_desk(1, press="Claim")
    for _ in range(24):
        await world.time_passes(hours=1)
        await anna.asks("i am still here and i am waiting.", private=True)
    assert world.card(1).buttons[0].label == "Claim"


async def test_an_answer_in_time_keeps_it(world: World) -> None:
    ben = world.volunteer("ben")
    await world.asker("anna").commands("person", STRANGE)
    await ben.at_desk(1, press="Claim")
    await world.time_passes(hours=23)
    await ben.at_desk(1, "Yes, it has.")
    await world.time_passes(days=5)
    assert world.card(1).buttons[0].label == "Reply"


async def test_an_urgent_claim_without_a_word_comes_back_within_the_hour_and_pages(world: World) -> None:
    ben = world.volunteer("ben")
    await world.asker("anna").asks(DANGER)
    await ben.at_desk(1, press="Claim")
    await world.time_passes(minutes=30)
    assert "Do you still have it? In 30 minutes" in world.on_desk(1)[-1].text()
    await world.time_passes(minutes=30)
    await world.time_passes(seconds=20)
    assert "Nobody has taken #1 yet." in alarms(world.on_desk(1))[-1].text()


async def test_reminders_come_to_their_volunteer_in_private_where_they_have_no_desk(world: World) -> None:
    world.app.intake._desk.desks = world.app.intake._desk.desks[:1]
    ben = world.volunteer("ben", "discord")
    await world.asker("anna").commands("person", STRANGE)
    await ben.commands("claim", "1", private=True)
    await world.time_passes(hours=23)
    assert "the asker of #1 still waits" in ben.got()[-1].text()
