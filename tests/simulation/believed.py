"""What a crowd's ledger believes: of each escalation, and of each word that somebody has for themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tests.simulation.ground import Actor


class Kind(StrEnum):
    """What an asker's message is to its reader."""

    QUESTION = "question"  # opens an escalation
    CRY = "cry"  # for help: opens an urgent one, or is added to it
    MORE = "more"  # belongs to an escalation, and wants words
    THANKS = "thanks"  # belongs to an escalation, and wants none
    CORRECTION = "correction"  # in the place of words that were there before


@dataclass
class Asked:
    """A word of an asker; it is in an escalation's question, or in what was said afterwards."""

    asker: Actor
    kind: Kind
    private: bool = False


@dataclass
class Reply:
    """A word of a volunteer for an asker. `arrived` holds the messages in which the asker has got it."""

    number: int
    writer: Actor
    goes_out: bool
    in_thread: bool = False  # written there, where nobody has to be shown it again
    is_draft: bool = False  # leads read it first
    corrects: bool = False
    may_be_lost: bool = False  # its asker was forgotten at that moment
    arrived: set[str] = field(default_factory=set)


@dataclass
class Note:
    """A word of a volunteer for the others; one of somebody without rights is for nobody."""

    number: int
    writer: Actor
    kept: bool


@dataclass
class Case:
    """An escalation, by what people did and saw: whose it is, who waits for whom, and where its answers go."""

    asker: Actor
    asked_in_private: bool
    private: bool
    owed_since: datetime | None  # since when its asker waits for words
    named: bool = False  # volunteers may see the asker's name
    was_named: bool = False
    heard_at: datetime | None = None  # when its asker last read anything about it
    cried_at: datetime | None = None
    paged_at: datetime | None = None

    def owes(self, now: datetime) -> None:
        """Note that its asker waits for words, unless they did before."""
        self.owed_since = self.owed_since or now
