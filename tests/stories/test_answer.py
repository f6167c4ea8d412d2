"""Somebody asks, and the knowledge base has the answer."""

from __future__ import annotations

from bot.domain.messages import Addressed, Style
from tests.world import World


async def test_a_question_gets_the_curated_text_word_for_word_with_its_source(world: World) -> None:
    anna = world.asker("anna")
    (answer,) = await anna.asks("how much does hsct cost in mexico?")
    entry = world.app.live.knowledge.entries["cost-mexico"]
    assert answer.body[0].text == entry.short
    small = answer.body[-1]
    assert small.style is Style.SMALL
    assert f"Sources: {entry.sources[0].name} ({entry.sources[0].year})" in small.text
    assert "Checked November 2026 by our editors; not yet reviewed by a clinician." in small.text
    assert answer.reply_to is not None
    assert answer.to == anna.group


async def test_more_gives_the_full_text_and_every_source(world: World) -> None:
    anna = world.asker("anna")
    await anna.asks("how much does hsct cost in mexico?")
    (full,) = await anna.presses("More")
    entry = world.app.live.knowledge.entries["cost-mexico"]
    assert entry.full in [block.text for block in full.body]
    assert all(source.name in full.text() for source in entry.sources)


async def test_more_can_be_typed(world: World) -> None:
    anna = world.asker("anna")
    await anna.asks("how much does hsct cost in mexico?")
    (full,) = await anna.asks("more")
    assert world.app.live.knowledge.entries["cost-mexico"].full in [block.text for block in full.body]


async def test_a_related_question_is_one_press_away(world: World) -> None:
    anna = world.asker("anna")
    (answer,) = await anna.asks("how much does hsct cost in mexico?")
    related = next(button for button in answer.buttons if button.action == "show")
    (other,) = await anna.presses(related.label)
    assert other.body[0].text == world.app.live.knowledge.entries[related.subject].short


async def test_the_askers_country_comes_first(world: World) -> None:
    anna = world.asker("anna")
    entry = next(one for one in world.app.live.knowledge.entries.values() if "UK" in one.by_country)
    await anna.commands("country", "england")
    await anna.commands("faq", entry.id)
    (answer,) = await anna.presses(entry.question)
    assert answer.body[0].text == f"For UK: {entry.by_country['UK']}"
    assert answer.body[1].text == entry.short


async def test_people_talking_to_each_other_are_left_alone_and_not_stored(world: World) -> None:
    anna = world.asker("anna")
    assert await anna.asks("how much does hsct cost in mexico?", addressed=Addressed.NO) == []
    async with world.app.store.transaction() as tx:
        assert await tx.people.find(anna.message("x").sender.id) is None


async def test_thanks_get_no_answer_even_in_an_ask_channel(world: World) -> None:
    anna = world.asker("anna")
    assert await anna.asks("thank you so much, good luck everybody!", addressed=Addressed.ASK_CHANNEL) == []


async def test_the_same_event_twice_is_answered_once(world: World) -> None:
    anna = world.asker("anna")
    event = anna.message("how much does hsct cost in mexico?", event_id="again")
    await world.happens(event)
    await world.happens(event)
    assert len(anna.got()) == 1


async def test_an_entry_past_its_review_date_says_so(world: World) -> None:
    world.clock.pass_(days=800)
    anna = world.asker("anna")
    (answer,) = await anna.asks("how much does hsct cost in mexico?")
    assert "was due for a new check in" in answer.text()


async def test_nothing_that_was_shown_times_out(world: World) -> None:
    anna = world.asker("anna")
    await anna.asks("how much does hsct cost in mexico?")
    world.clock.pass_(days=25)
    (full,) = await anna.presses("More")
    assert world.app.live.knowledge.entries["cost-mexico"].full in [block.text for block in full.body]


async def test_a_hundred_thousand_characters_break_nothing(world: World) -> None:
    anna = world.asker("anna")
    got = await anna.asks("a" * 100_000)
    assert got == [] or got[-1].text()
    assert await anna.asks("\x00\x1b[31m\u202e") == []
    assert await anna.asks("   ") == []
