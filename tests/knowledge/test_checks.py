"""kb check: each mistake is found, and the knowledge that is shipped has none."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks import Places, check, check_entry
from bot.knowledge.checks.fix import fixed
from bot.knowledge.entry import Source
from bot.knowledge.loader import load
from bot.knowledge.schema import SHORT_LIMIT

TODAY = date(2026, 11, 29)


def changed(base: KnowledgeBase, entry_id: str, **values: Any) -> KnowledgeBase:  # noqa: ANN401
    entry = replace(base.entries[entry_id], **values)
    return replace(base, entries={**base.entries, entry_id: entry})


def remarks(base: KnowledgeBase) -> list[str]:
    return [str(remark) for remark in check(base, TODAY)]


def remarks_on(base: KnowledgeBase, entry_id: str) -> list[str]:
    """What is said of one entry; the others need not be read for it."""
    places = Places(base)
    return [str(places.placed(remark)) for remark in check_entry(base, base.entries[entry_id], TODAY)]


def test_the_shipped_knowledge_has_no_remarks(knowledge: KnowledgeBase) -> None:
    assert remarks(knowledge) == []


def test_every_topic_is_there(knowledge: KnowledgeBase) -> None:
    required = {entry for topic in knowledge.topics for entry in topic.requires}
    assert len(required) == 95
    assert required <= set(knowledge.entries)


def test_stages_stand_in_their_order(knowledge: KnowledgeBase) -> None:
    names = [stage.id for stage in knowledge.stages]
    for earlier, later in [
        ("mobilisation", "collection"),
        ("collection", "conditioning"),
        ("transplant", "engraftment"),
    ]:
        assert names.index(earlier) < names.index(later)


@pytest.mark.parametrize(
    ("values", "remark"),
    [
        ({"short": "Good news: you are eligible for it."}, "a verdict on eligibility"),
        ({"short": "You don't qualify."}, "a verdict on eligibility"),
        ({"full": "It is guaranteed."}, "a guarantee"),
        ({"full": "HSCT cures MS."}, "the promise of a cure"),
        ({"full": "MS will be cured by it."}, "the promise of a cure"),
        ({"full": "It is 100% safe."}, "a promise"),
        ({"full": "Take 50 mg a day."}, "a dose"),
        ({"full": "Take 2.5mg/kg."}, "a dose"),
        ({"full": "You should stop Tysabri."}, "an order about a medicine"),
        ({"full": "# Heading"}, "a heading"),
        ({"full": "| a | b |"}, "a table"),
        ({"full": "**bold**"}, "bold"),
        ({"full": "1. first"}, "a numbered list"),
        ({"full": "* first"}, "does not begin with `- `"),
        ({"full": "<b>x</b>"}, "HTML"),
        ({"full": "name      price"}, "set apart by many spaces"),
        ({"full": "See [here](https://example.org)."}, "Name what the link leads to"),
        ({"full": "See [https://example.org](https://example.org)."}, "an address as link text"),
        ({"full": "See [the page](www.example.org)."}, "must start with https://"),
        ({"full": "See [the page](https://example)."}, "name a site"),
        ({"full": "See https://example.org for more."}, "a bare address"),
        ({"full": "See [the page] (https://example.org)."}, "not closed"),
        ({"full": "Good \U0001f600"}, "a sign or emoji"),
        ({"full": "Ask your \U0001d5e0\U0001d5e6 team."}, "letters that only look like ours"),
        ({"short": "Ask your t\u0435am."}, "letters that only look like ours"),
        ({"full": "PLEASE READ THIS now."}, "shouting in capitals"),
        ({"full": "Press the green button."}, "only help those who see the page"),
        ({"full": "Drugs, e.g. Ocrevus."}, "an abbreviation"),
        ({"related": ("nothing-like-it",)}, "`related` names 'nothing-like-it'"),
        ({"related": ("cost-mexico",)}, "`related` names 'cost-mexico'"),
        ({"related": ("cost-russia", "cost-russia")}, "'cost-russia' twice"),
        ({"topic": "money"}, "the topic 'money'"),
        ({"review_after": date(2026, 11, 22), "reviewed_on": date(2026, 9, 1)}, "review was due on 2026-11-22"),
        ({"review_after": date(2027, 11, 22)}, "three months at the most"),
        ({"reviewed_on": date(2026, 12, 1)}, "has not come yet"),
        ({"volatile": False, "short": "Ask.", "full": "Ask."}, "is about prices or places, which changes. Add `vol"),
        (
            {"volatile": False, "topic": "basics", "short": "Ask.", "full": "About 54,500 US dollars."},
            "says '54,500 US dollars', which",
        ),
        (
            {"volatile": False, "topic": "basics", "short": "Ask.", "full": "StarMS is recruiting."},
            "says 'recruiting', which changes",
        ),
        ({"sources": (Source("A", 2030, "https://a.org/x"),)}, "of 2030"),
        (
            {"sources": (Source("A", 2020, "https://a.org/x"), Source("B", 2021, "https://a.org/x"))},
            "stands there already",
        ),
        ({"phrasings": ("price mexico", "puebla bill")}, "has 2 phrasings"),
        ({"question": "x" * 81}, "stands on buttons"),
        ({"question": "\U0001f4b0?"}, "a sign or emoji"),
        ({"by_country": {"UK": "Ask a nurse. " * 25}}, "`by_country: UK` and `short` are shown together"),
        (
            {"by_country": {"UK": "Haematological abnormalities necessitate multidisciplinary evaluation."}},
            "`by_country: UK` reads at US grade",
        ),
    ],
)
def test_each_mistake_is_found_and_named(knowledge: KnowledgeBase, values: dict[str, Any], remark: str) -> None:
    found = remarks_on(changed(knowledge, "cost-mexico", **values), "cost-mexico")
    assert [one for one in found if remark in one]
    assert all("entry 'cost-mexico'" in one for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "There is no guarantee.", "Nobody knows whether it is a cure.", "Ask if you might be eligible.",
        "- one\n- two", "See [the trial register](https://clinicaltrials.gov/study/NCT04047628).", "Weigh 70 kg.",
        "RRMS, SPMS and PPMS are types of MS.", "EDSS 5.5 to 6.0 means walking 100 metres with a stick.",
    ],
)  # fmt: skip
def test_honest_words_pass(knowledge: KnowledgeBase, text: str) -> None:
    assert remarks_on(changed(knowledge, "cost-mexico", full=text), "cost-mexico") == []


def test_a_part_may_fill_the_first_answer_to_the_last_character(knowledge: KnowledgeBase) -> None:
    """Counted as it is shown, with the country in front."""
    room = SHORT_LIMIT - len(knowledge.entries["cost-mexico"].short) - len("For UK: ")
    fits = ("Ask. " * room)[: room - 1] + "."
    assert remarks_on(changed(knowledge, "cost-mexico", by_country={"UK": fits}), "cost-mexico") == []
    (found,) = remarks_on(changed(knowledge, "cost-mexico", by_country={"UK": f"{fits}."}), "cost-mexico")
    assert "Shorten one of them by 1," in found


def test_a_remark_names_the_very_line(knowledge: KnowledgeBase) -> None:
    other = changed(knowledge, "cost-mexico", related=("cost-russia", "nothing-like-it"))
    (found,) = remarks(other)
    file, line = found.split(":")[:2]
    assert Path(file).read_text(encoding="utf-8").splitlines()[int(line) - 1].strip().startswith("related:")


def test_the_line_of_a_word_in_a_long_text_is_found(tmp_path: Path, knowledge: KnowledgeBase) -> None:
    folder = Path(shutil.copytree("knowledge", tmp_path / "knowledge"))
    file = folder / "entries" / "alternatives.yaml"
    text = file.read_text(encoding="utf-8")
    assert "What can do harm:" in text
    file.write_text(text.replace("What can do harm:", "It is guaranteed."), encoding="utf-8")
    (found,) = [str(remark) for remark in check(load(folder), TODAY)]
    line = int(found.split(":")[1])
    assert file.read_text(encoding="utf-8").splitlines()[line - 1].strip() == "It is guaranteed."


def test_a_phrasing_in_two_entries_is_found_whatever_its_case(knowledge: KnowledgeBase) -> None:
    phrasing = knowledge.entries["cost-russia"].phrasings[0].upper() + "?"
    twice = (*knowledge.entries["cost-mexico"].phrasings, phrasing)
    (found,) = remarks(changed(knowledge, "cost-mexico", phrasings=twice))
    assert "'cost-mexico' and in 'cost-russia'" in found


@pytest.mark.parametrize(("field", "found_in"), [("question", ["cost-russia"]), ("phrasings", ["cost-mexico"])])
def test_a_question_that_another_entry_has_is_found_once(
    knowledge: KnowledgeBase, field: str, found_in: list[str]
) -> None:
    mexico, question = knowledge.entries["cost-mexico"], knowledge.entries["cost-russia"].question.lower()
    base = changed(
        knowledge, "cost-mexico", **{field: question if field == "question" else (*mexico.phrasings, question)}
    )
    found = [one for one in remarks(base) if "is the question of" in one]
    assert [one.split("entry '")[1].split("'")[0] for one in found] == found_in
    for entry in ("cost-mexico", "cost-russia"):
        assert any("is the question of" in one.says for one in check_entry(base, base.entries[entry], TODAY))
    unlike = check_entry(base, base.entries["risk-cancer"], TODAY)
    assert not [one for one in unlike if "is the question of" in one.says]


def test_the_same_words_in_another_order_are_the_same_phrasing(knowledge: KnowledgeBase) -> None:
    base = changed(
        knowledge, "cost-russia", phrasings=(*knowledge.entries["cost-russia"].phrasings, "hsct moscow parking fee")
    )
    both = changed(
        base,
        "cost-mexico",
        phrasings=(*base.entries["cost-mexico"].phrasings, "what is the parking fee for HSCT in Moscow"),
    )
    assert any("parking fee" in one and "Keep it in one of them" in one for one in remarks(both))


def test_a_phrasing_that_only_repeats_another_of_its_entry_is_found(knowledge: KnowledgeBase) -> None:
    phrasings = knowledge.entries["cost-mexico"].phrasings
    (found,) = remarks(changed(knowledge, "cost-mexico", phrasings=(*phrasings, f"please tell me {phrasings[0]}")))
    assert "are the same" in found


def test_what_stands_among_more_phrasings_and_in_another_entry_is_found_there(knowledge: KnowledgeBase) -> None:
    mexico, russia = knowledge.entries["cost-mexico"], knowledge.entries["cost-russia"]
    for text, says in (
        (russia.phrasings[0], "'cost-russia' and in 'cost-mexico'"),
        (russia.question, "'cost-russia' too"),
    ):
        (found,) = remarks(changed(knowledge, "cost-mexico", more_phrasings=(*mexico.more_phrasings, text)))
        assert "more-phrasings.yaml" in found
        assert says in found


def test_a_missing_topic_entry_is_found_where_it_is_asked_for(knowledge: KnowledgeBase) -> None:
    entries = {name: entry for name, entry in knowledge.entries.items() if name != "risk-cancer"}
    found = [one for one in remarks(replace(knowledge, entries=entries)) if "'risk-cancer' is missing" in one]
    assert len(found) == 1
    assert "topics.yaml:" in found[0]


BROKEN = """\
entries:
  - id: one
    # a comment that stays
    question: What about **this**?
    short: >-
      Some drugs,  e.g. Ocrevus,
      help **a lot** of people.
    full: |
      # Heading

      * first
      -second
      See [the page] (https://example.org) or [that one](www.example.org).
    related: [two]
"""


def lost_words(folder: Path) -> list[str]:
    """What the checks say of words that YAML takes away."""
    return [str(one) for one in check(load(folder), TODAY) if "read as one" in str(one) or "cut off" in str(one)]


def assert_lost(folder: Path, file: Path, remark: str, line: str, whose: str = "") -> None:
    """One such remark, of that line in that file; without a remark, none."""
    found = lost_words(folder)
    assert len(found) == bool(remark)
    for one in found:
        place = re.search(rf"{re.escape(file.name)}:(\d+): {whose}", one)
        assert place, one
        assert file.read_text(encoding="utf-8").splitlines()[int(place[1]) - 1].strip() == line
        assert remark in one


@pytest.mark.parametrize(
    ("becomes", "remark", "line"),
    [
        ("- hsct mexico price\n        and puebla", "'hsct mexico price and puebla'. Put `- ` in front", "and puebla"),
        ("- hsct centre #1 mexico price", "'#1 mexico price' is cut off", "- hsct centre #1 mexico price"),
        ('- "hsct centre #1 mexico price"', "", ""),
        ('- "hsct mexico\n        price"', "", ""),
    ],
)
def test_words_that_yaml_takes_away_are_named_with_their_line(
    small_knowledge: Path, tmp_path: Path, becomes: str, remark: str, line: str
) -> None:
    folder = Path(shutil.copytree(small_knowledge, tmp_path / "knowledge"))
    file = folder / "entries" / "costs.yaml"
    text = file.read_text(encoding="utf-8").replace("- hsct mexico price", becomes, 1)
    file.write_text(text, encoding="utf-8")
    assert_lost(folder, file, remark, line, "entry 'cost-mexico': ")


@pytest.mark.parametrize(
    ("written", "remark", "line"),
    [
        ("- a story\n      - its end # not mine", "'# not mine' is cut off", "- its end # not mine"),
        ("- a story\n        and its end", "'a story and its end'. Put `- ` in front", "and its end"),
        ('- "a story #1"', "", ""),
    ],
)
def test_so_are_those_of_more_phrasings(
    small_knowledge: Path, tmp_path: Path, written: str, remark: str, line: str
) -> None:
    folder = Path(shutil.copytree(small_knowledge, tmp_path / "knowledge"))
    file = folder / "more-phrasings.yaml"
    file.write_text(f"phrasings:\n  cost-mexico:\n      {written}\n", encoding="utf-8")
    assert_lost(folder, file, remark, line)


def test_a_wrapped_list_in_brackets_and_a_remark_behind_a_date_are_no_mistake(
    small_knowledge: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(small_knowledge, tmp_path / "knowledge"))
    file = folder / "entries" / "costs.yaml"
    text = file.read_text(encoding="utf-8").replace("volatile: true", "volatile: true  # prices", 1)
    text = re.sub(r"keywords: \[(.*?)\]", r"keywords: [\1, parking\n      lot]", text, count=1, flags=re.DOTALL)
    assert "parking\n" in text
    file.write_text(text, encoding="utf-8")
    assert "parking lot" in str(load(folder).entries)
    assert not lost_words(folder)


def test_fix_mends_texts_and_leaves_everything_else_alone() -> None:
    mended, done = fixed(BROKEN)
    assert "Some drugs, for example Ocrevus," in mended
    assert "help a lot of people" in mended
    assert "      Heading\n\n      - first\n      - second\n" in mended
    assert "[the page](https://example.org) or [that one](https://www.example.org)" in mended
    assert "# a comment that stays" in mended
    assert "What about **this**?" in mended, "a question is no text with markup: a person decides"
    assert {fix.line for fix in done} == {6, 7, 9, 11, 12, 13}


def test_signs_inside_a_word_and_unusual_line_ends_stay() -> None:
    text = BROKEN.replace("help **a lot**", "file__of__names help **a lot**").replace(
        "      -second", "      -second\u2028      * third"
    )
    mended, _ = fixed(text)
    assert "file__of__names help a lot" in mended
    assert "      - second\u2028      - third\n" in mended


def test_fixing_twice_is_fixing_once() -> None:
    mended, _ = fixed(BROKEN)
    assert fixed(mended) == (mended, [])


def test_the_shipped_files_need_no_fixing() -> None:
    for path in sorted(Path("knowledge/entries").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        assert fixed(text) == (text, [])


ADDRESS = "https://example.org/a__b__c.pdf"


def test_signs_in_an_address_are_no_markup_and_stay(knowledge: KnowledgeBase) -> None:
    text = f"See [the report of the trial]({ADDRESS})."
    assert remarks(changed(knowledge, "cost-mexico", full=text)) == []
    broken = BROKEN.replace("help **a lot**", f"**in [the report]({ADDRESS})**, e.g.")
    mended, _ = fixed(broken)
    assert f"in [the report]({ADDRESS}), for example of people" in mended


def test_a_text_on_the_line_of_its_key_is_mended() -> None:
    broken = BROKEN.replace(
        ">-\n      Some drugs,  e.g. Ocrevus,\n      help", '"Some drugs, e.g. Ocrevus, help'
    ).replace("of people.", 'of people."')
    mended, done = fixed(broken)
    assert 'short: "Some drugs, for example Ocrevus, help a lot of people."' in mended
    assert {fix.line for fix in done} >= {5}
