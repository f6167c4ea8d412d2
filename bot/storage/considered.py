"""What the bot thought of, as it stands in a JSON column: pairs of an entry and a probability, once entries alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.domain.conversation import Considered


def as_json(considered: Iterable[Considered]) -> list[Any]:
    """Give what the column holds."""
    return [[one.entry, one.probability] for one in considered]


def considered_in(column: Iterable[Any]) -> tuple[Considered, ...]:
    """Read what the column holds, in rows of any age."""
    return tuple(Considered(one) if isinstance(one, str) else Considered(*one) for one in column)
