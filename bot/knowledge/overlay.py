"""What was published from chat, laid over the files: pure, and the same in every process.

The later one wins: a published change gives way to a file whose entry has a later `changed_on` or `reviewed_on`, so
that a curator who edits a file is not overruled by an older change from chat. On the same day the change counts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.entry import Entry
from bot.knowledge.schema import EntryForm

PLACE = "published in chat"  # instead of a file, for reports


@dataclass(frozen=True, slots=True)
class Change:
    """What became of an entry on a day: other words, or, without `fields`, none any more."""

    on: date
    fields: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Changes:
    """The change that counts for each entry."""

    by_entry: Mapping[str, Change] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """Give a hash, by which a difference is known; empty where nothing was published."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:16] if self.by_entry else ""

    def to_json(self) -> str:
        """Give the form in which another process is handed them."""
        return json.dumps({name: asdict(change) for name, change in self.by_entry.items()}, default=str, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Changes:
        """Read that form."""
        return cls(_by_entry.validate_json(text or "{}"))


_by_entry = TypeAdapter(dict[str, Change])


def combined(files: str, changes: Changes) -> str:
    """Give the version of files with changes over them."""
    return f"{files}+{changes.version}" if changes.by_entry else files


def laid_over(base: KnowledgeBase, changes: Changes) -> KnowledgeBase:
    """Give the base with the changes in it; one that no longer has the form of an entry leaves the file's words."""
    entries, places = dict(base.entries), dict(base.files)
    for name, change in changes.by_entry.items():
        in_file = base.entries.get(name)
        if in_file and in_file.touched_on > change.on:
            continue
        if change.fields is None:
            entries.pop(name, None)
        elif entry := entry_of(change.fields):
            more = in_file.more_phrasings if in_file else ()
            entries[name], places[name] = replace(entry, more_phrasings=more), PLACE
    version = combined(base.version, changes)
    return replace(base, entries=dict(sorted(entries.items())), files=places, version=version)


def entry_of(fields: Mapping[str, Any]) -> Entry | None:
    """Give the entry that fields describe, None if they do not have its form."""
    try:
        return EntryForm.model_validate(fields).to_entry()
    except ValidationError:
        return None


def fields_of(entry: Entry) -> dict[str, Any]:
    """Give an entry as the fields of its file, with what has its usual value left out; the way back of `entry_of`."""
    values: dict[str, Any] = {name: getattr(entry, name) for name in _IN_ORDER if hasattr(entry, name)}
    values["answer"] = "person" if entry.by_person else "text"
    values["sources"] = [{name: value for name, value in asdict(one).items() if value} for one in entry.sources]
    usual = {name: info.get_default(call_default_factory=True) for name, info in EntryForm.model_fields.items()}
    return {name: _plain(values[name]) for name in _IN_ORDER if values[name] not in (usual[name], [], ())}


_IN_ORDER = tuple(EntryForm.model_fields)


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
