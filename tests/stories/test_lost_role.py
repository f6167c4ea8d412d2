"""Who loses the role while away from the desks is asked about, called no more, and keeps no question."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.domain.people import Role
from bot.storage.outbox import Fate
from bot.storage.tables import outbox
from tests.platforms.discord.people import until
from tests.platforms.discord.wire import LEADS, UNKNOWN, Place, Wire, until_all_is_out
from tests.platforms.telegram.people import BOT_ID
from tests.platforms.telegram.stage import Stage
from tests.world import Person, World

STRANGE = "does the hospital in Puebla have wifi in the rooms"
DANGER = "I want to end my life tonight"


async def roll_is_called(world: World) -> None:
    """Let the platforms be asked, and what follows be said."""
    await world.app.roll_call.look()
    await world.time_passes(seconds=20)


async def taken(world: World) -> tuple[Person, Person]:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.commands("person", STRANGE)
    await ben.at_desk(1, press="Claim")
    return anna, ben


async def test_what_somebody_had_goes_back_and_everybody_is_told(world: World) -> None:
    anna, ben = await taken(world)
    ben.becomes(Role.ASKER)
    await roll_is_called(world)
    for platform in ("discord", "telegram"):
        assert world.card(1, platform).buttons[0].label == "Claim"
        said = [one.text() for one in world.on_desk(1, platform)]
        assert said.count("Ben does not work at the desk any more. #1 is with everybody again.") == 1
    assert "#1 is with the volunteers again" in anna.got()[-1].text()
    await roll_is_called(world)
    assert "#1 is with the volunteers again" not in "".join(one.text() for one in anna.got()[:-1]), "it is said once"


async def test_so_it_does_when_they_are_seen_at_a_desk_without_the_role(world: World) -> None:
    _, ben = await taken(world)
    ben.becomes(Role.ASKER)
    await ben.commands_desk("desk")
    await world.time_passes(seconds=20)
    assert world.card(1).buttons[0].label == "Claim"


async def test_a_cry_for_help_calls_those_who_are_still_there(world: World) -> None:
    ben, cara = world.volunteer("ben"), world.volunteer("cara")
    for one in (ben, cara):
        await one.commands_desk("duty", "on")
    ben.becomes(Role.ASKER)
    await roll_is_called(world)
    await world.asker("anna").asks(DANGER)
    assert world.card(1).pages == (world.people[cara.id],)


async def test_where_only_they_were_on_duty_everybody_is_called(world: World) -> None:
    ben = world.volunteer("ben")
    await ben.commands_desk("duty", "on")
    ben.becomes(Role.ASKER)
    await roll_is_called(world)
    await world.asker("anna").asks(DANGER)
    assert world.card(1).page
    assert world.card(1).pages == ()


async def test_a_lead_who_is_none_any_more_reads_no_draft_and_gets_no_numbers(world: World) -> None:
    _, ben = await taken(world)
    lea, lou = world.lead("lea"), world.lead("lou", "telegram")
    for lead in (lea, lou):
        await lead.commands_desk("desk")
    lea.becomes(Role.VOLUNTEER)  # and the roll has not been called since
    await ben.at_desk(1, command="check", argument="You are not alone.")
    assert STRANGE in lou.got()[-1].text()
    assert lea.got() == []
    assert "Lea could not be written to in private: they are no lead any more" in world.on_desk(1)[-1].text()
    await roll_is_called(world)
    await ben.at_desk(1, command="check", argument="You are not alone, Anna.")
    told = "".join(one.text() for one in world.on_desk(1))
    assert told.count("could not be written to") == 1, "she is not even tried"
    await world.time_passes(days=8)
    assert any("The last 7 days" in one.text() for one in lou.got())
    assert lea.got() == []


async def test_while_a_platform_cannot_say_nobody_loses_anything(world: World) -> None:
    _, ben = await taken(world)
    lou = world.lead("lou", "telegram")
    await lou.commands_desk("desk")
    world.discord.roles.clear()
    world.telegram.roles.clear()
    await roll_is_called(world)
    assert world.card(1).buttons[0].label == "Reply"
    await ben.at_desk(1, command="check", argument="You are not alone.")
    world.telegram.roles.clear()
    world.clock.pass_(minutes=1)
    await world.app.outbox.settle()
    async with world.app.store.transaction() as tx:
        private = select(outbox.c.status).where(outbox.c.chat == lou.dm.chat)
        assert (await tx.connection.execute(private)).scalars().all() == [Fate.PENDING], "it waits until one can say"
    world.telegram.roles[lou.name] = Role.LEAD
    world.clock.pass_(minutes=1)
    await world.app.outbox.settle()
    assert STRANGE in lou.got()[-1].text()


async def test_who_becomes_a_lead_elsewhere_is_one(world: World) -> None:
    _, ben = await taken(world)
    ben.becomes(Role.LEAD)
    await roll_is_called(world)
    async with world.app.store.transaction() as tx:
        assert [one.name for one in await tx.roster.leads()] == ["Ben"]
    assert world.card(1).buttons[0].label == "Reply"


# Over the wire


@pytest.mark.parametrize("status", ["left", "kicked"])
async def test_on_telegram_who_left_the_desk_group_keeps_no_question(stage: Stage, status: str) -> None:
    await stage.says(stage.anna, "/person Who can drive me to the clinic in Ruiz?", stage.group)
    await stage.presses(stage.ben, stage.card(1), "Claim")
    stage.desk.members[stage.ben.id] = status
    await stage.app.roll_call.look()
    await stage.app.timers.look()
    await stage.settles()
    assert "waiting" in stage.card(1)["text"]
    assert "Ben does not work at the desk any more" in "".join(stage.server.words(stage.desk, stage.topic_of(1)))


async def test_on_telegram_who_is_no_admin_any_more_is_sent_no_draft(stage: Stage) -> None:
    stage.server.says(stage.lou, "/start")  # a bot may not write first
    await stage.says(stage.lou, "/desk", stage.desk)
    await stage.says(stage.anna, "/person Who can drive me to the clinic in Ruiz?", stage.group)
    await stage.presses(stage.ben, stage.card(1), "Claim")
    stage.desk.members[stage.lou.id] = "member"
    await stage.says(stage.ben, "/check 1 Ask the shuttle.", stage.desk, topic=stage.topic_of(1))
    assert not any("Ask the shuttle" in words for words in stage.server.words(stage.lou))
    assert "they are no lead any more" in "".join(stage.server.words(stage.desk, stage.topic_of(1)))
    await stage.app.roll_call.look()
    async with stage.app.store.transaction() as tx:
        assert {one.name: one.role for one in await tx.roster.all()} == {"Ben": Role.VOLUNTEER, "Lou": Role.VOLUNTEER}


async def test_on_telegram_a_bot_that_was_thrown_out_takes_nothing_from_anybody(stage: Stage) -> None:
    await stage.says(stage.anna, "/person Who can drive me to the clinic in Ruiz?", stage.group)
    await stage.presses(stage.ben, stage.card(1), "Claim")
    stage.desk.members[BOT_ID] = "kicked"
    await stage.app.roll_call.look()
    async with stage.app.store.transaction() as tx:
        assert [one.role for one in await tx.roster.all()] == [Role.VOLUNTEER]


@pytest.mark.parametrize("leaves", [False, True], ids=["the role is taken", "leaves the server"])
async def test_on_discord_who_lost_the_role_keeps_no_question(wire: Wire, place: Place, leaves: bool) -> None:
    anna, kim = place.human("Anna"), place.volunteer()
    await anna.mentions(place.lounge, UNKNOWN)
    post = await place.post()
    await kim.presses(post, place.card(post), "Claim")
    await until(lambda: "with Kim" in place.card(post)["content"], "Kim on the card")
    kim.user.roles, kim.user.in_guild = [], not leaves
    await wire.app.roll_call.look()
    await wire.app.timers.look()
    await until(lambda: "waiting" in place.card(post)["content"], "the card of the queue")
    await kim.gets(post, "Kim does not work at the desk any more")


async def test_on_discord_who_is_no_lead_any_more_is_sent_no_draft(wire: Wire, place: Place) -> None:
    anna, kim, lou = place.human("Anna"), place.volunteer(), place.human("Lou", LEADS)
    await lou.answered(await lou.slash(lou.dm, "desk"))
    await anna.mentions(place.lounge, UNKNOWN)
    post = await place.post()
    await kim.presses(post, place.card(post), "Claim")
    await kim.gets(post, "Kim has #1")
    lou.user.roles = []
    await kim.slash(post, "check", text="Ask the shuttle.")
    await kim.gets(post, "Lou could not be written to in private: they are no lead any more")
    await until_all_is_out(wire)
    assert not any("Ask the shuttle" in one["content"] for one in lou.sees(lou.dm))


async def test_on_discord_a_bot_that_is_not_in_the_server_takes_nothing_from_anybody(wire: Wire, place: Place) -> None:
    anna, kim = place.human("Anna"), place.volunteer()
    await anna.mentions(place.lounge, UNKNOWN)
    post = await place.post()
    await kim.presses(post, place.card(post), "Claim")
    await kim.gets(post, "Kim has #1")
    place.server.fails("GET /guilds/.*/members/.*", 403, times=3)
    kim.user.roles = []
    await wire.app.roll_call.look()
    async with wire.app.store.transaction() as tx:
        assert [one.role for one in await tx.roster.all()] == [Role.VOLUNTEER]
