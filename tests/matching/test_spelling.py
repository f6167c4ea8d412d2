"""What is taken for a slip of the fingers, and what is not."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.matching.spelling import Speller

KNOWN = Counter(
    "transplant transplant chemotherapy cost cost cost week donor none walking neutropenic doctor immune trial trial trial "
    "lemtrada ocrevus tysabri mexico risk ride april three there there there".split()
)
PROTECTED = frozenset(
    {"lemtrada", "ocrevus", "tysabri", "mexico", "australia", "austria", "prms", "ppms", "rrms", "spms"}
)


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller(KNOWN, PROTECTED)


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
        ("trail", "trial"),
        ("lemtrda", "lemtrada"),
        ("ocrevuss", "ocrevus"),
        ("mexcio", "mexico"),
    ],
)
def test_a_slip_is_put_right(speller: Speller, written: str, meant: str) -> None:
    assert speller.correct((written,)) == (meant,)


@pytest.mark.parametrize(
    "word", ["coast", "weak", "door", "nine", "waking", "headline", "thursday", "rice", "nicely", "aprils"]
)
def test_another_english_word_is_left_alone(speller: Speller, word: str) -> None:
    assert speller.correct((word,)) == (word,)


@pytest.mark.parametrize("word", ["lemtrada", "ocrevus", "austria", "australia", "prms", "spms"])
def test_a_drug_or_a_country_never_becomes_another(speller: Speller, word: str) -> None:
    assert speller.correct((word,)) == (word,)


def test_a_word_as_near_to_two_protected_words_stays(speller: Speller) -> None:
    assert speller.correct(("austrlia",)) == ("austrlia",)


@pytest.mark.parametrize("word", ["c0st", "54000", "6.5", "b12x", "nct04047628"])
def test_words_with_digits_are_left_alone(speller: Speller, word: str) -> None:
    assert speller.correct((word,)) == (word,)


@pytest.mark.parametrize("word", ["cst", "wek", "hsc"])
def test_very_short_words_are_left_alone(speller: Speller, word: str) -> None:
    assert speller.correct((word,)) == (word,)


def test_of_two_near_words_the_much_commoner_is_meant() -> None:
    assert Speller(Counter(there=6, theme=1), frozenset()).correct(("therr",)) == ("there",)
    assert Speller(Counter(plonk=2, plonh=2), frozenset()).correct(("plonj",)) == ("plonj",)


def test_a_page_of_nonsense_does_not_take_long(speller: Speller) -> None:
    words = tuple(f"zq{'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10 % 10]}xw" for n in range(600))
    assert speller.correct(words) == words
