"""What only a clinician may answer, and what an entry can."""

from __future__ import annotations

import pytest

from bot.domain.escalation import Reason
from bot.triage.decision import HandOff
from bot.triage.personal_advice import (
    DECISION,
    DOSE,
    FITS_ME,
    MEDICINE,
    RESULTS,
    SYMPTOM,
    asks_for_personal_advice,
)  # fmt: skip
from bot.triage.triage import Triage


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        (DOSE, "how much baclofen can I take"),
        (DOSE, "what dose of clemastine"),
        (DOSE, "I missed my tablet, do I double it"),
        (MEDICINE, "should I stop Tysabri next week"),
        (MEDICINE, "can I take ibuprofen"),
        (MEDICINE, "is it ok to come off gilenya"),
        (MEDICINE, "thinking of stopping tecfidera"),
        (MEDICINE, "shall my wife switch to ocrevus"),
        (MEDICINE, "should I switch"),
        (MEDICINE, "new lesions on my scan, do i stop now or wait"),
        (MEDICINE, "shall we hold off"),
        (MEDICINE, "is it time to change"),
        (RESULTS, "my edss went up by one, what should i do"),
        (DECISION, "is it worth me trying"),
        (DECISION, "worth it at my age?"),
        (RESULTS, "are my results ok"),
        (RESULTS, "my neutrophils are 0.8 is that bad"),
        (RESULTS, "can you look at my mri"),
        (SYMPTOM, "is this a relapse"),
        (DECISION, "do you think I should have it done"),
        (DECISION, "should my husband have hsct"),
        (DECISION, "what would you do in my place"),
        (FITS_ME, "is it safe for me"),
        (FITS_ME, "would this help me"),
        (FITS_ME, "do u think this tratement would be beneficial to me?"),
        (FITS_ME, "what are my chances"),
    ],
)
def test_a_question_about_oneself_is_for_a_person(reason: str, text: str) -> None:
    assert asks_for_personal_advice(text) == reason


@pytest.mark.parametrize(
    "text",
    [
        "am I eligible", "am i too old", "can I have hsct with asthma", "how much does ocrevus cost", "is hsct safe",
        "how long before hsct do people stop tysabri", "does hsct help spms", "can I take my dog", "what is an mri",
        "how many dmts must fail", "can I work during treatment", "which clinic is best", "should there be a trial",
        "should I stop working", "should I start a fundraiser", "how long should I wait before a pregnancy",
        "is it worth the money", "is it worth it for spms", "can I switch clinics", "what should I pack", "how often are mri scans done", "do patients take antivirals afterwards",
    ],
)  # fmt: skip
def test_a_question_in_general_is_for_an_entry(text: str) -> None:
    assert asks_for_personal_advice(text) is None


@pytest.mark.parametrize(
    "text", ["new lesions on my scan, should i switch", "two relapses on gilenya and active, should i stop it", "shoud i swich to ocrevs"]
)  # fmt: skip
def test_a_decision_on_own_treatment_goes_to_a_person_even_where_criteria_are_near(triage: Triage, text: str) -> None:
    decision = triage.decide(text).decision
    assert isinstance(decision, HandOff)
    assert decision.reason is Reason.PERSONAL
