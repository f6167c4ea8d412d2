"""Which numbers are body temperatures."""

from __future__ import annotations

import pytest

from bot.triage.temperatures import HIGH, LOW, mark


@pytest.mark.parametrize(
    "sentence",
    ["temp of 38", "38.5", "100.4", "101 f", "39 c", "temp is 99.8", "fever of 102", "her temp is 37.8 now", "thirty nine c",
     "temp one hundred and two", "a hundred and one point five f"],
)  # fmt: skip
def test_a_fever_is_marked(sentence: str) -> None:
    assert HIGH in mark(sentence).split()


@pytest.mark.parametrize("sentence", ["temp is 35.2", "temperature 34 c", "95 f temp"])
def test_a_low_temperature_is_marked(sentence: str) -> None:
    assert LOW in mark(sentence).split()


@pytest.mark.parametrize(
    "sentence",
    ["i am 39", "aged 40", "money 38.5", "38.5 percent", "38.5 kg", "day 38", "39 years", "temp 36.8", "bmi is 38.5", "38 of us",
     "a hundred people", "edss 6.5", "ferritin level was 40.2"],
)  # fmt: skip
def test_other_numbers_are_left_alone(sentence: str) -> None:
    assert {HIGH, LOW}.isdisjoint(mark(sentence).split())


def test_a_number_alone_is_read_with_the_sentence_before() -> None:
    assert mark("39 now", before="she took her temperature") == f"{HIGH} now"
