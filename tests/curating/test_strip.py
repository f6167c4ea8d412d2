"""What is personal does not become knowledge."""

from __future__ import annotations

import time

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
        ("my neurologist Dr. Müller said so", "My neurologist Dr. [name] said so"),
        ("my neurologist is Dr Rose Brown", "My neurologist is Dr [name]"),
        ("my nurse Sister Mary Jones was kind", "My nurse Sister [name] was kind"),
        ("I saw Dr. J. Brown", "I saw Dr. [name]"),
        ("I'm Jane from Leeds", "I'm [name] from Leeds"),
        ("My name's Jane Smith", "My name's [name]"),
        ("My mum's called Anna", "My mum's called [name]"),
        ("my husband's name is Ödön", "My husband's name is [name]"),
        ("The ward was kind. Thanks, Mary", "The ward was kind."),
        ("You are right, Peter. It takes weeks.", "You are right, [name]. It takes weeks."),
        ("меня зовут Анна", "Меня зовут [name]"),
        ("Transplant was on 12/03/2019", "Transplant was on [date]"),
        ("DOB 04-05-1971", "DOB [date]"),
        ("Write to 12 Acacia Avenue, Reading", "Write to [place]"),
        ("Give at gofundme.com/f/help-jane-smith please", "Give at [contact] please"),
        ("See https://www.linkedin.com/in/jane-smith or chat.whatsapp.com/AbC", "See [contact] or [contact]"),
        ("I am jane#1234, or jane_smith99 on discord", "I am [contact], or [contact] on discord"),
        ("Mail jane.smith (at) gmail.com or jane at gmail dot com", "Mail [contact] or [contact]"),
        ("The card is 4111 1111 1111 1111", "The card is [contact]"),
        ("Pay to GB29 NWBK 6016 1331 9268 19", "Pay to [contact]"),
        ("You can call 555-0199", "You can call [contact]"),
        ("Seen at St James's in leeds", "Seen at [place]"),
        ("I live in leeds", "I live in [place]"),
        ("I was at King's College Hospital", "I was at [place]"),
        ("MRN: 00482913 or patient ref QX4471", "MRN: [contact] or patient ref [contact]"),
        ("My NI number is QQ 12 34 56 C", "My NI number is [contact]"),
        ("Medicare 1EG4-TE5-MK73, policy 99812-B", "Medicare [contact], policy [contact]"),
        ("I am in file 48291377", "I am in file [contact]"),
        ("Look for the car AB12 CDE", "Look for the car [contact]"),
        ("Their phone: 555-0199, ext. 4412", "Their phone: [contact], ext. [contact]"),
        ("My IG is jane.doe.", "My IG is [contact]."),
        ("My facebook name is Jane Doe", "My facebook name is [contact]"),
        ("Snapchat janed99, Telegram: @jd", "Snapchat [contact], Telegram: [contact]"),
        ("See https://janesms.blogspot.com/2019 or janes.wordpress.com", "See [contact] or [contact]"),
        ("Professor Sir John Snowden told us", "Professor Sir [name] told us"),
        ("Thank you so much, Jane!", "Thank you so much, [name]!"),
        ("Sarah, my wife, had it.", "[name], my wife, had it."),
        ("My name is jane", "My name is [name]"),
        ("hi jane, bring slippers.", "Bring slippers."),
        ("My son Tom is 12", "My son [name] is [age]"),
        ("She is 29 and he was diagnosed at 17", "She is [age] and he was diagnosed at [age]"),
        ("I turned forty-three", "I turned [age]"),
        ("Born 12th March 1978", "Born [age]"),
        ("He lives at Hauptstraße 5, 10115 Berlin", "He lives at [place]"),
        ("Write to 12 rue de la Paix, Paris", "Write to [place]"),
        ("Send it to Washington, DC 20500 or PO Box 123", "Send it to [place] or [place]"),
        ("Ich wohne in Hamburg", "Ich wohne in [place]"),
        ("J'habite à Lyon.", "J'habite à [place]."),
        ("Vivo en Guadalajara", "Vivo en [place]"),
        ("I was treated at St Mary's in Leeds", "I was treated at [place]"),
        ("They did it at St Mary's in Leeds", "They did it at [place]"),
        ("Write to 12 High Street, LS1 4AB", "Write to [place], [place]"),
        ("Mail sarah dot jones at yahoo dot com", "Mail [contact]"),
        ("Name: Ewa Nowak. Ask for a scan", "Name: [name]. Ask for a scan"),
        ("I think Ewa's husband drove", "I think [name]'s husband drove"),
        ("I'm Karen Blythe, 52, and tired", "I'm [name], [age], and tired"),
        ("Your daughter Lucy and our boy Callum came", "Your daughter [name] and our boy [name] came"),
        ("Born 1974-11-02, in a hurry", "Born [date], in a hurry"),
        ("Write to 22 Harbour View, Bristol", "Write to [place]"),
        ("I'm 47, live in Wolverhampton", "I'm [age], live in [place]"),
        ("Meet me at 51.5074, -0.1278", "Meet me at [place]"),
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
        "They treat people in Puebla, Mexico.",
        "I live in fear of a relapse.",
        "I was at home after 20 days.",
        "In an emergency call 999 or 116 123.",
        "I'm on Ocrevus and walk with a stick.",
        "People were treated in Vilnius in 2022.",
        "Thanks to Tysabri the relapses stopped.",
        "StarMS stopped taking people on 21 November 2024.",
        "My EDSS is 4.5 and I take 2 tablets.",
        "See [MS Society](https://www.mssociety.org.uk/about-ms/treatments/12345678901).",
        "DOI 10.1001/jama.2018.18743 has the numbers.",
        "BEAT-MS is NCT04047628, and it asks for an EDSS of 6.0 or less.",
        "She is 12 weeks after her transplant, and it was 1,250,000 pesos.",
        "The Anthem policy of 2024 pays, Medicare 2025 may not.",
        "Facebook is full of offers, and Telegram is not private.",
        "The account of the hospital is the only one to pay into.",
        "Ask your hospital: 3 in 100 people in 2019 had it.",
        "I am 6.5 on the EDSS.",
        "Anthem, a US insurer (2024), asks for age 18 to 45, and the MIST trial in the US (2019) for less.",
        "All women aged 32 or younger had periods again.",
        "Ask your nurse, your neurologist or somebody's partner. Somebody's wife may know.",
        "People who live in Mexico pay less. Brand name: Lemtrada.",
        "The group was limited to 12 people, and this is 1 of 3 Phase Two trials.",
        "It is done at centres in Sweden and Italy, and relapses happened at home.",
        "They live in care homes, and based in part on this, the NHS pays.",
        "NET-MS is EudraCT 2022-002654-95.",
        "In the SPMS group 93 people were followed, and 66% had no worsening.",
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


@pytest.mark.parametrize(
    "unit", ["\n", " ", "\n- ", "a", "1", "x.", "ab-", "a@", "Aa ", "Aa\n", "- Aa ", ".wordpress.com", "facebook "]
)
def test_a_long_message_of_one_thing_takes_no_time(unit: str) -> None:
    """Somebody who sends four thousand line breaks must not stop the chat."""
    began = time.process_time()
    left = stripped(f"Ask the ward{(unit * 4000)[:4000]}first.", ["Anna Kowalski"]).text
    assert left.startswith("Ask the ")
    assert time.process_time() - began < 3  # seconds; it took minutes


def test_empty_lines_are_no_more_than_they_mean() -> None:
    assert stripped("Ask the ward." + "\n" * 60 + "- Bring slippers.").text == "Ask the ward.\n\n- Bring slippers."
