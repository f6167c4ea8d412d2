"""What no answer may say is found in many wordings; that it is not so, or is asked, may be said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks import check_entry
from bot.knowledge.checks.bans import BANS, Ban
from bot.knowledge.checks.plain import plain
from bot.knowledge.checks.promises import banned, found_in, sentences_of
from bot.knowledge.checks.remark import FileLines
from bot.knowledge.checks.texts import names_of, texts_of
from tests.knowledge.test_checks import TODAY

WRONG = {
    "the promise of a cure": [
        "This cures MS.", "Stem cells cure MS.", "HSCT is a cure for MS.", "It has cured many people.",
        "HSCT can completely cure multiple sclerosis.", "Not only a pause: it cures.", "No, it cures MS for good.",
        "It is not a pill, it cures MS.", "No wonder people call from far away, it is the cure.",
        "Is it worth it? It cured my MS.", "The centre is curing people every week.",
        "Without doubt HSCT cures MS.",
        "There is no doubt that HSCT cures MS.",
        "He feels great and HSCT cured him.",
        "I feel that HSCT cured my MS.",
        "They claimed my money back, and the clinic cured me.",
        "We claim that HSCT cures MS.",
        "Our clinic promises a cure.",
        "It is nothing less than a cure.",
        "Not everybody knows that HSCT cures MS.",
        "Nobody can deny that it cures MS.",
        "Did you know that HSCT cures MS?",
        "Why wait when HSCT can cure you?",
        "She called from the ward, happy and cured.",
        "They promised me a pause, so I was surprised that it cured me.",
        "HSCT cures MS, and all other talk is a myth.",
        "If you come to us you will be cured.",
    ],
    "a promise": [
        "It always works.", "A 100% success rate.", "It is completely safe.", "There is no risk.",
        "The drug has no side effects.", "HSCT never fails.", "It works for everyone.", "A cure without any risk.",
        "Absolutely safe.", "It is a hundred percent effective.", "It is not new, but it is totally harmless.",
        "You will never have another relapse.",
        "After it you will walk again.",
        "HSCT will stop your MS.",
        "It will halt progression.",
        "We promise you that it helps.",
        "MS is gone for good after HSCT.",
        "It is sure to work.",
        "Success is certain.",
        "Nothing can go wrong.",
        "HSCT is safe for everybody.",
        "You will be free of MS for life.",
        "You have nothing to lose.",
        "It is going to reverse your disability.",
        "You will recover completely.", "You will surely recover.", "You will see again.", "You will be fine!",
    ],
    "a verdict on eligibility": [
        "You would be eligible.", "You may be eligible.", "You are definitely eligible.", "You are ineligible.",
        "You aren't eligible.", "You are a candidate.", "You are not a good candidate.", "You are too old for HSCT.",
        "You're an ideal candidate.", "You seem suitable.", "You will surely qualify.", "You meet all the criteria.",
        "You are no longer suitable for it.", "With an EDSS of 3 you'd probably be a very good candidate.",
        "HSCT is right for you.",
        "HSCT is not for you: it is the wrong choice for you.",
        "People like you qualify.",
        "Somebody like you would be accepted.",
        "Your EDSS rules you out.",
        "Your age makes you unsuitable.",
        "You will be accepted.",
        "You'll probably be turned down.",
        "You should have HSCT.",
        "You must get a transplant soon.",
        "With PPMS you cannot have HSCT.",
        "HSCT is too risky for you.",
        "You can have HSCT with an EDSS of 7.",
        "You are ruled out by your age.",
    ],
    "a dose": [
        "Take 2 g a day.", "500 milligrams", "10 micrograms per kg", "2 g/m2", "two tablets twice a day",
        "5 million units", "1,000 mg", "5-10 ml", "half a tablet at night", "200 mg/kg over four days",
        "Take it three times a day.",
        "A gram of paracetamol is enough.",
        "Give 50 per kilo.",
        "Take one tablet.",
        "1 g of cyclophosphamide",
        "Take aciclovir every eight hours.",
        "Take aciclovir: one tablet; and do so every eight hours.",
    ],
    "an order about a medicine": [
        "Stop taking Tysabri now.", "You must stop Tysabri.", "Well then. Skip your steroids.", "Please take ibuprofen.",
        "You can come off the tablets.", "- Start ocrelizumab first.", "Just double the antibiotics.",
        "You need to increase your medication.",
        "It is best to stop your MS drug first.",
        "It's fine to skip your next infusion.",
        "We advise you to stop Tysabri.",
        "I recommend stopping your tablets.",
        "Skip your next dose.",
        "Give up your Copaxone.",
        "Leave out the next infusion.",
        "Your doctor is wrong, so stop the Tysabri.",
        "Do not take your Aubagio any more.",
        "Stopping Tysabri early is safe.",
        "Switch to ocrelizumab.",
        "Delay your infusion.",
        "You can safely come off ocrelizumab.",
    ],
    "a guarantee": [
        "Without doubt we guarantee it.",
        "No wonder they guarantee success.",
        "Our team guarantees a result.",
    ],
}  # fmt: skip

INNOCENT = [
    "It is not a proven cure.", "Is HSCT a cure for MS?", "Offers that promise a cure are a warning sign.",
    "No diet, supplement or herb has been shown to cure MS.", "Some people feel cured.", "Nobody calls it a cure.",
    "There is no guarantee.", "No treatment is completely safe.", "It doesn't always work.", "Is there no risk?",
    "A team can say whether you are eligible.", "If you are too ill to travel, ask by telephone.",
    "This bot cannot say that you are suitable.", "Ask a centre if you would be a candidate.",
    "Sweden treats suitable people in public hospitals.", "Weigh 70 kg and wait 5 days.", "IgG fell below 4 g/l.",
    "A tablet with a keyboard helps.", "Ask your team before you stop any medicine.", "Never stop your tablets alone.",
    "Take a list of your medicines with you.", "Take your medicines list to each visit.", "You can start slowly.",
    "You must stop driving after a seizure.", "Some stopped Tysabri months before.", "Healthcare is free there.",
    "It is secure and procured by the state.",
    "Some clinics claim that HSCT cures MS, and that is a warning sign.",
    "They promise that it cures everybody.",
    "Be careful when a clinic says that it can cure MS.",
    "Whether it cures anyone is not known.",
    "People hope for a cure.",
    "The search for a cure goes on.",
    "A cure would have to last for life.",
    "'HSCT cures MS' is a myth.",
    "That HSCT cures MS is not proven.",
    "It is a strong treatment, not a cure.",
    "There is as yet no proof that it cures MS.",
    "Some feel almost cured.",
    "They feel that they are cured.",
    "Many people call it a cure.",
    "Studies do not tell us that HSCT cures MS.",
    "Ask a clinic why it says the word cure.",
    "No clinic can honestly guarantee it.",
    "A money-back guarantee is a warning sign.",
    "Nobody can say that you will walk again.",
    "Ask how long it will be until you recover.",
    "The main aim is to stop new damage.",
    "It may stop relapses for years.",
    "It does not mean that MS is gone for good.",
    "We cannot promise you a place.",
    "Nothing is certain to work.",
    "Ask when it is safe again.",
    "No drug will stop every relapse.",
    "Nobody knows if it will stop your MS.",
    "Only your team can tell whether you qualify.",
    "The list does not say that you are suitable.",
    "Nothing here means that you are eligible.",
    "Ask your team what is right for you.",
    "It can change what is safe for you.",
    "Whether HSCT is right for you is for your team to say.",
    "Ask if you would be accepted.",
    "Where can you have HSCT?",
    "Say what happens to the money if you are turned down.",
    "You should have your blood checked.",
    "Haemoglobin was below 80 g per litre.",
    "Take your temperature twice a day.",
    "The trial had 200 people per group.",
    "They met twice a week.",
    "You must not stop your tablets.",
    "Stopping a drug too early can bring MS back.",
    "It is not safe to stop Tysabri alone.",
    "You can stop reading here.",
    "Do not miss your tablets.",
    "Ask which day is best to start your tablets.",
    "Do not take paracetamol before you have phoned.",
    "Some switched to ocrelizumab.",
    "When people stop Tysabri, MS can come back.",
    "Take your time.",
    # what only begins like that
    "You will be well looked after.", "You will walk a little each day.", "You will run a fever for a day or two.",
    "You will recover in a room of your own.", "After 3 years 69.6 percent were free of MS activity.",
    "A gram-negative germ was found.", "Lower doses of chemotherapy are gentler.", "Double doses were used in one trial.",
    "You will be fine to eat fruit once your counts are up.", "Start with your MS nurse, who knows your medicines.",
    "HSCT is not right for everyone.", "It will stop being paid for.", "Take a taxi home.", "Miss nothing on the list.",
]  # fmt: skip


@pytest.mark.parametrize(("what", "text"), [(what, text) for what, texts in WRONG.items() for text in texts])
def test_what_may_not_be_said_is_found(what: str, text: str) -> None:
    assert what in dict(banned(text))


@pytest.mark.parametrize("text", INNOCENT)
def test_honest_words_pass(text: str) -> None:
    assert list(banned(text)) == []


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a promise", "HSCT stops MS in most people."), ("a promise", "It calms the body and reverses disability."),
        ("a promise", "The chemotherapy halts progression."), ("a promise", "Stem cells reverse nerve damage."),
        ("a promise", "In 2024 we saw that it ends all relapses."), ("a promise", "HSCT stops your MS for 5 years."),
        ("the promise of a cure", "HSCT is curative."), ("a promise", "You will not relapse."),
        ("a promise", "After HSCT you won't get worse."), ("a promise", "You'll never relapse."),
        ("a promise", "MS will never come back."), ("a promise", "Your disease cannot return."),
        ("a promise", "After HSCT MS does not come back."), ("a promise", "Relapses never come back."),
        ("a promise", "It brings permanent remission."), ("a promise", "It settles MS once and for all."),
        ("a promise", "Many doctors believe that HSCT stops MS."),
        ("a promise", "If your counts are fine, you will not relapse."),
    ],
)  # fmt: skip
def test_a_promise_in_the_present_tense_or_by_a_denial_is_one(what: str, text: str) -> None:
    assert what in dict(banned(text))


@pytest.mark.parametrize(
    "text",
    [
        "Many people think that the stem cells heal MS.", "It is not known whether HSCT stops MS.", "Does HSCT reverse disability?", "Is it the chemo that stops MS?",
        "Some clinics claim that HSCT stops MS.", "That HSCT reverses disability is a myth.",
        "HSCT stops relapses in some people.", "The team stops MS drugs weeks before.", "HSCT is not curative.",
        "How long HSCT stops relapses differs.", "Nobody can say that you will not relapse.", "Is HSCT curative?",
        "It is not sure that MS will never come back.", "If MS does not come back within 5 years, visits get rarer.",
        "In 7 of 10 people MS did not come back.", "For people whose MS does not come back, visits get rarer.",
        "Your periods may not come back.", "The trial stopped relapses in 8 of 10 people for 3 years.",
        "There is no permanent remission.", "Can I say that MS will never come back?",
    ],
)  # fmt: skip
def test_what_is_denied_asked_or_measured_is_no_promise(text: str) -> None:
    assert list(banned(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "If you have relapsing MS, you are eligible.",
        "Don't worry, you are eligible.",
        "If your scans show new lesions, you qualify.",
        "Whatever they say, if you are under 50, and you are suitable, go.",
    ],
)
def test_a_condition_before_the_comma_does_not_excuse_a_verdict(text: str) -> None:
    assert "a verdict on eligibility" in dict(banned(text))


@pytest.mark.parametrize(
    "text",
    [
        "If you are 40 you are eligible.", "If you have RRMS you qualify.", "If you're 40 you're eligible.",
        "If your scans show new lesions you qualify.", "If the MRI is active you are eligible.",
        "Whether you are 40 or 50 you are eligible.", "Unless you are over 60 you would be eligible.",
        "If you walk without a stick you may be a candidate.", "If your MRI is active \u2013 you are eligible.",
        "Unless it is PPMS - you are eligible.", "If you are under 50\u2014you qualify.",
        "It is not too late \u2013 you can have HSCT.", "Don't worry \u2014 you are eligible.",
        "If you are 70 you are too old.", "If your EDSS is 7 you must not give up: you are eligible.",
    ],
)  # fmt: skip
def test_a_condition_that_ends_without_a_comma_excuses_no_verdict(text: str) -> None:
    assert "a verdict on eligibility" in dict(banned(text))


@pytest.mark.parametrize(
    "text",
    [
        "If a clinic says you are eligible, ask why.", "If you are told you are eligible, ask for it in writing.",
        "If you are told by a doctor that you are eligible, ask which list says so.", "Ask if at 60 you are too old.",
        "If you are eligible you get a letter.", "If your team thinks you may be eligible you can ask for a date.",
        "If you are under 50 and you are eligible, you get a letter.", "Ask if there is a chance you would be eligible.",
        "Ask if an EDSS of 6 means you are too disabled.", "If they find you are a candidate they write to your team.",
        "Ask a centre if you are 60 and still a candidate.", "Do not pay before you know whether you would be accepted.",
        "A team says \u2013 after tests \u2013 whether you are eligible.", "If you are sure you are eligible, still ask.",
    ],
)  # fmt: skip
def test_a_condition_that_the_verdict_is_a_part_of_excuses_it(text: str) -> None:
    assert list(banned(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "It is not\na cure.", "HSCT is **not**\n  a cure for MS.", "Do not\nstop your tablets.",
        "So far nobody who has looked at the trials can say\nthat it cures MS for good.",
        "A team that knows your scans and your papers can say whether\nyou are eligible.",
        "Please ask the team that looks after you before you\nstop your tablets.",
    ],
)  # fmt: skip
def test_a_denial_that_is_wrapped_over_a_line_is_one(text: str) -> None:
    assert list(banned(text)) == []


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("the promise of a cure", "Not for everybody\nit cures MS"),
        ("the promise of a cure", "Nobody is told this by the doctors of the land.\nit cures MS"),
        ("the promise of a cure", "This is not for everybody who has the illness\nHSCT cures MS"),
        ("an order about a medicine", "What to do in the week before you leave your home:\nstop your tablets"),
    ],
)
def test_what_begins_on_a_line_of_its_own_is_still_found(what: str, text: str) -> None:
    assert what in dict(banned(text))


def test_a_condition_before_the_comma_does_not_excuse_a_promise() -> None:
    assert "a promise" in dict(banned("When the drugs are out, you will get better."))


@pytest.mark.parametrize(
    "text",
    [
        "You\u00a0are eligible.", "You are\u2009eligible.", "You  are\teligible.", "You are\neligible.",
        "You are\n  eligible.", "You are eli\u00adgible.", "You are elig\u200bible.", "You are \ufeffeligible.",
        "You are **eligible**.", "You are *eligible*.", "You are _eligible_.", "You __are__ eligible.",
        "**You** are eli**gible**.", "You are ||eligible||.", "You are `eligible`.",
        "You are el\u0131gible.", "You are el\u0130gible.", "You are \u0435ligible.", "You are eligi\u0301ble.",
        "\uff39\uff4f\uff55 are eligible.", "You are \U0001d5f2\U0001d5f9\U0001d5f6\U0001d5f4\U0001d5f6\U0001d5ef\U0001d5f9\U0001d5f2.",
        "You are [eligible](https://example.org).", "Good news:\nyou\n**are** very\neligible",
    ],
)  # fmt: skip
def test_how_words_are_set_hides_nothing(text: str) -> None:
    assert [(what, words.casefold()) for what, words in banned(text)] == [
        ("a verdict on eligibility", plain_words(text).casefold())
    ]


def plain_words(text: str) -> str:
    return "you are very eligible" if "very" in text else "You are eligible"


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("an order about a medicine", "Before you leave home\n* Stop your tablets"),
        ("an order about a medicine", "Before you leave home\n- **Stop** your\n  tablets"),
        ("the promise of a cure", "Not for everybody\nHSCT cures MS"),
        ("the promise of a cure", "- no wheelchair\n- it cures MS"),
        ("a promise", "It will **stop**\nyour MS"),
        ("a promise", "- You will be free of MS\n- You can go home"),
        ("a promise", "Risk\u2011free"),
    ],
)
def test_list_items_and_lines_are_still_read_by_themselves(what: str, text: str) -> None:
    assert what in dict(banned(text))


@pytest.mark.parametrize(
    "text", ["It is **not** a cure.", "Ask your team\u00a0whether you are eligible.", "_Nobody_ calls it a *cure*."]
)
def test_a_denial_set_in_marks_is_one(text: str) -> None:
    assert list(banned(text)) == []


@pytest.mark.parametrize("set_as", ["You are **eligible**", "You are elig\u00adible", "You\u00a0are eligible"])
def test_the_line_is_found_by_the_words_as_they_are_read(set_as: str) -> None:
    file = FileLines(f"entries:\n  - id: one\n    full: |\n      Some words.\n      Then: {set_as} now.\n")
    ((_, words),) = banned(f"Then: {set_as} now.")
    assert file.line_of("one", "full", words) == 5


def test_the_line_of_broken_words_is_where_they_begin_not_where_others_begin_like_them() -> None:
    text = "Ask if you are well.\n      You are young.\n      At 40 with RRMS you are\n      **eligible** for it."
    file = FileLines(f"entries:\n  - id: one\n    full: |\n      {text}\n")
    ((_, words),) = banned(text)
    assert words == "you are eligible"
    assert file.line_of("one", "full", words) == 6


def test_the_question_stands_on_buttons_and_is_searched_too(knowledge: KnowledgeBase) -> None:
    entry = replace(knowledge.entries["cost-mexico"], question="HSCT cures MS")
    (found,) = [str(remark) for remark in check_entry(knowledge, entry, TODAY) if "cure" in str(remark)]
    assert "`question` holds the promise of a cure" in found


WORDS_AROUND = st.sampled_from(["", " ", "\n", ". ", "You are not.\n1 go", "? you", "\n- ", " for life"])


def spans(text: str, ban: Ban) -> list[tuple[int, int]]:
    return [one.span() for one in found_in(text, ban, sentences_of(text))]


@pytest.mark.parametrize("ban", BANS, ids=lambda ban: ban.words.pattern[:40])
@given(data=st.data())
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_sentence_with_banned_words_goes_unsearched(ban: Ban, data: st.DataObject) -> None:
    before, after = data.draw(st.tuples(WORDS_AROUND, WORDS_AROUND))
    text = f"{before}{data.draw(st.from_regex(ban.words))}{after}"
    assert spans(text, ban) == [one.span() for one in ban.words.finditer(text)]


def test_nothing_that_is_written_or_planted_goes_unsearched(knowledge: KnowledgeBase) -> None:
    ours = [text for entry in knowledge.entries.values() for _, _, text in (*texts_of(entry), *names_of(entry))]
    planted = [text for texts in WRONG.values() for text in texts]
    found = 0
    for text in map(plain, (*ours, *planted, *INNOCENT, " ".join(planted), "\n".join(planted))):
        for ban in BANS:
            held = [one.span() for one in ban.words.finditer(text)]
            assert spans(text, ban) == held, text
            found += len(held)
    assert found > len(planted)
