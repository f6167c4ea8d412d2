"""Telephone numbers: what is read as one, and which are found to be wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks import Places, numbers
from bot.knowledge.checks.numbers import EMERGENCY
from bot.knowledge.helplines import numbers_in
from tests.knowledge.test_checks import changed
from tests.knowledge.test_safety_words import with_flag


def remarks(base: KnowledgeBase) -> list[str]:
    found = [remark for one in (numbers.helplines, numbers.lines) for remark in one(base)]
    found += [remark for entry in base.entries.values() for remark in numbers.of_an_entry(base, entry, date.min)]
    return [str(Places(base).placed(remark)) for remark in found]


def test_every_number_that_is_shipped_is_a_help_line(knowledge: KnowledgeBase) -> None:
    assert remarks(knowledge) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Call 999 or 112 now.", ["999", "112"]),
        ("Samaritans, 116 123. To text: SHOUT to 85258.", ["116 123", "85258"]),
        ("call 1-844-764-7669, or 1-800-463-5060 in Quebec", ["1-844-764-7669", "1-800-463-5060"]),
        ("call 112 or 15.", ["112", "15"]),
        ("on 01 809 2166, from 8am to 10pm", ["01 809 2166"]),
        ("your unit's 24-hour line", []),
        ("38.0 C (100.4 F) or more", []),
        ("the FBI's IC3", []),
        ("1000 mg, or 100% of it", []),
    ],
)
def test_a_telephone_number_is_told_from_other_numbers(text: str, found: list[str]) -> None:
    assert numbers_in(text) == found


def test_a_number_in_a_safety_text_that_is_no_help_line_is_found(knowledge: KnowledgeBase) -> None:
    text = knowledge.safety.flag("taken-too-much").text.replace("1737", "1773")
    (found,) = remarks(with_flag(knowledge, "taken-too-much", text=text))
    assert "red flag 'taken-too-much': the number 1773 is not among the `helplines` of any country" in found


def test_a_number_of_another_country_is_found(knowledge: KnowledgeBase) -> None:
    lines = {**knowledge.safety.flag("self-treat").lines}
    lines["Australia"] = lines["Australia"].replace("13 11 26", "0800 764 766")
    (found,) = remarks(with_flag(knowledge, "self-treat", lines=lines))
    assert "the number 0800 764 766 is not among the `helplines` of Australia" in found


def test_an_emergency_number_changed_everywhere_is_still_found(knowledge: KnowledgeBase) -> None:
    """What is wrong in the texts and in `helplines` alike: of emergency numbers there is a table besides."""
    groups = tuple(
        replace(group, lines=tuple(replace(line, number="998 or 112") if line.name == "Emergency" else line for line in group.lines))
        if group.country == "UK" else group
        for group in knowledge.safety.helplines
    )  # fmt: skip
    flags = tuple(
        replace(flag, lines={**flag.lines, "UK": flag.lines["UK"].replace("999", "998")})
        for flag in knowledge.safety.flags
    )
    wrong = replace(knowledge, safety=replace(knowledge.safety, helplines=groups, flags=flags))
    assert any("998 is no emergency number of UK" in one for one in remarks(wrong))


def test_the_table_of_emergency_numbers_covers_every_country_with_lines(knowledge: KnowledgeBase) -> None:
    countries = {country for flag in knowledge.safety.flags for country in flag.lines} - {"unknown"}
    assert countries <= set(EMERGENCY)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Call the MS Society helpline on 0808 800 8001.", "0808 800 8001"),
        ("In the US, call 989 at any hour.", "989"),
        ("US and Canada: 989, call or text.", "989"),
    ],
)
def test_an_old_number_in_an_answer_is_found(knowledge: KnowledgeBase, text: str, number: str) -> None:
    (found,) = remarks(changed(knowledge, "cost-mexico", full=text))
    assert f"`full`: the number {number} is not among the `helplines`" in found
    assert "entry 'cost-mexico'" in found


@pytest.mark.parametrize(
    "text", ["From 2013 to 2019, and in 2019-2024, 507 people.", "It costs 54 500 to 60 000 dollars.", "NCT04047628"]
)
def test_years_and_amounts_are_no_telephone_numbers(knowledge: KnowledgeBase, text: str) -> None:
    assert remarks(changed(knowledge, "cost-mexico", full=text)) == []
