"""What is taken for a slip of the fingers, and what is not."""

from __future__ import annotations

import pytest

from bot.matching.spelling import Speller
from bot.matching.usage import Usage

SENTENCES = """
transplant transplant chemotherapy
cost cost cost week donor none walking neutropenic doctor immune trial trial trial
lemtrada ocrevus tysabri mexico risk ride april three there there there
i want to die
i want to die tonight
i want to go home
my throat is closing
my throat is sore
she wont wake up
he is sat at my red bed
she was on the ward
she was on the ward
she was on the ward again
is there a trial here
any trial here
there is a trial
"""
USAGE = Usage([tuple(line.split()) for line in SENTENCES.splitlines()])
PROTECTED = frozenset(
    {"lemtrada", "ocrevus", "tysabri", "mexico", "australia", "austria", "prms", "ppms", "rrms", "spms"}
)


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller(USAGE, USAGE.words(), PROTECTED)


def spelt(speller: Speller, text: str) -> str:
    (words,) = speller.correct([tuple(text.split())])
    return " ".join(words)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("trasnplant", "transplant"),
        ("tranplant", "transplant"),
        ("chemotheropy", "chemotherapy"),
        ("nutropenic", "neutropenic"),
        ("docter", "doctor"),
        ("imune", "immune"),
        ("cots", "cost"),
        ("costt", "cost"),
        ("lemtrda", "lemtrada"),
        ("ocrevuss", "ocrevus"),
        ("mexcio", "mexico"),
    ],
)
def test_a_slip_is_put_right(speller: Speller, written: str, meant: str) -> None:
    assert spelt(speller, written) == meant


@pytest.mark.parametrize(
    "word", ["coast", "weak", "door", "nine", "waking", "headline", "thursday", "rice", "nicely", "aprils"]
)
def test_another_english_word_is_left_alone(speller: Speller, word: str) -> None:
    assert spelt(speller, word) == word


@pytest.mark.parametrize("word", ["lemtrada", "ocrevus", "austria", "australia", "prms", "spms"])
def test_a_drug_or_a_country_never_becomes_another(speller: Speller, word: str) -> None:
    assert spelt(speller, word) == word


def test_a_word_as_near_to_two_protected_words_stays(speller: Speller) -> None:
    assert spelt(speller, "austrlia") == "austrlia"


@pytest.mark.parametrize("word", ["c0st", "54000", "6.5", "b12x", "nct04047628"])
def test_words_with_digits_are_left_alone(speller: Speller, word: str) -> None:
    assert spelt(speller, word) == word


@pytest.mark.parametrize("word", ["cst", "wek", "hsc"])
def test_very_short_words_alone_are_left_alone(speller: Speller, word: str) -> None:
    assert spelt(speller, word) == word


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("i wany to die", "i want to die"),
        ("i want yo die", "i want to die"),
        ("i want to ddie", "i want to die"),
        ("i want to dke tonight", "i want to die tonight"),
        ("sje wony wake up", "she wont wake up"),  # one that is put right tells what stands beside the other
    ],
)
def test_a_short_word_is_put_right_by_what_stands_beside_it(speller: Speller, written: str, meant: str) -> None:
    assert spelt(speller, written) == meant


def test_two_slips_in_a_short_word_need_both_neighbours(speller: Speller) -> None:
    assert spelt(speller, "my rhraot is sore") == "my throat is sore"
    assert spelt(speller, "my rhraot hurts") == "my rhraot hurts"


def test_words_written_as_one_are_taken_apart(speller: Speller) -> None:
    assert speller.correct([("i", "wantto", "die")]) == [("i", "want to", "die")]
    assert spelt(speller, "is sheon the ward") == "is sheon the ward"  # "she on" stands nowhere


def test_a_word_that_is_out_of_place_is_taken_for_one_that_is_at_home_there(speller: Speller) -> None:
    assert spelt(speller, "is there a trail here") == "is there a trial here"
    assert spelt(speller, "trail here") == "trail here"  # one neighbour is too little
    assert spelt(speller, "a red ward") == "a red ward"


@pytest.mark.parametrize("name", ["hi im rad", "od was on the ward", "my name is saerr"])
def test_names_beside_where_a_text_begins_or_ends_are_left_alone(name: str) -> None:
    usage = Usage([("hi", "im", "sad"), ("id", "was", "on", "the", "ward"), ("my", "name", "is", "sore")])
    assert spelt(Speller(usage, usage.words(), frozenset()), name) == name


def test_of_two_near_words_the_much_commoner_is_meant() -> None:
    usage = Usage([("there",)] * 6 + [("theme",)])
    assert spelt(Speller(usage, usage.words(), frozenset()), "therr") == "there"
    usage = Usage([("plonk",), ("plonh",)] * 2)
    assert spelt(Speller(usage, usage.words(), frozenset()), "plonj") == "plonj"


def test_sentences_are_looked_at_one_by_one(speller: Speller) -> None:
    assert speller.correct([("i", "wany"), (), ("to", "die")]) == [("i", "want"), (), ("to", "die")]


def test_a_page_of_nonsense_does_not_take_long(speller: Speller) -> None:
    words = tuple(f"zq{'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10 % 10]}xw" for n in range(600))
    assert speller.correct([words]) == [words]
