"""What is offered as a choice, from a reading made up for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.messages import Addressed
from bot.matching.match import Candidate, Zone
from bot.triage.decide import decide
from bot.triage.decision import Clarify, Silent
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


@pytest.mark.parametrize(
    ("addressed", "chance", "becomes"),
    [
        (Addressed.DIRECT, 0.79, Silent),
        (Addressed.DIRECT, 0.81, Clarify),
        (Addressed.ASK_CHANNEL, 0.81, Silent),
    ],
)
def test_what_is_told_to_the_bot_and_is_all_but_surely_one_entry_gets_it_offered(
    triage: Triage, addressed: Addressed, chance: float, becomes: type
) -> None:
    reading = triage.decide("my partner and the illness", addressed).reading
    match = replace(reading.match, candidates=(Candidate("sex-after", chance, ""),), zone=Zone.CLARIFY)
    told = replace(reading, match=match, speech=Speech.STATEMENT, parts=(), flag=None, worry=False, advice=None)
    assert isinstance(decide(told), becomes)
