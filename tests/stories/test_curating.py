"""From a volunteer's reply to an answer that members get, and back again."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from bot.config import CuratingSettings
from bot.curating.rule import rule_of
from bot.domain.messages import Button, ButtonPressed, OutgoingMessage, Place
from bot.domain.people import PersonId
from bot.triage.triage import Triage
from tests.world import Person, World, a_world

PHRASINGS = """can i bring my own slippers to the ward
what shoes do i pack for hospital
slippers or trainers for the transplant unit
do they mind outdoor shoes in isolation
footwear for the isolation room
my feet get cold, may i have slippers there
are house shoes allowed
which shoes are safe when i am unsteady"""
SHORT = "Bring closed slippers with a firm sole. Falls are a risk while your blood counts are low, so leave loose ones at home."
FULL = "Wards ask for shoes that can be wiped clean.\n\n- Closed slippers with a firm sole.\n- Nothing that slips off."
SOURCES = "MS Society UK, HSCT: what to expect, 2024, https://www.mssociety.org.uk/about-ms/treatments-and-therapies"
HARD = (
    "Notwithstanding haematological contraindications, multidisciplinary reconsideration necessitates comprehensive "
    "immunological characterisation."
)
ASKED = "Is it ok to bring slippers to the ward? I am 43 and my hospital is in Leeds"
REPLIED = "Hi Anna, bring closed slippers. Best wishes, Ben"


@dataclass
class Desk:
    """What somebody at a desk does with proposals, and what they are told."""

    person: Person

    async def kb(self, words: str) -> str:
        return "\n".join(message.text() for message in await self.person.commands_desk("kb", words))

    async def presses(self, button: Button, message: OutgoingMessage) -> list[OutgoingMessage]:
        world = self.person.world
        sent = world.adapter(self.person.platform).sent
        before = len(sent)
        await world.happens(
            ButtonPressed(
                event_id=world.next_id(),
                at=world.clock(),
                sender=self.person._sender(),
                address=message.to,
                place=Place.DESK,
                action=button.action,
                subject=button.subject,
            )
        )
        return [delivery.message for delivery in sent[before:]]


def desk(person: Person) -> Desk:
    return Desk(person)


def button(messages: list[OutgoingMessage], label: str) -> tuple[Button, OutgoingMessage]:
    for message in reversed(messages):
        for one in message.buttons:
            if one.label == label:
                return one, message
    raise AssertionError(f"no button '{label}'")


async def an_answered_question(world: World) -> Person:
    anna, ben = world.asker("anna"), world.volunteer("ben")
    await anna.commands("person", ASKED)
    await ben.at_desk(1, press="Claim")
    await ben.at_desk(1, REPLIED)
    await ben.at_desk(1, press="Close")
    return ben


async def a_finished_draft(world: World, author: Person) -> Desk:
    kb = desk(author)
    await kb.kb("new May I bring slippers to the ward?")
    for part, words in {
        "phrasings": PHRASINGS, "short": SHORT, "full": FULL, "sources": SOURCES, "topic": "regulation",
    }.items():  # fmt: skip
        told = await kb.kb(f"{part} 1 {words}")
        assert "Proposal 1" in told, told
    return kb


async def two_leads(world: World) -> tuple[Desk, Desk]:
    leads = desk(world.lead("lea", "telegram")), desk(world.lead("luc"))
    for lead in leads:
        await lead.kb("proposals")
    return leads


async def publishes(world: World, lead: Desk, number: int) -> str:
    """Have a lead propose and approve a change, and wait until it is live; give what the approval said."""
    await lead.kb(f"propose {number}")
    told = await lead.kb(f"approve {number}")
    assert "Published" in told
    await go_live(world)
    return told


async def go_live(world: World) -> None:
    await world.app.reload.settle()


async def test_a_reply_becomes_a_draft_without_personal_details(world: World) -> None:
    ben = await an_answered_question(world)
    suggest, message = button(world.on_desk(1), "Suggest as knowledge")
    (draft,) = [one for one in await desk(ben).presses(suggest, message) if one.buttons]
    text = draft.text()
    assert "Bring closed slippers." in text
    assert "Personal details were taken out (age, place, name)" in text
    for personal in ("Anna", "Ben", "43", "Leeds"):
        assert personal not in text
    assert "still has [age] and [place]" in text
    assert "`sources` is missing" in text
    assert "Give it to the leads" not in [one.label for one in draft.buttons]


async def test_it_is_only_offered_once_somebody_has_replied(world: World) -> None:
    anna, lea = world.asker("anna"), world.lead("lea")
    await anna.commands("person", "is there wifi")
    await lea.at_desk(1, press="Claim")
    await lea.at_desk(1, press="Close")
    assert "Suggest as knowledge" not in [one.label for one in world.card(1).buttons]
    assert "Nobody has replied" in await desk(lea).kb("suggest 1")


async def test_a_part_is_pressed_and_then_written(world: World) -> None:
    ben = await an_answered_question(world)
    suggest, message = button(world.on_desk(1), "Suggest as knowledge")
    part, draft = button(await desk(ben).presses(suggest, message), "Short answer")
    asked = await desk(ben).presses(part, draft)
    assert "at most 600 characters" in asked[-1].text()
    await ben.at_desk(1, SHORT)
    assert SHORT in world.discord.sent[-1].message.text()
    assert SHORT not in "".join(one.text() for one in world.asker("anna").got()), "it was no reply to the asker"


async def test_a_form_hands_in_the_part_its_number_and_the_words(world: World) -> None:
    """On Discord the button opens a form; what is written there arrives as a command."""
    kb = desk(world.volunteer("ben"))
    await kb.kb("new May I bring slippers?")
    assert SHORT in await kb.kb(f"short:1 {SHORT}")


async def test_a_lead_counts_once_and_never_for_their_own(world: World) -> None:
    lea, luc = await two_leads(world)
    await desk(world.lead("lou")).kb("proposals")
    await a_finished_draft(world, luc.person)
    await luc.kb("propose 1")
    assert "You wrote this one" in await luc.kb("approve 1")
    assert "1 of 2 leads" in await lea.kb("approve 1")
    assert "1 of 2 leads" in await lea.kb("approve 1")


async def test_of_two_leads_the_other_one_is_enough_for_a_leads_own_proposal(world: World) -> None:
    lea, luc = await two_leads(world)
    await a_finished_draft(world, luc.person)
    await luc.kb("propose 1")
    assert "Published" in await lea.kb("approve 1")


async def test_a_single_lead_decides_alone(world: World) -> None:
    lea = desk(world.lead("lea"))
    await lea.kb("proposals")
    await a_finished_draft(world, lea.person)
    await lea.kb("propose 1")
    told = await lea.kb("approve 1")
    assert "Published" in told
    assert "Leads whose yes was needed: 1. The setting asks for 2" in told


async def test_a_lead_with_an_account_on_each_platform_counts_once_and_approves_once(
    triage: Triage, database_url: str
) -> None:
    settings = CuratingSettings(same_person=(("telegram:lea", "discord:lea-too"),))
    async with a_world(triage, database_url, curating=settings) as world:
        lea, luc = await two_leads(world)
        lea_too, lou = desk(world.lead("lea-too")), desk(world.lead("lou"))
        for lead in (lea_too, lou):
            await lead.kb("proposals")
        await a_finished_draft(world, lea_too.person)
        await lea_too.kb("propose 1")
        assert "You wrote this one" in await lea.kb("approve 1"), "whichever account it was"
        assert "1 of 2 leads" in await luc.kb("approve 1")
        assert "Published" in await lou.kb("approve 1")


async def test_a_second_account_is_no_second_yes(triage: Triage, database_url: str) -> None:
    settings = CuratingSettings(same_person=(("telegram:lea", "discord:lea-too"),))
    async with a_world(triage, database_url, curating=settings) as world:
        lea, luc = await two_leads(world)
        lea_too = desk(world.lead("lea-too"))
        await lea_too.kb("proposals")
        kb = await a_finished_draft(world, world.volunteer("ben"))
        await kb.kb("propose 1")
        assert "1 of 2 leads" in await lea_too.kb("approve 1")
        assert "1 of 2 leads" in await lea.kb("approve 1")
        assert "Published" in await luc.kb("approve 1")


async def test_leads_named_in_the_settings_count_before_they_have_been_at_the_desk(world: World) -> None:
    rule = rule_of(2, [PersonId("telegram", "41"), PersonId("telegram", "lea")])
    lea = desk(world.lead("lea", "telegram"))
    await lea.kb("proposals")
    await a_finished_draft(world, world.volunteer("ben"))
    async with world.app.store.transaction() as tx:
        found = await rule(tx)
        proposal = await tx.curating.get(1)
    assert proposal is not None
    assert (found.leads, found.needed(proposal), found.alone) == (2, 2, False)


async def test_a_volunteer_approves_nothing(world: World) -> None:
    kb = await a_finished_draft(world, world.volunteer("ben"))
    await kb.kb("propose 1")
    assert "Only a lead" in await desk(world.volunteer("bea")).kb("approve 1")
    assert "Only a lead" in await kb.kb("undo 1")
    assert "Only a lead" in await kb.kb("reviewed cost-mexico")
    assert "Only its author or a lead" in await desk(world.volunteer("bea")).kb("short 1 Other words.")


@pytest.mark.parametrize(
    ("part", "words", "why"),
    [
        ("short", "HSCT cures MS. You are eligible.", "promise of a cure"),
        ("short", "Take 50 mg of it.", "a dose"),
        ("short", HARD, "reads at US grade"),
        ("short", "**Bring slippers.** A risk remains.", "bold"),
        ("full", "See https://example.org for more.", "a bare address"),
        ("question", "\U0001f97f slippers?", "a sign or emoji"),
        ("question", "How much does HSCT cost?", "is the question of 'cost-overview' too"),
        ("short", "Falls are a risk. Call 0800 123 4567.", "the number 0800 123 4567 is not among the `helplines`"),
    ],
)  # fmt: skip
async def test_the_checks_refuse_a_bad_proposal_in_plain_words(world: World, part: str, words: str, why: str) -> None:
    kb = await a_finished_draft(world, world.volunteer("ben"))
    await kb.kb(f"{part} 1 {words}")
    told = await kb.kb("propose 1")
    assert "not ready yet" in told
    assert why in told
    assert "There is no proposal" not in await kb.kb("proposals")


@pytest.mark.parametrize(
    ("part", "words", "why"),
    [
        ("short", "x" * 601, "1 to 600 are possible"),
        ("sources", "a friend told me", "lacks a year and an address"),
        ("topic", "moon", "is not one of"),
        ("related", "nowhere-else", "is not one of"),
        ("country", "Atlantis: swim", "is not one of"),
        ("phrasings", "drop 99", "There is no number 99"),
    ],
)
async def test_what_cannot_be_used_is_said_at_once(world: World, part: str, words: str, why: str) -> None:
    kb = await a_finished_draft(world, world.volunteer("ben"))
    assert why in await kb.kb(f"{part} 1 {words}")


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("related 1 -", "Related entries"),
        ("keywords 1 -", "Keywords"),
        ("country 1 uk: Ask your MS nurse.", "Parts for"),
    ],
)
async def test_a_part_is_emptied_with_a_hyphen_and_a_country_named_in_small_letters(
    world: World, words: str, part: str
) -> None:
    lea = desk(world.lead("lea"))
    await lea.kb("edit cost-mexico")
    told = await lea.kb(words)
    assert re.search(rf"Changed: {part}", told), told
    assert "Keywords: -" not in told


async def test_a_second_new_entry_of_the_same_name_is_told_what_to_do(world: World) -> None:
    kb = desk(world.lead("lea"))
    for number in (1, 2):
        await kb.kb("new May I bring slippers to the ward?")
        for part, words in {
            "phrasings": PHRASINGS, "short": SHORT, "full": FULL, "sources": SOURCES, "topic": "regulation",
        }.items():  # fmt: skip
            await kb.kb(f"{part} {number} {words}")
        await kb.kb(f"propose {number}")
    assert "Published" in await kb.kb("approve 1")
    await world.app.reload.look()
    assert "has been published since. If it answers the same, withdraw this one" in await kb.kb("approve 2")


async def test_leads_see_what_it_would_collide_with(world: World) -> None:
    kb = desk(world.volunteer("ben"))
    await kb.kb("new How much is HSCT in Mexico?")
    told = await kb.kb("phrasings 1 what is the price of hsct in mexico\nhow much does mexico cost")
    assert "with another entry already" in told
    assert "cost-mexico" in told


async def test_approvals_are_for_the_words_that_were_seen(world: World) -> None:
    lea, luc = await two_leads(world)
    kb = await a_finished_draft(world, world.volunteer("ben"))
    await kb.kb("propose 1")
    approve, card = button([one.message for one in world.discord.sent], "Approve")
    await lea.kb("approve 1")
    await kb.kb(f"short 1 {SHORT} Ask the ward.")
    assert "is a draft still" in await luc.kb("approve 1")
    await kb.kb("propose 1")
    told = await luc.presses(approve, card)
    assert "changed meanwhile" in told[-1].text(), "an old button approves nothing new"
    assert "1 of 2 leads" in await luc.kb("approve 1"), "the first yes was for other words"


async def test_an_entry_that_tells_a_stage_is_not_retired(world: World) -> None:
    lea = desk(world.lead("lea"))
    entry = world.app.live.knowledge.stages[0].entry
    assert "tells the stage" in await lea.kb(f"retire {entry}")
    assert "not ready" in await lea.kb("propose 1")


async def test_nobody_writes_words_into_what_only_retires_an_entry(world: World) -> None:
    lea, _ = await two_leads(world)
    told = await lea.kb("retire natural-cures")
    assert "/kb propose 1" in told
    assert "Press a part" not in told
    assert "would be lost" in await lea.kb("short 1 Other words.")
    await lea.kb("propose 1")
    await lea.kb("change 1")
    shown = world.adapter(lea.person.platform).sent[-1].message
    assert "Short answer" not in [one.label for one in shown.buttons]


async def test_a_lead_who_has_read_an_entry_again_says_so(world: World) -> None:
    lea, _luc = await two_leads(world)
    world.clock.pass_(days=200)
    assert "Published" in await lea.kb("reviewed cost-mexico by Dr A. Example, neurologist (clinician)")
    await go_live(world)
    entry = world.app.live.knowledge.entries["cost-mexico"]
    assert entry.reviewed_on == world.clock().date()
    assert (entry.review_after - entry.reviewed_on).days == 91
    (told,) = await world.asker("anna").asks("how much does hsct cost in mexico?")
    assert "by Dr A. Example, neurologist." in told.text()
    assert "clinician" not in told.text()


@pytest.mark.parametrize(
    "by", ["by", "by (clinician)", "by \u3164", "by [here](https://example.org)", "by @everyone", f"by {'x' * 200}"]
)
async def test_whoever_has_read_an_entry_is_named_in_words(world: World, by: str) -> None:
    assert "cannot be used: Write by and who" in await desk(world.lead("lea")).kb(f"reviewed cost-mexico {by}")


async def test_a_name_alone_makes_nobody_a_clinician(world: World) -> None:
    lea, _luc = await two_leads(world)
    await lea.kb("reviewed cost-mexico by Bob, a curator")
    await go_live(world)
    (told,) = await world.asker("anna").asks("how much does hsct cost in mexico?")
    assert "by Bob, a curator; not yet reviewed by a clinician." in told.text()


async def test_a_lead_who_rewrote_a_proposal_does_not_approve_it(world: World) -> None:
    lea, luc = await two_leads(world)
    kb = await a_finished_draft(world, world.volunteer("ben"))
    await lea.kb(f"short 1 {SHORT} Ask the ward.")
    await lea.kb("propose 1")
    assert "You wrote this one" in await lea.kb("approve 1")
    assert "Published" in await luc.kb("approve 1")
    assert "is decided already" in await kb.kb("short 1 Other words.")


async def test_personal_details_are_looked_for_in_typed_words_too(world: World) -> None:
    ben = desk(world.volunteer("ben"))
    told = await ben.kb("new My name is Zebedee Jones, may I bring slippers?")
    assert "Zebedee" not in told
    assert "Personal details were taken out (name)" in told
    told = await ben.kb("short 1 Ask nurse Joy on 07700 900123, she is kind.")
    assert "may hold personal details (contact)" in told


async def test_words_that_may_be_names_are_shown_to_whoever_decides(world: World) -> None:
    ben, lea = desk(world.volunteer("ben")), desk(world.lead("lea"))
    await ben.kb("new May I bring slippers?")
    told = await ben.kb("short 1 Ask Maria on ward 5B. The NHS in Wolverhampton lends slippers, Lemtrada or not.")
    assert "No answer has these words yet: Maria, Wolverhampton." in told
    assert "Maria, Wolverhampton" in await lea.kb("show 1")


async def test_a_lead_sees_what_would_no_longer_stand_there(world: World) -> None:
    lea = desk(world.lead("lea"))
    entry = world.app.live.knowledge.entries["cost-mexico"]
    first, *others = entry.full.splitlines()
    await lea.kb("edit cost-mexico")
    told = await lea.kb("full 1 " + "\n".join(["Another beginning.", *others]))
    assert "Full answer now reads:" in told
    assert first in told


async def test_a_lead_declines_with_a_reason_and_its_words_are_forgotten(world: World) -> None:
    lea, _luc = await two_leads(world)
    kb = await a_finished_draft(world, world.volunteer("ben"))
    await kb.kb("propose 1")
    assert "declined proposal 1 (new entry may-i-bring" in await lea.kb("decline 1 We have this already.")
    assert "is decided already" in await kb.kb("short 1 Other words.")
    async with world.app.store.transaction() as tx:
        found = await tx.curating.get(1)
    assert found
    assert (found.fields, found.author) == ({}, None)


async def test_withdrawing_ends_it(world: World) -> None:
    kb = await a_finished_draft(world, world.volunteer("ben"))
    assert "withdrawn" in await kb.kb("withdraw 1")
    assert "There is no proposal." in await kb.kb("proposals")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", "Proposals change the bot's answers"),
        ("nonsense", "Proposals change the bot's answers"),
        ("approve", "Which one?"),
        ("approve 99", "There is no proposal 99"),
        ("edit", "Which entry?"),
        ("edit cost-mexicco", "Did you mean cost-mexico"),
        ("history", "Nothing has been published"),
        ("short 99999999999999999999 x", "Which one?"),
    ],
)
async def test_what_is_not_understood_is_said(world: World, words: str, told: str) -> None:
    assert told in await desk(world.lead("lea")).kb(words)


async def test_members_have_no_part_in_it(world: World) -> None:
    got = await world.asker("anna").commands("kb", "proposals")
    assert "Only volunteers" in got[0].text()


async def test_forgetting_the_asker_takes_the_draft_along_and_publishing_forgets_everybody(world: World) -> None:
    ben = await an_answered_question(world)
    await desk(ben).kb("suggest 1")
    anna = world.asker("anna")
    assert '"proposals"' in (await anna.commands("mydata", private=True))[-1].text()
    await anna.commands("forgetme")
    await anna.presses("Delete everything about me")
    assert "There is no proposal" in await desk(ben).kb("show 1")


async def test_what_was_left_lying_is_purged_and_what_waits_is_not(world: World) -> None:
    kb = await a_finished_draft(world, world.volunteer("ben"))
    await kb.kb("new Another question?")
    await kb.kb("propose 1")
    world.clock.pass_(days=31)
    purged = await world.app.privacy.purge(world.app.store, world.clock())
    assert purged["proposals"] == 1
    assert "waits for leads" in await kb.kb("show 1")


async def test_a_mended_word_is_no_review(world: World) -> None:
    lea = desk(world.lead("lea"))
    before = world.app.live.knowledge.entries["cost-mexico"]
    world.clock.pass_(days=60)
    await lea.kb("edit cost-mexico")
    await lea.kb("related 1 cost-russia")
    told = await publishes(world, lea, 1)
    assert "A change is no review: the answer still says that it was checked in November 2026" in told
    assert "/kb reviewed cost-mexico" in told
    entry = world.app.live.knowledge.entries["cost-mexico"]
    assert entry.related == ("cost-russia",)
    assert (entry.reviewed_on, entry.review_after) == (before.reviewed_on, before.review_after)
    assert entry.changed_on == world.clock().date()
    (answered,) = await world.asker("anna").asks("how much does hsct cost in mexico?")
    assert "Checked November 2026 by our editors" in answered.text()
    await lea.kb("reviewed cost-mexico")
    await go_live(world)
    entry = world.app.live.knowledge.entries["cost-mexico"]
    assert entry.reviewed_on == world.clock().date()
    assert not entry.changed_since


async def test_an_answer_that_becomes_one_about_prices_is_due_sooner(world: World) -> None:
    lea = desk(world.lead("lea"))
    before = world.app.live.knowledge.entries["natural-cures"]
    assert not before.volatile
    await lea.kb("edit natural-cures")
    await lea.kb("volatile 1 yes")
    await publishes(world, lea, 1)
    entry = world.app.live.knowledge.entries["natural-cures"]
    assert entry.reviewed_on == before.reviewed_on
    assert (entry.review_after - entry.reviewed_on).days == 91


@pytest.mark.parametrize("name", ["help lines UK", "safety texts", "stages", "criteria nhs-uk"])
async def test_what_stands_beside_the_entries_is_reviewed_in_the_files(world: World, name: str) -> None:
    lea = desk(world.lead("lea"))
    assert "are kept in the files of the knowledge" in await lea.kb(f"reviewed {name}")


async def test_a_draft_says_from_the_beginning_all_that_it_needs(world: World) -> None:
    shown = await desk(world.volunteer("ben")).kb("new May I bring my own slippers?")
    for part in ("topic", "phrasings", "short", "full", "sources"):
        assert shown.count(f"`{part}` is missing") == 1, part
