"""Blocks as Telegram's text and entities."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.telegram import render, utf16
from bot.adapters.telegram.render import MESSAGE_LIMIT, parts, split, whole
from bot.domain.messages import Block, Style
from tests.platforms.telegram import rules

NASTY = [
    "<b>bold</b> & <script>",
    "_*[]()~`>#+-=|{}.!",
    "[not a link](https://example.org)",
    "family 👩‍👩‍👧‍👦 flag 🏴󠁧󠁢󠁳󠁣󠁴󠁿 and 𝔉𝔯𝔞𝔨𝔱𝔲𝔯",
    "zero\u200bwidth\u200djoined",
    "שלום and مرحبا",
    "&lt;already escaped&gt;",
]


def json_entities(part: render.Part) -> list[dict[str, object]]:
    return [entity.to_dict() for entity in part.entities()]


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("style", [Style.PLAIN, Style.QUOTE, Style.TITLE, Style.SMALL])
def test_what_people_write_arrives_as_typed(text: str, style: Style) -> None:
    (part,) = parts([Block(text, style)])
    assert part.text == text
    rules.check_entities(part.text, json_entities(part))


@pytest.mark.parametrize(
    "text",
    [
        "@anna",
        "hi @anna!",
        "(@anna)",
        "@everyone @here",
        "@\u202eanna",
        "a\u202e@anna",
        "@\u0333anna",
        "\u200b@anna",
        "@a_b1",
    ],
)
@pytest.mark.parametrize("style", list(Style))
def test_nobody_is_pinged_by_anything_the_bot_says(text: str, style: Style) -> None:
    (part,) = parts([Block(text, style)])
    assert rules.alerted(rules.cleaned(part.text), json_entities(part)) == []


def test_a_flood_of_mentions_pings_nobody_either() -> None:
    for part in parts([Block(" ".join(f"@user{n}" for n in range(40)), Style.QUOTE)] * 4):
        assert rules.alerted(rules.cleaned(part.text), json_entities(part)) == []
        assert len(part.entities()) <= 100


def test_without_entities_mentions_are_broken_by_an_invisible_character() -> None:
    assert rules.alerted(whole([Block("@anna", Style.QUOTE)]).harmless(), []) == []


def test_a_page_is_the_one_thing_that_alerts() -> None:
    part = render.paging("Please look:", [(7, "Ben 👍"), (8, "Kim")])
    assert part.text == "Please look: Ben 👍, Kim"
    assert rules.alerted(part.text, json_entities(part)) == ["7", "8"]


def test_curated_text_has_linked_words_and_bullets() -> None:
    (part,) = parts([Block("See:\n- [MS Society 👍](https://a.org/x_y)\n- second", Style.CURATED)])
    assert part.text == "See:\n• MS Society 👍\n• second"
    (link,) = part.entities()
    assert (link.type, link.url, link.offset, link.length) == ("text_link", "https://a.org/x_y", 7, 13)


def test_blocks_are_set_apart_by_an_empty_line() -> None:
    (part,) = parts([Block("One", Style.TITLE), Block("Two"), Block("Three", Style.QUOTE)])
    assert part.text == "One\n\nTwo\n\nThree"
    assert [(entity.type, entity.offset) for entity in part.entities()] == [("bold", 0), ("blockquote", 10)]


def test_long_texts_are_cut_at_paragraphs() -> None:
    paragraphs = [f"{number} " + "word " * 300 for number in range(6)]
    found = parts([Block("\n\n".join(paragraphs))])
    assert [part.text[0] for part in found] == ["0", "2", "4"]
    assert all(part.length() <= MESSAGE_LIMIT for part in found)


def test_a_text_of_emoji_is_counted_as_the_api_counts() -> None:
    found = parts([Block("😀" * 3000)])
    assert [len(part.text) for part in found] == [2048, 952]


def test_people_words_are_shortened_so_that_a_message_fits() -> None:
    body = [
        Block("Card", Style.TITLE),
        Block("x" * 100_000, Style.QUOTE),
        Block("y" * 9_000, Style.QUOTE),
        Block("How"),
    ]
    assert len(parts(render.shortened(body))) == 1


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300), st.integers(min_value=8, max_value=60))
@settings(max_examples=150, deadline=None)
def test_cutting_loses_nothing_but_the_space_at_the_cuts(text: str, limit: int) -> None:
    found = split(whole([Block(text, Style.QUOTE)]), limit)
    joined, original = ("".join(part.text for part in found), whole([Block(text, Style.QUOTE)]).text)
    assert "".join(joined.split()) == "".join(original.split())
    assert all(0 < utf16.length(part.text) <= limit for part in found)
    for part in found:
        rules.check_entities(part.text, json_entities(part))
