"""The knowledge base: everything the bot may say, loaded and consistent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.messages import Picture
from bot.knowledge.eligibility import Eligibility
from bot.knowledge.entry import Entry, Reading, Stage, Synonyms, Topic
from bot.knowledge.safety import Safety


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeBase:
    """One consistent set of knowledge; `version` is a hash of the files it came from."""

    entries: Mapping[str, Entry]
    topics: tuple[Topic, ...]
    stages: tuple[Stage, ...]
    stages_read: Reading | None = None
    synonyms: Synonyms
    safety: Safety
    eligibility: Eligibility = field(default_factory=Eligibility)
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by red flag or kind, see `examples.py`
    pictures: Mapping[str, Picture] = field(default_factory=dict)  # by name: stages, timeline
    version: str = ""
    files: Mapping[str, str] = field(default_factory=dict)  # entry id -> "file:line", for reports
    of_no_entry: tuple[str, ...] = ()  # what `more-phrasings.yaml` has lines for and is no entry
    withheld: frozenset[str] = frozenset()  # entries whose answer nobody may be told, so that a person has to

    def of_topic(self, topic_id: str) -> Iterator[Entry]:
        """Give the entries of a topic: the required ones in their order, then the others by id."""
        topic = next((topic for topic in self.topics if topic.id == topic_id), None)
        order = {entry_id: place for place, entry_id in enumerate(topic.requires)} if topic else {}
        members = [entry for entry in self.entries.values() if entry.topic == topic_id]
        yield from sorted(members, key=lambda entry: (order.get(entry.id, len(order)), entry.id))

    def listed_topics(self) -> tuple[Topic, ...]:
        """Give the topics that `/faq` shows: listed, and with at least one entry."""
        used = {entry.topic for entry in self.entries.values()}
        return tuple(topic for topic in self.topics if topic.listed and topic.id in used)

    def related(self, entry: Entry) -> tuple[Entry, ...]:
        """Give the related entries that exist, at most three (the buttons under an answer)."""
        return tuple(self.entries[other] for other in entry.related if other in self.entries)[:3]

    def beside(self, name: str) -> str:
        """Give the path of a file that lies beside the folder of the entries; "" where that is not known."""
        entries = next(iter(self.files.values()), None)
        return str(Path(entries).parent.parent / name) if entries and name else ""
