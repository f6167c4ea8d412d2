"""Who is in danger, and who merely talks about it."""

from __future__ import annotations

import pytest

from bot.knowledge.safety import RedFlag, Safety
from bot.triage import red_flags

EMERGENCIES = [
    # fever, in every spelling
    ("fever-after-transplant", "ive got a temp of 39"),
    ("fever-after-transplant", "my husband has a temp of 38.5 and is shaking, day 12"),
    ("fever-after-transplant", "T 38,4 and no neutrophils"),
    ("fever-after-transplant", "I HAVE A FEVER AND I CANT STOP SHAKING"),
    ("fever-after-transplant", "temp of a hundred and one"),
    ("fever-after-transplant", "thirty eight point five and chills"),
    ("fever-after-transplant", "102F since lunch"),
    ("fever-after-transplant", "shivering since last night"),
    ("fever-after-transplant", "Is it normal to have fever 10 days after stem cells?"),
    ("fever-after-transplant", "what should i do if my temp is 38.6?"),
    ("fever-after-transplant", "no cough no sore throat but temp 38.6"),
    ("fever-after-transplant", "they said call if over 38 and i am 38.6"),
    ("fever-after-transplant", "something isnt right, day 16 after transplant"),
    ("fever-after-transplant", "i have a feever"),
    ("fever-after-transplant", "my temprature is going up"),
    ("fever-after-transplant", "Tengo fiebre 39"),
    # breathing and chest
    ("breathing-chest", "cant breathe"),
    ("breathing-chest", "i cant really catch my breath"),
    ("breathing-chest", "she is breathless just walking to the loo"),
    ("breathing-chest", "chst pain since an hour"),
    ("breathing-chest", "is it a side effect that i cant breathe"),
    ("breathing-chest", "does anyone else have chest pain with this"),
    ("breathing-chest", "husbands lips turned blue"),
    # nerves
    ("neuro-emergency", "mum is having a fit"),
    ("neuro-emergency", "woke up and cant see out of my left eye"),
    ("neuro-emergency", "his face is drooping on one side"),
    ("neuro-emergency", "terrible headache and my neck is stiff"),
    ("neuro-emergency", "my mother is suddenly very confused"),
    ("neuro-emergency", "My husband had a seizure an hour ago. What do we do"),
    # sepsis, collapse
    ("sepsis-signs", "I feel like I am dying"),
    ("sepsis-signs", "she wont wake up"),
    ("sepsis-signs", "when i was in the shower i collapsed"),
    ("sepsis-signs", "hospital said it might be sepsis"),
    ("sepsis-signs", "temp is 35.1 and i am so cold"),
    # blood, line, belly, urine, stomach, contact, allergy, poison
    ("bleeding-low-platelets", "my nose is bleeding does chemo cause that"),
    ("bleeding-low-platelets", "had hsct 3 years ago, bruises everywhere and my gums bleed"),
    ("bleeding-low-platelets", "fell and hit my head"),
    ("line-or-clot", "not sure if the line is infected, its red and hot"),
    ("line-or-clot", "left leg hot swollen and painful"),
    ("belly-spleen-liver", "pain at the tip of my left shoulder since filgrastim"),
    ("belly-spleen-liver", "the whites of my eyes are yellow"),
    ("urine", "cant pee since this morning"),
    ("cannot-keep-down", "cant keep water down"),
    ("contact-infection", "my son came down with chicken pox and im 2 months out"),
    ("allergy", "my throat is closing up"),
    ("taken-too-much", "he has swallowed 20 of his tablets"),
]
CRISES = [
    "i just want it all to end", "want my life to be over", "wish i wouldnt wake up", "no reason to live",
    "husband would be better off without me", "thinking of dignitas", "kms", "im going to unalive myself",
    "dont want to live", "I DO NOT WANT TO BE ALIVE", "im having suicdal thoughts", "i want to k!ll mys3lf",
    "took all my baclofen", "how many baclofen would kill me", "assisted suicide for MS", "I can't go on",
    "my daughter is talking about killing herself", "if hsct fails i will kill myself",
    "before hsct i wanted to die and now i want to die again", "im not joking i want to die",
    "I'm not going to kill myself but i think about death every day", "i would rather be dead than in a wheelchair",
    "she keeps saying she doesn't want to be here anymore", "the tablets are lined up next to my bed",
]  # fmt: skip
DISTRESS = [
    "I am in so much pain most all the time I would do anything to make it stop",
    "i cant take this anymore",
    "I'm at the end of my tether",
    "I have lost all hope",
    "feel so alone with this",
    "im desperate please help",
    "I'm not suicidal but I can't take any more of this",
    "do people get suicidal from steroids?",
    "my brother killed himself because of ms",
]
HARMLESS = [
    # figures of speech
    "this fatigue is killing me", "I'm dying to know the price", "my neuro will kill me if I go to Mexico",
    "the price nearly gave me a heart attack", "feel like banging my head against a wall with insurance",
    "reading your story gave me chills", "the bottom line is a sore subject", "bleeding edge science",
    "I walk 5 kms a day", "how many kms is the clinic from the airport", "seized the day and booked",
    # questions about the subject
    "what temperature counts as a fever after HSCT?", "does hsct cause fever?", "is chest pain a side effect?",
    "how common is sepsis after HSCT", "what should I do if I get a temperature at home", "what are the signs of sepsis",
    "will i get sepsis", "can I get shingles after HSCT", "what is the chance of dying", "has anyone died from HSCT",
    "what happens if I get a fever after I go home", "are seizures a contraindication",
    # long ago, or not at all
    "my dad had chest pain years ago", "before my transplant I had seizures", "In 2015 I had a blood clot",
    "I lost my vision in one eye in 2009", "no fever, feeling great on day 20", "I never had chest pain during hsct",
    "my numbers are fine, no bleeding, no fever", "I don't want to die, I want to live and know about hsct",
    # what MS is like every day
    "my legs are weak and I use a rollator", "I've had numb hands and a dodgy bladder since 2011",
    "I've been paralysed for years, is hsct an option", "slurred speech and swallowing problems for years",
    # numbers that are no temperatures
    "I am 38 and have rrms", "cost is 38.5k in total", "my weight is 38.5 kg", "it is 39 degrees outside in Monterrey",
    "vitamin d level is 38.5", "day 38 and all well",
    # other things with the same words
    "is yellow fever vaccine allowed", "I have hay fever", "I can't see the menu on the website",
    "I'm confused about the difference between RRMS and SPMS", "am I fit enough for hsct", "can I dye my hair after hsct",
    "can I have the shingles vaccine after HSCT?", "does the line in the neck hurt", "blood tests after hsct how often",
]  # fmt: skip


