"""How long knowledge takes to load and to reload: python -m benchmarks.knowledge [--entries 1000 10000] [--encoder none minilm]

A folder of entries is loaded and changed, and reloaded by the code the bot runs, while messages are decided on the event
loop one after the other. A phrasing and a word of an answer are changed, and while the matcher is being fitted another
word. Printed are the seconds until the folder was loaded, until it was looked through for what nobody may be told, as a
first start does, until the words are shown, and until messages are matched by them; and what the chat notices: the
slowest decision before and during the reload, and the longest time in which the event loop did nothing else than the
reload's own work. In brackets: processor time, without that of the decisions. Behind a slash: less the time in which the
loop, or the thread it waited for, waited for a processor core, as other work on a machine makes it wait.
The first row is our own knowledge with the sentence encoder, the others are made-up entries; with the encoder they are matched
by words at first, while their phrasings are encoded. The table is Markdown.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import cycle, islice, product
from pathlib import Path
from typing import NamedTuple

import yaml

from benchmarks.decisions import ENCODERS, ROOT, made_up, messages
from bot.domain.messages import Addressed
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks import forbidden
from bot.knowledge.entry import Entry
from bot.knowledge.folder import KnowledgeFolder
from bot.knowledge.live import Learnt, LiveReload, News
from bot.knowledge.loader import load
from bot.knowledge.overlay import fields_of
from bot.knowledge.withheld import withheld_at_start
from bot.knowledge.worker import collector_held
from bot.matching.cache import takes_minutes
from bot.matching.calibrate import EncoderName
from bot.triage.live import LiveTriage, fit_matcher
from bot.triage.triage import Triage

FILES = 20  # files of entries, so that no one of them is larger than an editor likes
PAUSE = 0.02  # seconds between two messages
QUIET = 100  # messages decided before the reload, to compare with
SCHEDULER = Path("/proc/thread-self/schedstat")  # nanoseconds on a core, nanoseconds waiting for one, turns
TITLE = (
    "| entries | encoder | loaded, s (CPU) | looked through, s (CPU) | words shown, s (CPU) | while it fits, s (CPU) "
    "| matched by, s (CPU) | decision p50, ms | slowest, ms | slowest during the reload, ms | longest stall, ms |"
)


def processor() -> float:
    """Give the processor seconds of this process without this thread, and of other processes that have ended."""
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() - time.thread_time() + others.ru_utime + others.ru_stime


def queued() -> float:
    """Give how long this thread has waited for a core so far, in milliseconds; 0 where the system does not say."""
    return int(SCHEDULER.read_text().split()[1]) / 1e6 if SCHEDULER.exists() else 0.0


class Clocks(NamedTuple):
    """What the clocks say, in milliseconds."""

    wall: float
    queued: float  # see `queued`
    worked: float  # by all threads together

    @classmethod
    def now(cls) -> Clocks:
        """Read them."""
        return cls(1000 * time.perf_counter(), queued(), 1000 * time.process_time())


@dataclass(frozen=True, slots=True)
class Took:
    """How long something took in milliseconds, and how long without waiting for a core.

    It may wait for a thread that holds the interpreter's lock and itself waits for a core. So what counts is at most
    what all threads worked meanwhile.
    """

    whole: float
    awake: float

    @classmethod
    def since(cls, before: Clocks, less: float = 0.0) -> Took:
        """Measure from a reading of the clocks; `less` are milliseconds that were meant."""
        now = Clocks.now()
        whole = now.wall - before.wall - less
        return cls(whole, min(whole - now.queued + before.queued, now.worked - before.worked))


def slowest(times: list[Took]) -> str:
    """Give the longest, and the longest without waiting."""
    return f"{max(one.whole for one in times):.1f} / {max(one.awake for one in times):.1f}"


@dataclass
class Noticed:
    """What the chat notices, in milliseconds."""

    decisions: list[Took] = field(default_factory=list)
    stalls: list[Took] = field(default_factory=list)  # waited beyond the pause before the event loop came back

    async def decide(self, live: LiveTriage, texts: Iterable[str]) -> None:
        """Decide messages, with a pause after each."""
        for text in texts:
            before = Clocks.now()
            live.triage.decide(text, Addressed.DIRECT)
            self.decisions.append(Took.since(before))
            before = Clocks.now()
            await asyncio.sleep(PAUSE)
            self.stalls.append(Took.since(before, 1000 * PAUSE))


class Curator:
    """Somebody who saves a change of an entry's file, and waits for it."""

    def __init__(self, base: KnowledgeBase, live: LiveTriage) -> None:
        self._live = live
        self._entry = base.entries[sorted(base.entries)[0]]
        self._file = Path(base.files[self._entry.id])
        self._noted = (0.0, 0.0)
        self.learnt = asyncio.Event()

    async def hear(self, news: News) -> None:
        """Hear what became of it."""
        if isinstance(news, Learnt):
            self.learnt.set()

    def saves(self, question: str, phrasing: str = "") -> None:
        """Change the question, and a phrasing if one is given."""
        text = self._file.read_text(encoding="utf-8").replace(self.shown.question, question)
        if phrasing:
            text = text.replace(self._entry.phrasings[0], phrasing, 1)
        self._noted = (time.perf_counter(), processor())
        self._file.write_text(text, encoding="utf-8")

    @property
    def shown(self) -> Entry:
        """Give the entry as members see it."""
        return self._live.knowledge.entries[self._entry.id]

    async def sees(self, question: str) -> str:
        """Wait until the question is shown; give how long it took."""
        while self.shown.question != question:  # noqa: ASYNC110 - as a member would, from outside
            await asyncio.sleep(PAUSE / 2)
        return f"{time.perf_counter() - self._noted[0]:.1f} ({processor() - self._noted[1]:.2f})"


