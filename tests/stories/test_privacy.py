"""What is kept, shown, forgotten and purged."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select

from bot.storage.tables import metadata
from tests.world import Person, World

TOLD = "my cousin zebedee has the same clinic"


async def everything(world: World) -> str:
    """All that is in the database, as text."""
    found: dict[str, list[Any]] = {}
    async with world.app.store.transaction() as tx:
        for table in metadata.sorted_tables:
            rows = (await tx.connection.execute(select(table))).all()
            found[table.name] = [list(row) for row in rows]
    return json.dumps(found, default=str)


async def a_busy_life(anna: Person, world: World) -> None:
    ben = world.volunteer("ben")
    await anna.commands("country", "UK")
    await anna.asks("how much does hsct cost in mexico?")
    await anna.commands("person", f"does the clinic have wifi? {TOLD}")
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, f"I will look. Which one, where {TOLD}?")
    await ben.at_desk(1, "// she told me about zebedee before")
    await anna.commands("ask")


async def test_forgetme_asks_first_and_then_deletes_from_every_table(world: World) -> None:
    anna = world.asker("anna")
    await a_busy_life(anna, world)
    await anna.commands("forgetme")
    await anna.presses("Keep it")
    assert "zebedee" in await everything(world)
    await anna.commands("forgetme")
    await anna.presses("Delete everything about me")
    assert any("Done." in one.message.text() for one in world.telegram.sent[-3:])
    rest = await everything(world)
    assert "zebedee" not in rest
    assert "Anna" not in rest
    assert "dm:anna" not in rest


async def test_forgetting_one_person_leaves_the_others_alone(world: World) -> None:
    anna, dora = world.asker("anna"), world.asker("dora")
    await a_busy_life(anna, world)
    await dora.commands("person", "is there a lift")
    await anna.commands("forgetme")
    await anna.presses("Delete everything about me")
    async with world.app.store.transaction() as tx:
        (kept,) = await tx.escalations.open_ones()
    assert kept.question == "is there a lift"


async def test_a_forgotten_number_is_not_given_again(world: World) -> None:
    anna, dora = world.asker("anna"), world.asker("dora")
    await anna.commands("person", "does the clinic have wifi")
    await anna.commands("forgetme")
    await anna.presses("Delete everything about me")
    await dora.commands("person", "is there a lift")
    assert "#2" in dora.got()[-1].text()


async def test_mydata_shows_all_of_it_in_private_even_when_asked_for_in_the_group(world: World) -> None:
    anna = world.asker("anna")
    await a_busy_life(anna, world)
    got = await anna.commands("mydata")
    assert got[0].to == anna.dm
    for table in ("people", "turns", "escalations", "said", "outbox", "conversations"):
        assert f'"{table}"' in got[0].text()
    assert TOLD in got[0].text()
    assert TOLD not in got[1].text()


async def test_every_table_with_personal_columns_is_covered_by_export_and_forget(world: World) -> None:
    """A new table that is about people has to name the person, or the escalation, it belongs to."""
    for table in metadata.sorted_tables:
        if any(column.info.get("personal") for column in table.columns):
            assert {"person_id", "asker_id", "escalation_id"} & set(table.c.keys()) or table.name == "people", (
                table.name
            )


async def test_the_purge_leaves_numbers_only(world: World) -> None:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await a_busy_life(anna, world)
    await ben.at_desk(1, press="Close")
    world.clock.pass_(days=29)
    await world.app.privacy.purge(world.app.store, world.clock())
    assert "zebedee" in await everything(world)
    world.clock.pass_(days=2)
    purged = await world.app.privacy.purge(world.app.store, world.clock())
    assert purged["escalations"] == 1
    rest = await everything(world)
    assert "zebedee" not in rest
    assert "purged escalations" in rest
    assert "event answer" in rest


async def test_an_open_escalation_is_never_purged(world: World) -> None:
    await world.asker("anna").commands("person", "does the clinic have wifi")
    world.clock.pass_(days=400)
    await world.app.privacy.purge(world.app.store, world.clock())
    async with world.app.store.transaction() as tx:
        assert len(await tx.escalations.open_ones()) == 1


async def test_what_volunteers_say_among_themselves_is_not_in_mydata_nor_its_own_copies(world: World) -> None:
    anna = world.asker("anna")
    await a_busy_life(anna, world)
    first = (await anna.commands("mydata", private=True))[-1].text()
    assert "she told me about zebedee" not in first
    second = (await anna.commands("mydata", private=True))[-1].text()
    assert len(second) < 1.5 * len(first)


async def test_forgetme_has_the_desks_threads_deleted(world: World) -> None:
    anna = world.asker("anna")
    await a_busy_life(anna, world)
    await anna.commands("forgetme")
    await anna.presses("Delete everything about me")
    for adapter in (world.telegram, world.discord):
        deleted = [one.message.to.thread for one in adapter.sent if one.message.deletes_thread]
        assert deleted == ["thread-1"]


async def test_people_of_whom_nothing_is_kept_are_purged_too(world: World) -> None:
    anna = world.asker("anna")
    await anna.asks("how much does hsct cost in mexico?")
    world.clock.pass_(days=31)
    await world.app.privacy.purge(world.app.store, world.clock())
    async with world.app.store.transaction() as tx:
        assert await tx.people.find(anna.id) is None
