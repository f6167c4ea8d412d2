"""What curators see: kb check, new, preview, test, due, gaps and export, as they are typed."""

from __future__ import annotations

import asyncio
import errno
import re
import shlex
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import escape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from pydantic import SecretStr
from typer.testing import CliRunner

from bot.cli.kb import app
from bot.cli.kb_due import due
from bot.cli.kb_export import page
from bot.cli.kb_gaps import gaps, lines
from bot.cli.kb_new import as_yaml
from bot.cli.kb_preview import preview
from bot.cli.kb_published import put_into_files
from bot.config import Settings
from bot.domain.curating import Kind
from bot.domain.messages import Sender
from bot.domain.people import PersonId, Role
from bot.errors import ConfigError, KnowledgeError
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.live import Learnt, TakenOver
from bot.knowledge.loader import load
from bot.knowledge.overlay import Change, Changes, fields_of
from bot.knowledge.schema import EntriesFile
from bot.knowledge.yaml_lines import read_yaml
from bot.storage.store import Store
from tests.knowledge.test_live import Curator
from tests.world import ROOT, World

TODAY = date(2026, 11, 28)
PUBLISHED = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture
def folder(few_answers: Path, tmp_path: Path) -> Path:
    """A knowledge folder that may be written to, consistent in itself."""
    return Path(shutil.copytree(few_answers, tmp_path / "knowledge"))


def run(*arguments: str, typed: Sequence[str] = ()) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments), input="\n".join(typed) + "\n")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_check_is_green_and_says_how_many_phrasings_find_home(folder: Path) -> None:
    code, shown = run("check", "--knowledge", str(folder))
    assert code == 0, shown
    assert re.search(r"finds its own entry in \d+ of \d+ cases", shown)
    assert "0 remarks" in shown


def test_check_lists_lost_phrasings_with_file_and_line(folder: Path) -> None:
    _, shown = run("check", "--lost", "--knowledge", str(folder))
    lost = [line for line in shown.splitlines() if " first and its own entry as number " in line]
    assert lost
    for line in lost:
        file, number, rest = line.split(":", 2)
        phrasing = rest.split("'")[3]
        assert phrasing.split()[0] in Path(file).read_text(encoding="utf-8").splitlines()[int(number) - 1]


def test_check_is_red_when_there_is_something_to_mend(folder: Path) -> None:
    file = folder / "entries" / "costs.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("Please read these with care.", "It is guaranteed."), encoding="utf-8"
    )
    code, shown = run("check", "--knowledge", str(folder))
    assert code == 1
    assert re.search(r"costs.yaml:\d+: entry 'cost-overview': `full` holds a guarantee", shown)


def test_fix_mends_and_says_where(folder: Path) -> None:
    file = folder / "entries" / "costs.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("Please read these with care.", "Please read these **with care**."), encoding="utf-8")
    code, shown = run("check", "--fix", "--knowledge", str(folder))
    assert code == 0
    assert re.search(r"costs.yaml:\d+: mended \(no bold\)", shown)
    assert file.read_text(encoding="utf-8") == text


ANSWERS = [
    "Cost Parking", "cost-mexico", "cost-parking",  # two that cannot be used, then a good one
    "money", "costs",
    "???", "Is parking at the hospital free?",
    "parking fee hospital", "where can my husband leave the car", "do i pay to park", "Is there a car park?",
    "car park price per day", "is parking included", "how much is it to park near the ward", "free parking for patients",
    "",
    "parking, car park",
    "Ask the hospital. Many hospitals charge for parking. Some let patients on long stays park free.",
    "Parking differs from hospital to hospital.", "", "- Ask before you travel.", ".",
    "An Example Hospital, visiting us", "last year", "1925", "2024", "example.org", "https://example.org/parking", "",
    "Atlantis", "UK",
    "cost-nothing", "cost-overview",
    "yes",  # prices change
]  # fmt: skip


def test_a_new_entry_is_asked_for_checked_and_saved(folder: Path) -> None:
    code, shown = run("new", "--knowledge", str(folder), typed=[*ANSWERS, "yes"])
    assert code == 0, shown
    assert f"hsct-bot kb preview cost-parking --knowledge {folder}" in shown
    for problem in ("Use small letters", "'cost-mexico' is taken", "'money' is not one of", "four digits", "starts with https://",
                    "'Atlantis' is not one of", "'cost-nothing' is not one of"):  # fmt: skip
        assert problem in shown
    entry = load(folder).entries["cost-parking"]
    assert entry.phrasings[1] == "where can my husband leave the car"
    assert entry.full == "Parking differs from hospital to hospital.\n\n- Ask before you travel."
    assert entry.sources[0].link == "https://example.org/parking"
    assert entry.related == ("cost-overview",)
    assert entry.volatile
    assert run("check", "--knowledge", str(folder))[0] == 0


