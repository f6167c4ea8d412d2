"""Triage: a message in, a reading and a decision out; the very code that chats and `triage --jsonl` use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.messages import Addressed
from bot.knowledge.base import KnowledgeBase
from bot.matching.matcher import Matcher
from bot.triage.decide import decide
from bot.triage.decision import Answer, Clarify, Decision, HandOff, Several
from bot.triage.reading import Reader, Reading


@dataclass(frozen=True, slots=True)
class Triaged:
    """A decision with the reading it came from."""

    reading: Reading
    decision: Decision

    @property
    def names_somebody_to_call(self) -> bool:
        """Tell whether somebody to call is named below the reply, as the message may be a cry for help."""
        return self.reading.worry and isinstance(self.decision, Answer | Clarify | HandOff | Several)


class Triage:
    """Decides for one knowledge base."""

    def __init__(self, knowledge: KnowledgeBase, matcher: Matcher) -> None:
        self.knowledge = knowledge
        self.matcher = matcher
        self._reader = Reader(knowledge, matcher)

    def decide(self, text: str, addressed: Addressed = Addressed.DIRECT) -> Triaged:
        """Decide one message."""
        return self.decide_many([(text, addressed)])[0]

    def decide_many(self, messages: Sequence[tuple[str, Addressed]]) -> list[Triaged]:
        """Decide several messages, each on its own."""
        return [Triaged(reading, decide(reading)) for reading in self._reader.read_many(messages)]
