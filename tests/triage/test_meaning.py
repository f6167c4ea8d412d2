"""What a message sounds like: the classifier beside the patterns."""

from __future__ import annotations

import pytest

from bot.knowledge.safety import Safety
from bot.matching.match import Match, Zone
from bot.triage.decision import Safety as InDanger
from bot.triage.decision import Silent, Spam
from bot.triage.meaning import ALARM_FROM, alarm, sounds_like_chatter, sounds_like_spam
from bot.triage.triage import Triage


def sounding(**kinds: float) -> Match:
    return Match((), Zone.HAND_OVER, kinds={kind.replace("_", "-"): share for kind, share in kinds.items()})


def test_several_red_flags_add_up_and_the_likeliest_is_shown(safety: Safety) -> None:
    found = alarm("my husband is not well", sounding(sepsis_signs=0.2, fever_after_transplant=0.25), safety)
    assert found is not None
    assert found.id == "fever-after-transplant"


def test_a_faint_likeness_is_no_alarm(safety: Safety) -> None:
    assert alarm("i am here", sounding(suicide=ALARM_FROM - 0.01, harmless=0.6), safety) is None


def test_a_question_about_nobody_has_to_sound_more_like_one(safety: Safety) -> None:
    match = sounding(bleeding_low_platelets=0.5)
    assert alarm("do bruises come from low platelets?", match, safety) is None
    assert alarm("do my bruises come from low platelets?", match, safety) is not None


def test_spam_and_chatter_have_bounds_of_their_own() -> None:
    assert sounds_like_spam(sounding(spam=0.3))
    assert not sounds_like_spam(sounding(chatter=0.3))
    assert sounds_like_chatter(sounding(chatter=0.3))
    assert not sounds_like_chatter(Match((), Zone.HAND_OVER))


@pytest.mark.parametrize(
    "text",
    [
        "i put all my affairs in order and said my goodbyes",
        "there is no reason for me to be around any longer",
        "his face is drooping and his speech is all wrong",
        "my nose has bled for two hours and my platelets are low",
        "i cannot get enough air into my lungs",
    ],
)
def test_danger_in_words_of_its_own_is_seen(triage: Triage, text: str) -> None:
    assert isinstance(triage.decide(text).decision, InDanger)


@pytest.mark.parametrize(
    "text",
    [
        "that joke nearly killed me",
        "dying to see your photos",
        "how often do people get sepsis after hsct?",
        "this weather is murder for my legs",
    ],
)
def test_jokes_and_idioms_and_questions_pass(triage: Triage, text: str) -> None:
    assert not isinstance(triage.decide(text).decision, InDanger)


def test_a_healer_without_any_telling_word_is_spam(triage: Triage) -> None:
    assert isinstance(triage.decide("this healer took my sister's disease away, text him and be free").decision, Spam)


@pytest.mark.parametrize("text", ["graicas por todo", "bless you all, what a lovely bunch", "thnaks a milion"])
def test_thanks_with_slips_and_in_other_tongues_get_no_answer(triage: Triage, text: str) -> None:
    assert isinstance(triage.decide(text).decision, Silent)
