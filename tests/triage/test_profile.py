"""What people say of themselves, and what they do not."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.people import Profile
from bot.triage.profile import read_profile

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("im 53 and have PPMS", Profile(ms_type="PPMS", age=53)),
        ("54, female, Texas", Profile(age=54, country="US")),
        ("I live in New Zealand, 41 yo, no aids", Profile(age=41, country="New Zealand", walking="no aids")),
        ("diagnosed 2 years ago with rrms in the UK", Profile(ms_type="RRMS", years_since_diagnosis=2, country="UK")),
        ("I was RRMS but now SPMS", Profile(ms_type="SPMS")),
        ("ms since 1988", Profile(years_since_diagnosis=38)),
        ("I've had ms since 14 and am 53 now", Profile(age=53, years_since_diagnosis=39)),
        ("diagnosed in 2010, on Tysabri then Ocrevus", Profile(years_since_diagnosis=16, drugs=("Tysabri", "Ocrevus"))),
        ("I use a rollator at home and a wheelchair outside", Profile(walking="wheelchair")),
        ("I walk with a stick", Profile(walking="one aid")),
        ("need crutches", Profile(walking="two aids")),
        ("i am in the US", Profile(country="US")),
        ("greetings from Canada", Profile(country="Canada")),
        ("ms for ten years", Profile(years_since_diagnosis=10)),
    ],
)
def test_what_is_said_is_read(text: str, told: Profile) -> None:
    assert read_profile(text, TODAY) == told


@pytest.mark.parametrize(
    "text",
    [
        "how much is it in mexico", "my husband is 60 and has spms", "is it better for RRMS or SPMS", "I am 38 weeks pregnant",
        "should I take Ocrevus or hsct", "I don't want to end up in a wheelchair", "Does Lemtrada work better than HSCT",
        "tell us about it", "my edss is 6.5", "I cannot walk far", "hospital stay of 30 days",
    ],
)  # fmt: skip
def test_what_is_not_said_stays_unknown(text: str) -> None:
    assert read_profile(text, TODAY) == Profile()
