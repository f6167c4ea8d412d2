"""Live reload: what curators save is live soon, what is broken is refused, and the chat goes on meanwhile."""

from __future__ import annotations

import asyncio
import gc
import io
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from bot.errors import KnowledgeError
from bot.knowledge import live, withheld
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks import Remark, promises
from bot.knowledge.entry import Entry
from bot.knowledge.folder import KnowledgeFolder
from bot.knowledge.live import Doubtful, Learnt, LiveReload, News, Refused, TakenOver, Withheld
from bot.knowledge.loader import Part, load, read_part
from bot.knowledge.overlay import Change, Changes, fields_of, laid_over
from bot.knowledge.rebuild import Fit, Fitted, name_of, named, read_frame, write_frame
from bot.knowledge.withheld import withheld_at_start
from bot.knowledge.worker import TURN
from bot.triage.live import LiveTriage, fit_matcher
from bot.triage.triage import Triage
from tests.knowledge import fits
from tests.world import ROOT

NOTHING = Changes()
PATIENCE = 60  # seconds; a busy machine may be slow, a broken reload never ends


class Holder:
    """A live knowledge base that writes down what happened to it."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self.knowledge = knowledge
        self.fitted: object = None
        self.happened: list[str] = []
        self.turns: list[float] = []

    def prepare(self, knowledge: KnowledgeBase, fitted: object | None = None) -> tuple[KnowledgeBase, object]:
        self.turns.append(sys.getswitchinterval())
        return knowledge, fitted

    def swap(self, prepared: tuple[KnowledgeBase, object]) -> None:
        self.knowledge, self.fitted = prepared
        self.happened.append("fitted" if self.fitted else "shown")


class Curator:
    """Somebody who edits a folder of their own, and what leads hear of it."""

    def __init__(self, folder: Path, fit: Fit = fits.ids) -> None:
        self.folder = folder
        self.holder = Holder(load(folder))
        self.news: list[News] = []
        self.heard = asyncio.Event()
        self.reload = LiveReload(KnowledgeFolder(folder), self.holder, fit, self.hear)

    async def hear(self, news: News) -> None:
        self.news.append(news)
        self.heard.set()

    def edits(self, change: Callable[[str], str], name: str = "entries/costs.yaml") -> None:
        path = self.folder / name
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


@pytest.fixture
def folder(small_knowledge: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_knowledge, tmp_path / "knowledge"))


@pytest.fixture
def curator(folder: Path) -> Curator:
    return Curator(folder)


def reworded(text: str) -> str:
    return text.replace("How much does HSCT cost in Mexico?", "What does HSCT cost in Mexico?")


def broken(text: str) -> str:
    return text.replace("topic: costs", "topik: costs", 1)


async def test_an_answer_that_promises_is_never_shown_and_leads_hear_where_it_stands(curator: Curator) -> None:
    before = curator.holder.knowledge
    curator.edits(lambda text: text.replace("short: ", "short: HSCT cures MS, guaranteed. ", 1))
    await curator.reload.settle()
    assert curator.holder.knowledge is before
    (refused,) = [news for news in curator.news if isinstance(news, Refused)]
    assert any("costs.yaml" in one and "guarantee" in one for one in refused.problems)


WORDS_BESIDE = [
    (
        "stages.yaml",
        "Tests of your MS,",
        "It is guaranteed to work. Tests of your MS,",
        "stage 'screening': it holds a gua",
    ),
    ("safety.yaml", "I am glad that", "You will get better. I am glad that", "red flag 'suicide': it holds a promise"),
    (
        "eligibility.yaml",
        "says: active disease in",
        "says: you qualify with active disease in",
        "programme 'ectrims-ebmt-2025'",
    ),
    ("topics.yaml", "title: Costs", "title: Costs of a cure", "topic 'costs': it holds the promise of a cure"),
]


@pytest.mark.parametrize(("file", "words", "worse", "found"), WORDS_BESIDE)
async def test_nor_are_such_words_beside_the_answers(
    folder: Path, file: str, words: str, worse: str, found: str
) -> None:
    for name in ("stages.yaml", "eligibility.yaml"):
        shutil.copy(ROOT / "knowledge" / name, folder)
    curator = Curator(folder)
    before = curator.holder.knowledge
    curator.edits(lambda text: text.replace(words, worse, 1), file)
    await curator.reload.settle()
    assert curator.holder.knowledge is before
    (refused,) = [news for news in curator.news if isinstance(news, Refused)]
    (problem,) = refused.problems
    assert re.search(rf"/{file}:\d+: {found}", problem)


def wrong_number(text: str) -> str:
    return text.replace('short: "', 'short: "Call 0800 999 123. ', 1).replace(
        "short: >-\n", "short: >-\n      Call 0800 999 123.\n", 1
    )


SLIPS: list[tuple[str, Callable[[str], str], str]] = [
    ("entries/costs.yaml", wrong_number, r"/entries/costs.yaml:\d+: entry '.*the number 0800 999 123 is not among"),
    ("entries/costs.yaml", lambda _: "entries: []\n", r"^answers that are not there any more: \d+ \(.*cost-"),
    ("topics.yaml", lambda text: text.replace("title: Costs", "title: Costs, requires: [cost-moon]"), "'cost-moon'"),
    ("safety.yaml", lambda text: text.replace("116 123", "116 124", 1), r"/safety.yaml:\d+: red flag .*116 124"),
]


@pytest.mark.parametrize(("file", "slip", "told"), SLIPS)
async def test_what_looks_like_a_slip_goes_live_and_leads_hear_of_it_once(
    curator: Curator, file: str, slip: Callable[[str], str], told: str
) -> None:
    await curator.reload.settle()
    curator.edits(slip, file)
    await curator.reload.settle()
    curator.edits(reworded)
    await curator.reload.settle()
    (doubtful,) = [news for news in curator.news if isinstance(news, Doubtful)]
    assert any(re.search(told, one) for one in doubtful.problems), doubtful.problems
    assert isinstance(curator.news[0], TakenOver)


class Beginning(Curator):
    """A curator whose bot is started anew, as it is done in `app.py`."""

    def __init__(self, folder: Path, cache: Path, published: Changes = NOTHING) -> None:
        self.folder, self.news, self.heard = folder, [], asyncio.Event()
        base = KnowledgeFolder(folder)
        shown, held = withheld_at_start(laid_over(base.load(), published), cache)
        self.holder = Holder(shown)

        async def changes() -> Changes:
            return published

        self.reload = LiveReload(base, self.holder, fits.ids, self.hear, changes, withheld=held)


def promising(text: str) -> str:
    return text.replace("short: ", "short: HSCT cures MS, guaranteed. ", 1)


async def test_a_start_leaves_out_an_answer_that_promises_and_leads_hear_where_it_stands(
    curator: Curator, tmp_path: Path
) -> None:
    good = curator.holder.knowledge
    curator.edits(promising)
    bot = Beginning(curator.folder, tmp_path / "cache")
    (name,) = bot.holder.knowledge.withheld
    entry = bot.holder.knowledge.entries[name]
    assert entry.by_person
    assert "guarantee" not in "".join((entry.question, entry.short, entry.full, *entry.by_country.values()))
    assert entry.phrasings == good.entries[name].phrasings, "the question is still known, and a person gets it"
    await bot.reload.settle()
    await bot.reload.settle()
    (told,) = bot.news
    assert isinstance(told, Withheld)
    assert any("costs.yaml:" in one and "guarantee" in one for one in told.problems)
    assert Beginning(curator.folder, tmp_path / "cache").holder.knowledge.withheld == {name}, "the next start as well"


async def test_while_an_answer_is_left_out_other_changes_go_live_and_it_stays_out(
    curator: Curator, tmp_path: Path
) -> None:
    curator.edits(promising)
    bot = Beginning(curator.folder, tmp_path / "cache")
    await bot.reload.settle()
    bot.edits(reworded)
    await bot.reload.settle()
    assert bot.holder.knowledge.entries["cost-mexico"].question == "What does HSCT cost in Mexico?"
    assert len(bot.holder.knowledge.withheld) == 1
    assert bot.reload.learnt
    assert [type(news) for news in bot.news] == [Withheld, TakenOver, Learnt]
    bot.edits(lambda text: text.replace("HSCT cures MS, guaranteed. ", ""))
    await bot.reload.settle()
    assert not bot.holder.knowledge.withheld
    (mended,) = [news for news in bot.news if isinstance(news, TakenOver) and news.mended]
    assert bot.news.index(mended) > 1


async def test_a_change_before_the_first_look_goes_live_though_its_file_holds_what_is_left_out(
    curator: Curator, tmp_path: Path
) -> None:
    curator.edits(promising)
    bot = Beginning(curator.folder, tmp_path / "cache")
    bot.edits(reworded)
    await bot.reload.settle()
    assert bot.holder.knowledge.entries["cost-mexico"].question == "What does HSCT cost in Mexico?"
    assert len(bot.holder.knowledge.withheld) == 1
    assert [type(news) for news in bot.news] == [TakenOver, Withheld, Learnt]
    bot.edits(lambda text: text.replace("HSCT cures MS, guaranteed. ", "HSCT is guaranteed to help. "))
    before = bot.holder.knowledge
    await bot.reload.settle()
    assert bot.holder.knowledge is before, "from then on there is a good set to go on with"
    assert isinstance(bot.news[-1], Refused)


async def test_what_was_published_under_milder_rules_is_left_out_as_well(curator: Curator, tmp_path: Path) -> None:
    entry = curator.holder.knowledge.entries["cost-mexico"]
    fields = fields_of(entry) | {"short": "HSCT cures MS, guaranteed."}
    bot = Beginning(curator.folder, tmp_path / "cache", Changes({entry.id: Change(entry.touched_on, fields)}))
    bot.edits(lambda text: text.replace("Puebla", "the city of Puebla", 1))
    await bot.reload.settle()
    assert bot.holder.knowledge.entries[entry.id].by_person
    (told,) = [news for news in bot.news if isinstance(news, Withheld)]
    assert told.problems[0].startswith("published in chat: entry 'cost-mexico': `short` holds")


def test_a_start_looks_only_at_what_no_start_before_found_in_order(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def noted(base: KnowledgeBase, entry: Entry, today: date) -> Iterator[Remark]:
        asked.append(entry.id)
        return really(base, entry, today)

    really = promises.promises
    monkeypatch.setattr(promises, "promises", noted)
    base = load(folder)
    first, second, *_ = base.entries
    assert withheld_at_start(base, tmp_path) == (base, ())
    assert len(asked) == len(base.entries)
    asked.clear()
    assert withheld_at_start(base, tmp_path) == (base, ())
    assert asked == []
    other = {
        first: replace(base.entries[first], full="Other words."),
        second: replace(base.entries[second], full="It is guaranteed."),
    }
    for _ in range(2):
        changed, told = withheld_at_start(replace(base, entries={**base.entries, **other}), tmp_path)
        assert changed.withheld == {second}
        assert len(told) == 1
    assert asked == [first, second, second], "what is wrong is looked at again"


def test_a_topic_whose_title_promises_goes_by_its_id_and_a_source_that_does_is_not_shown(
    knowledge: KnowledgeBase, tmp_path: Path
) -> None:
    assert withheld_at_start(knowledge, tmp_path) == (knowledge, ())
    entry = knowledge.entries["cost-mexico"]
    sources = (replace(entry.sources[0], name="A clinic, how we cure MS"), *entry.sources[1:])
    titled = tuple(replace(one, title="How to be cured") if one.id == "costs" else one for one in knowledge.topics)
    wrong = replace(knowledge, topics=titled, entries={**knowledge.entries, entry.id: replace(entry, sources=sources)})
    first = withheld.withheld(wrong)
    assert withheld.withheld(wrong, withheld.looked_through(first[0])) == first, "a reload finds it again"
    for shown, found in (first, withheld_at_start(wrong, tmp_path)):
        assert len(found) == 2
        assert any("`sources` holds the promise of a cure" in one for one in found)
        assert {topic.id: topic.title for topic in shown.topics} == {
            topic.id: "Costs" if topic.id == "costs" else topic.title for topic in knowledge.topics
        }
        assert shown.withheld == {entry.id}
        assert shown.entries[entry.id].sources == ()


def test_words_beside_the_answers_are_left_out_too_but_for_who_is_in_danger(knowledge: KnowledgeBase) -> None:
    """A safety text with a promise in it still holds the number to call."""
    flag, programme, stage = knowledge.safety.flags[0], knowledge.eligibility.programmes[0], knowledge.stages[0]
    safety = replace(knowledge.safety, flags=(replace(flag, text="{line} You will get better."),))
    table = replace(knowledge.eligibility, programmes=(replace(programme, note="You qualify."),))
    stages = (replace(stage, summary="It always works."), *knowledge.stages[1:])
    wrong = replace(knowledge, safety=safety, eligibility=table, stages=stages)
    shown, found = withheld.withheld(wrong)
    assert len(found) == 3
    assert withheld.withheld(wrong, withheld.looked_through(shown))[1] == found, "a reload finds it again"
    assert (shown.stages, shown.pictures, shown.eligibility.programmes) == ((), {}, ())
    assert shown.safety is safety
    assert shown.entries == knowledge.entries


async def test_a_saved_change_is_live_first_its_words_then_what_is_fitted_to_it(curator: Curator) -> None:
    curator.edits(reworded)
    await curator.reload.settle()
    assert curator.holder.knowledge.entries["cost-mexico"].question == "What does HSCT cost in Mexico?"
    assert curator.holder.happened == ["shown", "fitted"]
    assert curator.holder.fitted == sorted(curator.holder.knowledge.entries)
    version = curator.holder.knowledge.version
    assert curator.news == [TakenOver(version, len(curator.holder.knowledge.entries)), Learnt(version)]


async def test_what_was_begun_in_a_hurry_is_fitted_at_once(folder: Path) -> None:
    holder = Holder(load(folder))
    reload = LiveReload(KnowledgeFolder(folder), holder, fits.ids, Curator(folder).hear, whole=False)
    await reload.settle()
    assert holder.happened == ["fitted"]
    await reload.settle()
    assert holder.happened == ["fitted"]


async def test_the_collector_is_at_work_again_after_a_reload(curator: Curator) -> None:
    curator.edits(reworded)
    await curator.reload.settle()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


async def test_the_chat_waits_less_for_the_reloads_threads_and_only_for_these(curator: Curator) -> None:
    usual = sys.getswitchinterval()
    curator.edits(reworded)
    await curator.reload.settle()
    assert curator.holder.turns == [pytest.approx(TURN), pytest.approx(TURN)]
    assert sys.getswitchinterval() == usual > TURN


def test_what_is_large_is_read_to_where_it_stays() -> None:
    """Copying an array of 57 MB holds the interpreter's lock for 50 ms, and every message waits."""

    class Pipe(io.BytesIO):
        pieces: ClassVar[list[int]] = []

        def read(self, size: int | None = -1) -> bytes:
            piece = super().read(size)
            self.pieces.append(len(piece))
            return piece

    sent = Fitted(np.arange(1_000_000), "wording")
    pipe = Pipe()
    write_frame(pipe, sent)
    pipe.seek(0)
    got = read_frame(pipe)
    assert isinstance(got, Fitted)
    assert isinstance(got.fitted, np.ndarray)
    assert (got.fitted == sent.fitted).all()
    assert max(pipe.pieces) < 100_000


