"""What a message sounds like: the classifier beside the patterns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.escalation import Reason
from bot.domain.messages import Addressed
from bot.knowledge.safety import Safety
from bot.triage.decide import decide
from bot.triage.decision import Answer, Distress, HandOff, Silent, Spam
from bot.triage.decision import Safety as InDanger
from bot.triage.meaning import (
    ALARM_FROM,
    MOST_SENTENCES,
    alarm,
    alarm_in_story,
    crisis,
    sentences,
    sounds_like_chatter,
    sounds_like_question,
    sounds_like_spam,
    worries,
)
from bot.triage.triage import Triage


def sounding(**kinds: float) -> dict[str, float]:
    """Give what a message sounds like; the rest is of a kind nobody asks for, as what none has is a question's."""
    shares = {kind.replace("_", "-"): share for kind, share in kinds.items()}
    return {"other": 1 - sum(shares.values())} | shares


def test_several_red_flags_add_up_and_the_likeliest_is_shown(safety: Safety) -> None:
    found = alarm("my husband is not well", sounding(sepsis_signs=0.2, fever_after_transplant=0.25), safety)
    assert found is not None
    assert found.id == "fever-after-transplant"


def test_a_faint_likeness_is_no_alarm(safety: Safety) -> None:
    assert alarm("i am here", sounding(suicide=ALARM_FROM - 0.01, harmless=0.6), safety) is None


def test_a_question_about_nobody_has_to_sound_more_like_one(safety: Safety) -> None:
    match = sounding(bleeding_low_platelets=0.75)
    assert alarm("do bruises come from low platelets?", match, safety) is None
    assert alarm("do my bruises come from low platelets?", match, safety) is not None


def test_spam_and_chatter_have_bounds_of_their_own() -> None:
    assert sounds_like_spam("we sell it, dm me", sounding(spam=0.3))
    assert not sounds_like_spam("we sell it, dm me", sounding(chatter=0.3))
    assert sounds_like_chatter("we had soup today", sounding(chatter=0.3))
    assert not sounds_like_chatter("we had soup today", {})


def test_talk_of_an_offer_is_no_offer() -> None:
    assert not sounds_like_spam("we sell it, dm me", sounding(spam=0.3, harmless=0.4))


def test_an_offer_without_a_contact_has_to_sound_more_like_one() -> None:
    assert not sounds_like_spam("the clinic took our deposit", sounding(spam=0.55))
    assert sounds_like_spam("the clinic took our deposit", sounding(spam=0.65))


def test_the_plainer_a_message_asks_the_clearer_must_chatter_be() -> None:
    assert sounds_like_chatter("clever robot", sounding(chatter=0.7, spam=0.1))
    assert not sounds_like_chatter("robot price", sounding(chatter=0.3, spam=0.1)), "the entries have more"
    assert not sounds_like_chatter("what is your name", sounding(chatter=0.6))
    assert not sounds_like_chatter("nice weather where you are?", sounding(chatter=0.9))


def test_in_a_channel_people_also_ask_each_other() -> None:
    assert sounds_like_chatter("nice weather where you are?", sounding(chatter=0.9), to_all=True)
    assert not sounds_like_chatter("what does it cost where you are?", sounding(chatter=0.6), to_all=True)


def test_a_good_wish_has_to_sound_more_like_spam() -> None:
    assert not sounds_like_spam("sending you hugs and biscuits", sounding(spam=0.9))
    assert sounds_like_spam("sending you hugs and biscuits", sounding(spam=0.96))


def test_hints_add_to_what_is_urgent_and_are_no_alarm_by_themselves(safety: Safety) -> None:
    told, enough = "the tin is full and i have the date", ALARM_FROM + 0.01
    assert alarm(told, sounding(worry=enough), safety) is None
    assert alarm(told, sounding(worry=enough, suicide=0.1), safety) is None, "mostly a hint"
    assert alarm(told, sounding(worry=enough / 2, suicide=enough / 2), safety) is not None
    assert alarm(told, sounding(worry=0.5, suicide=enough), safety) is not None, "urgent enough without them"
    assert alarm_in_story(told, sounding(worry=0.8), safety) is None
    assert worries(told, sounding(worry=0.2), safety)
    assert worries(told, sounding(worry=0.1, suicide=0.1), safety)


def test_what_sounds_more_like_an_idiom_is_no_alarm(safety: Safety) -> None:
    assert alarm("i am dead on my feet", sounding(suicide=0.45, harmless=0.55), safety) is None
    assert alarm("i am dead on my feet", sounding(suicide=0.47, harmless=0.53), safety) is not None, "a miss costs more"


