"""Leaving one phrasing out without fitting again finds what fitting again finds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.entry import Entry
from bot.matching import left_out as asking
from bot.matching.left_out import LeftOut, left_out
from bot.matching.reading import Reader
from bot.matching.scores import likeness_of, rows_of
from bot.matching.softmax import fit

TOPICS = {"costs", "funding"}


@pytest.fixture(scope="module")
def some(knowledge: KnowledgeBase) -> list[Entry]:
    return [entry for entry in knowledge.entries.values() if entry.topic in TOPICS]


@pytest.fixture(scope="module")
def outcome(some: list[Entry], knowledge: KnowledgeBase) -> list[LeftOut]:
    return left_out(some, knowledge.synonyms)


def test_it_finds_what_a_model_finds_that_never_saw_the_phrasing(
    some: list[Entry], outcome: list[LeftOut], knowledge: KnowledgeBase
) -> None:
    reader = Reader.of(some, knowledge.synonyms)
    rows = rows_of(some, reader)
    likeness = likeness_of(rows)
    labels = np.array([row.entry for row in rows])
    importance = np.array([row.weight for row in rows], np.float32)
    own = [{entry.question, *entry.phrasings} for entry in some]
    asked = [place for place, row in enumerate(rows) if row.reading.text in own[row.entry]]
    agreed = []
    for place, one in list(zip(asked, outcome, strict=True))[::3]:
        others = np.delete(np.arange(len(rows)), place)
        weights = fit(likeness[np.ix_(others, others)], labels[others], len(some), importance[others])
        agreed.append(some[int((likeness[place, others] @ weights).argmax())].id == one.found)
    assert len(agreed) > 40
    assert np.mean(agreed) >= 0.95


def test_each_question_and_phrasing_is_asked_once(some: list[Entry], outcome: list[LeftOut]) -> None:
    wanted = {(entry.id, text) for entry in some for text in (entry.question, *entry.phrasings)}
    asked = {(one.entry_id, one.phrasing) for one in outcome}
    assert asked <= wanted
    assert len(asked) == len(outcome) > 0.95 * len(wanted), "only those that read the same in one entry are left out"


def test_what_was_found_is_kept_until_a_phrasing_changes(
    some: list[Entry], outcome: list[LeftOut], knowledge: KnowledgeBase, tmp_path: Path
) -> None:
    (tmp_path / "left-out-older.npy").write_bytes(b"no array")
    assert left_out(some, knowledge.synonyms, tmp_path) == outcome
    (kept,) = tmp_path.glob("left-out-*.npy")
    marked = np.load(kept)
    marked[:, 2] = 7
    np.save(kept, marked)
    answers_changed = [replace(entry, short="Other words.") for entry in some]
    assert {one.place for one in left_out(answers_changed, knowledge.synonyms, tmp_path)} == {7}, "not asked again"
    first = replace(some[0], phrasings=("a wording that nobody has used", *some[0].phrasings))
    assert {one.place for one in left_out([first, *some[1:]], knowledge.synonyms, tmp_path)} != {7}


def test_a_kept_file_that_cannot_be_read_costs_time_only(
    some: list[Entry], outcome: list[LeftOut], knowledge: KnowledgeBase, tmp_path: Path
) -> None:
    left_out(some, knowledge.synonyms, tmp_path)
    (kept,) = tmp_path.glob("left-out-*.npy")
    kept.write_bytes(kept.read_bytes()[:50])
    assert left_out(some, knowledge.synonyms, tmp_path) == outcome


def test_place_one_means_its_own_entry(outcome: list[LeftOut]) -> None:
    assert all((one.place == 1) == (one.found == one.entry_id) for one in outcome)


def test_twins_keep_each_other_at_home_and_a_lonely_phrasing_is_lost(knowledge: KnowledgeBase) -> None:
    home = replace(
        knowledge.entries["cost-mexico"], question="Parking?", keywords=(),
        phrasings=("where do i park", "where can i park the car", "zebras and giraffes"),
    )  # fmt: skip
    away = replace(
        knowledge.entries["cost-russia"], question="Zebras?", keywords=(), phrasings=("zebras giraffes", "giraffes")
    )
    places = {one.phrasing: one.place for one in left_out([home, away], knowledge.synonyms)}
    assert places["where do i park"] == 1
    assert places["zebras and giraffes"] == 2


def test_with_very_many_none_is_asked(knowledge: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    """How alike each is to each other would take 40 GB of 100,000."""
    monkeypatch.setattr(asking, "MOST_ROWS", 50)
    monkeypatch.setattr(asking, "likeness_of", lambda _: pytest.fail("written down"))
    assert left_out(list(knowledge.entries.values()), knowledge.synonyms) == []


def test_what_stands_in_the_file_of_more_phrasings_is_learnt_from_and_not_asked(
    some: list[Entry], knowledge: KnowledgeBase
) -> None:
    story = "my aunt rang at six and cried about zebras until the kettle boiled over"
    told = [replace(some[0], more_phrasings=(story,)), *some[1:]]
    assert story in [row.reading.text for row in rows_of(told, Reader.of(told, knowledge.synonyms))]
    assert story not in {one.phrasing for one in left_out(told, knowledge.synonyms)}
