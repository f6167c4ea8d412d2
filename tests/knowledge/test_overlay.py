"""What was published lies over the files, until a file has been read later."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.folder import KnowledgeFolder
from bot.knowledge.live import LiveReload, News, Refused
from bot.knowledge.loader import load
from bot.knowledge.overlay import Change, Changes, entry_of, fields_of, laid_over
from tests.knowledge.fits import ids
from tests.knowledge.test_live import Holder

NAME = "cost-mexico"


@pytest.fixture(scope="module")
def base(small_knowledge: Path) -> KnowledgeBase:
    return load(small_knowledge)


def reworded(base: KnowledgeBase, question: str = "What is the price in Mexico?") -> dict[str, object]:
    return fields_of(base.entries[NAME]) | {"question": question}


def test_every_entry_survives_the_way_through_the_database(knowledge: KnowledgeBase) -> None:
    for entry in knowledge.entries.values():
        changes = Changes.from_json(Changes({entry.id: Change(date(2026, 11, 28), fields_of(entry))}).to_json())
        fields = changes.by_entry[entry.id].fields
        assert fields
        assert entry_of(fields) == entry


def test_a_change_leaves_an_entry_its_more_phrasings(base: KnowledgeBase) -> None:
    told = replace(base, entries={**base.entries, NAME: replace(base.entries[NAME], more_phrasings=("a story",))})
    changed = laid_over(told, Changes({NAME: Change(base.entries[NAME].touched_on, reworded(base))}))
    assert changed.entries[NAME].question == "What is the price in Mexico?"
    assert changed.entries[NAME].more_phrasings == ("a story",)


def test_a_change_counts_on_the_day_the_file_was_read_and_after(base: KnowledgeBase) -> None:
    read = base.entries[NAME].reviewed_on
    for day in (read, read + timedelta(days=1)):
        over = laid_over(base, Changes({NAME: Change(day, reworded(base))}))
        assert over.entries[NAME].question == "What is the price in Mexico?"
        assert over.version != base.version


def test_a_file_that_was_read_later_wins(base: KnowledgeBase) -> None:
    day = base.entries[NAME].reviewed_on - timedelta(days=1)
    for fields in (reworded(base), None):
        assert laid_over(base, Changes({NAME: Change(day, fields)})).entries == base.entries


def test_a_file_whose_words_were_changed_later_wins_without_a_review(base: KnowledgeBase) -> None:
    read = base.entries[NAME].reviewed_on
    edited = replace(base.entries[NAME], changed_on=read + timedelta(days=9))
    files = replace(base, entries={**base.entries, NAME: edited})
    assert laid_over(files, Changes({NAME: Change(read + timedelta(days=8), reworded(base))})).entries[NAME] == edited
    later = laid_over(files, Changes({NAME: Change(read + timedelta(days=9), reworded(base))})).entries[NAME]
    assert later.question == "What is the price in Mexico?"


def test_words_that_no_longer_have_the_form_of_an_entry_leave_the_files_words(base: KnowledgeBase) -> None:
    over = laid_over(base, Changes({NAME: Change(date(2026, 12, 1), {"id": NAME})}))
    assert over.entries == base.entries


def test_without_changes_nothing_is_different(base: KnowledgeBase) -> None:
    assert laid_over(base, Changes()) == base


class Published:
    """What leads publish, as the reload asks for it."""

    def __init__(self) -> None:
        self.changes = Changes()

    async def __call__(self) -> Changes:
        return self.changes


async def test_new_words_are_shown_before_anything_is_fitted_and_undone_the_same_way(small_knowledge: Path) -> None:
    base = load(small_knowledge)
    holder, published, news = Holder(base), Published(), list[News]()

    async def hear(what: News) -> None:
        news.append(what)

    reload = LiveReload(KnowledgeFolder(small_knowledge), holder, ids, hear, published)
    published.changes = Changes({NAME: Change(date(2026, 11, 28), reworded(base))})
    await reload.settle()
    assert holder.knowledge.entries[NAME].question == "What is the price in Mexico?"
    assert holder.happened == ["shown", "fitted"]
    published.changes = Changes({NAME: Change(date(2026, 11, 28), reworded(base, "And now?"))})
    await reload.look()
    assert holder.happened == ["shown", "fitted", "shown"], "the fitting is not waited for"
    assert holder.knowledge.entries[NAME].question == "And now?"
    published.changes = Changes()
    await reload.settle()
    assert (holder.knowledge.entries, holder.knowledge.version) == (base.entries, base.version)
    holder.happened.clear()
    await reload.settle()
    assert holder.happened == [], "nothing is different any more"


async def test_what_leads_take_back_does_not_wait_until_a_broken_file_is_mended(
    small_knowledge: Path, tmp_path: Path
) -> None:
    files = Path(shutil.copytree(small_knowledge, tmp_path / "knowledge"))
    folder, published, news = KnowledgeFolder(files), Published(), list[News]()
    base = folder.load()
    published.changes = Changes({NAME: Change(date(2026, 11, 28), reworded(base))})
    holder = Holder(laid_over(base, published.changes))

    async def hear(what: News) -> None:
        news.append(what)

    reload = LiveReload(folder, holder, ids, hear, published)
    await reload.settle()
    costs = files / "entries" / "costs.yaml"
    good = costs.read_text(encoding="utf-8")
    costs.write_text(good.replace("topic: costs", "topik: costs", 1), encoding="utf-8")
    await reload.settle()
    assert holder.knowledge.entries[NAME].question == "What is the price in Mexico?"
    published.changes = Changes()
    await reload.look()
    assert holder.knowledge.entries[NAME] == base.entries[NAME], "taken back"
    published.changes = Changes({NAME: Change(date(2026, 11, 28), None)})
    await reload.settle()
    assert NAME not in holder.knowledge.entries, "no longer said"
    assert [type(what) for what in news] == [Refused], "the mistake is told once"
    costs.write_text(good, encoding="utf-8")
    await reload.settle()
    assert NAME not in holder.knowledge.entries
    assert holder.knowledge.version == laid_over(base, published.changes).version
    assert reload.learnt