async def test_nothing_is_read_again_while_nothing_changes(curator: Curator) -> None:
    await curator.reload.settle()
    await curator.reload.settle()
    assert curator.holder.happened == []
    assert curator.news == []


async def test_a_file_that_is_only_touched_changes_nothing(curator: Curator) -> None:
    await curator.reload.settle()
    os.utime(curator.folder / "topics.yaml", (1, 1))
    await curator.reload.settle()
    assert curator.holder.happened == []


async def test_a_broken_file_is_refused_with_file_and_line_and_the_last_good_set_stays(curator: Curator) -> None:
    before = curator.holder.knowledge
    curator.edits(broken)
    await curator.reload.settle()
    (news,) = curator.news
    assert isinstance(news, Refused)
    assert any("costs.yaml:" in problem and "did you mean `topic`?" in problem for problem in news.problems)
    assert curator.holder.knowledge is before


async def test_leads_hear_the_same_mistake_once(curator: Curator) -> None:
    curator.edits(broken)
    await curator.reload.settle()
    curator.edits(lambda text: text + "\n")
    await curator.reload.settle()
    assert len(curator.news) == 1


async def test_leads_hear_that_a_mistake_is_mended(curator: Curator) -> None:
    curator.edits(broken)
    await curator.reload.settle()
    curator.edits(lambda text: reworded(text.replace("topik:", "topic:")))
    await curator.reload.settle()
    assert [type(news) for news in curator.news] == [Refused, TakenOver, Learnt]
    assert isinstance(curator.news[1], TakenOver)
    assert curator.news[1].mended


