"""Finding entries and stages while somebody types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Found:
    """An entry or a stage as autocomplete and inline mode offer it."""

    id: str
    title: str
    text: str


class Catalogue(Protocol):
    """Finding entries and stages while somebody types."""

    def find(self, words: str, limit: int) -> Sequence[Found]:
        """Give entries that words find, best first; without words, the first ones of every topic."""

    def stages(self) -> Sequence[Found]:
        """Give the stages in order."""