def found_first(text: str, safety: Safety, corrected: str = "") -> RedFlag | None:
    return next(red_flags.find_all(text, safety, corrected), None)


@pytest.mark.parametrize(("flag", "text"), EMERGENCIES)
def test_an_urgent_symptom_now_is_an_emergency(safety: Safety, flag: str, text: str) -> None:
    assert flag in [found.id for found in red_flags.find_all(text, safety)]
    found = found_first(text, safety)
    assert found
    assert found.route == "emergency"


@pytest.mark.parametrize("text", CRISES)
def test_a_wish_to_die_is_a_crisis(safety: Safety, text: str) -> None:
    found = found_first(text, safety)
    assert found
    assert found.route == "crisis"


@pytest.mark.parametrize("text", DISTRESS)
def test_pain_without_danger_is_distress(safety: Safety, text: str) -> None:
    found = found_first(text, safety)
    assert found
    assert found.route == "distress"


@pytest.mark.parametrize("text", HARMLESS)
def test_talk_about_danger_is_no_danger(safety: Safety, text: str) -> None:
    assert found_first(text, safety) is None


@pytest.mark.parametrize(
    ("flag", "text"),
    [
        ("stop-medicine", "should I stop Tysabri next week"),
        ("stop-medicine", "ive run out of aciclovir"),
        ("pregnancy", "I'm pregnant and starting chemo"),
        ("self-treat", "where can i buy cyclophosphamide online"),
        ("drug-reaction-medicine-question", "can i take ibuprofen after hsct"),
        ("money-pressure", "is this WhatsApp clinic a scam? they want a deposit by crypto"),
    ],
)
def test_what_is_not_urgent_has_its_own_flag(safety: Safety, flag: str, text: str) -> None:
    found = found_first(text, safety)
    assert found
    assert found.id == flag


def test_danger_to_oneself_goes_before_a_symptom(safety: Safety) -> None:
    both = "my temp is 39 and honestly i just want to die"
    assert [flag.route.value for flag in red_flags.find_all(both, safety)][:2] == ["crisis", "emergency"]


def test_a_symptom_goes_before_despair(safety: Safety) -> None:
    found = found_first("the pain is unbearable and i cant breathe", safety)
    assert found
    assert found.id == "breathing-chest"


def test_a_second_sentence_is_not_excused_by_the_first(safety: Safety) -> None:
    assert found_first("Is chest pain a side effect? My lips are blue.", safety)


def test_the_speller_of_the_matcher_can_add_a_flag_but_never_take_one_away(safety: Safety) -> None:
    assert found_first("hgih feber nwo", safety, corrected="high fever now")
    assert found_first("i want to die", safety, corrected="i want to dive")


def test_danger_at_the_end_of_a_very_long_message_is_seen(safety: Safety) -> None:
    assert found_first("We went for a walk. " * 5_000 + "I want to die.", safety)


def test_every_example_in_the_file_is_true(safety: Safety) -> None:
    assert red_flags.untrue_examples(safety) == ()


def test_no_cue_is_passed_over_by_its_words(safety: Safety) -> None:
    """Cues are tried only where a phrase of theirs has all its words; trying them all must find no more."""
    compiled = red_flags._compiled(safety)
    texts = [text for flag in safety.flags for text in (*flag.trips, *flag.spares)]
    for text in [*texts[::4], *(text for _, text in EMERGENCIES)]:
        for sentence in {one for reading in red_flags._readings(text, "", compiled) for one in reading}:
            possible = compiled.possible(sentence)
            found = {cue.number for _, cues in compiled.flags for cue in cues if cue.any.search(sentence)}
            assert found <= possible, sentence
