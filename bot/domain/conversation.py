"""What was asked, and what the bot is waiting to hear."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from bot.domain.messages import Address, Attachment

ASKED_WITHIN = timedelta(
    hours=1
)  # after Reply, Note and the like: what is written later may be meant for somebody else


class Waiting(StrEnum):
    """What the next message of somebody will be taken for, unless it is plainly something else."""

    NOTE = "note"  # a volunteer pressed Note, or has handed back: the next message stays inside
    REPLY = "reply"  # a volunteer pressed Reply
    SEND_ENTRY = "send_entry"  # a volunteer pressed Send an entry: the next message is a search
    DRAFT = "draft"  # a volunteer pressed Ask a lead to check: the next message is the reply to be read
    SEND_BACK = "send_back"  # a lead pressed Send back: the next message is the note on a draft
    ADD = "add"  # an asker pressed Add: the next message goes to the volunteers
    RATING = "rating"  # an asker said whether it helped: a line may follow, and is passed on
    QUESTION = "question"  # the asker gave /ask or /person without words
    CURATE = "curate"  # somebody pressed a part of a proposal: the next message is its new text
    FOLLOW_UP = "follow_up"  # an eligibility question: the next message fills in what is missing


AT_DESK = frozenset(
    {
        Waiting.NOTE,
        Waiting.REPLY,
        Waiting.SEND_ENTRY,
        Waiting.CURATE,
        Waiting.DRAFT,
        Waiting.SEND_BACK,
    }
)


@dataclass(frozen=True, slots=True)
class Awaiting:
    """What is waited for, and about what (an escalation's number, a turn's, a field).

    `escalation` is the one that it belongs to, where the subject is something else of it.
    """

    what: Waiting
    subject: str = ""
    escalation: int | None = None


class Considered(NamedTuple):
    """An entry that the bot thought of, and how likely it answers the question (None: kept before that was kept)."""

    entry: str
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and what the bot made of it; `considered` is what it thought of, best first.

    `attachments` came with it: a volunteer gets them, whenever it is handed over.
    """

    id: int
    person: int
    address: Address
    private: bool
    message_id: str | None
    question: str
    decision: str
    considered: tuple[Considered, ...]
    at: datetime
    attachments: tuple[Attachment, ...] = ()
