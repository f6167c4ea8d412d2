"""What a platform cannot show or a tired reader cannot use is found, and what only looks like it passes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks import links, screen
from bot.knowledge.checks.remark import Places, Remark
from bot.knowledge.entry import Entry, Source

TODAY = date(2026, 11, 28)
PAGE = "https://example.org/page"

WRONG = {
    "the link text": [
        f"[click this]({PAGE})", f"See [this page]({PAGE}).", f"[more]({PAGE})", f"[Read more here.]({PAGE})",
        f"[the website]({PAGE})", f"[find out more]({PAGE})", f"[2]({PAGE})", f"[]({PAGE})", f"[this article]({PAGE})",
    ],
    "an address as link text": [f"[example.org/page]({PAGE})", f"[{PAGE}]({PAGE})"],
    "a bare address": ["Look at example.org/page for it.", "See www.example.org.", f"See {PAGE}.", "nhs.uk/hsct"],
    "a bare e-mail address": ["Write to team@example.org.", "It is first.last@hospital.nhs.uk"],
    "a link by reference": ["See [the trial][1].", "See [the trial] [1].", f"[1]: {PAGE}"],
    "bold or italics": ["It is _very_ strong.", "_Ask first._", "It is *very* strong.", "It is __very__ strong."],
    "a table": ["price | country", "a | b | c", "| a |", "Mexico | 55,000 | 2016"],
    "a ruled line": ["One.\n---\nTwo.", "***", "- - -", "One.\n\n_____\n\nTwo.", "====="],
    "the short form of an emoji": ["Good luck :smile:", ":+1:".replace("+1", "thumbsup"), "well done :clap_hands:!"],
    "shouting in capitals": [
        "Do NOT stop.", "This is VERY strong.", "It is FREE.", "NEVER pay first.", "Read this NOW.", "PLEASE ASK THEM first.",
    ],
    "words that only help those who see the page": [
        "Choose from the red list.", "The rows marked in green are open.", "Press the blue button.", "See below.",
        "What is written in bold matters.", "Ask about each yellow line.", "The table above says it.",
    ],
    "a mention that calls people": ["@everyone read this", "Ask @here.", "Ask <@123456>.", "In <#98765> you can ask."],
}  # fmt: skip

NEAR = [
    f"See [this page of the MS Trust]({PAGE}).", f"[More on StarMS from the MS Trust]({PAGE})", f"[HSCT]({PAGE})",
    f"[MIST trial of 2019]({PAGE})", f"[the trial]({PAGE}) [the register]({PAGE})", f"[the file a_b_c]({PAGE}_a_b_)",
    "Look on clinicaltrials.gov or msnz.org.nz.", "Weigh it in mg/kg and/or ask.", "It was 4.5/10 in the study.",
    "It costs 30,000 US dollars @ the clinic.", "Search for NCT04047628 [a number].", "Ask the unit [by phone] first.",
    "The file is called my_old_scan here.", "Costs 2*3.",
    "Twenty-one people - all with RRMS - took part.", "- one\n- two", "A gap of 2-6 weeks.", "x = y",
    "At 10:30:15 it began.", "Ask: how many: and when?", "The ratio 1:2:3 is fixed.",
    "RRMS, SPMS, PPMS and CIS are types.", "FACT and JACIE inspect units.", "AIMS gives grants.", "NET-MS is a trial.",
    "The WHO and NICE say so.", "BEAM with ATG", "The US and the UK differ.", "Mostly ALL and AML.",
    "Tiny red spots on the skin", "Red cells and white cells fall.", "the red blood cells", "the yellow fever vaccine",
    "A black box warning of the FDA", "Yellow skin needs a call.", "the white cells", "Nobody was in the red.",
    "See the entry on costs.", "Everyone here may ask.", "Ask here.",
]  # fmt: skip


def remarks(base: KnowledgeBase, entry: Entry) -> Iterator[Remark]:
    for one in (screen.markup, screen.words, links.links, links.source_names):
        yield from one(base, entry, TODAY)


@pytest.fixture(scope="module")
def entry(knowledge: KnowledgeBase) -> Entry:
    return knowledge.entries["cost-mexico"]


@pytest.mark.parametrize(("what", "text"), [(what, text) for what, texts in WRONG.items() for text in texts])
def test_what_cannot_be_used_is_found(knowledge: KnowledgeBase, entry: Entry, what: str, text: str) -> None:
    found = [one for one in remarks(knowledge, replace(entry, full=text)) if what in one.says]
    assert found
    assert found[0].says.endswith("."), "it says what to do"
    assert found[0].words in text, "so the line is found"


@pytest.mark.parametrize("text", NEAR)
def test_what_only_looks_like_it_passes(knowledge: KnowledgeBase, entry: Entry, text: str) -> None:
    assert [one.says for one in remarks(knowledge, replace(entry, full=text))] == []


@pytest.mark.parametrize("field", ["question", "short", "full", "by_country"])
def test_every_text_that_is_shown_is_read(knowledge: KnowledgeBase, entry: Entry, field: str) -> None:
    text = f"Do NOT see [this page]({PAGE})."
    values: dict[str, Any] = {field: {"UK": text} if field == "by_country" else text}
    bad = replace(entry, **values)
    assert {one.field for one in remarks(knowledge, bad)} == {field}
    assert len(list(remarks(knowledge, bad))) == 2


@pytest.mark.parametrize("name", ["Source", "Link", "the website", "Study 2", "12", "https://a.org/b", "a.org/b", "-"])
def test_a_source_without_a_name_is_found(knowledge: KnowledgeBase, entry: Entry, name: str) -> None:
    bad = replace(entry, sources=(Source(name, 2020, PAGE),))
    (found,) = (one for one in remarks(knowledge, bad) if "has no name" in one.says)
    assert (found.field, found.words) == ("sources", name)


@pytest.mark.parametrize("name", ["MS Trust, StarMS page", "hsct-russia.com, before treatment", "988 lifeline (copy)"])
def test_a_source_with_a_name_passes(knowledge: KnowledgeBase, entry: Entry, name: str) -> None:
    assert list(remarks(knowledge, replace(entry, sources=(Source(name, 2020, PAGE),)))) == []


def test_a_remark_leads_to_the_file_and_the_line(knowledge: KnowledgeBase, entry: Entry) -> None:
    (found,) = remarks(knowledge, replace(entry, sources=(Source("Page", 2020, PAGE), *entry.sources)))
    assert "costs.yaml:" in Places(knowledge).placed(found).place
