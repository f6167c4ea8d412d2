"""The situations of the first real messages, in our own words: what must come of each."""

from __future__ import annotations

import pytest

from bot.triage.jsonl import as_data
from bot.triage.triage import Triage

CASES = [
    pytest.param(
        "Are there grants for hsct, or any other help? I can't pay this on a disability pension. The pain never lets up and "
        "i'd do anything for it to stop",
        {"distress"}, {"funding-overview"}, id="pain-and-money",
    ),
    pytest.param(
        "ms for nearly 40 yrs, i'm 55, still walking. is it too late for me, would hsct still do any good after so long?",
        {"answer", "clarify", "handoff", "follow_up"}, {"eligibility-duration", "eligibility-age"}, id="long-duration",
    ),
    pytest.param(
        "hello from melbourne, newly diagnosed rrms, is there a facebook group i could join? what is it called",
        {"answer", "clarify"}, {"support-groups"}, id="group-link",
    ),
    pytest.param(
        "the menu on your website doesn't open when i click it", {"handoff"}, set(), id="website-fault",
    ),
    pytest.param(
        "I have SPMS and use a rollator indoors. Can hsct reverse the symptoms I have? Also there is no money, how do people pay?",
        {"answer", "clarify"}, {"symptom-improvement", "success-progressive"}, id="several-questions",
    ),
    pytest.param(
        "my ppms gets worse every month. which stem cell trials are running in the uk right now?",
        {"answer", "clarify"}, {"uk-trials"}, id="uk-trials",
    ),
    pytest.param("will the FDA ever approve hsct for ms?", {"answer"}, {"fda-status"}, id="fda"),
    pytest.param(
        "why has approval taken so many years when lemtrada was through in four?",
        {"answer", "clarify"}, {"fda-why-so-long"}, id="why-so-long",
    ),
    pytest.param(
        "what are the risks of hsct? people should know them", {"answer", "clarify"}, {"risks-overview"}, id="risks",
    ),
    pytest.param(
        "Wonderful article, I was searching for this information for my assignment, thanks for sharing this great post",
        {"spam", "silent"}, set(), id="spam-praise",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "decisions", "wanted"), CASES)
def test_what_comes_of_it(triage: Triage, text: str, decisions: set[str], wanted: set[str]) -> None:
    data = as_data(triage.decide(text))
    assert data["decision"] in decisions
    shown = {entry["id"] for entry in data["entries"]}
    assert shown & wanted or not wanted, f"shown: {shown}"