def test_the_guides_way_on_a_copy_goes_as_it_says(folder: Path) -> None:
    guide = (ROOT / "docs/curating.md").read_text(encoding="utf-8")
    example = guide.split("## Write a new entry")[1].split("\n## ")[0]
    lines = "".join(re.findall(r"```text\n(.*?)```", example, re.DOTALL)).replace("(empty line)", "").splitlines()
    steps = guide.split("## Go the whole way once, on a copy")[1].split("\n## ")[0]
    new, check, look, preview_it = [
        shlex.split(step.replace("practice", str(folder)))
        for step in re.findall(r"^\d\. `hsct-bot kb (.*?)`", steps, re.M)
    ]
    curator = Curator(folder)
    told = run(*new, typed=[*lines[:-1], "yes"])[1]
    assert "cannot be used" not in told
    assert re.search(r"entries.costs\.yaml", told), told
    code, told = run(*check)
    assert code == 0, told
    assert "0 remarks" in told
    first = next(line for line in run(*look)[1].splitlines() if re.match(r" +\d+%", line))
    assert "cost-parking" in first
    assert "Ask the hospital before you travel." in run(*preview_it)[1]
    asyncio.run(curator.reload.settle())
    assert "cost-parking" in curator.holder.knowledge.entries
    assert curator.holder.happened == ["shown", "fitted"]
    assert [type(news) for news in curator.news] == [TakenOver, Learnt]


def test_a_long_phrasing_stays_on_its_line_and_is_read_back_as_it_was() -> None:
    long = [
        "Is there a car park at the ward, and if so, may my wife leave our car there for the whole four weeks of my stay?",
        "How long may the car stay there: I read that four weeks are possible, but the ward says it's for staff only now?",
        "Four weeks - " + "it's a long time for a car to stand " * 9 + "and rust?",
    ]
    source = {
        "name": "The ward: what it says about cars and where they stand, in four parts, of which the last is on time"
    }
    asked = " ".join(["Ask the ward about it."] * 10)
    text = as_yaml({"id": "cost-parking", "phrasings": long, "short": asked, "sources": [source]})
    lines = text.splitlines()
    assert [sum(part in line for line in lines) for part in ("car park", "How long", "it's a long", "name: ")] == [
        1
    ] * 4
    assert sum(line.lstrip().startswith("- ") for line in lines) == 1 + len(long) + 1
    assert len(lines) == 1 + 2 + len(long) + 1 + 3 + 1, "a short answer is folded, nothing else is"
    assert yaml.safe_load(text) == [{"id": "cost-parking", "phrasings": long, "short": asked, "sources": [source]}]


def test_a_new_entry_that_is_not_kept_leaves_no_trace(folder: Path) -> None:
    before = (folder / "entries" / "costs.yaml").read_text(encoding="utf-8")
    _, shown = run("new", "--knowledge", str(folder), typed=[*ANSWERS, "no"])
    assert "Nothing was saved" in shown
    assert (folder / "entries" / "costs.yaml").read_text(encoding="utf-8") == before


def test_stopping_half_way_leaves_no_trace(folder: Path) -> None:
    before = (folder / "entries" / "costs.yaml").read_text(encoding="utf-8")
    code, _ = run("new", "--knowledge", str(folder), typed=ANSWERS[:20])
    assert code == 1
    assert (folder / "entries" / "costs.yaml").read_text(encoding="utf-8") == before


def test_stopping_at_the_last_question_leaves_no_trace_and_enter_keeps_nothing_that_has_remarks(folder: Path) -> None:
    before = (folder / "entries" / "costs.yaml").read_text(encoding="utf-8")
    typed = [answer if answer != ANSWERS[17] else "It is guaranteed." for answer in ANSWERS]
    code, _ = run("new", "--knowledge", str(folder), typed=typed)
    assert code == 1
    _, shown = run("new", "--knowledge", str(folder), typed=[*typed, ""])
    assert "Nothing was saved" in shown
    assert (folder / "entries" / "costs.yaml").read_text(encoding="utf-8") == before


