"""What is read from Discord, as far as it needs no connection."""

from __future__ import annotations

import pytest

from bot.adapters.discord.to_event import Rooms, private, readable
from bot.domain.messages import Place
from bot.domain.people import Role

ROOMS = Rooms(900, 1, frozenset({2}), frozenset({701}), frozenset({702}))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<@900> how long?", "how long?"),
        ("how <@!900> long?", "how long?"),
        ("<@&77> how long?", "how long?"),
        ("ask <@5> or <@6>", "ask @Anna or @someone"),
        ("for <@&78> only <:pill:12345>", "for @mods only :pill:"),
        ("<@900>", ""),
    ],
)
def test_the_bots_mention_is_cut_and_the_others_are_names(content: str, expected: str) -> None:
    assert readable(content, 900, 77, {5: "Anna"}, {78: "mods"}) == expected


@pytest.mark.parametrize(
    ("roles", "role"), [([], Role.ASKER), ([1], Role.ASKER), ([701], Role.VOLUNTEER), ([701, 702], Role.LEAD)]
)
def test_roles_are_those_of_the_settings(roles: list[int], role: Role) -> None:
    assert ROOMS.role(roles) is role


def test_private_chats_are_named_by_the_person() -> None:
    where = private(12)
    assert where.address.chat == "dm:12"
    assert where.address.is_private
    assert where.place is Place.PRIVATE
