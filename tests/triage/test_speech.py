"""Questions, statements and chatter."""

from __future__ import annotations

import pytest

from bot.triage.decision import Silent
from bot.triage.speech import Speech, kind_of
from bot.triage.triage import Triage


@pytest.mark.parametrize(
    "text",
    [
        "how much", "cost mexico", "durability", "hsct age limit", "Hi all, does anyone know the price in Moscow",
        "looking for info on starMS", "i would like to know if i can get it", "wondering about hair loss", "any info on trials in uk",
        "thanks! and how long does it take", "Good morning. Is HSCT a cure", "Not sure whether to go to mexico or russia",
        "my periods stopped after the transplant will they come back", "waht is hsct", "am i too old",
        "anyone recommend a physio in york", "any1 know a flat close to the ward", "anybody gone to india alone",
        "someone recommend shoes", "tips wanted for the long flight", "would love a list of questions",
        "im after a price for moscow", "in need of advice re work", "could do with an idea of the dates",
        "seeking contacts in rome", "want the email of the ward", "recommendations for wigs",
        "rheumatism and a new start of immunity", "I am new here and everybody says hsct, what is it", "the link to the trial page does not work",
    ],
)  # fmt: skip
def test_a_question_is_one_without_its_mark_and_behind_a_greeting(text: str) -> None:
    assert kind_of(text) is Speech.QUESTION


@pytest.mark.parametrize(
    "text",
    [
        "I had my transplant in 2019 and I am doing great", "My brother lives in Spain.", "anti-LINGO is the most promising",
        "We flew to Mexico on Monday", "anyone who says that has never had chemo", "need coffee lol",
        "one year since my transplant, feeling blessed", "would love to meet you", "My neurologist says it is too dangerous",
        "Yes there are lots of new things coming up too. Google it.",
    ],
)  # fmt: skip
def test_a_story_is_a_statement(text: str) -> None:
    assert kind_of(text) is Speech.STATEMENT


@pytest.mark.parametrize(
    "text",
    [
        "hi", "Hello everyone!", "thank you so much, that really helped", "lol", "congratulations on your stem cell birthday!",
        "how are you?", "❤️❤️", "Hope you feel better soon", "You got this!", "sending hugs", "thanks for the info", "that's so true",
        "Why did the stem cell cross the road?", "", "no idea sorry love",
    ],
)  # fmt: skip
def test_chatter_is_left_alone(text: str) -> None:
    assert kind_of(text) is Speech.CHATTER


@pytest.mark.parametrize(
    "text", ["anyone recomend a flat near the ward", "advise wnated on telling my boss", "somebody reccomend wigs", "ned help with a form"]
)  # fmt: skip
def test_a_misspelt_request_is_never_met_with_silence(triage: Triage, text: str) -> None:
    assert not isinstance(triage.decide(text).decision, Silent)


def test_what_one_could_do_with_is_no_question_until_it_is_an_answer() -> None:
    assert kind_of("all I want is crisps and my own bed") is Speech.STATEMENT
    assert kind_of("all I want is an answer from somebody") is Speech.QUESTION
    assert kind_of("any extra bills we should expect, the wife worries") is Speech.QUESTION
