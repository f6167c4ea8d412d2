"""The knowledge that is live right now; a reload swaps it in one step."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.safety import Safety
from bot.matching.cache import load_or_fit
from bot.matching.calibrate import EncoderName
from bot.matching.matcher import Matcher
from bot.triage.triage import Triage

WARM_UP = "What does it cost?"  # decided before a new triage is used: the first message compiles the red flags


def fit_matcher(knowledge: KnowledgeBase, folder: str | None = None, encoder: EncoderName = "minilm") -> Matcher:
    """Fit a matcher to a knowledge base; takes seconds, so a reload does it in another process.

    With the cache folder only phrasings that are new are encoded, and the next start finds the matcher there.
    """
    return load_or_fit(knowledge, Path(folder) if folder else None, encoder)


class LiveTriage:
    """Holds the triage of the last good knowledge base."""

    def __init__(self, triage: Triage) -> None:
        self.triage = triage

    @property
    def knowledge(self) -> KnowledgeBase:
        """Give the knowledge base in use."""
        return self.triage.knowledge

    def prepare(self, knowledge: KnowledgeBase, fitted: object | None = None) -> Triage:
        """Give a triage that is ready to be used: with the old matcher until there is one fitted to the new entries.

        Either may know entries that are gone by now; it finds them no more. May run in a thread, and takes a second
        when red flags have changed.
        """
        matcher = fitted if isinstance(fitted, Matcher) else self.triage.matcher
        if _same(knowledge.safety, self.knowledge.safety):
            knowledge = replace(knowledge, safety=self.knowledge.safety)  # compiled already
        triage = Triage(knowledge, matcher.only(knowledge.entries))
        triage.decide(WARM_UP)
        return triage

    def swap(self, triage: Triage) -> None:
        """Use another knowledge base from the next message on."""
        self.triage = triage


def _same(one: Safety, other: Safety) -> bool:
    return all(getattr(one, field.name) == getattr(other, field.name) for field in fields(Safety))
