"""The published criteria: read from the file, checked, and shown as lists that never judge the reader."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages import Block, Style
from bot.domain.people import NO_DRUGS, Profile
from bot.errors import KnowledgeError
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks.beside import criteria
from bot.knowledge.eligibility import EUROPE, About, Cited, Criterion, Eligibility
from bot.knowledge.entry import Source
from bot.knowledge.loader import load
from bot.knowledge.published import published
from bot.knowledge.schema import COUNTRIES
from bot.texts import texts_in
from bot.triage.follow_up_replies import MS_TYPES, WALKS
from tests.world import ROOT

TODAY = date(2026, 11, 23)
TEXTS = texts_in()
SOMEBODY = Profile(
    ms_type="PPMS", age=47, country="UK", years_since_diagnosis=12, walking="one aid", drugs=("Tysabri", "Ocrevus")
)


@pytest.fixture(scope="module")
def table(knowledge: KnowledgeBase) -> Eligibility:
    return knowledge.eligibility


def words(blocks: tuple[Block, ...]) -> str:
    return "\n\n".join(block.text for block in blocks)


def line(text: str, *parts: str) -> str:
    return next(line for line in text.splitlines() if all(part in line for part in parts))


# What the shipped table holds


def test_the_shipped_table_has_no_remarks(knowledge: KnowledgeBase) -> None:
    assert list(criteria(knowledge)) == []


@pytest.mark.parametrize(
    "programme",
    ["ectrims-ebmt-2025", "nhs-uk", "starms", "nmss-2021", "anthem", "australia", "mexico-ruiz", "russia-moscow"],
)
def test_the_programmes_members_ask_about_are_there(programme: str, table: Eligibility) -> None:
    assert programme in {one.id for one in table.programmes}


def test_every_criterion_has_a_source_with_year_and_address(table: Eligibility) -> None:
    for programme in table.programmes:
        for criterion in programme.criteria:
            assert criterion.cited.source.year >= 2016
            assert (criterion.cited.source.link or "").startswith("http")


def test_what_changes_often_is_read_again_soon(table: Eligibility) -> None:
    for programme in table.programmes:
        if programme.kind in ("trial", "insurer"):
            assert (programme.review_after - programme.reviewed_on).days <= 92


# What the loader refuses


@pytest.fixture
def folder(small_knowledge: Path, tmp_path: Path) -> Path:
    made = Path(shutil.copytree(small_knowledge, tmp_path / "knowledge"))
    shutil.copy(ROOT / "knowledge" / "eligibility.yaml", made)
    return made


def test_a_folder_without_the_file_has_an_empty_table(small_knowledge: Path) -> None:
    assert load(small_knowledge).eligibility == Eligibility()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("to: 56", "to: 65", "the number 65 does not stand in `says`: '18 to 56'"),
        ("about: age", "about: aeg", "`about` must be"),
        ("kind: guideline", "kind: guidline", "`kind` must be"),
        ("country: US", "country: Atlantis", "'Atlantis' is not one of the countries"),
        ("source: MS Trust", "source: MS Thrust", "`source` names 'MS Thrust'"),
        ("types: [RRMS]", "types: [RMSS]", "`types` must be"),
        ("    also_for:", "    also_fro:", "did you mean `also_for`?"),
        ("id: sheffield", "id: nhs-uk", "these ids stand twice: nhs-uk"),
        ("review_after: 2027-11-23", "review_after: 2026-11-23", "must be a later date"),
    ],
)
def test_a_mistake_is_refused_in_plain_words(folder: Path, old: str, new: str, problem: str) -> None:
    file = folder / "eligibility.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError) as error:
        load(folder)
    assert any("eligibility.yaml:" in one and problem in one for one in error.value.problems), error.value.problems


# What kb check remarks


def with_words(base: KnowledgeBase, says: str) -> KnowledgeBase:
    first, *others = base.eligibility.programmes
    said = replace(first, criteria=(replace(first.criteria[0], says=says),))
    return replace(base, eligibility=replace(base.eligibility, programmes=(said, *others)))


@pytest.mark.parametrize("says", ["you are eligible under 45", "Your age is fine", "RRMS qualifies", "it cures MS"])
def test_words_that_judge_the_reader_are_found(knowledge: KnowledgeBase, says: str) -> None:
    (remark,) = criteria(with_words(knowledge, says))
    assert remark.file == "eligibility.yaml"
    assert "programme 'ectrims-ebmt-2025'" in remark.says
    assert "without a word about the reader" in remark.says


# How spans compare


def criterion(**values: float | bool | None) -> Criterion:
    return Criterion(about=About.AGE, says="", cited=Cited("x", Source("x", 2024)), **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("bounds", "low", "high", "covered"),
    [
        ({"lowest": 18, "highest": 56}, 47, 47, True),
        ({"lowest": 18, "highest": 56}, 56, 56, True),
        ({"lowest": 18, "highest": 56}, 57, 57, False),
        ({"lowest": 18, "highest": 56}, 17, 17, False),
        ({"lowest": 18, "highest": 56}, 50, 60, None),
        ({"below": 50}, 49, 49, True),
        ({"below": 50}, 50, 50, False),
        ({"below": 50, "roughly": True}, 20, 20, None),
        ({}, 20, 20, None),
    ],
)
def test_a_span_is_compared_with_the_numbers_only_where_that_says_something(
    bounds: dict[str, float | bool], low: int, high: int, covered: bool | None
) -> None:
    assert criterion(**bounds).covers(low, high) is covered


# What the asker is shown


def test_the_askers_country_comes_first_then_what_speaks_to_it(table: Eligibility) -> None:
    assert table.countries("UK")[:2] == ("UK", EUROPE)
    assert table.countries("Poland")[0] == EUROPE
    assert table.countries("US")[0] == "US"
    assert set(table.countries("US")) == set(table.countries())


def test_each_criterion_is_shown_with_its_source_and_year(table: Eligibility) -> None:
    text = words(published(SOMEBODY, table, TEXTS, TODAY, ["UK"]))
    assert "18 to 56 (MS Society UK, 2024)" in text
    assert "[MS Society UK, HSCT: what to expect (2024)](https://" in text


def test_what_the_asker_said_stands_beside_the_criterion(table: Eligibility) -> None:
    text = words(published(SOMEBODY, table, TEXTS, TODAY, ["UK", EUROPE, "Russia"]))
    assert "You said age 47: within these numbers." in line(text, "18 to 56")
    assert "You said PPMS, which this list does not name." in line(text, "(Sheffield, 2023)", "Type of MS")
    assert "which this list names only while the MS is active" in line(text, "ECTRIMS-EBMT", "Type of MS")
    assert "You said walking with one aid." in line(text, "20 metres")
    assert "You said Tysabri, Ocrevus." in line(text, "speaks of two drugs")
    assert "outside these numbers" in words(published(replace(SOMEBODY, age=61), table, TEXTS, TODAY, ["UK"]))


def test_a_list_that_says_about_is_not_compared(table: Eligibility) -> None:
    text = words(published(SOMEBODY, table, TEXTS, TODAY, [EUROPE]))
    assert line(text, "under about 45").endswith("You said age 47.")


def test_an_age_band_is_shown_as_it_was_given(table: Eligibility) -> None:
    text = words(published(replace(SOMEBODY, age=45, age_to=49), table, TEXTS, TODAY, ["UK"]))
    assert "You said age 45 to 49: within these numbers." in text


def test_no_drugs_so_far_is_told_apart_from_no_answer(table: Eligibility) -> None:
    assert "none so far" in words(published(Profile(drugs=(NO_DRUGS,)), table, TEXTS, TODAY))
    assert "MS drugs before" in published(Profile(age=40), table, TEXTS, TODAY)[0].text


def test_what_is_unknown_is_said_to_be_so(table: Eligibility) -> None:
    text = words(published(Profile(country="India"), table, TEXTS, TODAY))
    assert "I have no published list for India." in text
    assert "You have not told me: type of MS, age, years with MS, walking, MS drugs before." in text
    assert "This list, as it was read, says nothing on" in text
    assert "I do not know how active your MS is" in text
    assert "not yet reviewed by a clinician" in text


def test_an_overdue_list_says_so(table: Eligibility) -> None:
    text = words(published(SOMEBODY, table, TEXTS, date(2027, 3, 1), ["UK"]))
    assert "due for a new check in February 2027" in text


def test_somebodys_own_words_cannot_become_a_link_or_a_mention(table: Eligibility) -> None:
    profile = replace(SOMEBODY, walking="[free](https://x.example) @everyone <b>\n- x")
    text = words(published(profile, table, TEXTS, TODAY, ["UK"]))
    assert "](https://x.example" not in text
    assert "@everyone" not in text
    assert "<b>" not in text


profiles = st.builds(
    Profile,
    ms_type=st.sampled_from([None, *MS_TYPES]),
    age=st.one_of(st.none(), st.integers(16, 95)),
    country=st.sampled_from([None, *COUNTRIES]),
    years_since_diagnosis=st.one_of(st.none(), st.integers(0, 70)),
    walking=st.sampled_from([None, *WALKS]),
    drugs=st.sampled_from([(), (NO_DRUGS,), ("Tysabri",)]),
)
VERDICT = re.compile(
    r"\byou(?:'re| are| would be| seem| could be| may be)? (?:not )?(?:eligible|suitable|a (?:good )?candidate|accepted|ruled out)"
    r"|\byou (?:do not |don't )?(?:qualify|meet|fit|pass|fail)|\bgood news\b|\bunfortunately\b|\bguarantee",
    re.IGNORECASE,
)


@given(profile=profiles)
def test_nobody_is_ever_given_a_verdict(profile: Profile, knowledge: KnowledgeBase) -> None:
    text = words(published(profile, knowledge.eligibility, TEXTS, TODAY))
    assert not VERDICT.search(text)
    assert "Only a neurologist and a transplant team can judge." in text


@given(profile=profiles)
def test_a_screen_reader_gets_through_it(profile: Profile, knowledge: KnowledgeBase) -> None:
    blocks = published(profile, knowledge.eligibility, TEXTS, TODAY)
    assert blocks[1].style is Style.TITLE
    text = words(blocks)
    assert not re.search(r"[|*`#]|[\u2190-\u2bff\U0001f000-\U0001ffff]|\{|None|\n\n\n|  ", text)
    assert all(len(label) > 10 for label in re.findall(r"\[([^\]]*)\]\(", text))
    assert all(not one.startswith("- ") or len(one) < 400 for one in text.splitlines())


@given(profile=profiles, groups=st.lists(st.sampled_from(["UK", "US", "Mexico"]), unique=True))
def test_only_the_groups_asked_for_are_shown(profile: Profile, groups: list[str], knowledge: KnowledgeBase) -> None:
    blocks = published(profile, knowledge.eligibility, TEXTS, TODAY, groups)
    assert [block.text for block in blocks if block.style is Style.TITLE] == [f"Lists of {group}" for group in groups]


def test_the_file_repeats_no_low_confidence_price_or_dose() -> None:
    text = (ROOT / "knowledge" / "eligibility.yaml").read_text(encoding="utf-8")
    assert not re.search(r"\d ?(?:mg|EUR|USD|GBP)|[$€£]", text)
    assert yaml.safe_load(text)
