"""Measures understanding: python -m tools.evaluate [--half tune] [--questions FILE]; the tables are Markdown.

Every message of one half of knowledge/test-questions.yaml goes through the whole triage, as written and mistyped, with
the sentence encoder and without; beside it stand what plain rapidfuzz and the encoder alone make of the same entries.
The test half is for reports only: nothing may be chosen by it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from bot.app import build_triage
from bot.domain.messages import Addressed
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.loader import load
from bot.knowledge.yaml_lines import read_yaml
from bot.matching.calibrate import EncoderName
from bot.matching.measure import FOR_PEOPLE, TRAP, Question, Share, Split
from bot.matching.reading import Reader
from bot.matching.scores import rows_of
from bot.matching.sentences import SentenceView
from bot.matching.vectors import Vectors
from bot.triage.decision import Answer, Clarify, Distress, HandOff, Safety, Several, Silent, Spam
from bot.triage.triage import Triage, Triaged
from tools.typos import mistyped

KNOWLEDGE = Path(__file__).parent.parent / "knowledge"
ENCODERS: tuple[EncoderName, ...] = ("minilm", "none")


@dataclass(frozen=True)
class Asked:
    """A test question, and whether it was meant for the bot."""

    question: Question
    addressed: Addressed = Addressed.DIRECT
    hard: bool = False  # told as a story or asked from an odd angle on purpose: counted by itself

    @property
    def text(self) -> str:
        """Give what was written."""
        return self.question.text


@dataclass(frozen=True)
class Outcome:
    """A test question with what became of it."""

    question: Question
    triaged: Triaged
    hard: bool = False

    @property
    def answers(self) -> tuple[str, ...]:
        """Give the entries that were shown as answers, with a hand-over or without."""
        match self.triaged.decision:
            case Answer(entry_id) | HandOff(general=str(entry_id)) | Distress(entry_id=str(entry_id)):
                return (entry_id,)
            case Several(answers=answers):
                return tuple(answer.entry_id for answer in answers)
        return ()

    @property
    def unaided(self) -> bool:
        """Tell whether an answer was shown and nobody was called."""
        return self.is_a(Answer, Several) and bool(self.answers)

    @property
    def handed_over(self) -> bool:
        """Tell whether a person was called at once."""
        return self.is_a(HandOff, Safety, Distress)

    @property
    def named_somebody_to_call(self) -> bool:
        """Tell whether somebody was named whom the asker can call at once."""
        return self.is_a(Safety, Distress) or self.triaged.names_somebody_to_call

    @property
    def choices(self) -> tuple[str, ...]:
        """Give the entries that were offered as choices."""
        match self.triaged.decision:
            case Clarify(candidates=candidates) | Several(rest=Clarify(candidates=candidates)):
                return tuple(candidate.entry_id for candidate in candidates)
        return ()

    @property
    def first(self) -> str:
        """Give the entry that matching put first, whatever was decided."""
        considered = self.triaged.reading.considered()
        return considered[0].entry if considered else ""

    def wants(self, entry_ids: Iterable[str]) -> bool:
        """Tell whether one of the entries is a right one."""
        return any(entry_id in self.question.entries for entry_id in entry_ids)

    def is_a(self, *decisions: type) -> bool:
        """Tell whether it was decided so."""
        return isinstance(self.triaged.decision, decisions)


def load_asked(file: Path, half: Split) -> list[Asked]:
    """Read the test questions of one half, of every kind."""
    _, data = read_yaml(file, str(file))
    items = data["questions"] if isinstance(data, dict) else []
    asked = [
        Asked(
            Question(item["id"], item["text"], item["kind"], tuple(item["entries"])),
            _addressed(item.get("addressed", True)),
            item.get("hard", False),
        )
        for item in items
    ]
    return [one for one in asked if one.question.split is half]


def _addressed(written: bool | str) -> Addressed:
    """Read `addressed`, which is left out of what is said to the bot, and false of what people say to each other."""
    if isinstance(written, str):
        return Addressed(written)
    return Addressed.DIRECT if written else Addressed.NO


def outcomes(triage: Triage, asked: Sequence[Asked], texts: Sequence[str]) -> list[Outcome]:
    """Decide the messages, worded as in `texts`."""
    triaged = triage.decide_many([(text, one.addressed) for text, one in zip(texts, asked, strict=True)])
    return [Outcome(one.question, done, one.hard) for one, done in zip(asked, triaged, strict=True)]


def share(those: Iterable[Outcome], fits: Callable[[Outcome], bool]) -> Share:
    """Count those that fit."""
    counted = [fits(one) for one in those]
    return Share(sum(counted), len(counted))


def measures(outcomes: Sequence[Outcome]) -> dict[str, Share]:
    """Give every measure with what it is called."""
    done, hard = ([one for one in outcomes if one.hard is wanted] for wanted in (False, True))

    def of(*kinds: str) -> list[Outcome]:
        return [one for one in done if one.question.kind in kinds]

    alarms, questions = (Safety, Distress), of("entry", TRAP, *FOR_PEOPLE)
    return {
        **_answering(done),
        "crisis: seen": share(of("crisis"), lambda one: one.is_a(Safety)),
        "crisis: told whom to call, or more": share(of("crisis"), lambda one: one.named_somebody_to_call),
        "emergency: seen": share(of("emergency"), lambda one: one.is_a(Safety)),
        "distress: seen": share(of("distress"), lambda one: one.is_a(*alarms)),
        "hard negatives: false alarm": share(of("hard-negative"), lambda one: one.is_a(*alarms)),
        "questions for an entry or a person: an alarm": share(questions, lambda one: one.is_a(*alarms)),
        "questions for an entry or a person: no alarm, and told whom to call": share(
            questions, lambda one: one.triaged.names_somebody_to_call
        ),
        "chatter: silence": share(of("chatter"), lambda one: one.is_a(Silent)),
        "chatter: false alarm": share(of("chatter"), lambda one: one.is_a(*alarms)),
        "spam: seen": share(of("spam"), lambda one: one.is_a(Spam)),
        "members who mention money, clinics or links: taken for spammers": share(
            of("not-spam"), lambda one: one.is_a(Spam)
        ),
        **_handing_over("near-misses written as traps", of(TRAP)),
        **{f"hard wordings, {name}": value for name, value in _answering(hard).items()},
    }


def _handing_over(what: str, those: Sequence[Outcome]) -> dict[str, Share]:
    """Give what becomes of messages that no entry answers."""
    return {
        f"{what}: handed over at once": share(those, lambda one: one.handed_over),
        f"{what}: at once, or by 'none of these'": share(
            those, lambda one: one.handed_over or bool(one.choices and not one.answers)
        ),
        f"{what}: answered unaided": share(those, lambda one: one.unaided),
    }


def _answering(done: Sequence[Outcome]) -> dict[str, Share]:
    entry = [one for one in done if one.question.kind == "entry"]
    for_person = [
        one for one in done if one.question.kind in FOR_PEOPLE and one.triaged.reading.addressed is not Addressed.NO
    ]
    shown = [one for one in done if one.answers and one.question.kind != TRAP]
    return {
        "entry: the right one first": share(entry, lambda one: one.wants([one.first])),
        "entry: shown, or among the choices": share(entry, lambda one: one.wants(one.answers + one.choices)),
        "entry: shown unaided": share(entry, lambda one: one.unaided and one.wants(one.answers)),
        "wrong among all answers shown": share(shown, lambda one: not one.wants(one.answers)),
        "wrong among the answers to questions for an entry or a person": share(
            [one for one in shown if one.question.kind in ("entry", *FOR_PEOPLE)],
            lambda one: not one.wants(one.answers),
        ),
        **_handing_over("for a person, off-topic", for_person),
    }


def fuzzy_first(base: KnowledgeBase, questions: Sequence[Question], scorer: Callable[..., float]) -> Share:
    """Count how often the nearest phrasing by a rapidfuzz scorer is of the right entry."""
    pairs = [(text.casefold(), one.id) for one in base.entries.values() for text in one.asked_by]
    texts = [text for text, _ in pairs]
    found = [process.extractOne(question.text.casefold(), texts, scorer=scorer) for question in questions]
    right = [pairs[best[2]][1] in question.entries for best, question in zip(found, questions, strict=True)]
    return Share(sum(right), len(right))


def encoder_first(base: KnowledgeBase, questions: Sequence[Question], cache: Path | None) -> Share:
    """Count how often the sentence encoder alone puts the right entry first."""
    entries = sorted(base.entries.values(), key=lambda entry: entry.id)
    reader = Reader.of(entries, base.synonyms)
    view = SentenceView.fit(rows_of(entries, reader), len(entries), Vectors(cache))
    found = [entries[int(np.argmax(view.see(reader.read(question.text)).scores))].id for question in questions]
    right = [entry_id in question.entries for entry_id, question in zip(found, questions, strict=True)]
    return Share(sum(right), len(right))


def in_words(value: Share) -> str:
    """Give a share with its count and interval, as a cell of a table."""
    low, high = value.interval
    return f"{value.value:.1%} ({value.part} of {value.whole}; {low:.0%} to {high:.0%})"


def table(title: str, columns: dict[str, dict[str, Share]]) -> list[str]:
    """Give a Markdown table: a column for each way of asking."""
    names = next(iter(columns.values()))
    lines = [f"| {title} | {' | '.join(columns)} |", "|---|" + "---|" * len(columns)]
    return lines + [
        f"| {name} | {' | '.join(in_words(column[name]) for column in columns.values())} |" for name in names
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure understanding on the test questions.")
    parser.add_argument("--knowledge", type=Path, default=KNOWLEDGE)
    parser.add_argument("--half", type=Split, default=Split.TEST, help="tune while trying things out; default test")
    parser.add_argument("--questions", type=Path, help="other messages than test-questions.yaml, in the same form")
    parser.add_argument("--cache", type=Path, help="folder for the vectors of phrasings, which take half a minute")
    options = parser.parse_args()
    base = load(options.knowledge)
    asked = load_asked(options.questions or options.knowledge / "test-questions.yaml", options.half)
    written = [one.text for one in asked]
    wordings = {"as written": written, "mistyped": mistyped(written)}
    print(
        f"{len(asked)} messages of the {options.half} half, {len(base.entries)} entries; shares with 95% intervals.\n"
    )

    columns = {}
    for encoder in ENCODERS:
        triage = build_triage(base, options.cache, encoder)
        for name, texts in wordings.items():
            columns[f"{'with' if encoder != 'none' else 'without'} encoder, {name}"] = measures(
                outcomes(triage, asked, texts)
            )
    print("\n".join(table("through the whole triage", columns)), flush=True)

    print()
    others = {}
    for name, texts in wordings.items():
        worded = [replace(one.question, text=text) for one, text in zip(asked, texts, strict=True)]
        questions = [question for question in worded if question.kind == "entry"]
        others[name] = {
            "rapidfuzz extractOne, WRatio": fuzzy_first(base, questions, fuzz.WRatio),
            "rapidfuzz extractOne, token_set_ratio": fuzzy_first(base, questions, fuzz.token_set_ratio),
            "the sentence encoder alone": encoder_first(base, questions, options.cache),
        }
    print("\n".join(table("entry: the right one first", others)))


if __name__ == "__main__":
    main()
