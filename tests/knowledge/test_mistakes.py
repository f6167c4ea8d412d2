"""What curators get wrong, and what they are told: the file, the very line, what is wrong and what to do."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.knowledge.checks import check
from bot.knowledge.loader import load, read_part
from tests.world import ROOT

NAME = "entries/costs.yaml"
GOOD = """\
entries:
  - id: cost-parking
    topic: costs
    question: Is parking free?
    phrasings:
      - parking fee
      - where do I leave the car
    keywords: [parking, car park]
    short: >-
      Ask the hospital. Many charge by the day.
    full: |
      Parking differs.

      - Ask first.
    by_country:
      UK: Ask the ward.
    sources:
      - name: Example Hospital
        year: 2026
        url: https://example.org/parking
    related: [cost-mexico]
    reviewed_on: 2026-11-23
    reviewed_by: our editors
    review_after: 2027-11-23

  - id: cost-food
    topic: costs
    question: Is food free?
    phrasings: [food price]
    short: "Ask the hospital: many charge."
    full: 'Food differs.'
    sources: [{name: Example Hospital, year: 2026, url: https://example.org/food}]
    reviewed_on: 2026-11-23
    reviewed_by: our editors
    review_after: 2027-11-23
"""

# What stands in the good file, what somebody wrote instead, the line of it, and what they are told.
MISTAKES = [
    ("quote not closed", "question: Is parking free?", 'question: "Is parking free?', 4, "quotation mark \" that opens here is not closed"),
    ("quote not closed, last text", '"Ask the hospital: many charge."', '"Ask the hospital: many charge.', 30, "is not closed. Put another"),
    ("single quote not closed", "full: 'Food differs.'", "full: 'Food differs.", 31, "quotation mark ' that opens here is not closed"),
    ("apostrophe in quotes", "full: 'Food differs.'", "full: 'It doesn't.'", 31, "an apostrophe ends the text"),
    ("quotes in quotes", '"Ask the hospital: many charge."', '"Ask "them": many charge."', 30, "a second \" stands inside the text"),
    ("curly quotes and a colon", '"Ask the hospital: many charge."', "\u201cAsk the hospital: many charge.\u201d", 30, "Curly quotation marks do not count"),
    ("colon in a sentence", "question: Is parking free?", "question: Parking: is it free?", 4, "a text with a colon needs quotation marks"),
    ("colon in a phrasing", "- parking fee", "- parking: fee", 6, "`phrasings` number 1: `phrasings` has a colon in it"),
    ("colon missing", "topic: costs\n    question: Is p", "topic costs\n    question: Is p", 3, "no colon stands behind its first word"),
    ("no space after a colon", "question: Is parking free?", "question:Is parking free?", 4, "after `question:` a space is missing"),
    ("tab", "    topic: costs\n    question: Is p", "\ttopic: costs\n    question: Is p", 3, "a tab stands at the beginning"),
    ("invisible space", "    topic: costs\n    question: Is p", "   \u00a0topic: costs\n    question: Is p", 3, "an invisible sign stands at the beginning"),
    ("indented too deep", "    question: Is parking free?", "      question: Is parking free?", 4, "indented deeper than the one above"),
    ("indented too little", "    question: Is parking free?", "   question: Is parking free?", 4, "not indented like its neighbours"),
    ("text below not indented", "      Ask the hospital. Many charge by the day.", "    Ask the hospital. Many charge by the day.", 10, "no colon stands behind its first word"),
    ("hyphen missing in a list", "      - parking fee\n      - where", "      parking fee\n      where", 5, "`phrasings` must be a list"),
    ("hyphen missing in one line", "      - where do I", "      where do I", 7, "no colon stands behind its first word"),
    ("no space after a hyphen", "      - where do I", "      -where do I", 7, "after the hyphen a space is missing"),
    ("sources without a hyphen", "      - name: Example Hospital\n  ", "        name: Example Hospital\n  ", 17, "`sources` must be a list"),
    ("bracket not closed", "[parking, car park]", "[parking, car park", 8, "the bracket [ that opens here is not closed"),
    ("begins with a sign", "question: Is parking free?", "question: @home or at the ward?", 4, "cannot begin with that sign"),
    ("key twice", "    topic: costs\n    question: Is p", "    topic: costs\n    topic: costs\n    question: Is p", 4, "stands here a second time (first on line 3)"),
    ("short is empty", "    short: >-\n      Ask the hospital. Many charge by the day.", "    short:", 9, "`short` is empty. Fill it in"),
    ("short is empty in quotes", '"Ask the hospital: many charge."', '""', 30, "`short` is empty. Fill it in"),
    ("list is empty", "      - parking fee\n      - where do I leave the car\n", "", 5, "`phrasings` is empty. Fill it in"),
    ("a point of a list is empty", "      - parking fee\n", "      -\n", 6, "`phrasings` number 1: `phrasings` is empty"),
    ("year in words", "year: 2026\n        url", "year: last year\n        url", 19, "`sources` number 1: `year` must be a whole number"),
    ("year too long", "year: 2026\n        url", "year: 99999\n        url", 19, "`sources` number 1: `year` is 99999. Write the year in which"),
    ("year missing", "        year: 2026\n        url", "        url", 18, "`sources` number 1: `year` is missing. Add it"),
    ("American date", "reviewed_on: 2026-11-23\n    reviewed_by: our editors\n    review_after: 2027-11-23\n\n", "reviewed_on: 11/23/2026\n    reviewed_by: our editors\n    review_after: 2027-11-23\n\n", 22, "must be a date such as 2026-11-23"),
    ("no such day", "review_after: 2027-11-23\n\n", "review_after: 2027-11-31\n\n", 24, "there is no day 2027-11-31"),
    ("no such month", "review_after: 2027-11-23\n\n", "review_after: 2027-23-11\n\n", 24, "there is no day 2027-23-11"),
    ("date in curly quotes", "review_after: 2027-11-23\n\n", "review_after: \u201c2027-11-23\u201d\n\n", 24, "curly quotation marks"),
    ("dates turned round", "review_after: 2027-11-23\n\n", "review_after: 2025-11-23\n\n", 24, "`review_after` must be a later date than `reviewed_on`."),
    ("address without https", "url: https://example.org/parking", "url: www.example.org/parking", 20, "An address starts with https://"),
    ("address with a space", "url: https://example.org/parking", "url: https://example.org/my parking", 20, "An address starts with https:// and has no spaces"),
    ("Norway", "      UK: Ask the ward.", "      NO: Ask the ward.", 16, "Write the country's name: Norway"),
    ("unknown country", "      UK: Ask the ward.", "      England: Ask the ward.", 16, "'England' is not one of the countries"),
    ("a yes that is a word", "question: Is parking free?", "question: Yes", 4, "`question` is read as a switch"),
    ("a number that is a text", "- parking fee", "- 988", 6, "is read as a number. Put it in quotation marks"),
    ("id with capitals", "id: cost-parking", "id: Cost Parking", 2, "Use small letters, digits and hyphens"),
    ("id twice", "id: cost-food", "id: cost-parking", 26, "entry 'cost-parking' stands already in"),
    ("misspelt key", "    phrasings:\n", "    phrasing:\n", 5, "unknown key `phrasing`; did you mean `phrasings`?"),
    ("key at the wrong depth", "    related: [cost-mexico]", "        related: [cost-mexico]", 21, "unknown key `related` at this place; it belongs elsewhere"),
    ("first line forgotten", "entries:\n", "", 1, "Put `entries:` on a line of its own above it"),
    ("empty file", GOOD, "", 1, "the file is empty. Begin it with `entries:`"),
    ("only a comment", GOOD, "# nothing yet\n", 1, "the file is empty. Begin it with `entries:`"),
    ("nothing below entries", GOOD, "entries:\n", 1, "`entries` is empty"),
]  # fmt: skip


def told(folder: Path, content: bytes) -> list[str]:
    (folder / "entries").mkdir()
    (folder / NAME).write_bytes(content)
    problems = list(read_part(folder, NAME).problems)
    if problems:
        return problems
    with pytest.raises(KnowledgeError) as caught:  # what is wrong between entries
        load(folder)
    return [one for one in caught.value.problems if NAME in one]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"), [one[1:] for one in MISTAKES], ids=[one[0] for one in MISTAKES]
)
def test_each_mistake_is_told_with_its_line_and_what_to_do(
    tmp_path: Path, old: str, new: str, line: int, words: str
) -> None:
    assert GOOD.count(old) == 1
    problems = told(tmp_path, GOOD.replace(old, new).encode())
    assert problems[0].startswith(f"{tmp_path / NAME}:{line}: "), problems
    assert words in problems[0], problems
    assert len(problems) == 1, problems
    assert problems[0].endswith((".", "?"))


def test_the_good_file_is_good(tmp_path: Path) -> None:
    assert told(tmp_path, GOOD.encode()) == []


SAFETY = """\
words:
  room: [kitchen, hall]
review: {reviewed_on: 2026-11-23, review_after: 2027-11-23}
lines:
  brigade:
    UK: Call 999.
    unknown: Call the brigade.
red_flags:
  - id: fire
    route: emergency
    title: Fire
    text: "Get out. {line}"
    line: brigade
    cues:
      - it burns
      - any: [smoke in <room>]
    trips:
      - it burns here
helplines:
  - country: UK
    reviewed_on: 2026-11-23
    review_after: 2027-05-23
    lines:
      - {name: Brigade, number: "999", use: fire, confidence: high, look_up: "https://example.org/"}
"""
IN_SAFETY = [
    ("    UK: Call 999.", "    NO: Call 999.", 6, "NO, YES, ON and OFF without quotation marks"),
    ("    UK: Call 999.", "    Untied Kingdom: Call 999.", 6, "'Untied Kingdom' is none of the countries"),
    ("    UK: Call 999.", "    UK: 999", 6, "`UK` is missing or not text. Add it, in quotes"),
    ("    UK: Call 999.", "    UK:", 6, "nothing stands there. Write it behind the colon"),
    ('"Get out. {line}"', "Get out {line}: now", 12, "a text with a colon needs quotation marks"),
    ('"Get out. {line}"', "Get out.", 12, "`text` has no {line}"),
    ("    line: brigade", "    line: police", 13, "there is no 'police'"),
    ("    route: emergency", "    route: urgent", 10, "`route` cannot be 'urgent'"),
    ("      - it burns\n", "      - it burns (big\n", 15, "cannot be read at '(big'"),
    ("      - it burns here", "      - 42", 18, "Put numbers, yes, no and on in quotes"),
    ("in <room>", "in <cellar>", 16, "<cellar> is not a list of `words`"),
    ("    title: Fire\n", "    title: Fire\n    titel: Fire\n", 12, "unknown key `titel`"),
    ("country: UK", "country: United Kingdom", 20, "`country` 'United Kingdom' is none of"),
    ('number: "999"', "number: 999", 24, "`number` is read as a number. Put it in quotation marks"),
    (', look_up: "https://example.org/"', "", 24, "`look_up` is missing"),
    ("review_after: 2027-05-23", "review_after: 2026-05-23", 20, "must be a later date"),
    ("{reviewed_on: 2026-11-23,", "{reviewed_on: 11/23/2026,", 3, "must be a date such as 2026-11-23"),
]


@pytest.mark.parametrize(("old", "new", "line", "words"), IN_SAFETY, ids=[one[3] for one in IN_SAFETY])
def test_mistakes_in_the_safety_texts_are_told_with_their_line(
    tmp_path: Path, old: str, new: str, line: int, words: str
) -> None:
    assert SAFETY.count(old) == 1
    (tmp_path / "safety.yaml").write_text(SAFETY.replace(old, new), encoding="utf-8")
    problems = read_part(tmp_path, "safety.yaml").problems
    assert problems[0].startswith(f"{tmp_path / 'safety.yaml'}:{line}: "), problems
    assert words in problems[0]
    assert len(problems) == 1


def test_the_good_safety_file_is_good(tmp_path: Path) -> None:
    (tmp_path / "safety.yaml").write_text(SAFETY, encoding="utf-8")
    assert read_part(tmp_path, "safety.yaml").problems == ()


@pytest.mark.parametrize(
    ("written", "line", "words"),
    [
        ("examples:\n  question: [price]\n  questions: [price]\n", 3, "'questions' is no red flag"),
        ("examples:\n  spam: [buy now]\n", 1, "'question' is missing"),
        ("examples:\n  question: []\n", 2, "'question' is missing"),
    ],
)
def test_mistakes_in_the_examples_are_told(
    small_knowledge: Path, tmp_path: Path, written: str, line: int, words: str
) -> None:
    folder = Path(shutil.copytree(small_knowledge, tmp_path / "knowledge"))
    (folder / "examples.yaml").write_text(written, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load(folder)
    (problem,) = caught.value.problems
    assert problem.startswith(f"{folder / 'examples.yaml'}:{line}: {words}")


def test_more_phrasings_of_no_entry_are_told_and_keep_nothing_from_being_read(
    small_knowledge: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(small_knowledge, tmp_path / "knowledge"))
    file, name = folder / "more-phrasings.yaml", next(iter(load(folder).entries))
    file.write_text(f"phrasings:\n  {name}: [a story]\n  cost-narnia: [another]\n", encoding="utf-8")
    knowledge = load(folder)
    assert knowledge.entries[name].more_phrasings == ("a story",)
    (remark,) = (str(one) for one in check(knowledge, date(2026, 11, 30)) if "cost-narnia" in str(one))
    assert remark.startswith(f"{file}:3: 'cost-narnia' is no entry")


@pytest.mark.parametrize(
    ("content", "line"), [(b"entries:\n  - id: caf\xe9\n", 2), ("entries: []\n".encode("utf-16"), 1)]
)
def test_a_file_in_another_encoding_is_named_with_its_line(tmp_path: Path, content: bytes, line: int) -> None:
    (problem,) = told(tmp_path, content)
    assert problem.startswith(f"{tmp_path / NAME}:{line}: not UTF-8")


def test_two_mistakes_of_different_kinds_are_told_at_once(tmp_path: Path) -> None:
    problems = told(
        tmp_path,
        GOOD.replace("topic: costs\n    question: Is f", "question: Is f")
        .replace("2027-11-23\n\n", "soon\n\n")
        .encode(),
    )
    assert [one.split(":")[1] for one in problems] == ["24", "26"]


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("eligibility.yaml", "says: ", "sayz: ", "programme 'ectrims-ebmt-2025': `criteria` number 1: unknown key `sayz`"),
        ("topics.yaml", "title: ", "titel: ", "topic '.*': unknown key `titel`; did you mean `title`"),
        ("stages.yaml", "entry: ", "entri: ", "stage '.*': unknown key `entri`; did you mean `entry`"),
    ],
)  # fmt: skip
def test_what_a_mistake_is_in_is_called_by_its_name(tmp_path: Path, file: str, old: str, new: str, says: str) -> None:
    text = (ROOT / "knowledge" / file).read_text(encoding="utf-8")
    (tmp_path / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    problems = read_part(tmp_path, file).problems
    assert any(re.search(rf"/{file}:\d+: {says}", one) for one in problems), problems