async def test_taking_a_broken_change_back_is_good_news_too(curator: Curator) -> None:
    good = (curator.folder / "entries" / "costs.yaml").read_text(encoding="utf-8")
    curator.edits(broken)
    await curator.reload.settle()
    curator.edits(lambda _: good)
    await curator.reload.settle()
    assert curator.news[-1] == TakenOver(curator.holder.knowledge.version, len(curator.holder.knowledge.entries), True)
    assert curator.holder.happened == []


async def test_a_file_still_being_written_is_not_reported(curator: Curator) -> None:
    whole = (curator.folder / "entries" / "costs.yaml").read_text(encoding="utf-8")
    curator.edits(lambda text: text[: len(text) // 2])
    await curator.reload.look()
    assert curator.news == []
    curator.edits(lambda _: reworded(whole))
    await curator.reload.look()
    assert [type(news) for news in curator.news] == [TakenOver]
    await curator.reload.stop()


async def test_words_are_shown_while_an_earlier_change_is_still_being_fitted(folder: Path) -> None:
    curator = Curator(folder, partial(fits.when_told, sign=str(folder / "go")))
    curator.edits(reworded)
    await curator.reload.look()
    assert curator.holder.happened == ["shown"]
    curator.edits(lambda text: text.replace("What does HSCT cost in Mexico?", "And now?"))
    await curator.reload.look()
    assert curator.holder.happened == ["shown", "shown"], "one look is enough, whatever else goes on"
    assert curator.holder.knowledge.entries["cost-mexico"].question == "And now?"
    (folder / "go").touch()
    await curator.reload.settle()
    assert curator.holder.happened == ["shown", "shown", "fitted"], "the fitting had not read the files yet"
    assert curator.holder.knowledge.entries["cost-mexico"].question == "And now?"


async def test_only_files_that_have_changed_are_read(curator: Curator, monkeypatch: pytest.MonkeyPatch) -> None:
    curator.edits(reworded)
    await curator.reload.settle()
    read: list[str] = []

    def noted(folder: Path, name: str) -> Part:
        read.append(name)
        return read_part(folder, name)

    monkeypatch.setattr(live, "read_part", noted)
    curator.edits(lambda text: text.replace("Puebla", "the city of Puebla", 1))
    await curator.reload.look()
    assert read == ["entries/costs.yaml"]
    assert curator.holder.happened[-1] == "shown"
    await curator.reload.stop()


async def test_large_files_are_read_by_the_other_process(curator: Curator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "READ_HERE", 0)
    monkeypatch.setattr(live, "read_part", lambda *_: pytest.fail("it was read in the chat's process"))
    curator.edits(reworded)
    await curator.reload.look()
    assert curator.holder.knowledge.entries["cost-mexico"].question == "What does HSCT cost in Mexico?"
    await curator.reload.stop()


async def test_nothing_is_fitted_where_no_message_would_be_matched_otherwise(curator: Curator) -> None:
    curator.edits(lambda text: re.sub(r"review_after: .*", "review_after: 2031-01-01", text))
    await curator.reload.settle()
    assert curator.holder.happened == ["shown"]
    assert [type(news) for news in curator.news] == [TakenOver]


def found(holder: LiveTriage, text: str) -> list[str]:
    return [candidate.entry_id for candidate in holder.triage.matcher.match(text).candidates]


async def test_an_entry_that_is_gone_is_found_no_more_though_nothing_is_fitted_yet(folder: Path) -> None:
    knowledge = load(folder)
    holder = LiveTriage(Triage(knowledge, fit_matcher(knowledge, encoder="none")))
    question = knowledge.entries["fda-status"].question
    assert "fda-status" in found(holder, question)
    (folder / "entries" / "regulation.yaml").unlink()
    holder.swap(holder.prepare(load(folder)))
    assert "fda-status" not in found(holder, question)
    holder.triage.decide(question)
    holder.swap(holder.prepare(knowledge))
    assert "fda-status" in found(holder, question), "and found again when it comes back"


async def test_a_new_file_and_a_deleted_one_are_seen(curator: Curator) -> None:
    (curator.folder / "entries" / "regulation.yaml").unlink()
    await curator.reload.settle()
    assert "fda-status" not in curator.holder.knowledge.entries
    curator.edits(lambda text: text, "topics.yaml")
    shutil.copy(curator.folder / "entries" / "costs.yaml", curator.folder / "entries" / "more.yaml")
    await curator.reload.settle()
    news = curator.news[-1]
    assert isinstance(news, Refused)
    assert "stands already in" in news.problems[0]


async def test_an_editors_lock_file_is_no_part_of_the_knowledge(curator: Curator) -> None:
    (curator.folder / "entries" / ".#costs.yaml").symlink_to("nobody@nowhere.1234")
    await curator.reload.settle()
    assert curator.news == []
    assert load(curator.folder).version == curator.holder.knowledge.version


async def test_a_fitting_that_dies_leaves_the_chat_alive_and_is_reported(folder: Path) -> None:
    curator = Curator(folder, fits.dying)
    curator.edits(reworded)
    await curator.reload.settle()
    shown, failed = curator.news
    assert isinstance(shown, TakenOver)
    assert isinstance(failed, Refused)
    assert "exit code 9" in failed.problems[0]
    await curator.reload.settle()
    assert len(curator.news) == 2, "it is not tried again until something changes"


async def test_what_a_library_prints_while_fitting_does_no_harm(folder: Path) -> None:
    curator = Curator(folder, fits.chatty)
    curator.edits(reworded)
    await curator.reload.settle()
    assert curator.holder.happened == ["shown", "fitted"]


async def test_news_that_could_not_be_told_is_told_later(curator: Curator) -> None:
    down = True

    async def hear(news: News) -> None:
        if down:
            raise OSError("no database")
        curator.news.append(news)

    reload = LiveReload(KnowledgeFolder(curator.folder), curator.holder, fits.ids, hear)
    curator.edits(broken)
    await reload.look()
    with pytest.raises(OSError, match="no database"):
        await reload.look()
    down = False
    await reload.look()
    assert isinstance(curator.news[0], Refused)


async def test_it_goes_on_after_a_mistake_of_ours(curator: Curator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LOOK_EVERY", 0.01)
    failures = iter([OSError("too many open files")])

    def fail_once(folder: Path, name: str) -> Part:
        for failure in failures:
            raise failure
        return read_part(folder, name)

    monkeypatch.setattr(live, "read_part", fail_once)
    curator.edits(reworded)
    running = asyncio.create_task(curator.reload.run())
    await asyncio.wait_for(curator.heard.wait(), PATIENCE)
    running.cancel()


async def test_stopping_while_it_fits_leaves_no_process_behind(folder: Path) -> None:
    curator = Curator(folder)
    curator.edits(reworded)
    looking = asyncio.create_task(curator.reload.settle())
    await asyncio.sleep(0.1)
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking


async def test_messages_are_decided_at_any_moment_of_a_reload(folder: Path) -> None:
    knowledge = load(folder)
    holder = LiveTriage(Triage(knowledge, fit_matcher(knowledge)))
    news: list[News] = []

    async def hear(what: News) -> None:
        news.append(what)

    reload = LiveReload(KnowledgeFolder(folder), holder, fit_matcher, hear)
    path = folder / "entries" / "costs.yaml"
    path.write_text(reworded(path.read_text(encoding="utf-8")), encoding="utf-8")
    looking = asyncio.create_task(reload.settle())
    decided = 0
    while not looking.done():
        assert holder.triage.matcher.match("price in mexico").best
        decided += 1
        await asyncio.sleep(0.005)
    await looking
    assert isinstance(news[0], TakenOver)
    assert decided > 5
    assert holder.knowledge.entries["cost-mexico"].question == "What does HSCT cost in Mexico?"


def test_a_missing_folder_still_names_itself(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="there is no such folder"):
        load(tmp_path / "none")


def test_the_other_process_is_told_settings_along_with_the_name() -> None:
    fit = partial(fit_matcher, folder="some/cache", encoder="none")
    again = named(name_of(fit))
    assert isinstance(again, partial)
    assert (again.func, again.keywords) == (fit.func, fit.keywords)
    assert named(name_of(fit_matcher)).func is fit_matcher  # type: ignore[attr-defined]
