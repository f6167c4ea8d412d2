"""The digest: numbers for leads, in words, as a picture and as CSV; nobody can be recognised in it."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.cli.digest import digest_text
from bot.config import Settings
from bot.digest.desk import Weekly
from bot.digest.numbers import Digest, digest_of, percentile
from bot.digest.pictures import Pictures
from bot.knowledge.base import KnowledgeBase
from bot.storage.digests import Counted
from bot.storage.gaps import GapCounts
from bot.storage.store import Store
from tests.world import ROOT, Person, World

MONDAY_EIGHT = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def a_week(world: World) -> Person:
    """Four questions: answered after 1, 2 and 10 hours, and one that waits; two askers rate."""
    ben, lou = world.volunteer("ben"), world.lead("lou")
    await lou.commands_desk("desk")
    for number, (name, hours) in enumerate((("anna", 1), ("dora", 2), ("eve", 10)), 1):
        asker = world.asker(name)
        await asker.commands("country", "UK" if number < 3 else "Ireland", private=True)
        await asker.commands("person", "how much does hsct cost in mexico?", private=True)
        world.clock.pass_(hours=hours)
        await ben.at_desk(number, press="Claim")
        await ben.at_desk(number, "Here is what I know.")
        await ben.at_desk(number, press="Close")
    await world.asker("anna").presses("This helped")
    await world.asker("eve").presses("This did not help")
    await world.asker("flo").commands("person", "does the clinic have wifi", private=True)
    return lou


async def numbers(world: World, lou: Person) -> str:
    """Give the numbers in words; a picture of them may follow, and of earlier ones go before."""
    told = await lou.commands("digest", private=True)
    return next(one.text() for one in told if one.picture is None)


async def test_a_lead_reads_the_numbers_of_the_last_week(world: World) -> None:
    text = await numbers(world, await a_week(world))
    assert "Opened: 4. Answered: 3." in text
    assert "First answer: half came within 2 hours, nine of ten within 10 hours." in text
    assert "Ratings: 1 helped, 1 did not help." in text
    assert "Open now, by age: under 4 hours 1, 4 hours to 1 day 1" in text
    assert "Costs 3" in text


async def test_no_country_with_fewer_than_three_askers_is_named(world: World) -> None:
    text = await numbers(world, await a_week(world))
    assert "UK" not in text
    assert "Ireland" not in text
    assert "other 3" in text


async def test_it_holds_no_words_and_no_names(world: World) -> None:
    text = await numbers(world, await a_week(world))
    for word in ("wifi", "Here is", "Anna", "Ben"):
        assert word not in text


async def test_older_days_are_left_out_and_can_be_asked_for(world: World) -> None:
    lou = await a_week(world)
    world.clock.pass_(days=10)
    assert "Opened: 0. Answered: 0." in await numbers(world, lou)
    month, *_ = await lou.commands("digest", "30", private=True)
    assert "Opened: 4. Answered: 3." in month.text()


async def test_ratings_are_counted_when_their_events_have_been_purged(world: World) -> None:
    lou = await a_week(world)
    world.clock.pass_(days=5)
    await world.app.privacy.purge(world.app.store, world.clock())
    assert "Ratings: 1 helped, 1 did not help." in await numbers(world, lou)


async def test_at_the_desk_it_is_sent_in_private(world: World) -> None:
    lou = await a_week(world)
    (told,) = await lou.commands_desk("digest")
    assert "in private" in told.text()
    assert "Opened: 4" in "".join(one.text() for one in lou.got())


@pytest.mark.parametrize("words", ["", "csv"])
async def test_volunteers_are_refused(world: World, words: str) -> None:
    await a_week(world)
    (told,) = await world.volunteer("ben").commands_desk("digest", words)
    assert "Only leads" in told.text()


@pytest.mark.parametrize(("words", "days"), [("csv", 7), ("30 csv", 30), ("CSV 30", 30), ("5000 csv", 30)])
async def test_a_lead_is_given_a_table_in_private(world: World, words: str, days: int) -> None:
    lou = await a_week(world)
    (told,) = await lou.commands_desk("digest", words)
    assert "in private" in told.text()
    assert await table(world, lou) == [f"days,,{days}", "until,,2026-11-24", "opened,,4"]


async def test_under_the_numbers_is_a_button_for_the_table_of_the_same_days(world: World) -> None:
    lou = await a_week(world)
    await lou.commands("digest", "30", private=True)
    await lou.presses("As a table (CSV)")
    assert (await table(world, lou))[0] == "days,,30"


async def table(world: World, lou: Person) -> list[str]:
    """Give the first lines of the file in the newest message, as an adapter fetches it."""
    (file,) = next(one.attachments for one in reversed(lou.got()) if one.attachments)
    assert file.name.endswith(".csv")
    return (await world.app.adapters.fetch(file)).decode().splitlines()[1:4]


async def test_a_picture_follows_with_its_words(world: World) -> None:
    lou = await a_week(world)
    await numbers(world, lou)
    await world.app.pictures.settle()
    await world.app.outbox.settle()
    (picture,) = (one.picture for one in lou.got() if one.picture)  # one drawn before may be there before the numbers
    assert Path(picture.path).read_bytes().startswith(b"\x89PNG")  # noqa: ASYNC240
    assert "Bars" in picture.alt
    assert "under 4 hours 1" in picture.alt


def test_the_drawing_library_never_gets_into_the_bots_process() -> None:
    script = (
        "import sys, bot.app, bot.cli.main, bot.digest.desk, bot.digest.pictures; print('matplotlib' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
    users = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "bot").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any("matplotlib" in name for name in (getattr(node, "module", "") or "", *(one.name for one in node.names)))
    ]
    assert set(users) == {"bot/digest/draw.py"}
    assert "matplotlib" not in sys.modules


async def test_a_picture_that_cannot_be_drawn_costs_the_picture_alone(world: World, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    pictures = Pictures(world.app.store, tmp_path / "file", world.clock, lambda: None)
    pictures.send({"title": "x", "groups": []}, "alt", ())
    await pictures.settle()
    with pytest.raises(RuntimeError, match="drawing ended"):
        await Pictures(world.app.store, tmp_path, world.clock, lambda: None).drawn({"no": "title"})


# Every week


async def weekly(world: World) -> int:
    await world.app.timers.look()
    await world.app.outbox.settle()
    lou = world.lead("lou")
    return sum("The last 7 days" in message.text() for message in lou.got())


async def test_each_monday_at_eight_once(world: World) -> None:
    await a_week(world)
    assert await weekly(world) == 0, "nothing to tell yet on the very first day"
    world.clock.now = MONDAY_EIGHT - timedelta(minutes=1)
    assert await weekly(world) == 0
    world.clock.now = MONDAY_EIGHT
    assert await weekly(world) == 1
    world.clock.pass_(hours=5)
    assert await weekly(world) == 1
    world.clock.now = MONDAY_EIGHT + timedelta(days=9)
    assert await weekly(world) == 2, "two days late is better than never"


def test_when_it_is_due() -> None:
    assert Weekly().slot(MONDAY_EIGHT) == MONDAY_EIGHT
    assert Weekly().slot(MONDAY_EIGHT - timedelta(minutes=1)) == MONDAY_EIGHT - timedelta(days=7)
    assert Weekly(6, 20).slot(MONDAY_EIGHT) == datetime(2026, 11, 29, 20, 0, tzinfo=UTC)
    assert Weekly(None).slot(MONDAY_EIGHT) is None


# The numbers themselves


def made(knowledge: KnowledgeBase, **values: object) -> Digest:
    nothing: dict[str, object] = {
        "opened": 0, "waits": [], "ages": [], "nearest": Counter(), "countries": Counter(), "helped": 0, "not_helped": 0,
    }  # fmt: skip
    return digest_of(Counted(**{**nothing, **values}), GapCounts(), knowledge, 7, date(2026, 11, 23))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("hours", "percent", "found"),
    [([5], 90, 5), (range(1, 11), 90, 9), (range(1, 12), 90, 10), (range(1, 101), 90, 90), ([3, 1, 2], 50, 2)],
)
def test_percentiles_are_times_that_were_measured(hours: list[int], percent: int, found: int) -> None:
    assert percentile([hour * HOUR for hour in hours], percent) == found * HOUR


def test_few_become_other_and_what_is_not_known_says_so(knowledge: KnowledgeBase) -> None:
    digest = made(knowledge, countries=Counter({"UK": 5, "Malta": 1, "Fiji": 2, "": 1}))
    assert digest.countries == {"UK": 5, "not known": 1, "other": 3}


def test_a_long_list_ends_in_other(knowledge: KnowledgeBase) -> None:
    digest = made(knowledge, countries=Counter({f"Land {number}": 10 + number for number in range(9)}))
    assert list(digest.countries)[-1] == "other"
    assert sum(digest.countries.values()) == sum(10 + number for number in range(9))


def test_open_ones_are_counted_by_age(knowledge: KnowledgeBase) -> None:
    ages = [HOUR, 4 * HOUR, 23 * HOUR, 24 * HOUR, 80 * HOUR]
    assert list(made(knowledge, ages=ages).ages.values()) == [1, 2, 1, 1]


def test_without_answers_there_is_no_time(knowledge: KnowledgeBase) -> None:
    assert made(knowledge).median is None
    assert '"first answer, minutes",median,\n' in made(knowledge).csv()


async def test_csv_on_the_command_line(knowledge: KnowledgeBase, tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    await (await Store.open(url)).close()
    text = await digest_text(Settings(database_url=SecretStr(url)), knowledge, 7, csv=True)
    assert text.startswith("group,name,value\ndays,,7\n")
    assert "rating,did not help,0" in text
    words = await digest_text(Settings(database_url=SecretStr(url)), knowledge, 7, csv=False)
    assert "Opened: 0. Answered: 0." in words


async def test_a_rating_pressed_again_is_one_rating(world: World) -> None:
    lou = await a_week(world)
    before = await numbers(world, lou)
    for _ in range(3):
        await world.asker("anna").presses("This helped")
    await world.app.pictures.settle()  # the picture of the first ones comes before the second ones
    assert await numbers(world, lou) == before


async def test_of_ratings_that_are_days_apart_the_last_one_counts(world: World) -> None:
    lou = await a_week(world)
    anna, eve = world.asker("anna"), world.asker("eve")
    world.clock.pass_(days=4)
    await world.app.privacy.purge(world.app.store, world.clock())  # the events of the first ones are gone
    await anna.presses("This helped")
    assert "Ratings: 1 helped, 1 did not help." in await numbers(world, lou)
    await eve.presses("This helped")
    assert "Ratings: 2 helped, 0 did not help." in await numbers(world, lou)
    await anna.presses("This did not help")
    assert "Ratings: 1 helped, 1 did not help." in await numbers(world, lou)


async def test_a_digest_reaches_no_further_back_than_what_is_kept(world: World) -> None:
    lou = await a_week(world)
    shown = (await lou.commands("digest", "90", private=True))[0]
    assert "The last 30 days" in shown.text()
