"""What members write besides the phrasings of an entry: stories with the question somewhere in them, and odd words.

They stand in a file of their own, so that entries stay short enough to be read, and are learnt from like phrasings.
They are not asked when each phrasing is asked without itself: many a story is found by nothing but its like.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import replace

from pydantic import BaseModel, ConfigDict

from bot.knowledge.entry import Entry
from bot.knowledge.schema import Line

FILE = "more-phrasings.yaml"


class MorePhrasingsFile(BaseModel):
    """The form of `more-phrasings.yaml`: the id of an entry, and what is written by those who want it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    phrasings: dict[str, tuple[Line, ...]]

    def problems(self, entries: Container[str]) -> Iterator[tuple[str, str]]:
        """Name each list that stands under no entry, and say so."""
        for name in self.phrasings:
            if name not in entries:
                yield (
                    name,
                    f"'{name}' is no entry. Put these lines under the entry that answers them, or take them out.",
                )

    def added_to(self, entries: Mapping[str, Entry]) -> dict[str, Entry]:
        """Give the entries with them."""
        more = self.phrasings
        return {name: replace(one, more_phrasings=more[name]) if name in more else one for name, one in entries.items()}
