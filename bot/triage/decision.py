"""What the bot can decide to do with a message."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.escalation import Reason
from bot.matching.match import Candidate


@dataclass(frozen=True, slots=True)
class Safety:
    """Someone may be in danger: the safety text first and alone, an urgent escalation, a page."""

    flag: str  # id of a red flag of safety.yaml
    reason: Reason  # EMERGENCY or CRISIS


@dataclass(frozen=True, slots=True)
class Distress:
    """Pain or despair without danger: a warm line, the entry if one is sure, and a person unless the asker declines."""

    flag: str
    entry_id: str | None = None


@dataclass(frozen=True, slots=True)
class HandOff:
    """A person answers; `general` is an entry to show beside it, `by_person` one that hands over by design."""

    reason: Reason
    general: str | None = None
    by_person: str | None = None
    flag: str | None = None


@dataclass(frozen=True, slots=True)
class Clarify:
    """Two or three candidates: did you mean one of these? `follow_up` as for `Answer`."""

    candidates: tuple[Candidate, ...]
    follow_up: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """One entry is sure; `follow_up` offers to ask what published criteria depend on."""

    entry_id: str
    follow_up: bool = False


@dataclass(frozen=True, slots=True)
class Spam:
    """Spam or a scam: no answer, a quiet note to the desk."""

    why: str


@dataclass(frozen=True, slots=True)
class Silent:
    """Nothing to say: talk among people, thanks, a story."""

    why: str


@dataclass(frozen=True, slots=True)
class Several:
    """A message with several questions: up to three answers, and for the rest a choice or a person."""

    answers: tuple[Answer, ...]
    rest: HandOff | Clarify | None = None
    by_part: tuple[Answer | Clarify | HandOff | Silent, ...] = ()


Decision = Safety | Distress | HandOff | Clarify | Answer | Spam | Silent | Several
