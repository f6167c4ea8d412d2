"""What is read again against its sources: entries, and the safety texts, help lines, stages and criteria beside them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from bot.cli.kb_due import due
from bot.digest.numbers import digest_of
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks import Places, dates
from bot.knowledge.entry import Reading
from bot.knowledge.reviews import reviews
from bot.storage.digests import Counted
from bot.storage.gaps import GapCounts
from tests.world import ROOT

TODAY = date(2026, 11, 28)
LATE = date(2028, 1, 1)
READING = Reading(date(2026, 11, 23), "our editors", date(2027, 5, 23))
BESIDE = ("safety texts", "stages", "help lines UK", "criteria nhs-uk")


def remarks(base: KnowledgeBase) -> list[str]:
    return [str(Places(base).placed(remark)) for remark in dates.of_the_rest(base, TODAY)]


def with_helplines(base: KnowledgeBase, country: str, reading: Reading) -> KnowledgeBase:
    groups = tuple(
        replace(group, reading=reading) if group.country == country else group for group in base.safety.helplines
    )
    return replace(base, safety=replace(base.safety, helplines=groups))


@pytest.mark.parametrize("name", BESIDE)
def test_what_stands_beside_the_entries_is_due_as_they_are(knowledge: KnowledgeBase, name: str) -> None:
    assert name in {one.name for one in reviews(knowledge)}
    assert [line for line in due(knowledge, LATE, 31) if "OVERDUE" in line and f"  {name}  (" in line]


def test_every_country_with_a_line_in_the_safety_texts_has_help_lines_with_dates(knowledge: KnowledgeBase) -> None:
    own = {country for flag in knowledge.safety.flags for country in flag.lines}
    grouped = {group.country for group in knowledge.safety.helplines}
    assert {"UK", "Ireland", "EU", "US", "Canada", "Australia", "New Zealand", "Turkey"} <= own & grouped


def test_overdue_help_lines_are_remarked_on_with_their_line(knowledge: KnowledgeBase) -> None:
    old = with_helplines(knowledge, "Ireland", replace(READING, review_after=date(2026, 11, 27)))
    (found,) = remarks(old)
    assert "help lines Ireland: its review was due on 2026-11-27" in found
    line = int(found.split(":")[1])
    lines = (ROOT / "knowledge" / "safety.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[line - 1].strip() == "- country: Ireland"


def test_help_lines_are_looked_up_twice_a_year(knowledge: KnowledgeBase) -> None:
    (found,) = remarks(with_helplines(knowledge, "UK", replace(READING, review_after=date(2027, 11, 23))))
    assert "half a year at the most" in found


def test_a_review_that_has_not_come_yet_is_remarked_on(knowledge: KnowledgeBase) -> None:
    (found,) = remarks(replace(knowledge, stages_read=replace(READING, reviewed_on=date(2026, 12, 1))))
    assert "stages: `reviewed_on` is 2026-12-01, which has not come yet" in found


def test_texts_without_dates_are_remarked_on(knowledge: KnowledgeBase) -> None:
    without = replace(knowledge, stages_read=None, safety=replace(knowledge.safety, read=None))
    found = remarks(without)
    assert len(found) == 2
    assert all("Add `review:` with `reviewed_on` and `review_after`" in one for one in found)


def test_the_leads_digest_counts_all_of_them(knowledge: KnowledgeBase) -> None:
    nothing = Counted(
        opened=0, waits=(), ages=(), nearest=Counter(), countries=Counter(), helped=0, not_helped=0
    )  # fmt: skip
    made = digest_of(nothing, GapCounts(), knowledge, 7, LATE)
    assert made.reviews_due == len(reviews(knowledge)) > len(knowledge.entries)
