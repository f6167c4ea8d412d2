"""A small knowledge base of our own, so that the curators' words may change without a test failing."""

from __future__ import annotations

from datetime import date

import pytest

from bot.knowledge.entry import Entry, Synonyms
from bot.matching.calibrate import Calibration
from bot.matching.matcher import Matcher


def make_entry(entry_id: str, question: str, *phrasings: str, keywords: tuple[str, ...] = (), full: str = "") -> Entry:
    return Entry(
        id=entry_id,
        topic="some",
        question=question,
        phrasings=phrasings,
        keywords=keywords,
        short="",
        full=full,
        reviewed_on=date(2026, 1, 1),
        reviewed_by="nobody",
        review_after=date(2027, 1, 1),
    )


ENTRIES = (
    make_entry(
        "cost-mexico",
        "How much does HSCT cost in Mexico?",
        "price of hsct in mexico",
        "what is the total bill at the puebla clinic",
        "I want to know what they charge in Monterrey",
        keywords=("Mexico", "Puebla", "price in Mexico"),
        full="Along the coast the weather is often nice; a donor is not needed.",
    ),
    make_entry(
        "access-mexico",
        "How do I apply to a clinic in Mexico?",
        "how to get into the mexican clinic",
        "where do I send my papers for puebla",
        keywords=("Mexico", "apply"),
    ),
    make_entry(
        "risk-fertility",
        "Can I still have children after HSCT?",
        "does chemo make you infertile",
        "should I freeze my eggs before treatment",
        "will my periods come back",
        keywords=("fertility", "eggs", "sperm"),
    ),
    make_entry(
        "versus-dmts",
        "Is HSCT better than Lemtrada or Ocrevus?",
        "hsct or lemtrada which works better",
        "compare stem cells with my drug",
        keywords=("Lemtrada", "Ocrevus", "Tysabri"),
    ),
    make_entry(
        "nice-guidance",
        "What does NICE say about HSCT?",
        "is there a nice guideline for transplants in england",
        "what are the rules of the nhs for this",
        keywords=("NICE", "guideline"),
    ),
    make_entry(
        "after-fatigue",
        "How long does tiredness last after HSCT?",
        "why am I so tired months after my transplant",
        "no energy a year on is that usual",
        keywords=("fatigue", "energy"),
    ),
)

SYNONYMS = Synonyms(
    same={
        "stem cell transplant": "hsct",
        "aHSCT": "hsct",
        "alemtuzumab": "lemtrada",
        "chemo": "chemotherapy",
        "tired": "fatigue",
        "tiredness": "fatigue",
        "mexican": "mexico",
        "heart attacks": "heart attack",
        "attack": "relapse",
    },
    protected=frozenset({"Lemtrada", "Ocrevus", "Tysabri", "Mexico", "Australia", "Austria", "PRMS", "PPMS"}),
)

CALIBRATION = Calibration(bias=-3.0, weights=(0.8, 0.8, -0.6, 0.4), answer_from=0.9, clarify_from=0.5)


@pytest.fixture(scope="session")
def matcher() -> Matcher:
    return Matcher.fit(ENTRIES, SYNONYMS, CALIBRATION)
