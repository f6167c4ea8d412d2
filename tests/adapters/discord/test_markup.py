"""Blocks as Markdown: what is ours is formatted, what people wrote is only shown."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.discord.markup import escape, lines_of, safe
from bot.domain.messages import Block, Style


def shown(text: str, style: Style) -> str:
    return "\n".join(str(line) for line in lines_of(Block(text, style)))


@pytest.mark.parametrize(
    ("text", "style", "expected"),
    [
        ("Hello *you*", Style.PLAIN, r"Hello \*you\*"),
        ("Risks\nand costs", Style.TITLE, "### Risks and costs"),
        ("one\ntwo", Style.QUOTE, "> one\n> two"),
        ("one\ntwo", Style.SMALL, "-# one\n-# two"),
        ("- a *b*\n- c", Style.CURATED, "- a \\*b\\*\n- c"),
        ("See [the NHS](https://nhs.uk/a_b).", Style.CURATED, "See [the NHS](https://nhs.uk/a_b)."),
        ("See [x](javascript:alert)", Style.CURATED, r"See \[x\](javascript:alert)"),
        ("[free cure](https://bad.example)", Style.QUOTE, r"> \[free cure\](https://bad.example)"),
        ("# big\n- list\n> quote", Style.PLAIN, "\\# big\n\\- list\n\\> quote"),
        ("||spoiler|| `code` ~~no~~ __u__", Style.QUOTE, r"> \|\|spoiler\|\| \`code\` \~\~no\~\~ \_\_u\_\_"),
        ("about #142", Style.PLAIN, "about #142"),
        ("https://a.example/x_y_z *b*", Style.QUOTE, r"> https://a.example/x_y_z \*b\*"),
        (">>> all of it", Style.QUOTE, r"> \>>> all of it"),
    ],
)
def test_blocks_become_markdown(text: str, style: Style, expected: str) -> None:
    assert shown(text, style) == expected


@pytest.mark.parametrize("text", ["@everyone", "@here", "<@123>", "<@!123>", "<@&45>", "<#9>", "</ask:1>", "<:a:1>"])
def test_peoples_words_cannot_mention_anybody_or_anything(text: str) -> None:
    written = shown(text, Style.QUOTE)
    assert "@everyone" not in written
    assert "@here" not in written
    assert not re.search(r"(?<!\\)<", written)


def test_invisible_marks_and_control_characters_are_left_out() -> None:
    assert safe("a\u202eb\x00c\u2066d\r\ne\tf") == "abcd\ne f"


def test_a_joined_emoji_stays_whole() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert safe(family) == family


@given(st.text(alphabet="a*_`|~[](<>@#-\\ e1", max_size=60))
def test_nothing_written_by_people_keeps_a_meaning(text: str) -> None:
    for line in escape(text).split("\n"):
        bare = re.sub(r"\\.", "", line)
        assert not re.search(r"[*_`|~\[\]<]", bare)