def test_a_new_entry_says_what_is_wrong_with_it(folder: Path) -> None:
    typed = [answer if answer != ANSWERS[17] else "It is guaranteed." for answer in ANSWERS]
    _, shown = run("new", "--knowledge", str(folder), typed=[*typed, "no"])
    assert "`short` holds a guarantee" in shown


@pytest.mark.parametrize("platform", ["console", "discord", "telegram"])
def test_every_entry_can_be_previewed(knowledge: KnowledgeBase, platform: str) -> None:
    for entry in knowledge.entries.values():
        shown = "\n".join(preview(knowledge, entry, platform, None, TODAY))
        assert "The first answer" in shown
        assert ("What More shows" in shown) != entry.by_person


def test_preview_shows_the_part_of_a_country_first(knowledge: KnowledgeBase) -> None:
    shown = list(preview(knowledge, knowledge.entries["cost-overview"], "console", "UK", TODAY))
    assert shown[2].startswith("For UK:")
    assert list(preview(knowledge, knowledge.entries["cost-overview"], "console", "uk", TODAY)) == shown


@pytest.mark.parametrize(
    ("country", "first"),
    [
        ("Germany", "For EU: European experts"),
        ("Sweden", "For Sweden:"),
        ("Norway", "For Norway:"),
        ("Turkey", "In Europe"),
    ],
)
def test_somebody_from_a_country_of_the_eu_is_shown_its_part_where_their_country_has_none(
    knowledge: KnowledgeBase, country: str, first: str
) -> None:
    shown = list(preview(knowledge, knowledge.entries["regulation-elsewhere"], "console", country, TODAY))
    assert shown[2].startswith(first)
    more = shown[next(place for place, line in enumerate(shown) if "What More shows" in line) :]
    parts = [line for line in more if line.startswith("For ")]
    assert parts[0].startswith(first) or not first.startswith("For ")


@pytest.mark.parametrize("command", ["due", "gaps"])
def test_more_days_than_a_calendar_has_are_refused_in_words(folder: Path, command: str) -> None:
    code, shown = run(command, "--days", "99999999", "--knowledge", str(folder))
    assert code == 2
    assert "Error" in shown


def test_preview_says_what_it_does_not_know(knowledge: KnowledgeBase) -> None:
    entry = knowledge.entries["cost-overview"]
    with pytest.raises(ConfigError, match=r"Say --as with one of: .*console"):
        list(preview(knowledge, entry, "icq", None, TODAY))
    with pytest.raises(ConfigError, match="not one of the countries"):
        list(preview(knowledge, entry, "console", "Atlantis", TODAY))


def test_an_entry_that_is_not_there_is_answered_with_the_nearest(folder: Path) -> None:
    with pytest.raises(ConfigError, match="Did you mean cost-mexico"):
        run("preview", "cost-mexco", "--knowledge", str(folder))


def test_due_lists_the_overdue_first(knowledge: KnowledgeBase) -> None:
    assert next(due(knowledge, TODAY, 31)).startswith("Nothing is due")
    lines = list(due(knowledge, date(2027, 3, 1), 300))
    assert "OVERDUE" in lines[0]
    assert lines == sorted(lines[:-2]) + lines[-2:]


async def shown_gaps(world: World) -> str:
    async with world.app.store.transaction() as tx:
        counts = await tx.gaps.count(world.clock().date() - timedelta(90))
    return "\n".join(lines(counts, world.app.live.knowledge, 30))


async def test_gaps_counts_what_was_not_answered_and_shows_nobodys_words(world: World) -> None:
    anna = world.asker("anna")
    await anna.asks("does the hospital shop sell gluten free bread for my purple gorilla")
    await anna.asks("mexico")
    await anna.asks("none of these")
    shown = await shown_gaps(world)
    assert shown.startswith("Counted since 2026-11-23. 2 questions")
    assert "No sure answer, handed to volunteers; nearest entry: 1" in shown
    assert '"None of these" was chosen; nearest entry: 1' in shown
    assert "gorilla" not in shown
    assert "anna" not in shown


async def test_gaps_counts_answers_that_were_not_meant(world: World) -> None:
    anna = world.asker("anna")
    (answer,) = await anna.asks("how much is it in mexico?")
    await anna.presses("Not what I meant", answer)
    shown = await shown_gaps(world)
    assert '"Not what I meant" was pressed; the answer shown: 1' in shown
    assert "1  cost-mexico" in shown


