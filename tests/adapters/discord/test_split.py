"""Long texts as several messages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.discord.split import MESSAGE_LIMIT, length, to_parts
from bot.domain.messages import Block, Style


def test_a_short_text_is_one_message_with_blocks_apart() -> None:
    assert to_parts([Block("Title", Style.TITLE), Block("Text"), Block(""), Block("end", Style.SMALL)]) == [
        "### Title\n\nText\n\n-# end"
    ]


def test_it_breaks_between_blocks_before_it_breaks_within() -> None:
    first, second = "a " * 600, "b " * 600
    assert [part.count("a") for part in to_parts([Block(first), Block(second)])] == [600, 0]


def test_it_breaks_between_paragraphs_before_it_breaks_a_paragraph() -> None:
    paragraphs = ["one " * 200, "two " * 200, "three " * 200]
    parts = to_parts([Block("\n\n".join(paragraphs))])
    assert all(sum(word in part for word in ("one", "two", "three")) <= 2 for part in parts)
    assert not any("two" in part and part.count("two") != 200 for part in parts)


def test_a_quote_stays_a_quote_in_every_part() -> None:
    parts = to_parts([Block("word " * 2000, Style.QUOTE)])
    assert len(parts) > 4
    assert all(line.startswith("> ") for part in parts for line in part.split("\n"))
    assert sum(part.count("word") for part in parts) == 2000


def test_a_link_is_never_broken() -> None:
    link = "[a source with a long name](https://example.org/" + "x" * 80 + ")"
    parts = to_parts([Block("word " * 390 + link + " end", Style.CURATED)])
    assert any(link in part for part in parts)


def test_an_emoji_counts_as_two_so_that_no_way_of_counting_refuses_it() -> None:
    parts = to_parts([Block("\U0001f600" * 1500, Style.PLAIN)])
    assert all(length(part) <= MESSAGE_LIMIT for part in parts)
    assert sum(part.count("\U0001f600") for part in parts) == 1500


@given(
    st.text(alphabet="ab *\\_.\n[]\U0001f600", max_size=400),
    st.sampled_from([Style.PLAIN, Style.QUOTE, Style.CURATED, Style.SMALL]),
    st.integers(min_value=20, max_value=80),
)
def test_nothing_is_lost_and_nothing_too_long(text: str, style: Style, limit: int) -> None:
    parts = to_parts([Block(text, style)], limit)
    assert all(length(part) <= limit for part in parts)
    for letter in "ab\U0001f600":
        assert sum(part.count(letter) for part in parts) == text.count(letter)


@pytest.mark.parametrize("size", [1_999, 2_000, 2_001, 100_000])
def test_any_size_is_taken(size: int) -> None:
    parts = to_parts([Block("x" * size)])
    assert sum(len(part) for part in parts) == size