def harmless(real: KnowledgeBase, count: int) -> KnowledgeBase:
    """Give made-up entries without those whose words, put together by chance, are what nobody may be told."""
    base = made_up(real, count + count // 20, random.Random(count))
    wrong = {one.remark.entry for one in forbidden(base)}
    right = islice(((name, entry) for name, entry in base.entries.items() if name not in wrong), count)
    return replace(base, entries=dict(right))


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
    files = KnowledgeFolder(folder)
    fit = partial(fit_matcher, folder=str(cache), encoder=encoder)
    with collector_held():  # as the bot starts: otherwise Python looks for garbage among all the entries later
        start, worked = time.perf_counter(), time.process_time()
        base = files.load()
        loaded = f"{time.perf_counter() - start:.1f} ({time.process_time() - worked:.1f})"
        start, worked = time.perf_counter(), time.process_time()
        base, _ = withheld_at_start(base, cache)
        looked = f"{time.perf_counter() - start:.1f} ({time.process_time() - worked:.1f})"
        hurried = takes_minutes(base, cache, encoder)
        live = LiveTriage(Triage(base, fit(base, encoder="none") if hurried else fit(base)))
    texts = messages(base, QUIET, random.Random(1))
    live.triage.decide(texts[0], Addressed.DIRECT)
    quiet, during = Noticed(), Noticed()
    await quiet.decide(live, texts)
    curator = Curator(base, live)
    running = asyncio.create_task(LiveReload(files, live, fit, curator.hear, whole=not hurried).run())
    await asyncio.sleep(1)
    chatting = asyncio.create_task(during.decide(live, cycle(texts)))
    start, worked = time.perf_counter(), processor()
    curator.saves("Is this a changed question?", "words that nobody has used before")
    shown = await curator.sees("Is this a changed question?")
    curator.saves("And is this one?")
    meanwhile = await curator.sees("And is this one?")
    await curator.learnt.wait()
    learnt = f"{time.perf_counter() - start:.1f} ({processor() - worked:.1f})"
    for task in (running, chatting):
        task.cancel()
    await asyncio.wait([running, chatting])
    p50 = sorted(one.whole for one in quiet.decisions)[len(quiet.decisions) // 2]
    return (
        f"| {len(base.entries):,} | {encoder} | {loaded} | {looked} | {shown} | {meanwhile} | {learnt} "
        f"| {p50:.1f} | {slowest(quiet.decisions)} | {slowest(during.decisions)} | {slowest(during.stalls)} |"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, nargs="*", default=[1000, 10_000])
    parser.add_argument("--encoder", choices=ENCODERS, nargs="*", default=["none"], help="of the made-up entries")
    options = parser.parse_args()
    real = load(ROOT / "knowledge")
    print(TITLE)
    print("|---" * 11 + "|", flush=True)
    with tempfile.TemporaryDirectory() as made:
        ours = Path(shutil.copytree(ROOT / "knowledge", Path(made) / "ours"))
        print(asyncio.run(measure(ours, "minilm", Path(made) / "cache")), flush=True)
        for count, encoder in product(options.entries, options.encoder):
            folder = Path(made) / f"{count}-{encoder}"
            write(harmless(real, count), folder)
            print(asyncio.run(measure(folder, encoder, Path(made) / "cache")), flush=True)


if __name__ == "__main__":
    main()
