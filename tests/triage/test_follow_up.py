"""The follow-up: it asks for what matters and is missing, takes any plain reply, and lets everything be skipped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.people import NO_DRUGS, Profile
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.eligibility import About, Eligibility
from bot.texts import texts_in
from bot.triage.follow_up import (
    ENOUGH,
    LONGEST_REPLY,
    OTHER,
    SKIP,
    Field,
    filled,
    finished,
    merged,
    next_field,
    question,
)
from bot.triage.profile import read_profile

TODAY = date(2026, 11, 23)
TEXTS = texts_in()
NOBODY = Profile()


@pytest.fixture(scope="module")
def table(knowledge: KnowledgeBase) -> Eligibility:
    return knowledge.eligibility


def asked_in_turn(profile: Profile, table: Eligibility, reply: str = SKIP) -> list[Field]:
    asked = []
    while field := next_field(profile, table):
        asked.append(field)
        profile = filled(profile, field, reply, table, TODAY) or finished(profile)
    return asked


def test_somebody_who_has_said_nothing_is_asked_everything_once_country_first(table: Eligibility) -> None:
    assert asked_in_turn(NOBODY, table) == list(Field)


def test_what_was_said_in_the_question_is_not_asked_again(table: Eligibility) -> None:
    said = read_profile("I'm 45 with RRMS, diagnosed 5 years ago, on Tysabri. Am I a candidate in the UK?", TODAY)
    assert asked_in_turn(replace(said, country="UK"), table) == [Field.WALKING]


def test_what_no_list_of_the_country_depends_on_is_not_asked(table: Eligibility) -> None:
    assert asked_in_turn(Profile(country="Australia"), table) == [Field.MS_TYPE]


def test_where_the_country_has_no_list_every_list_counts(table: Eligibility) -> None:
    assert Field.WALKING in asked_in_turn(Profile(country="Turkey"), table)


def test_without_a_table_nothing_is_asked() -> None:
    assert next_field(NOBODY, Eligibility()) is None


def test_enough_ends_it_at_once(table: Eligibility) -> None:
    assert asked_in_turn(NOBODY, table, ENOUGH) == [Field.COUNTRY]


def test_skipping_is_kept_and_takes_nothing_back(table: Eligibility) -> None:
    profile = filled(Profile(ms_type="RRMS"), Field.AGE, "I'd rather not say", table, TODAY)
    assert profile == Profile(ms_type="RRMS", skipped=("age",))


@pytest.mark.parametrize("field", Field)
def test_every_question_has_words_and_can_be_skipped_or_ended(field: Field, table: Eligibility) -> None:
    asked = question(field, table, TEXTS)
    assert asked.text.endswith((".", "?"))
    assert [choice.value for choice in asked.choices[-2:]] == [SKIP, ENOUGH]
    assert len({choice.label for choice in asked.choices}) == len(asked.choices) <= 25  # Discord's buttons


@pytest.mark.parametrize("field", Field)
def test_every_button_is_understood(field: Field, table: Eligibility) -> None:
    for choice in question(field, table, TEXTS).choices:
        profile = filled(NOBODY, field, choice.value, table, TODAY)
        assert profile is not None, choice
        assert next_field(profile, table) is not field


@pytest.mark.parametrize(
    ("reply", "age", "age_to"),
    [("47", 47, None), ("I'm 47", 47, None), ("47 yrs old", 47, None), ("45 to 49", 45, 49), ("in my 40s", 40, 49)],
)
def test_an_age_is_read_however_it_is_typed(reply: str, age: int, age_to: int | None, table: Eligibility) -> None:
    assert filled(NOBODY, Field.AGE, reply, table, TODAY) == Profile(age=age, age_to=age_to)


@pytest.mark.parametrize(
    ("reply", "years"),
    [
        ("5", 5),
        ("five", 5),
        ("about 12 years ago", 12),
        ("2019", 7),
        ("since 2019", 7),
        ("last year", 1),
        ("3 months ago", 0),
    ],
)
def test_years_are_counted_from_the_diagnosis(reply: str, years: int, table: Eligibility) -> None:
    assert filled(NOBODY, Field.YEARS, reply, table, TODAY) == Profile(years_since_diagnosis=years)


def test_an_age_at_diagnosis_becomes_years_where_the_age_is_known(table: Eligibility) -> None:
    profile = filled(Profile(age=50), Field.YEARS, "when I was 30", table, TODAY)
    assert profile
    assert profile.years_since_diagnosis == 20


@pytest.mark.parametrize(
    ("reply", "ms_type"),
    [
        ("ppms", "PPMS"),
        ("the second one", "SPMS"),
        ("2", "SPMS"),
        ("PP", "PPMS"),
        ("relapsing", "RRMS"),
        ("i think its rrms", "RRMS"),
    ],
)
def test_a_type_is_read_from_words_numbers_and_places(reply: str, ms_type: str, table: Eligibility) -> None:
    assert filled(NOBODY, Field.MS_TYPE, reply, table, TODAY) == Profile(ms_type=ms_type)


@pytest.mark.parametrize(
    ("reply", "walking"),
    [
        ("no", "no aids"),
        ("stick", "one aid"),
        ("I use a cane", "one aid"),
        ("rollator", "two aids"),
        ("4", "wheelchair"),
    ],
)
def test_walking_is_read_from_a_word(reply: str, walking: str, table: Eligibility) -> None:
    assert filled(NOBODY, Field.WALKING, reply, table, TODAY) == Profile(walking=walking)


@pytest.mark.parametrize(
    ("reply", "drugs"),
    [
        ("tysabri, ocrevus and rebif", ("Tysabri", "Ocrevus", "interferon")),
        ("Tecfidera for 5 years; now Kesimpta", ("Tecfidera", "Kesimpta")),
        ("none yet", (NO_DRUGS,)),
    ],
)
def test_drugs_are_read_from_a_list(reply: str, drugs: tuple[str, ...], table: Eligibility) -> None:
    assert filled(NOBODY, Field.DRUGS, reply, table, TODAY) == Profile(drugs=drugs)


def test_a_drug_never_taken_is_not_one_tried(table: Eligibility) -> None:
    assert filled(NOBODY, Field.DRUGS, "never Tysabri", table, TODAY) is None


@pytest.mark.parametrize(("reply", "country"), [("us", "US"), ("Leeds", "UK"), ("in the Netherlands", "Netherlands")])
def test_a_country_is_read_from_its_name_or_a_town(reply: str, country: str, table: Eligibility) -> None:
    assert filled(NOBODY, Field.COUNTRY, reply, table, TODAY) == Profile(country=country)


def test_a_country_without_a_list_can_be_left_at_that(table: Eligibility) -> None:
    assert filled(NOBODY, Field.COUNTRY, OTHER, table, TODAY) == Profile(skipped=("country",))


@pytest.mark.parametrize("field", Field)
@pytest.mark.parametrize(
    "reply", ["What does it cost in Mexico?", "thank you all so much", "", "x" * (LONGEST_REPLY + 1)]
)
def test_what_is_no_reply_is_left_to_be_decided_as_usual(field: Field, reply: str, table: Eligibility) -> None:
    assert filled(NOBODY, field, reply, table, TODAY) is None


def test_a_later_word_counts_and_silence_takes_nothing_back() -> None:
    known = Profile(ms_type="RRMS", age=40, age_to=49, drugs=("Tysabri",), skipped=("walking",))
    later = merged(known, Profile(ms_type="SPMS", age=47, years_since_diagnosis=0))
    assert later == replace(known, ms_type="SPMS", age=47, age_to=None, years_since_diagnosis=0)


def test_every_field_is_one_that_some_list_speaks_of(table: Eligibility) -> None:
    spoken_of = {criterion.about for programme in table.programmes for criterion in programme.criteria}
    assert {About.MS_TYPE, About.AGE, About.YEARS, About.DRUGS, About.EDSS} <= spoken_of
