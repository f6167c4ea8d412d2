"""From a message to entries: the whole way."""

from __future__ import annotations

import pickle
import time
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigError
from bot.knowledge.entry import Entry
from bot.matching.match import Zone
from bot.matching.matcher import Matcher
from bot.matching.normalise import READ_LIMIT
from bot.matching.reading import Reading
from bot.matching.scores import Row, Seen
from tests.matching.conftest import CALIBRATION, ENTRIES, SYNONYMS, make_entry


def first(matcher: Matcher, text: str) -> str:
    best = matcher.match(text).best
    assert best is not None
    return best.entry_id


@pytest.mark.parametrize(
    ("text", "entry_id"),
    [
        ("what would I pay in mexico", "cost-mexico"),
        ("is a stem cell transplant better than alemtuzumab", "versus-dmts"),
        ("will I be able to have kids, my eggs are not frozen", "risk-fertility"),
        ("so tried and no enrgy since transplant", "after-fatigue"),
        ("HOW DO I APPLY TO THE CLINIC IN MEXICO", "access-mexico"),
    ],
)
def test_other_words_reach_the_entry(matcher: Matcher, text: str, entry_id: str) -> None:
    assert first(matcher, text) == entry_id


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_its_own_question_reaches_an_entry(matcher: Matcher, entry: Entry) -> None:
    assert first(matcher, entry.question) == entry.id


def test_a_typo_in_a_drug_name_still_finds_the_drug(matcher: Matcher) -> None:
    match = matcher.match("lemtrda or hsct")
    assert match.corrected == "lemtrada or hsct"
    assert match.candidates[0].entry_id == "versus-dmts"


def test_the_nearest_phrasing_is_named(matcher: Matcher) -> None:
    best = matcher.match("should I have my eggs frozen before treatment").best
    assert best is not None
    assert best.phrasing == "should I freeze my eggs before treatment"


def test_at_most_five_candidates_the_likeliest_first(matcher: Matcher) -> None:
    probabilities = [candidate.probability for candidate in matcher.match("price of hsct in mexico").candidates]
    assert len(probabilities) == 5
    assert probabilities == sorted(probabilities, reverse=True)


@pytest.mark.parametrize("text", ["", "   ", "👍", "???", "\x00\u200b"])
def test_a_message_without_words_has_no_candidates(matcher: Matcher, text: str) -> None:
    match = matcher.match(text)
    assert match.candidates == ()
    assert match.zone is Zone.HAND_OVER


@pytest.mark.parametrize("text", ["hi", "Hello everyone!", "good morning all", "thanks", "help please"])
def test_a_greeting_is_never_answered(matcher: Matcher, text: str) -> None:
    assert matcher.match(text).zone is Zone.HAND_OVER


@pytest.mark.parametrize("text", ["Mexico", "mexico please", "info about mexico?"])
def test_a_word_that_two_entries_share_is_asked_back(matcher: Matcher, text: str) -> None:
    match = matcher.match(text)
    assert match.zone is Zone.CLARIFY
    assert {candidate.entry_id for candidate in match.candidates[:2]} == {"cost-mexico", "access-mexico"}


def test_a_keyword_of_one_entry_alone_may_be_answered(matcher: Matcher) -> None:
    assert matcher.match("fertility").zone is Zone.ANSWER


def test_nice_alone_is_a_kind_word_and_no_guideline(matcher: Matcher) -> None:
    assert matcher.match("nice").zone is not Zone.ANSWER


def test_what_it_cannot_know_is_handed_over(matcher: Matcher) -> None:
    assert matcher.match("who won the football match on saturday night").zone is Zone.HAND_OVER


def test_a_question_in_a_story_counts_more_than_the_story() -> None:
    story = "I was treated in Mexico at the Puebla clinic. Will my periods come back? It was in Mexico in May."
    ours = Matcher.fit(ENTRIES, SYNONYMS, CALIBRATION)
    assert first(ours, story) == "risk-fertility"


def test_entries_that_cannot_be_told_apart_stand_by_id() -> None:
    twins = [make_entry(name, "Is it twins?", "twins or not") for name in ("b", "a", "c")]
    for order in (twins, twins[::-1]):
        match = Matcher.fit(order, SYNONYMS, CALIBRATION).match("is it twins")
        assert [candidate.entry_id for candidate in match.candidates] == ["a", "b", "c"]
        assert match.zone is not Zone.ANSWER


def test_a_matcher_fitted_again_says_the_same(matcher: Matcher) -> None:
    again = Matcher.fit(ENTRIES[::-1], SYNONYMS, CALIBRATION)
    for text in ("mexico", "hsct or lemtrada", "tired", "why", "zebra crossing in puebla"):
        assert again.match(text) == matcher.match(text)


def test_a_matcher_that_was_stored_says_the_same(matcher: Matcher) -> None:
    stored = pickle.loads(pickle.dumps(matcher))  # noqa: S301 - our own bytes
    assert stored.match("price in puebla") == matcher.match("price in puebla")


def test_several_messages_at_once_are_matched_as_one_by_one(matcher: Matcher) -> None:
    texts = ["mexico", "eggs frozen", ""]
    assert matcher.match_many(texts) == [matcher.match(text) for text in texts]


@given(st.text(max_size=200))
def test_no_text_breaks_it(matcher: Matcher, text: str) -> None:
    match = matcher.match(text)
    assert all(0 <= candidate.probability <= 1 for candidate in match.candidates)
    assert match == matcher.match(text)


def test_a_message_of_a_hundred_thousand_characters_is_read_in_part(matcher: Matcher) -> None:
    start = time.perf_counter()
    match = matcher.match("wprds nbody knws " * 6_000)
    assert time.perf_counter() - start < 1
    assert len(match.normalised) <= READ_LIMIT


def test_one_entry_alone_makes_a_matcher() -> None:
    only = Matcher.fit([make_entry("only", "What is it?", "tell me what it is")], SYNONYMS, CALIBRATION)
    assert first(only, "what is it") == "only"


def test_the_explanation_tells_how_far_the_others_are_behind(matcher: Matcher) -> None:
    explanation = matcher.explain("price in mexcio")
    assert explanation.reading.plain == ("price", "in", "mexcio")
    assert explanation.reading.spelt == ("price", "in", "mexico")
    behind = [considered.behind for considered in explanation.considered]
    assert behind[0] == 0
    assert behind == sorted(behind)
    assert explanation.match == matcher.match("price in mexcio")


class _Favourite:
    """A view that knows one entry only."""

    def __init__(self, rows: Sequence[Row], entries: int) -> None:
        self.scores = np.zeros(entries, np.float32)
        self.scores[1] = 20

    def see(self, reading: Reading) -> Seen:
        assert reading.text
        return Seen(self.scores, lambda entries: self.scores[entries] / np.float32(20))


def test_a_second_view_is_averaged_with_the_words() -> None:
    both = CALIBRATION.__class__(
        bias=-4.0, weights=(0.8, 0.8, -0.6, 0.4, 1.0), answer_from=0.9, clarify_from=0.5, views=("lexical", "favourite")
    )
    ours = Matcher.fit(ENTRIES, SYNONYMS, both, [_Favourite])
    assert first(ours, "price of hsct in mexico") == "after-fatigue"  # the second by id


def test_a_calibration_for_other_views_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"tools/calibrate\.py"):
        Matcher.fit(ENTRIES, SYNONYMS, CALIBRATION, [_Favourite])