async def test_gaps_are_still_counted_when_the_questions_are_long_gone(world: World) -> None:
    anna = world.asker("anna")
    (answer,) = await anna.asks("how much is it in mexico?")
    await anna.presses("Not what I meant", answer)
    await anna.asks("does the hospital in puebla have wifi for my purple gorilla")
    before = (await shown_gaps(world)).splitlines()[1:]
    for _ in range(2):  # what is counted once is not counted again
        world.clock.pass_(days=31)
        async with world.app.store.transaction() as tx:
            await tx.escalations.close(1, world.clock())
        await world.app.privacy.purge(world.app.store, world.clock())
    shown = await shown_gaps(world)
    assert shown.splitlines()[1:] == before
    assert "0 questions are still kept" in shown
    assert "1  cost-mexico" in shown
    world.clock.pass_(days=91)
    assert "Nothing has been counted" in await shown_gaps(world)


async def test_gaps_of_an_empty_database(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    await (await Store.open(url)).close()
    shown = await gaps(Settings(database_url=SecretStr(url)), load(ROOT / "knowledge"), date(2026, 9, 1))
    assert shown == ["Nothing has been counted. Questions are kept for 30 days, their counts for good."]


class Outline(HTMLParser):
    """Tags, ids, headings and links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        if tag not in {"meta", "br"}:
            self.open.append(tag)
        self.ids += [values["id"] or ""] if "id" in values else []
        self.links += [values["href"] or ""] if tag == "a" else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another tag"


@pytest.fixture(scope="module")
def outline(knowledge: KnowledgeBase) -> Outline:
    found = Outline()
    found.feed(page(knowledge, TODAY))
    found.close()
    return found


def test_the_page_is_whole_and_can_be_walked_by_headings(outline: Outline) -> None:
    assert outline.open == []
    levels = [int(tag[1]) for tag in outline.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert {"main", "nav", "header", "title"} <= set(outline.tags)


def test_the_page_has_no_scripts_and_fetches_nothing(outline: Outline) -> None:
    assert not {"script", "img", "link", "iframe", "object", "table"} & set(outline.tags)


def test_every_link_within_the_page_leads_somewhere(outline: Outline) -> None:
    assert len(outline.ids) == len(set(outline.ids))
    inner = {link[1:] for link in outline.links if link.startswith("#")}
    assert inner <= set(outline.ids)
    assert all(link.startswith(("#", "https://", "http://")) for link in outline.links)


def test_every_answer_and_source_and_red_flag_is_on_the_page(knowledge: KnowledgeBase, outline: Outline) -> None:
    for entry in knowledge.entries.values():
        assert entry.id in outline.ids
        assert {source.link for source in entry.sources} <= set(outline.links)
    assert {f"flag-{flag.id}" for flag in knowledge.safety.flags} <= set(outline.ids)


def test_what_stands_beside_the_answers_is_on_the_page_with_its_sources(
    knowledge: KnowledgeBase, outline: Outline
) -> None:
    shown, links = page(knowledge, TODAY), set(outline.links)
    for stage in knowledge.stages:
        assert f"step-{stage.id}" in outline.ids
        assert escape(stage.summary) in shown
    for programme in knowledge.eligibility.programmes:
        assert f"list-{programme.id}" in outline.ids
        assert {one.source.link for one in programme.sources} <= links
        assert all(escape(one.says) in shown for one in programme.criteria)
    for flag in knowledge.safety.flags:
        assert {source.link for source in flag.sources} <= links
        assert all(escape(line) in shown for line in flag.lines.values())
    for group in knowledge.safety.helplines:
        assert {line.look_up for line in group.lines if line.look_up} <= links
        assert all(escape(line.number) in shown for line in group.lines)
    assert "No page was read for this text" in shown
    assert "<li>Type of MS: relapsing MS (" in shown


def test_words_cannot_become_markup_on_the_page(knowledge: KnowledgeBase) -> None:
    entry = replace(knowledge.entries["cost-mexico"], short='<script>alert("x")</script> & more')
    text = page(replace(knowledge, entries={entry.id: entry}), TODAY)
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_export_writes_the_file(folder: Path, tmp_path: Path) -> None:
    code, _ = run("export", "--html", "--to", str(tmp_path / "base.html"), "--knowledge", str(folder))
    assert code == 0
    assert (tmp_path / "base.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    with pytest.raises(ConfigError, match="cannot be written"):
        run("export", "--html", "--to", str(tmp_path), "--knowledge", str(folder))


CONFIG = "database_url: sqlite+aiosqlite:///{database}\nknowledge: {folder}\n"


async def publish(database: Path, *changes: tuple[Kind, str, dict[str, object] | None]) -> None:
    """Publish changes as leads do, on a day."""
    store = await Store.open(f"sqlite+aiosqlite:///{database}")
    async with store.transaction() as tx:
        lead = await tx.people.known(Sender(PersonId("telegram", "lea"), "Lea", Role.LEAD), PUBLISHED)
        for kind, name, fields in changes:
            number = await tx.curating.add(kind, name, fields or {}, lead.number, PUBLISHED, basis="", leads=True)
            seen = await tx.curating.get(number)
            assert seen
            await tx.curating.propose(seen, PUBLISHED)
            await tx.curating.publish(seen, fields, PUBLISHED)
    await store.close()


@pytest.fixture
def config(folder: Path, tmp_path: Path) -> Path:
    """Settings of a bot in which a new entry, a change and a retirement have been published."""
    mexico = fields_of(load(folder).entries["cost-mexico"]) | {"question": "What is the price in Mexico?"}
    mexico |= {"reviewed_on": "2026-11-28"}
    parking = {**mexico, "id": "cost-parking", "question": "Is parking free?", "phrasings": ["where can I park"]}
    changes = (
        (Kind.EDIT, "cost-mexico", mexico),
        (Kind.NEW, "cost-parking", parking),
        (Kind.RETIRE, "cost-russia", None),
    )
    asyncio.run(publish(tmp_path / "bot.db", *changes))
    file = tmp_path / "config.yaml"
    file.write_text(CONFIG.format(database=tmp_path / "bot.db", folder=folder), encoding="utf-8")
    return file


def test_export_gives_what_was_published_as_a_file_of_entries(config: Path, tmp_path: Path) -> None:
    code, shown = run("export", "--config", str(config))
    assert code == 0
    assert "# retired: cost-russia" in shown
    file = tmp_path / "published.yaml"
    file.write_text(shown, encoding="utf-8")
    entries = EntriesFile.model_validate(read_yaml(file, "published.yaml")[1]).entries
    assert [entry.id for entry in entries] == ["cost-mexico", "cost-parking"]
    assert "reviewed_on: 2026-11-28" in shown, "a date, as curators write it"


def test_export_puts_what_was_published_into_the_files_and_leaves_the_rest_as_it_is(config: Path, folder: Path) -> None:
    costs = folder / "entries" / "costs.yaml"
    text = re.sub(r"related: \[[\w-]+", "related: [cost-russia", costs.read_text(encoding="utf-8"))
    costs.write_text(f"# our prices\n{text}", encoding="utf-8")
    more = folder / "more-phrasings.yaml"
    more.write_text("phrasings:\n  cost-mexico:\n    - a story\n  cost-russia:\n    - its own\n", encoding="utf-8")
    before = load(folder)
    code, shown = run("export", "--into-files", "--config", str(config))
    assert code == 0
    assert "cost-parking written" in shown
    assert "cost-russia taken out" in shown
    after = load(folder)
    assert after.entries["cost-mexico"].question == "What is the price in Mexico?"
    assert "cost-parking" in after.entries
    assert "cost-russia" not in after.entries
    same = before.entries.keys() - {"cost-mexico", "cost-russia"}
    assert any("cost-russia" in before.entries[name].related for name in same), "or what follows shows nothing"
    for name in same:
        related = tuple(other for other in before.entries[name].related if other != "cost-russia")
        assert after.entries[name] == replace(before.entries[name], related=related)
    assert "cost-russia" not in (folder / "topics.yaml").read_text(encoding="utf-8")
    assert more.read_text(encoding="utf-8") == "phrasings:\n  cost-mexico:\n    - a story\n"
    assert costs.read_text(encoding="utf-8").startswith("# our prices\n")
    text = costs.read_text(encoding="utf-8")
    run("export", "--into-files", "--config", str(config))
    assert costs.read_text(encoding="utf-8") == text, "done twice it is the same"


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("  cost-russia:\n  - its own\n  - another\n  cost-mexico: [a story]\n", "  cost-mexico: [a story]\n"),
        (
            "  cost-mexico:\n    - a story\n  cost-russia:\n    - its own\n\n    - another",
            "  cost-mexico:\n    - a story\n",
        ),
        ("  cost-russia: [its own,\n    another]\n", None),
    ],
)
def test_the_lines_of_a_retired_entry_become_nobody_elses(folder: Path, written: str, left: str | None) -> None:
    more = folder / "more-phrasings.yaml"
    more.write_text(f"# stories\nphrasings:\n{written}", encoding="utf-8")
    put_into_files(folder, Changes({"cost-russia": Change(date(2026, 11, 30), None)}))
    assert more.read_text(encoding="utf-8") == f"# stories\nphrasings:{chr(10) + left if left else ' {}' + chr(10)}"
    load(folder)


@pytest.mark.parametrize("other", [("--html",), ("--to", "somewhere.yaml")])
def test_export_refuses_options_of_which_it_would_follow_one(
    config: Path, folder: Path, other: tuple[str, ...]
) -> None:
    before = load(folder).version
    with pytest.raises(ConfigError, match=f"--into-files and {other[0]} do not go together"):
        run("export", "--into-files", *other, "--config", str(config))
    assert load(folder).version == before


def test_files_that_would_break_are_left_as_they_were(config: Path, folder: Path, tmp_path: Path) -> None:
    broken: dict[str, object] = {"id": "cost-parking", "topic": "costs", "question": "Is parking free?"}
    asyncio.run(publish(tmp_path / "bot.db", (Kind.NEW, "cost-parking", broken)))
    before = (folder / "entries" / "costs.yaml").read_text(encoding="utf-8")
    with pytest.raises(KnowledgeError):
        run("export", "--into-files", "--config", str(config))
    assert (folder / "entries" / "costs.yaml").read_text(encoding="utf-8") == before


@pytest.fixture
def full_disk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """From the second file on nothing can be written into the folder, save what stood there before."""
    with (folder / "entries" / "costs.yaml").open("a", encoding="utf-8") as file:
        file.write("# something to mend  \n")
    before = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.yaml")}
    written: list[Path] = []
    really = Path.write_text

    def write_text(path: Path, text: str, encoding: str | None = None) -> int:
        if path.is_relative_to(folder) and text != before.get(path):
            written.append(path)
            if len(written) > 1:
                really(path, "", encoding)
                raise OSError(errno.ENOSPC, "No space left on device")
        return really(path, text, encoding)

    monkeypatch.setattr(Path, "write_text", write_text)
    return written


def test_an_export_that_cannot_be_written_leaves_every_file_as_it_was(
    config: Path, folder: Path, full_disk: list[Path]
) -> None:
    before = load(folder).version
    with pytest.raises(ConfigError, match=r"cannot be written \(No space left on device\)\. Nothing was changed"):
        run("export", "--into-files", "--config", str(config))
    assert len(full_disk) == 2, "one was written, and is taken back"
    assert load(folder).version == before


def test_a_mending_that_cannot_be_written_leaves_every_file_as_it_was(folder: Path, full_disk: list[Path]) -> None:
    full_disk.append(folder)
    file = folder / "entries" / "costs.yaml"
    before = file.read_text(encoding="utf-8")
    with pytest.raises(ConfigError, match="cannot be written"):
        run("check", "--fix", "--knowledge", str(folder))
    assert file.read_text(encoding="utf-8") == before


def test_a_new_entry_that_cannot_be_saved_is_shown_as_it_belongs_into_the_file(
    folder: Path, full_disk: list[Path]
) -> None:
    full_disk.append(folder)
    before = load(folder).version
    result = CliRunner().invoke(app, ["new", "--knowledge", str(folder)], input="\n".join([*ANSWERS, "yes"]) + "\n")
    assert isinstance(result.exception, ConfigError)
    assert f"belongs at the end of {folder / 'entries' / 'costs.yaml'}" in str(result.exception)
    assert "Nothing was changed" in str(result.exception)
    shown = "entries:\n  - id: cost-parking" + result.output.split("\n  - id: cost-parking")[1]
    (entry,) = EntriesFile.model_validate(yaml.safe_load(shown)).entries
    assert entry.phrasings[1] == "where can my husband leave the car"
    assert load(folder).version == before


def test_preview_and_due_show_what_was_published_when_asked_to(config: Path) -> None:
    assert "What is the price in Mexico?" in run("preview", "cost-mexico", "--published", "--config", str(config))[1]
    assert "What is the price in Mexico?" not in run("preview", "cost-mexico", "--config", str(config))[1]
    assert "cost-parking" in run("due", "--days", "9999", "--published", "--config", str(config))[1]