def test_good_wishes_must_sound_like_danger_far_more(safety: Safety) -> None:
    assert alarm("good night to everybody", sounding(suicide=0.5), safety) is None
    assert alarm("good night to everybody", sounding(suicide=0.85), safety) is not None


def test_two_or_three_words_have_to_sound_more_like_danger(safety: Safety) -> None:
    assert alarm("and then", sounding(suicide=0.5), safety) is None
    assert alarm("39 and climbing", sounding(fever_after_transplant=0.75), safety) is not None


def test_one_sentence_of_a_story_is_an_alarm_only_beyond_doubt(safety: Safety) -> None:
    sentence = "at night i lie there and plan it"
    assert alarm_in_story(sentence, sounding(suicide=0.65), safety) is None
    assert alarm_in_story(sentence, sounding(suicide=0.85), safety) is not None
    assert alarm_in_story(sentence, sounding(distress=0.99), safety) is None, "stories have sad sentences"


def test_a_cry_hidden_in_a_long_story_is_heard(triage: Triage) -> None:
    story = (
        "Day 41 and my counts are fine. The hair is coming back and we had a roast on Sunday. Every evening I count "
        "what I have saved up and it would be enough. What can I eat again, and when may I swim?"
    )
    assert isinstance(triage.decide(story).decision, InDanger)


@pytest.mark.parametrize("around", [4, 12, 40, 99])
def test_a_cry_is_heard_however_long_the_story(triage: Triage, around: int) -> None:
    story = ["We had soup on Sunday.", "The counts are fine.", "My hair is coming back.", "The dog was happy."] * 25
    story = [
        *story[: around // 2],
        "Every evening I count what I have saved up and it would be enough.",
        *story[around // 2 : around],
    ]
    decision = triage.decide(" ".join(story)).decision
    assert isinstance(decision, InDanger)
    assert decision.flag == "suicide"


def test_a_cry_between_commas_is_heard(triage: Triage) -> None:
    story = (
        "day 41 and my counts are fine, the hair is coming back and we had a roast on sunday, every evening i count "
        "what i have saved up and it would be enough, and the dog was so happy to see me when i came home from the hospital"
    )
    assert isinstance(triage.decide(story).decision, InDanger)


def test_danger_to_oneself_in_one_sentence_is_more_urgent_than_pain_in_another(triage: Triage) -> None:
    decision = triage.decide(
        "I cry every day and nobody at home talks to me. I cannot cope any more. "
        "Every evening I count what I have saved up and it would be enough."
    ).decision
    assert isinstance(decision, InDanger)
    assert decision.flag == "suicide"


def test_a_message_of_very_many_sentences_is_heard_in_some_pieces() -> None:
    many = [f"This is number {number}." for number in range(150)]
    assert len(sentences(" ".join(many))) <= MOST_SENTENCES
    assert sentences(" ".join(many[:3])) == many[:3]


def test_many_crumbs_of_danger_are_no_alarm(safety: Safety) -> None:
    crumbs = {flag.id: 0.04 for flag in safety.flags}
    assert alarm("my hair is falling out now", crumbs, safety) is None


@pytest.mark.parametrize("text", ["help me please", "help me", "i need help"])
def test_who_asks_for_help_without_a_word_more_gets_no_alarm(triage: Triage, text: str) -> None:
    assert not isinstance(triage.decide(text).decision, InDanger)


def test_what_may_be_a_cry_for_help_is_not_met_with_silence(safety: Safety) -> None:
    assert worries("the razor is my friend", sounding(suicide=0.3, harmless=0.6), safety)
    assert not worries("the razor is my friend", sounding(suicide=0.05), safety)
    assert not worries("we had soup today", sounding(suicide=0.2, chatter=0.6), safety)
    assert not worries("good night to everybody", sounding(suicide=0.2), safety)


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
        "im going to jump", "its over for me, thank you all and sorry", "i have taken an overdose", "this ends tonight for me",
        "goodbye everyone this is the end for me", "i've written goodbye letters", "my dad is going to kill himself",
        "i cut my wrists", "relapsed with cutting", "i hate being alive", "death is the only thing that would help me",
        "tonight i will take all my pills and sleep", "i want to jump and never come back", "it's my final night alive",
        "i bought a rope and i am going to use it", "my partner is threatening suicide right now", "wish i was ded",
        "je vais me tuer", "ich bringe mich um", "no quiero seguir viviendo", "voglio farla finita", "хочу умереть",
        "jeg vil dø", "chcę umrzeć", "ölmek istiyorum", "quero morrer", "ik wil dood",
    ],
)  # fmt: skip
def test_a_plain_cry_for_help_is_never_missed(triage: Triage, text: str) -> None:
    decision = triage.decide(text).decision
    assert isinstance(decision, InDanger)
    assert decision.flag == "suicide"


