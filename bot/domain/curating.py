"""A change to the knowledge made in chat, from a volunteer's words to what is published."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a proposal would change."""

    NEW = "new"  # an entry that there is not yet
    EDIT = "edit"  # other words for an entry
    RETIRE = "retire"  # no longer said
    REVIEWED = "reviewed"  # the same words, read against their sources again


class State(StrEnum):
    """Where a proposal stands."""

    DRAFT = "draft"  # being written
    OPEN = "open"  # with the leads
    PUBLISHED = "published"
    DECLINED = "declined"  # by a lead
    WITHDRAWN = "withdrawn"  # by its author


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One proposed change; `fields` are those of an entry as its file would hold them.

    `revision` goes up with each change of the words, so that nobody approves words they have not seen. `basis`
    tells what the entry was when the proposal was begun. `author` is None once it is decided: who wrote what is not
    kept.
    """

    id: int
    kind: Kind
    state: State
    entry_id: str
    fields: Mapping[str, Any]
    revision: int
    basis: str
    author: int | None
    author_leads: bool
    approvals: int


@dataclass(frozen=True, slots=True)
class Published:
    """One published change; without `fields` the entry is retired. Who wrote and approved it is not kept."""

    number: int
    kind: Kind
    entry_id: str
    fields: Mapping[str, Any] | None
    at: datetime
    undone: bool


def mark_of(words: str) -> str:
    """Give a short mark of some words: a form carries that of those it began with, and replaces no others."""
    return hashlib.sha256(words.encode()).hexdigest()[:8]
