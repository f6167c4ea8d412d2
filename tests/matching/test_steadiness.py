"""What must never change an outcome: spaces, capitals, apostrophes, thanks, the order of files, asking again."""

from __future__ import annotations

import json
import random
import re
from functools import partial
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge.base import KnowledgeBase
from bot.matching.cache import views
from bot.matching.calibrate import Calibration, EncoderName
from bot.matching.matcher import Matcher
from bot.matching.measure import load_questions
from bot.matching.tone import Tone
from bot.matching.vectors import Vectors
from bot.triage.jsonl import as_data
from bot.triage.triage import Triage
from tests.world import ROOT

ASKED = [one for one in load_questions(ROOT / "knowledge" / "test-questions.yaml") if one.kind != "chatter"]
QUESTIONS = [one.text for one in ASKED]
MESSAGES = st.sampled_from(
    [text for text in QUESTIONS if not re.search(r"\bUS\b", text)]
)  # "US" in capitals is a country
THANKS = ("thanks!", "Thanks", "thank you", "many thanks", "Thanks in advance!", "please", "thx", "cheers", "ty xx")
APOSTROPHES = "'\u2019\u02bc`"


@pytest.fixture(scope="module", params=["words alone", "with the encoder"])
def ours(request: pytest.FixtureRequest, knowledge: KnowledgeBase, triage: Triage) -> Matcher:
    """The matcher with the sentence encoder, and one by the words alone."""
    if request.param == "with the encoder":
        return triage.matcher
    return Matcher.fit(
        knowledge.entries.values(),
        knowledge.synonyms,
        Calibration.of("none"),
        examples=knowledge.examples,
        tone=partial(Tone.fit, examples=knowledge.examples),
    )


def found(matcher: Matcher, text: str) -> tuple[str, ...]:
    return tuple(candidate.entry_id for candidate in matcher.match(text).candidates[:1])


@given(text=MESSAGES, seed=st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_spaces_change_nothing(ours: Matcher, text: str, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    spaced = "".join(sign * chance.choice((1, 2, 3)) if sign == " " else sign for sign in text)
    assert ours.match(f"  {spaced}  ").candidates == ours.match(text).candidates


@given(text=MESSAGES)
@settings(max_examples=40, deadline=None)
def test_capitals_change_nothing(ours: Matcher, text: str) -> None:
    for written in (text.lower(), text.swapcase() if text.islower() else text.lower().capitalize()):
        assert found(ours, written) == found(ours, text)


@given(text=MESSAGES, apostrophe=st.sampled_from(APOSTROPHES))
@settings(max_examples=40, deadline=None)
def test_the_kind_of_apostrophe_changes_nothing(ours: Matcher, text: str, apostrophe: str) -> None:
    for other in (apostrophe, ""):
        assert ours.match(text.replace("'", other)).candidates == ours.match(text.replace("\u2019", "'")).candidates


@given(text=MESSAGES, thanks=st.sampled_from(THANKS))
@settings(max_examples=40, deadline=None)
def test_thanks_at_the_end_change_nothing(ours: Matcher, text: str, thanks: str) -> None:
    assert ours.match(f"{text} {thanks}").candidates == ours.match(text).candidates


@given(text=st.sampled_from(QUESTIONS))
@settings(max_examples=40, deadline=None)
def test_the_same_message_gives_the_same_bytes(triage: Triage, text: str) -> None:
    once, again = (json.dumps(as_data(triage.decide(text))).encode() for _ in range(2))
    assert once == again


@pytest.mark.parametrize("encoder", get_args(EncoderName))
def test_the_order_of_files_changes_nothing(encoder: EncoderName, knowledge: KnowledgeBase) -> None:
    few = list(knowledge.entries.values())[::4]
    shuffled = random.Random(7).sample(few, len(few))  # noqa: S311
    fitted = [
        Matcher.fit(
            some,
            knowledge.synonyms,
            Calibration.of(encoder),
            views(encoder),
            examples=knowledge.examples,
            tone=partial(Tone.fit, examples=knowledge.examples, vectors=None if encoder == "none" else Vectors(None)),
        )
        for some in (few, shuffled)
    ]
    for text in QUESTIONS[::20]:
        assert fitted[0].match(text) == fitted[1].match(text)
