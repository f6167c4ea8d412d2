"""What autocomplete and inline mode offer while somebody types."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.catalogue import Found
from bot.domain.labels import plain
from bot.knowledge.entry import Entry
from bot.triage.live import LiveTriage


class LiveCatalogue:
    """Finds entries and stages of the knowledge in use."""

    def __init__(self, live: LiveTriage) -> None:
        self._live = live

    def find(self, words: str, limit: int) -> Sequence[Found]:
        """Give entries whose question holds the words, then what the matcher finds; without words one of each topic."""
        knowledge = self._live.knowledge
        if not plain(words):
            first = [next(iter(knowledge.of_topic(topic.id))) for topic in knowledge.listed_topics()]
            return [_found(entry) for entry in first[:limit]]
        entries = [entry for entry in knowledge.entries.values() if not entry.by_person]
        typed = plain(words).split()
        holding = [entry for entry in entries if all(word in plain(entry.question) for word in typed)]
        matched = [knowledge.entries[one.entry_id] for one in self._live.triage.matcher.match(words).candidates]
        wanted = dict.fromkeys(entry.id for entry in (*holding, *matched) if not entry.by_person)
        return [_found(knowledge.entries[entry_id]) for entry_id in list(wanted)[:limit]]

    def stages(self) -> Sequence[Found]:
        """Give the stages in order."""
        return [Found(stage.id, stage.name, stage.summary) for stage in self._live.knowledge.stages]


def _found(entry: Entry) -> Found:
    return Found(entry.id, entry.question, entry.short)