@pytest.mark.parametrize(
    "text",
    [
        "did your insurer make you jump through hoops too", "jump in the car and come over", "chemo is over for me thank god",
        "should i stop or carry on with my exercises", "i am giving up gluten", "drowning in paperwork for the visa",
        "i laughed so hard i nearly wet myself", "my phone is dead", "good night and thanks for everything",
        "is suicide more common in people with ms", "cant wait to say goodbye to tysabri", "it is over at last, i rang the bell",
    ],
)  # fmt: skip
def test_the_same_words_in_everyday_talk_page_nobody(triage: Triage, text: str) -> None:
    assert not isinstance(triage.decide(text).decision, InDanger)


def test_a_person_looks_where_silence_might_be_wrong(triage: Triage) -> None:
    calm = triage.decide("we had soup and watched the rain").reading
    assert isinstance(decide(calm), Silent)
    assert decide(replace(calm, worry=True)) == HandOff(Reason.WORRY)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("How much does HSCT cost in Mexico? The tin of spare tablets is nearly full.", True),
        ("How much does HSCT cost in Mexico?", False),
        ("i want to kill myself", False),  # the safety text names somebody by itself
        ("thank you all, you are so kind", False),
    ],
)
def test_somebody_to_call_is_named_where_a_message_may_be_a_cry_for_help(
    triage: Triage, text: str, named: bool
) -> None:
    assert triage.decide(text).names_somebody_to_call is named


def test_no_hint_that_is_listed_passes_without_somebody_to_call(triage: Triage, safety: Safety) -> None:
    assert safety.worry
    for text in safety.worry.trips:
        found = triage.decide(text)
        assert found.names_somebody_to_call or isinstance(found.decision, InDanger), text


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


@pytest.mark.parametrize(
    "text",
    [
        # how often people die of it, in many words
        "wots the death rate now", "want mortality figures for 2025", "how many patients died in the trials",
        "chance of not surviving the transplant", "is the mortaltiy lower now than ten years ago",
        "want to see the death statistics by country", "do older people die more often from it", "5 year survival",
        # what the treatment kills
        "does chemo kill the immune system", "will atg kill my t cells", "which cells are killed first",
        "can a cold kill somebody without white cells", "when are the old cells dead",
        # ends that are none of life
        "what happens when the treatment is at its end", "who looks after me once the treatment has ended",
        "dying to know when my hair is back", "i could kill for a coffee in here", "the queue will be the death of me",
        # poor prospects, as a question of numbers
        "is it hopeless with ppms", "does ms shorten your life", "how many get worse all the same",
    ],
)  # fmt: skip
def test_death_as_a_subject_is_no_cry_for_help(triage: Triage, text: str) -> None:
    assert not isinstance(triage.decide(text).decision, InDanger)


@pytest.mark.parametrize(
    "text",
    [
        "please let me not wake up tomorrow",  # "not wake up" alone is a sign of the body
        "from tonight on i am no burden to anyone any more, i have decided",  # "burden" alone is distress
        "i am about to jump off the roof", "how many tablets would do it",
        "quiero morir", "je ne veux plus vivre", "ich will nicht mehr leben", "ik wil niet meer leven",
    ],
)  # fmt: skip
def test_a_wish_to_die_is_that_whatever_else_is_in_it(triage: Triage, text: str) -> None:
    decision = triage.decide(text).decision
    assert isinstance(decision, InDanger)
    assert decision.flag == "suicide"


def test_what_sounds_most_like_danger_to_oneself_is_no_lesser_flag(safety: Safety) -> None:
    assert crisis(sounding(suicide=0.6), safety) is not None
    assert crisis(sounding(suicide=0.4, distress=0.5), safety) is None


def test_what_an_entry_is_sure_to_answer_is_no_chatter_unless_it_is_said_to_all() -> None:
    text, kinds = "lingo is the most promising", sounding(chatter=0.6)
    assert sounds_like_chatter(text, kinds)
    assert not sounds_like_chatter(text, kinds, sure=True)
    assert sounds_like_chatter(text, kinds, sure=True, to_all=True)
    assert sounds_like_chatter(text, sounding(chatter=0.9), sure=True), "beyond doubt"


