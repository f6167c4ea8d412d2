"""What no answer may say is found in many wordings; that it is not so, or is asked, may be said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks import check_entry
from bot.knowledge.checks.promises import banned
from tests.knowledge.test_checks import TODAY

WRONG = {
    "the promise of a cure": [
        "This cures MS.", "Stem cells cure MS.", "HSCT is a cure for MS.", "It has cured many people.",
        "HSCT can completely cure multiple sclerosis.", "Not only a pause: it cures.", "No, it cures MS for good.",
        "It is not a pill, it cures MS.", "No wonder people call from far away, it is the cure.",
        "Is it worth it? It cured my MS.", "The centre is curing people every week.",
    ],
    "a promise": [
        "It always works.", "A 100% success rate.", "It is completely safe.", "There is no risk.",
        "The drug has no side effects.", "HSCT never fails.", "It works for everyone.", "A cure without any risk.",
        "Absolutely safe.", "It is a hundred percent effective.", "It is not new, but it is totally harmless.",
    ],
    "a verdict on eligibility": [
        "You would be eligible.", "You may be eligible.", "You are definitely eligible.", "You are ineligible.",
        "You aren't eligible.", "You are a candidate.", "You are not a good candidate.", "You are too old for HSCT.",
        "You're an ideal candidate.", "You seem suitable.", "You will surely qualify.", "You meet all the criteria.",
        "You are no longer suitable for it.", "With an EDSS of 3 you'd probably be a very good candidate.",
    ],
    "a dose": [
        "Take 2 g a day.", "500 milligrams", "10 micrograms per kg", "2 g/m2", "two tablets twice a day",
        "5 million units", "1,000 mg", "5-10 ml", "half a tablet at night", "200 mg/kg over four days",
    ],
    "an order about a medicine": [
        "Stop taking Tysabri now.", "You must stop Tysabri.", "Well then. Skip your steroids.", "Please take ibuprofen.",
        "You can come off the tablets.", "- Start ocrelizumab first.", "Just double the antibiotics.",
        "You need to increase your medication.",
    ],
}  # fmt: skip

INNOCENT = [
    "It is not a proven cure.", "Is HSCT a cure for MS?", "Offers that promise a cure are a warning sign.",
    "No diet, supplement or herb has been shown to cure MS.", "Some people feel cured.", "Nobody calls it a cure.",
    "There is no guarantee.", "No treatment is completely safe.", "It doesn't always work.", "Is there no risk?",
    "A team can say whether you are eligible.", "If you are too ill to travel, ask by telephone.",
    "This bot cannot say that you are suitable.", "Ask a centre if you would be a candidate.",
    "Sweden treats suitable people in public hospitals.", "Weigh 70 kg and wait 5 days.", "IgG fell below 4 g/l.",
    "A tablet with a keyboard helps.", "Ask your team before you stop any medicine.", "Never stop your tablets alone.",
    "Take a list of your medicines with you.", "Take your medicines list to each visit.", "You can start slowly.",
    "You must stop driving after a seizure.", "Some stopped Tysabri months before.", "Healthcare is free there.",
    "It is secure and procured by the state.",
]  # fmt: skip


@pytest.mark.parametrize(("what", "text"), [(what, text) for what, texts in WRONG.items() for text in texts])
def test_what_may_not_be_said_is_found(what: str, text: str) -> None:
    assert what in dict(banned(text))


@pytest.mark.parametrize("text", INNOCENT)
def test_honest_words_pass(text: str) -> None:
    assert list(banned(text)) == []


def test_the_question_stands_on_buttons_and_is_searched_too(knowledge: KnowledgeBase) -> None:
    entry = replace(knowledge.entries["cost-mexico"], question="HSCT cures MS")
    (found,) = [str(remark) for remark in check_entry(knowledge, entry, TODAY) if "cure" in str(remark)]
    assert "`question` holds the promise of a cure" in found
