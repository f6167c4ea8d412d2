"""Measures matching on public tasks: python -m tools.evaluate_public [FOLDER]

FOLDER holds a `protocol.py` with the tasks (CLINC150 and BANKING77-OOS), their typos and their scores; no knowledge of
ours goes in, neither keywords nor synonyms. The table is Markdown.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bot.knowledge.entry import Entry, Synonyms
from bot.matching.cache import views
from bot.matching.calibrate import Calibration, EncoderName
from bot.matching.matcher import Matcher

BENCH = Path(__file__).parent.parent.parent / "shared" / "bench"
TASKS = ("clinc5", "near5", "clinc10", "near10")
ENCODERS: tuple[EncoderName, ...] = ("minilm", "none")
SCORES = {"acc": "first", "top3": "first three", "auroc": "told from outside (AUROC)"}


def matcher_of(phrasings: Mapping[str, Sequence[str]], encoder: EncoderName) -> Matcher:
    """Fit on the phrasings of a task."""
    day = date(2026, 1, 1)
    entries = [
        Entry(
            id=name, topic="", question=texts[0], phrasings=tuple(texts), keywords=(), short="",
            reviewed_on=day, reviewed_by="", review_after=day,
        )
        for name, texts in phrasings.items()
    ]  # fmt: skip
    return Matcher.fit(entries, Synonyms(), Calibration.of(encoder), views(encoder))


def ranked(matcher: Matcher, texts: Sequence[str]) -> list[list[tuple[str, float]]]:
    """Give the candidates of each message, best first."""
    return [
        [(candidate.entry_id, candidate.probability) for candidate in match.candidates]
        for match in matcher.match_many(texts)
    ]


def print_task(protocol: Any, name: str, encoder: EncoderName) -> None:  # noqa: ANN401 - known only at run time
    """Print a row for a task as written, and one for it mistyped."""
    task = protocol.TASKS[name]()
    matcher = matcher_of(task.entries, encoder)
    for some in (task, protocol.misspelt(task)):
        row = protocol.score(some, ranked(matcher, [text for text, _ in some.inside]), ranked(matcher, some.outside))
        cells = [f"{row[score]:.1%}" for score in SCORES]
        print(f"| {some.name} | {encoder} | {' | '.join(cells)} |", flush=True)


def imported(path: Path) -> Any:  # noqa: ANN401 - a module known only at run time
    """Give the module of a file."""
    spec = importlib.util.spec_from_file_location("protocol", path)
    if spec is None or spec.loader is None or not path.exists():
        raise SystemExit(f"{path}: is not there. Name the folder that holds protocol.py.")
    module = importlib.util.module_from_spec(spec)
    sys.modules["protocol"] = module
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure matching on public tasks.")
    parser.add_argument("folder", type=Path, nargs="?", default=BENCH)
    parser.add_argument("--tasks", nargs="+", default=TASKS)
    options = parser.parse_args()
    protocol = imported(options.folder / "protocol.py")
    print(f"| task | encoder | {' | '.join(SCORES.values())} |")
    print("|---|---|" + "---|" * len(SCORES))
    for name in options.tasks:
        for encoder in ENCODERS:
            print_task(protocol, name, encoder)


if __name__ == "__main__":
    main()
