"""Measures matching: python tools/evaluate.py [--tune-only] [--bench FOLDER]

Prints both halves of knowledge/test-questions.yaml, beside what plain rapidfuzz does with the same phrasings. The
test half is for reports only: nothing may be chosen by it. With `--bench`, the public tasks of a folder that holds a
`protocol.py` (tasks CLINC150 and BANKING77-OOS) are run too.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.entry import Entry, Synonyms
from bot.knowledge.loader import load
from bot.matching.calibrate import Calibration
from bot.matching.matcher import Matcher
from bot.matching.measure import Question, Report, Share, Split, load_questions, measure

ROOT = Path(__file__).parent.parent
KNOWLEDGE = ROOT / "knowledge"
BENCH = ROOT.parent / "shared" / "bench"
SEED = 7
TYPOS_PER_WORD = 0.12  # a bad day on a phone: about one word in eight
TASKS = ("clinc5", "near5", "clinc10", "near10")
KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def mistype(text: str, chance: random.Random) -> str:
    """Give the text as clumsy fingers would write it."""
    words = text.split(" ")
    return " ".join(_slip(word, chance) if chance.random() < TYPOS_PER_WORD else word for word in words)


def _slip(word: str, chance: random.Random) -> str:
    if len(word) < 4 or not word.isalpha():
        return word
    at = chance.randrange(1, len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    slips = (
        before + after,
        before + letter + letter + after,
        before + after[0] + letter + after[1:],
        before + _key_beside(letter, chance) + after,
    )
    return chance.choice(slips)


def _key_beside(letter: str, chance: random.Random) -> str:
    row = next((row for row in KEYBOARD if letter.lower() in row), letter)
    at = row.find(letter.lower())
    return chance.choice([row[place] for place in (at - 1, at + 1) if 0 <= place < len(row)] or [letter])


def report_lines(report: Report) -> list[str]:
    """Give a report, a share in each line."""
    names = {
        "first": "right entry first",
        "first_three": "right entry in first three",
        "answered": "answered, and rightly",
        "offered": "offered among choices",
        "wrong": "wrong among answers shown",
        "held": "choices with the right entry",
        "left_to_people": "person/off-topic: not answered",
        "handed_over": "person/off-topic: handed over",
    }
    return [f"    {words:32}{getattr(report, name)}" for name, words in names.items()]


def fuzzy_first(base: KnowledgeBase, questions: Sequence[Question], scorer: Callable[..., float]) -> Share:
    """Count how often the nearest phrasing by a rapidfuzz scorer is of the right entry."""
    pairs = [
        (text.casefold(), entry.id) for entry in base.entries.values() for text in (entry.question, *entry.phrasings)
    ]
    texts = [text for text, _ in pairs]
    in_scope = [question for question in questions if question.entries]
    found = (process.extractOne(question.text.casefold(), texts, scorer=scorer) for question in in_scope)
    right = [pairs[best[2]][1] in question.entries for best, question in zip(found, in_scope, strict=True)]
    return Share(sum(right), len(right))


def print_half(base: KnowledgeBase, matcher: Matcher, questions: Sequence[Question]) -> None:
    """Print what matching makes of some questions, and what rapidfuzz does."""
    by_person = frozenset(entry.id for entry in base.entries.values() if entry.by_person)
    matches = matcher.match_many([question.text for question in questions])
    print("\n".join(report_lines(measure(questions, matches, by_person))))
    for scorer in (fuzz.WRatio, fuzz.token_set_ratio):
        name = f"rapidfuzz {scorer.__name__} first"
        print(f"    {name:32}{fuzzy_first(base, questions, scorer)}", flush=True)


def print_questions(base: KnowledgeBase, questions: Sequence[Question], halves: Sequence[Split]) -> None:
    """Print the halves, as written and mistyped, and how long a message takes."""
    start = time.perf_counter()
    matcher = Matcher.fit(base.entries.values(), base.synonyms, Calibration.load())
    print(f"{len(base.entries)} entries, fitted in {time.perf_counter() - start:.1f} s")
    for half in halves:
        clean = [question for question in questions if question.split is half]
        chance = random.Random(SEED)  # noqa: S311 - typos, not secrets
        mistyped = [_with_text(question, mistype(question.text, chance)) for question in clean]
        for name, some in (("as written", clean), ("mistyped", mistyped)):
            print(f"\n{half}, {name}: {len(some)} questions")
            print_half(base, matcher, some)
    print_speed(matcher, [question.text for question in questions])


def _with_text(question: Question, text: str) -> Question:
    return Question(question.id, text, question.kind, question.entries)


def print_speed(matcher: Matcher, texts: Sequence[str]) -> None:
    """Print how long single messages take."""
    taken = []
    for text in texts:
        start = time.perf_counter()
        matcher.match(text)
        taken.append((time.perf_counter() - start) * 1000)
    taken.sort()
    print(f"\na message: p50 {taken[len(taken) // 2]:.2f} ms, p99 {taken[len(taken) * 99 // 100]:.2f} ms")


def bench_matcher(phrasings: Mapping[str, Sequence[str]]) -> Matcher:
    """Fit on the phrasings of a public task, which has neither keywords nor synonyms."""
    day = date(2026, 1, 1)
    entries = [
        Entry(
            id=name, topic="", question=texts[0], phrasings=tuple(texts), keywords=(), short="",
            reviewed_on=day, reviewed_by="", review_after=day,
        )
        for name, texts in phrasings.items()
    ]  # fmt: skip
    return Matcher.fit(entries, Synonyms(), Calibration.load())


def print_bench(folder: Path) -> None:
    """Print how often the right entry comes first on public tasks."""
    protocol = _import(folder / "protocol.py")
    for name in TASKS:
        task = protocol.TASKS[name]()
        matcher = bench_matcher(task.entries)
        for some in (task, protocol.misspelt(task)):
            matches = matcher.match_many([text for text, _ in some.inside])
            outside = matcher.match_many(some.outside)
            ranked = [
                [(candidate.entry_id, candidate.probability) for candidate in match.candidates] for match in matches
            ]
            others = [
                [(candidate.entry_id, candidate.probability) for candidate in match.candidates] for match in outside
            ]
            row = protocol.score(some, ranked, others)
            print(
                f"{some.name:28} first {row['acc']:.3f}  first three {row['top3']:.3f}  auroc {row['auroc']:.3f}",
                flush=True,
            )


def _import(path: Path) -> Any:  # noqa: ANN401 - a module known only at run time
    spec = importlib.util.spec_from_file_location("protocol", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path}: cannot be imported. Name the folder that holds protocol.py.")
    module = importlib.util.module_from_spec(spec)
    sys.modules["protocol"] = module
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description="Measure matching.")
    parser.add_argument("--knowledge", type=Path, default=KNOWLEDGE)
    parser.add_argument("--tune-only", action="store_true", help="leave the test half alone (while trying things out)")
    parser.add_argument("--bench", type=Path, nargs="?", const=BENCH, help="also run the public tasks of this folder")
    options = parser.parse_args()
    halves = (Split.TUNE,) if options.tune_only else tuple(Split)
    print_questions(load(options.knowledge), load_questions(options.knowledge / "test-questions.yaml"), halves)
    if options.bench:
        print_bench(options.bench)


if __name__ == "__main__":
    main()
