"""What matching gives: scored candidates, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Zone(StrEnum):
    """What the probabilities allow; the thresholds are in `calibrate.py`."""

    ANSWER = "answer"  # one entry is sure
    CLARIFY = "clarify"  # the right one is probably among the first three
    HAND_OVER = "hand_over"  # neither


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry with the probability that it answers the message, and the phrasing of it that came nearest."""

    entry_id: str
    probability: float
    phrasing: str


@dataclass(frozen=True, slots=True)
class Match:
    """The best five candidates, best first (ties by id), and what was made of the text on the way."""

    candidates: tuple[Candidate, ...]
    zone: Zone
    normalised: str = ""
    corrected: str = ""  # by the speller alone: names that mean the same are not put into one
    respelt: Mapping[str, str] = field(default_factory=dict)  # what the speller took a word for: one word or two
    kinds: Mapping[str, float] = field(default_factory=dict)  # how much it sounds like each kind of example, 1 at most

    @property
    def best(self) -> Candidate | None:
        """Give the likeliest candidate, if there is any."""
        return self.candidates[0] if self.candidates else None

    @property
    def choices(self) -> tuple[Candidate, ...]:
        """Give what a "did you mean" would offer: at most three."""
        return self.candidates[:3]
