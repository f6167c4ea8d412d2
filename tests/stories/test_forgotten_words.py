"""A forgotten asker's words stand nowhere any more: not in lists, not with leads, not in a desk's replies."""

from __future__ import annotations

from sqlalchemy import select

from bot.storage.tables import outbox
from tests.world import DESPAIR, Person, World

STRANGE = "does the hospital in Puebla have wifi in the rooms"


async def forgets(person: Person) -> None:
    await person.commands("forgetme", private=True)
    await person.presses("Delete everything about me")


async def test_no_row_and_no_lead_keeps_them(world: World) -> None:
    anna, ben, lea = world.asker("anna"), world.volunteer("ben"), world.lead("lea")
    await lea.commands_desk("desk")
    await anna.asks(DESPAIR, private=True)
    await ben.commands_desk("desk")
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, command="check", argument="You are not alone.")
    draft = next(one for one in world.discord.sent if one.message.to == lea.dm)
    assert DESPAIR in draft.message.text()
    await forgets(anna)
    async with world.app.store.transaction() as tx:
        contents = (await tx.connection.execute(select(outbox.c.content))).scalars().all()
    assert not [content for content in contents if "unbearable" in str(content)]
    instead = [one for one in world.discord.sent if one.replaces == world.discord.ids[draft.number]]
    assert [one.message.text() for one in instead] == ["Its asker has deleted this question. What stood here is gone."]


async def test_a_desk_of_replies_is_told_each_message_of_the_thread(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.commands("person", STRANGE, private=True)
    await ben.at_desk(1, press="Claim")
    await anna.asks("and a fridge for my medicine", private=True)
    stood = {world.discord.ids[one.number] for one in world.discord.sent if one.message.on_desk and one.message.body}
    await forgets(anna)
    removed = [one.message for one in world.discord.sent if one.message.deletes_thread]
    assert {each for message in removed for each in message.deletes} == stood


async def test_what_leads_read_of_it_is_not_exported_as_the_askers(world: World) -> None:
    anna, ben, lea = world.asker("anna"), world.volunteer("ben"), world.lead("lea")
    await lea.commands_desk("desk")
    await anna.asks(DESPAIR, private=True)
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, command="check", argument="Pull yourself together.")
    await world.learn_people()
    async with world.app.store.transaction() as tx:
        kept = await tx.personal.export(world.people[anna.id])
    assert "Pull yourself" not in str(kept["outbox"])


async def test_the_list_says_what_a_question_is_about_and_what_was_passed(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.commands("country", "UK", private=True)
    await anna.commands("person", STRANGE, private=True)
    listed = "".join(message.text() for message in await ben.commands_desk("desk"))
    assert "#1 · " in listed
    assert "UK" in listed
    assert "wifi" not in listed
    await ben.at_desk(1, press="Pass")
    assert "You will not be shown #1 again" not in ben.got_at_desk(1)
    assert "You will not be shown #1 again" in ben.got()[-1].text()
    listed = "".join(message.text() for message in await ben.commands_desk("desk"))
    assert "You have passed these. They wait for somebody else: #1." in listed
