"""Every error of ours, and what each says to do.

BotError                    never shown with a traceback: its text says what is wrong and how to mend it
├── ConfigError             the configuration cannot be used
├── StorageError            the database cannot be opened, or is newer than this program
├── KnowledgeError          one or more mistakes in the knowledge files (`problems`)
├── DeliveryError           a platform did not take a message (`permanent`, `retry_after`)
│   └── ThreadGone          the thread it was meant for is deleted or closed: make it again
└── EscalationError         an escalation cannot do what was asked
    ├── NoSuchEscalation    there is none of that number, or it has been purged
    ├── AlreadyClaimed      somebody else has it (`owner`)
    ├── NotYours            only its owner or a lead may do this
    ├── NotAllowed          only a volunteer may do this
    └── FullHands           a volunteer has as many as they take at once (`load`)
"""

from __future__ import annotations

from collections.abc import Sequence


class BotError(Exception):
    """Something is wrong that the reader of the message can put right."""


class ConfigError(BotError):
    """The configuration cannot be used."""


class StorageError(BotError):
    """The database cannot be used."""


class KnowledgeError(BotError):
    """The knowledge files have mistakes; each problem names file, line, entry and what to do."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class DeliveryError(BotError):
    """A platform did not take a message; `retry_after` is in seconds, if the platform named a time."""

    def __init__(self, reason: str, *, permanent: bool = False, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after


class ThreadGone(DeliveryError):
    """The thread a message was meant for is gone; the outbox forgets it and has it made again."""


class EscalationError(BotError):
    """An escalation cannot do what was asked."""


class NoSuchEscalation(EscalationError):
    """There is no escalation of that number (any more)."""


class AlreadyClaimed(EscalationError):
    """Somebody else has it; `owner` is the name that volunteers know them by."""

    def __init__(self, owner: str) -> None:
        super().__init__(owner)
        self.owner = owner


class NotYours(AlreadyClaimed):
    """Only the owner (or a lead) may do this."""


class NotAllowed(EscalationError):
    """Only a volunteer (or a lead) may do this."""


class FullHands(EscalationError):
    """Somebody has as many as they take at once; `load` is how many of them wait for an answer."""

    def __init__(self, load: int) -> None:
        super().__init__(str(load))
        self.load = load