def test_what_is_a_question_rather_than_danger_is_no_alarm(safety: Safety) -> None:
    text = "chance of not surviving the transplant"
    assert alarm(text, {"suicide": 0.5, "harmless": 0.1}, safety) is not None
    assert alarm(text, {"suicide": 0.4, "harmless": 0.1}, safety) is None, "a question has 50% then"


@pytest.mark.parametrize(
    "text",
    [
        "had a seizure at the supermarket", "mum had a stroke on the bus", "i fainted lol", "suicidal in the supermarket queue",
        "what a match! threw up blood on the bus home though. come on you reds!", "lost the will to live in that queue",
    ],
)  # fmt: skip
def test_everyday_talk_around_a_pattern_s_words_takes_no_alarm_away(triage: Triage, text: str) -> None:
    assert isinstance(triage.decide(text).decision, InDanger | Distress), "a classifier cannot tell it from an idiom"


@pytest.mark.parametrize("text", ["my neurologist refuses to refer me", "is 61 too old"])
def test_what_means_a_question_is_one_without_its_form_also_in_a_channel(triage: Triage, text: str) -> None:
    assert not isinstance(triage.decide(text, Addressed.ASK_CHANNEL).decision, Silent)


def test_the_share_of_questions_is_what_other_kinds_leave() -> None:
    assert sounds_like_question({"harmless": 0.3, "chatter": 0.2})
    assert not sounds_like_question({"harmless": 0.5, "chatter": 0.2})
    assert not sounds_like_question({}), "nothing is known of its words"


def test_key_words_are_half_a_remark_unless_they_name_the_subject_or_an_entry_is_sure() -> None:
    sounds = sounding(chatter=0.2, harmless=0.55)
    assert sounds_like_chatter("too much gravy", sounds)
    assert not sounds_like_chatter("too much gravy", sounding(chatter=0.2, harmless=0.45))
    assert sounds_like_chatter("too much gravy", sounding(chatter=0.2, harmless=0.45), to_all=True)
    assert not sounds_like_chatter("marathon after hsct", sounds)
    assert not sounds_like_chatter("too much gravy", sounds, to_all=True, sure=True)


@pytest.mark.parametrize("text", ["golf after hsct", "scarves and hats after chemo", "flying home day 20"])
def test_key_words_about_the_subject_never_meet_silence(triage: Triage, text: str) -> None:
    assert not isinstance(triage.decide(text).decision, Silent)
    assert not isinstance(triage.decide(text, Addressed.ASK_CHANNEL).decision, Silent)


def test_friendly_words_between_thanks_and_spam_are_thanks() -> None:
    assert not sounds_like_spam("we sell it", sounding(chatter=0.3, spam=0.25))


def test_names_put_into_one_are_not_read_for_danger(triage: Triage) -> None:
    match = triage.matcher.match("want the mortality rate")
    assert "die" not in match.corrected.split(), "the compared word for all of death, dead, mortality"


def test_a_healer_without_any_telling_word_is_spam(triage: Triage) -> None:
    assert isinstance(triage.decide("this healer took my sister's disease away, text him and be free").decision, Spam)


@pytest.mark.parametrize("text", ["graicas por todo", "bless you all, what a lovely bunch", "thnaks a milion"])
def test_thanks_with_slips_and_in_other_tongues_get_no_answer(triage: Triage, text: str) -> None:
    assert isinstance(triage.decide(text).decision, Silent)


@pytest.mark.parametrize(
    "told", ["anti-LINGO is the most promising", "anti-LINGO is the most promising for remyelination."]
)
def test_a_story_in_a_channel_is_left_alone_and_to_the_bot_it_gets_its_entry(triage: Triage, told: str) -> None:
    assert isinstance(triage.decide(told, Addressed.DIRECT).decision, Answer)
    assert isinstance(triage.decide(told, Addressed.ASK_CHANNEL).decision, Silent)


def test_what_is_for_another_member_is_left_alone_but_never_a_cry(triage: Triage) -> None:
    asked, cry = "@Olga how long did you stay in Mexico?", "@Olga I want to die"
    assert isinstance(triage.decide(asked, Addressed.ASK_CHANNEL).decision, Silent)
    assert not isinstance(triage.decide(asked, Addressed.DIRECT).decision, Silent)
    assert isinstance(triage.decide(cry, Addressed.ASK_CHANNEL).decision, InDanger)
