"""What is offered as a choice, from a reading made up for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.matching.match import Candidate, Zone
from bot.triage.decide import decide
from bot.triage.decision import Clarify
from bot.triage.speech import Speech
from bot.triage.triage import Triage


@pytest.mark.parametrize(
    ("chances", "offered"),
    [((0.6, 0.3, 0.2), 3), ((0.9, 0.02, 0.019), 2), ((0.93, 0.01, 0.0), 1), ((0.01, 0.01, 0.01), 1)],
)
def test_a_question_that_is_all_but_surely_not_meant_is_not_offered(
    triage: Triage, chances: tuple[float, ...], offered: int
) -> None:
    """The first is: matching said that something is to be offered."""
    reading = triage.decide("how much is it in mexico").reading
    entries = sorted(entry.id for entry in triage.knowledge.entries.values() if not entry.by_person)
    candidates = tuple(Candidate(entry, chance, "") for entry, chance in zip(entries, chances, strict=False))
    match = replace(reading.match, candidates=candidates, zone=Zone.CLARIFY)
    decision = decide(replace(reading, match=match, speech=Speech.QUESTION, parts=()))
    assert isinstance(decision, Clarify)
    assert [one.entry_id for one in decision.candidates] == entries[:offered]
