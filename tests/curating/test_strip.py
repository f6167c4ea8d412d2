"""What is personal does not become knowledge."""

from __future__ import annotations

import pytest

from bot.curating.strip import placeholders_in, stripped


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Hi Anna, most people lose their hair in week three.", "Most people lose their hair in week three."),
        ("Dear Blue Poppy 41,\nAsk the ward first.", "Ask the ward first."),
        ("Hello! Yes, bring slippers.", "Yes, bring slippers."),
        ("Bring slippers. Best wishes, Kim\n", "Bring slippers."),
        ("Bring slippers.\nKim", "Bring slippers."),
        ("Bring slippers. \u2013 Kim x", "Bring slippers."),
        ("Write to kim.lee+ms@example.org or +44 7700 900123.", "Write to [contact] or [contact]."),
        ("Ask @kim_hsct, <@12345678901> or https://t.me/kimhsct", "Ask [contact], [contact] or [contact]"),
        ("My name is Zebedee Jones and I worry", "My name is [name] and I worry"),
        ("Dr Smith said so, and Nurse Mary Poppins too", "Dr [name] said so, and Nurse [name] too"),
        ("I am 43 and tired", "I am [age] and tired"),
        ("I'm a 38f with rrms", "I'm a [age] with rrms"),
        ("a 51 year old can ask", "A [age] can ask"),
        ("I was diagnosed in May 2015. The trial ended in 2019.", "I was diagnosed in [date]. The trial ended in 2019."),
        ("My transplant is on 3 March 2027", "My transplant is on [date]"),
        ("I live in Stoke on Trent, can I get it", "I live in [place], can I get it"),
        ("my hospital is in Leeds and they said no", "My hospital is in [place] and they said no"),
        ("post it to LS1 4AP", "Post it to [place]"),
        ("my husband Tom drives me", "My husband [name] drives me"),
    ],
)  # fmt: skip
def test_what_is_said_of_oneself_goes(said: str, left: str) -> None:
    assert stripped(said, ["Anna Kowalski", "Blue Poppy 41", "Kim"]).text == left


@pytest.mark.parametrize(
    "said",
    [
        "The MIST trial (2019) had 110 people in 4 countries.",
        "I live in the UK and want to know what the NHS pays.",
        "In the UK (2002 to 2023), 5 of 364 people (1.4%) died within 100 days.",
        "Platelets can drop below 10 for some days.",
        "Ask the clinic in Puebla what is included.",
        "I waited 12 weeks for an answer.",
        "See [MS Society](https://www.mssociety.org.uk/about-ms/treatments/12345678901).",
        "DOI 10.1001/jama.2018.18743 has the numbers.",
    ],
)
def test_what_helps_others_stays(said: str) -> None:
    assert stripped(said).text == said


def test_names_of_those_who_spoke_are_found_wherever_they_stand() -> None:
    found = stripped("As Kowalski says, Anna is right, and Blue Poppy 41 knows.", ["Anna Kowalski", "Blue Poppy 41"])
    assert found.text == "As [name] says, [name] is right, and [name] knows."
    assert found.kinds == ("name",)


def test_it_says_what_kinds_were_taken_out() -> None:
    assert stripped("Hi Anna, I am 43. Call +44 7700 900123.").kinds == ("name", "contact", "age")


def test_what_is_left_in_brackets_can_be_found_again() -> None:
    assert placeholders_in("Ask [name] at [place]") == ("[name]", "[place]")
    assert placeholders_in("Ask [the ward](https://example.org)") == ()
