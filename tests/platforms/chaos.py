"""A platform that fails at random, the same for every test server."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


@dataclass
class Chaos:
    """Random failures of what sends, and events that come twice."""

    random: random.Random
    rate: float
    duplicates: float
    kinds: tuple[str, ...] = ("429", "500", "before", "after")  # before, after: the connection is cut, then or there
    lost_answers: set[int] = field(default_factory=set)  # messages that were taken, and the answer to it was lost

    def strikes(self, when: Sequence[str]) -> str | None:
        """Give the kind of failure that happens now, if it is one of those that can."""
        if self.random.random() >= self.rate / 2:
            return None
        kind = self.random.choice(self.kinds)
        return kind if kind in when else None

    def some(self, events: Sequence[T]) -> list[T]:
        """Give those that are to come a second time."""
        return [one for one in events if self.random.random() < self.duplicates] if self.duplicates else []
