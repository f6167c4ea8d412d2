"""What members write besides the phrasings of an entry: stories with the question somewhere in them, and odd words.

They stand in a file of their own, so that entries stay short enough to be read, and are learnt from like phrasings.
They are not asked when each phrasing is asked without itself: many a story is found by nothing but its like.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace

from pydantic import BaseModel, ConfigDict

from bot.knowledge.entry import Entry
from bot.knowledge.schema import Line

FILE = "more-phrasings.yaml"


class MorePhrasingsFile(BaseModel):
    """The form of `more-phrasings.yaml`: the id of an entry, and what is written by those who want it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    phrasings: dict[str, tuple[Line, ...]]

    def of_no_entry(self, entries: Container[str]) -> tuple[str, ...]:
        """Name each list that stands under no entry: one that was retired must not keep the folder from being read."""
        return tuple(name for name in self.phrasings if name not in entries)

    def added_to(self, entries: Mapping[str, Entry]) -> dict[str, Entry]:
        """Give the entries with them."""
        more = self.phrasings
        return {name: replace(one, more_phrasings=more[name]) if name in more else one for name, one in entries.items()}
