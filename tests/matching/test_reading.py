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


def test_what_a_word_was_taken_for_is_told_where_it_is_the_same_everywhere() -> None:
    reader = Reader.of(ENTRIES, SYNONYMS, ["the cost of it", "a cast on it"])
    assert reader.read("hsct in mexcio, why mexcio").respelt == {"mexcio": "mexico"}
    reading = reader.read("the cst of it, a cst on it")
    assert reading.spelt == ("the", "cost", "of", "it", "a", "cast", "on", "it")
    assert reading.respelt == {}


def test_a_word_as_long_as_a_message_is_read_as_one() -> None:
    assert READER.read("ab" * 2000).spelt == ("ab" * 2000,)
