"""Volunteers say when they are on duty."""

from __future__ import annotations

from tests.world import World


async def test_a_volunteer_sets_hours_and_is_shown_what_was_understood(world: World) -> None:
    ben = world.volunteer("ben")
    (told,) = await ben.commands_desk("duty", "zone london")
    assert "Europe/London" in told.text()
    (told,) = await ben.commands_desk("duty", "add mon-fri 19:00-23:00")
    assert "1. Mon to Fri, 19:00 to 23:00" in told.text()
    assert "next on duty at 19:00" in told.text()
    await world.time_passes(hours=7, minutes=30)
    (told,) = await ben.commands_desk("duty")
    assert "You are on duty until 23:00." in told.text()


async def test_what_is_not_understood_changes_nothing_and_says_what_to_type(world: World) -> None:
    ben = world.volunteer("ben")
    await ben.commands_desk("duty", "add mon 19-23")
    (told,) = await ben.commands_desk("duty", "add blursday 19-23")
    assert "no day called blursday" in told.text()
    assert "/duty add mon-fri 19:00-23:00" in told.text()
    (told,) = await ben.commands_desk("duty", "show")
    assert "1. Mon, 19:00 to 23:00" in told.text()


async def test_duty_is_set_in_private_too_and_never_by_members(world: World) -> None:
    ben, eve = world.volunteer("ben", "telegram"), world.asker("eve")
    (told,) = await ben.commands("duty", "on", private=True)
    assert told.to == ben.dm
    assert "You are on duty until you say /duty off." in told.text()
    (told,) = await eve.commands("duty", "on", private=True)
    assert "Only volunteers can do that." in told.text()
    async with world.app.store.transaction() as tx:
        assert [one.name for one in await tx.roster.all()] == ["Ben"]


async def test_said_in_the_group_it_is_answered_in_private(world: World) -> None:
    ben = world.volunteer("ben", "telegram")
    (told,) = await ben.commands("duty", "add daily 9-12")
    assert told.to == ben.dm


async def test_who_has_passed_a_question_is_not_told_of_it_again_when_it_is_opened_again(world: World) -> None:
    anna, cara, lou = world.asker("anna"), world.volunteer("cara"), world.lead("lou")
    await cara.commands_desk("duty", "on")
    await cara.commands_desk("covers", "languages English")
    await anna.commands("person", "does the hospital in Puebla have wifi", private=True)
    assert world.card(1).pages == (world.people[cara.id],)
    await cara.at_desk(1, press="Pass")
    await lou.at_desk(1, command="close")
    told = [one for one in world.telegram.sent if one.message.to == anna.dm and one.message.escalation_id]
    await anna.asks("it is about my week in spring.", private=True, reply_to=world.telegram.ids[told[-1].number])
    assert world.card(1).buttons[0].label == "Claim", "it is open again, and nobody's"
    assert not any(one.pages for one in world.on_desk(1)[1:])


async def test_who_is_no_volunteer_any_more_leaves_the_roster(world: World) -> None:
    ben = world.volunteer("ben")
    await ben.commands_desk("duty", "on")
    gone = world.asker("ben", "discord")
    await gone.commands_desk("duty", "on")
    async with world.app.store.transaction() as tx:
        assert await tx.roster.all() == []


async def test_a_forgotten_volunteers_hours_are_forgotten_and_shown_before(world: World) -> None:
    ben = world.volunteer("ben")
    await ben.commands_desk("duty", "add daily 9-12")
    shown = await ben.commands("mydata", private=True)
    assert '"volunteers"' in shown[0].text()
    await ben.commands("forgetme", private=True)
    await ben.presses("Delete everything about me")
    async with world.app.store.transaction() as tx:
        assert await tx.roster.all() == []
