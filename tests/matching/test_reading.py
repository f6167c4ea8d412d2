"""Which words of a message are compared, and which of them ask."""

from __future__ import annotations

from bot.matching.reading import Reader
from tests.matching.conftest import ENTRIES, SYNONYMS

READER = Reader.of(ENTRIES, SYNONYMS)


def test_a_message_is_spelt_before_names_are_put_into_one() -> None:
    reading = READER.read("alemtuzumb or stem cell trasnplant?")
    assert reading.spelt == ("alemtuzumab", "or", "stem", "cell", "transplant")
    assert reading.words == ("lemtrada", "or", "hsct")


def test_a_phrasing_is_never_respelt() -> None:
    assert READER.read_own("prise of hsct in mexcio").words == ("prise", "of", "hsct", "in", "mexcio")


def test_the_question_in_a_story_is_known() -> None:
    reading = READER.read("I am 40 and live in Leeds. What does it cost? Thanks")
    assert reading.asked == ("what", "does", "it", "cost")


def test_where_all_or_nothing_is_asked_nothing_stands_out() -> None:
    assert READER.read("what does it cost?").asked == ()
    assert READER.read("tell me what it costs").asked == ()


def test_a_number_with_a_point_does_not_end_a_sentence() -> None:
    reading = READER.read("My EDSS is 6.5 now. Is that bad?")
    assert reading.words == ("my", "edss", "is", "6.5", "now", "is", "that", "bad")
    assert reading.asked == ("is", "that", "bad")


def test_words_of_the_answers_are_known_to_the_speller() -> None:
    assert READER.read("is it nice on the coast").spelt == ("is", "it", "nice", "on", "the", "coast")
