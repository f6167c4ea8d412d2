"""How long knowledge takes to load and to reload: python -m benchmarks.knowledge [--entries 1000 10000]

A folder of made-up entries is written, loaded, changed and reloaded by the code the bot runs, while messages are decided
on the event loop one after the other. Printed are the seconds until it is loaded, until changed words are shown and
until the matcher is fitted to them, and what the chat notices: the slowest decision before and during the reload, and
the longest time in which the event loop did nothing else than the reload's own work. Behind each slash: the same less
the time in which the loop waited for a processor core (Linux), as other work on a machine makes it wait. The first row is our own
knowledge with the sentence encoder, from a warm cache. The table is Markdown.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import yaml

from benchmarks.decisions import ROOT, made_up, messages
from bot.domain.messages import Addressed
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.live import LiveReload, News
from bot.knowledge.loader import load
from bot.knowledge.overlay import fields_of
from bot.matching.calibrate import EncoderName
from bot.triage.live import LiveTriage, fit_matcher
from bot.triage.triage import Triage

FILES = 20  # files of entries, so that no one of them is larger than an editor likes
PAUSE = 0.02  # seconds between two messages
QUIET = 100  # messages decided before the reload, to compare with
SCHEDULER = Path("/proc/thread-self/schedstat")  # nanoseconds on a core, nanoseconds waiting for one, turns
TITLE = (
    "| entries | encoder | loaded, s (CPU) | words shown, s | fitted, s "
    "| decision p50, ms | slowest, ms | slowest during the reload, ms | longest stall, ms |"
)


def queued() -> float:
    """Give how long this thread has waited for a core so far, in milliseconds; 0 where the system does not say."""
    return int(SCHEDULER.read_text().split()[1]) / 1e6 if SCHEDULER.exists() else 0.0


@dataclass(frozen=True, slots=True)
class Took:
    """How long something took in milliseconds, and how long without waiting for a core."""

    whole: float
    awake: float

    @classmethod
    def since(cls, start: float, queued_before: float, less: float = 0.0) -> Took:
        """Measure from a reading of the clock and of `queued`; `less` are seconds that were meant."""
        whole = 1000 * (time.perf_counter() - start - less)
        return cls(whole, whole - queued() + queued_before)


def slowest(times: list[Took]) -> str:
    """Give the longest, and the longest without waiting."""
    return f"{max(one.whole for one in times):.1f} / {max(one.awake for one in times):.1f}"


@dataclass
class Noticed:
    """What the chat notices, in milliseconds."""

    decisions: list[Took] = field(default_factory=list)
    stalls: list[Took] = field(default_factory=list)  # waited beyond the pause before the event loop came back

    async def decide(
        self,
        live: LiveTriage,
        texts: list[str],
        until: asyncio.Task[None] | None = None,
        look: Callable[[], None] = lambda: None,
    ) -> None:
        """Decide messages until a task is done, or each of them once; look at something after each."""
        for place in range(10**9):
            if until.done() if until else place == len(texts):
                return
            start, waited = time.perf_counter(), queued()
            live.triage.decide(texts[place % len(texts)], Addressed.DIRECT)
            self.decisions.append(Took.since(start, waited))
            look()
            start, waited = time.perf_counter(), queued()
            await asyncio.sleep(PAUSE)
            self.stalls.append(Took.since(start, waited, PAUSE))


def write(base: KnowledgeBase, folder: Path) -> None:
    """Write a base as files of entries, beside the real topics, synonyms and red flags."""
    shutil.copytree(ROOT / "knowledge", folder, ignore=shutil.ignore_patterns("entries", "stages.yaml", "pictures"))
    (folder / "stages.yaml").write_text("stages: []\n", encoding="utf-8")
    (folder / "entries").mkdir()
    entries = [fields_of(entry) for entry in base.entries.values()]
    for number in range(FILES):
        text = yaml.dump({"entries": entries[number::FILES]}, Dumper=yaml.CSafeDumper, allow_unicode=True)
        (folder / "entries" / f"part-{number:02}.yaml").write_text(text, encoding="utf-8")


async def measure(folder: Path, encoder: EncoderName, cache: Path) -> str:
    """Give a row of the table."""
    start, worked = time.perf_counter(), time.process_time()
    base = load(folder)
    loaded, worked = time.perf_counter() - start, time.process_time() - worked
    fit = partial(fit_matcher, folder=str(cache), encoder=encoder)
    live = LiveTriage(Triage(base, fit(base)))
    texts = messages(base, QUIET, random.Random(1))
    live.triage.decide(texts[0], Addressed.DIRECT)
    quiet, during = Noticed(), Noticed()
    await quiet.decide(live, texts)
    times: dict[str, float] = {}

    async def told(_news: News) -> None:
        times["fitted"] = time.perf_counter()

    reload = LiveReload(folder, live, fit, told)
    await reload.look()
    name = change(folder, base)
    start = time.perf_counter()
    looking = asyncio.create_task(reload.look())

    def look() -> None:
        if live.knowledge.entries[name].question != base.entries[name].question:
            times.setdefault("shown", time.perf_counter())

    await during.decide(live, texts, looking, look)
    p50 = sorted(one.whole for one in quiet.decisions)[len(quiet.decisions) // 2]
    return (
        f"| {len(base.entries):,} | {encoder} | {loaded:.1f} ({worked:.1f}) | {times['shown'] - start:.1f} "
        f"| {times['fitted'] - start:.1f} | {p50:.1f} | {slowest(quiet.decisions)} | {slowest(during.decisions)} "
        f"| {slowest(during.stalls)} |"
    )


def change(folder: Path, base: KnowledgeBase) -> str:
    """Change the question of an entry and one of its phrasings; give its id."""
    name = sorted(base.entries)[0]
    path = Path(base.files[name])
    entry = base.entries[name]
    text = path.read_text(encoding="utf-8").replace(entry.question, "Is this a changed question?", 1)
    path.write_text(text.replace(entry.phrasings[0], "words that nobody has used before", 1), encoding="utf-8")
    return name


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, nargs="*", default=[1000, 10_000])
    sizes = parser.parse_args().entries
    real = load(ROOT / "knowledge")
    print(TITLE)
    print("|---" * 9 + "|", flush=True)
    with tempfile.TemporaryDirectory() as made:
        ours = Path(shutil.copytree(ROOT / "knowledge", Path(made) / "ours"))
        print(asyncio.run(measure(ours, "minilm", Path(made) / "cache")), flush=True)
        for count in sizes:
            folder = Path(made) / str(count)
            write(made_up(real, count, random.Random(count)), folder)
            print(asyncio.run(measure(folder, "none", Path(made) / "cache")), flush=True)


if __name__ == "__main__":
    main()
