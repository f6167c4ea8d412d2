"""Which language an asker speaks: from their app or their own word, for the volunteers who speak it too."""

from __future__ import annotations

import json

import pytest

from bot.domain.people import language_of
from tests.platforms.discord.people import until
from tests.platforms.discord.wire import UNKNOWN, Place, Wire
from tests.platforms.telegram.stage import Stage
from tests.world import Person, World

STRANGE = "does the hospital in Puebla have wifi in the rooms"


def anna_with(world: World, language: str | None) -> Person:
    anna = world.asker("anna")
    anna.language = language
    return anna


async def on_duty(world: World, name: str, covers: str) -> Person:
    person = world.volunteer(name)
    await person.commands_desk("covers", covers)
    await person.commands_desk("duty", "on")
    return person


async def language_kept(world: World, person: Person) -> str | None:
    async with world.app.store.transaction() as tx:
        found = await tx.people.find(person.id)
    return found.language if found else None


async def test_who_speaks_it_is_told_and_the_card_names_it(world: World) -> None:
    anna = anna_with(world, "de-AT")
    ben = await on_duty(world, "ben", "languages German")
    await on_duty(world, "cara", "languages Polish")
    await on_duty(world, "dan", "languages English")
    await anna.commands("person", STRANGE)
    assert world.card(1).pages == (world.people[ben.id],)
    assert "(country not known, language: German," in world.card(1).text()


@pytest.mark.parametrize("told", [None, "en", "en-GB"])
async def test_without_one_nobody_is_left_out_for_it(world: World, told: str | None) -> None:
    anna, ben = anna_with(world, told), await on_duty(world, "ben", "countries UK")
    await ben.commands_desk("covers", "languages German")
    await anna.commands("country", "UK")
    await anna.commands("person", STRANGE)
    assert world.card(1).pages == (world.people[ben.id],)
    assert "language:" not in world.card(1).text()


async def test_it_is_kept_only_when_a_question_goes_to_volunteers(world: World) -> None:
    anna = anna_with(world, "de")
    await anna.commands("country", "UK", private=True)
    await anna.asks("how much does hsct cost in mexico?")
    assert await language_kept(world, anna) == "en", "the bot needs none to answer"
    await anna.commands("person", STRANGE)
    assert await language_kept(world, anna) == "de"


async def test_what_somebody_says_counts_more_than_their_app(world: World) -> None:
    anna = anna_with(world, "de")
    (told,) = await anna.commands("language", "klingon", private=True)
    assert "Known: English, German" in told.text()
    (told,) = await anna.commands("language", "polish", private=True)
    assert "Noted: Polish." in told.text()
    assert "I only speak English" in told.text()
    await anna.commands("person", STRANGE)
    assert "language: Polish" in world.card(1).text()


async def test_somebody_may_have_none_kept(world: World) -> None:
    anna = anna_with(world, "de")
    await anna.commands("person", STRANGE)
    (told,) = await anna.commands("language", "none", private=True)
    assert "not take it from your app" in told.text()
    await anna.commands("person", STRANGE)
    assert "language:" not in world.card(2).text()


async def test_they_are_shown_it_and_it_goes_with_them(world: World) -> None:
    anna = anna_with(world, "de")
    await anna.commands("person", STRANGE, private=True)
    (shown,) = await anna.commands("mydata", private=True)
    assert json.loads(shown.body[1].text)["people"][0]["language"] == "de"
    await anna.commands("forgetme", private=True)
    await anna.presses("Delete everything about me")
    assert await language_kept(world, anna) is None


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("pt-BR", "pt"),
        ("zh_Hans", "zh"),
        ("NB", "no"),
        ("fil", "fil"),
        ("", None),
        (None, None),
        ("x" * 9, None),
        ("d€", None),
    ],
)
def test_what_platforms_call_it(told: str | None, meant: str | None) -> None:
    assert language_of(told) == meant


async def test_telegram_tells_it_with_each_message(stage: Stage) -> None:
    stage.anna.language_code = "de"
    await stage.says(stage.anna, f"/person {UNKNOWN}", stage.group)
    assert "language: German" in stage.card(1)["text"]


async def test_discord_tells_it_with_each_command(wire: Wire, place: Place) -> None:
    anna = place.human("Anna")
    anna.locale = "pl"
    await anna.slash(place.lounge, "person", question=UNKNOWN)
    post = await place.post()
    await until(lambda: "language: Polish" in place.card(post)["content"], "the language on the card")
