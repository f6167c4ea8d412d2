"""A question handed to the volunteers, from opening to close."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.conversation import Considered
from bot.domain.messages import Address

LONGEST_NUMBER = 9  # digits: what fits an INTEGER column everywhere


class Status(StrEnum):
    """Where an escalation stands."""

    WAITING = "waiting"  # nobody has it
    CLAIMED = "claimed"  # one volunteer has it
    CLOSED = "closed"  # done; a new message of the asker within 14 days reopens it


class Reason(StrEnum):
    """Why a question went to the volunteers."""

    UNKNOWN = "unknown"  # the knowledge base has no sure answer
    ASKED_FOR = "asked_for"  # the asker wants a person
    PERSONAL = "personal"  # asks for personal medical advice
    BY_DESIGN = "by_design"  # an entry says that a person answers this
    NONE_FITS = "none_fits"  # none of the offered answers was meant
    DISTRESS = "distress"  # pain or despair without danger
    WORRY = "worry"  # may be a cry for help, may be nothing: a person looks
    EMERGENCY = "emergency"  # urgent symptoms of the body
    CRISIS = "crisis"  # danger to oneself
    SCAM = "scam"  # somebody is being pressed for money
    SPAM = "spam"  # spam or a scam by the sender: a quiet note for the desk, no word to the sender

    @property
    def urgent(self) -> bool:
        """Tell whether volunteers on duty are paged."""
        return self in (Reason.EMERGENCY, Reason.CRISIS)

    @property
    def hard(self) -> bool:
        """Tell whether it is hard to bear: volunteers may say that they would rather not be called for such ones."""
        return self in (Reason.EMERGENCY, Reason.CRISIS, Reason.DISTRESS, Reason.WORRY)


class Voice(StrEnum):
    """Who said something within an escalation."""

    ASKER = "asker"
    VOLUNTEER = "volunteer"
    NOTE = "note"  # volunteers among themselves, never shown to the asker


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """One escalation; `id` is its public reference, shown as `#id`.

    `asker_name` is what volunteers see, `owner_shown` what the asker sees of the owner (empty: just "a volunteer").
    `asker` and `owner` are numbers of `people`; `reply_to` is where answers to the asker go; `considered` is what
    the bot thought of, best first. `waiting_since`: in the queue since; `owed_since`: since when the asker
    waits for words, None while the last ones are a volunteer's; `held_at`: the owner's last sign of life;
    `draft_since`: since when a reply waits for a lead to read it.
    """

    id: int
    asker: int
    asker_name: str
    question: str
    reason: Reason
    status: Status
    reply_to: Address
    private: bool
    message_id: str | None
    considered: tuple[Considered, ...]
    owner: int | None = None
    owner_name: str | None = None
    owner_shown: str | None = None
    country: str | None = None
    language: str = "en"
    opened_at: datetime
    waiting_since: datetime
    owed_since: datetime | None = None
    held_at: datetime | None = None
    draft_since: datetime | None = None
    claimed_at: datetime | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def urgent(self) -> bool:
        """Tell whether it pages."""
        return self.reason.urgent

    @property
    def is_open(self) -> bool:
        """Tell whether somebody still has to do something."""
        return self.status is not Status.CLOSED


def number_in(text: str) -> int | None:
    """Give the number that a text is; None if it is none that a row could have."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= LONGEST_NUMBER else None


CARD_KEY = "card:"  # and the number


def card_key(number: int) -> str:
    """Give the key of an escalation's card: a newer card takes the place of the one before it."""
    return f"{CARD_KEY}{number}"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said within an escalation."""

    voice: Voice
    name: str
    text: str
    at: datetime
