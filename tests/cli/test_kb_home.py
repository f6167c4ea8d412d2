"""What `kb check` says of phrasings that are lost: the shares, and warnings before a test fails."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import pytest

from bot.cli.kb_check import CheckReport
from bot.cli.kb_home import DO, NAMED, Home
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.examples import QUESTION
from bot.matching.left_out import LeftOut


def home(base: KnowledgeBase, lost: dict[str, int], of: int = 20) -> Home:
    """So many of an entry's phrasings are lost, each to an entry of its own; every other one finds home."""
    others = list(base.entries)
    asked = []
    for name in base.entries:
        for number in range(of):
            away = number < lost.get(name, 0)
            found = next(islice((one for one in others if one != name), number, None)) if away else name
            asked.append(LeftOut(f"phrasing {number} of {name}", name, found, 2 if away else 1))
    return Home(base, asked)


@pytest.fixture(scope="module")
def few(knowledge: KnowledgeBase) -> KnowledgeBase:
    """Twenty entries that answer, ten that hand over."""
    answering = islice((one for one in knowledge.entries.values() if not one.by_person), 20)
    handing_over = islice((one for one in knowledge.entries.values() if one.by_person), 10)
    return replace(knowledge, entries={one.id: one for one in (*answering, *handing_over)})


def test_entries_that_answer_and_that_hand_over_are_shown_apart_and_together(few: KnowledgeBase) -> None:
    answer, *_, handing_over = few.entries
    whole, answering, handed, _ = home(few, {answer: 2, handing_over: 4}).shares()
    assert "594 of 600 cases (99.0%); the aim is 85%" in whole
    assert "answer: 398 of 400 cases (99.5%)" in answering
    assert "hand over: 196 of 200 cases (98.0%), or another that hands over 196" in handed


def test_where_none_could_be_asked_it_says_so(few: KnowledgeBase) -> None:
    (says,) = Home(few, []).shares()
    assert "not looked at" in says
    assert list(Home(few, []).warnings()) == []


def test_nothing_is_warned_of_where_all_is_well(few: KnowledgeBase) -> None:
    assert list(home(few, dict.fromkeys(few.entries, 2)).warnings()) == []


@pytest.mark.parametrize(
    ("lost", "says"),
    [
        (84, None),
        (85, "warning: 85.8% is so near the aim that one more entry may be enough to miss it. Most are lost in "),
        (91, "warning: 84.8% is under the aim. Most are lost in "),
    ],
)
def test_it_warns_before_the_aim_is_missed(few: KnowledgeBase, lost: int, says: str | None) -> None:
    each = {name: lost // 30 + (place < lost % 30) for place, name in enumerate(few.entries)}
    warned = list(home(few, each).warnings())
    assert [line.startswith(says or "") for line in warned[:1]] == [True] * bool(says)
    assert warned[1:] == [DO] * bool(says)


def test_it_names_an_entry_that_few_of_its_phrasings_find_with_them_and_its_line(few: KnowledgeBase) -> None:
    name = next(iter(few.entries))
    (poor, _) = home(few, {name: 9}).warnings()
    assert poor.startswith(few.files[name])
    assert f"entry '{name}': warning: found by only 55% of its 20 phrasings" in poor
    assert all(f"'phrasing {number} of {name}' (" in poor for number in range(9))
    assert list(home(few, {name: 8}).warnings()) == [], "60 of 100"
    (poor, _) = home(few, {name: NAMED + 3}).warnings()
    assert "and 3 more (--lost)" in poor


def test_it_names_two_entries_that_draw_each_others_phrasings(few: KnowledgeBase) -> None:
    one, two = list(few.entries)[:2]
    asked = [LeftOut(f"{number}", one, two if number < 6 else one, 2 if number < 6 else 1) for number in range(60)]
    (crossing, _) = Home(few, asked).warnings()
    assert crossing == f"warning: '{min(one, two)}' and '{max(one, two)}': 6 phrasings of one find the other."


def test_an_entry_of_which_no_question_is_an_example_is_named(few: KnowledgeBase) -> None:
    """Else its questions may be taken for a cry: what a message sounds like is learnt from the examples."""
    new, *names = few.entries
    shown = replace(few, examples={QUESTION: tuple(few.entries[name].question for name in names)})
    warned = [line for line in CheckReport(shown, [], []).lines(lost=False) if QUESTION in line]
    assert [line.count("'") for line in warned] == [2]
    assert f"'{new}'" in warned[0]
    assert not any(QUESTION in line for line in CheckReport(few, [], []).lines(lost=False)), "ours has some of each"
