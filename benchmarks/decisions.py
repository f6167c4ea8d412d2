"""How long a decision takes: python -m benchmarks.decisions [--entries 100 1000 10000]

Made-up entries of ten phrasings each, put together from the words of the real ones; messages of about 12 words, decided
one at a time, beside `rapidfuzz.process.extractOne` (WRatio) over the same phrasings in the same run. Then the memory
of the console bot at rest, in a process of its own. The tables are Markdown.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from bot.domain.messages import Addressed
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.loader import load
from bot.matching.cache import fit
from bot.matching.calibrate import EncoderName
from bot.matching.encoder import shared
from bot.matching.normalise import plain
from bot.matching.vectors import file_in, name_of, rounded, write
from bot.triage.triage import Triage
from tools.ship_vectors import texts_of

ROOT = Path(__file__).parent.parent
PHRASINGS = 10  # of an entry
MESSAGES, FUZZY_MESSAGES = 200, 20
WARM_UP = 10
ENCODERS: tuple[EncoderName, ...] = ("minilm", "none")
AT_REST = """
import sys
from pathlib import Path
from bot.app import build_triage
from bot.knowledge.loader import load
import bot.adapters.console.adapter, bot.intake, bot.storage.store
triage = build_triage(load(Path("knowledge")), Path(sys.argv[1]), sys.argv[2])
triage.decide("how long until my hair grows back")
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmRSS")))
"""


def made_up(real: KnowledgeBase, count: int, chance: random.Random) -> KnowledgeBase:
    """Give a base of so many entries; each is about some words of its own."""
    words = sorted({word for entry in real.entries.values() for text in entry.phrasings for word in plain(text)})
    pattern = next(iter(real.entries.values()))
    entries = {}
    for number in range(count):
        subject = chance.sample(words, 8)
        texts = [" ".join(chance.sample(subject, 4) + chance.choices(words, k=4)) for _ in range(PHRASINGS)]
        name = f"made-up-{number:05}"
        entries[name] = replace(pattern, id=name, question=texts[0], phrasings=tuple(texts[1:]), keywords=())
    return replace(real, entries=entries, version=f"made-up-{count}")


def messages(base: KnowledgeBase, count: int, chance: random.Random) -> list[str]:
    """Give messages that are near to some entry each."""
    texts = [chance.choice(entry.phrasings) for entry in chance.choices(list(base.entries.values()), k=count)]
    return [f"please tell me about {text}?" for text in texts]


def timed(decide: Callable[[str], object], texts: Sequence[str]) -> tuple[float, float]:
    """Give p50 and p99 in milliseconds of processor time, which other work on the machine hardly changes."""
    for text in texts[:WARM_UP]:
        decide(text)
    taken = []
    for text in texts:
        start = time.process_time()
        decide(text)
        taken.append(1000 * (time.process_time() - start))
    taken.sort()
    return taken[len(taken) // 2], taken[len(taken) * 99 // 100]


def print_size(real: KnowledgeBase, count: int, encoder: EncoderName, vectors: Path | None) -> None:
    """Print a row for one number of entries; vectors that were kept are not encoded again."""
    chance = random.Random(count)
    base = made_up(real, count, chance)
    texts = messages(base, MESSAGES, chance)
    start = time.perf_counter()
    triage = Triage(base, fit(base, vectors, encoder))
    fitted = time.perf_counter() - start
    p50, p99 = timed(lambda text: triage.decide(text, Addressed.DIRECT), texts)
    phrasings = [text for entry in base.entries.values() for text in (entry.question, *entry.phrasings)]
    fuzzy, fuzzy_p99 = timed(
        lambda text: process.extractOne(text, phrasings, scorer=fuzz.WRatio), texts[:FUZZY_MESSAGES]
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    times = f"{p50:.2f} / {p99:.2f} | {fuzzy:.1f} / {fuzzy_p99:.1f}"
    print(f"| {count:,} | {encoder} | {times} | {fitted:.1f} | {peak:.0f} |", flush=True)


def put_together(real: KnowledgeBase, count: int, folder: Path) -> None:
    """Keep a vector for each text of a made-up base, the mean of those of its words.

    Encoding 100,000 texts takes minutes, and how long fitting and a decision take does not depend on which vectors
    they are.
    """
    texts = texts_of(made_up(real, count, random.Random(count)))
    words = sorted({word for text in texts for word in text.split()})
    rows = dict(zip(words, shared().encode_many(words), strict=True))
    vectors = np.stack([np.mean([rows[word] for word in text.split() or words[:1]], axis=0) for text in texts])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    write(file_in(folder), rounded(map(name_of, texts), vectors))


def print_memory(encoder: EncoderName, cache: Path) -> None:
    """Print a row with the memory of the bot at rest, started from the cache."""
    command = [sys.executable, "-c", AT_REST, str(cache), encoder]
    for _ in range(2):  # the first fits, the second starts from the cache
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    print(f"| {encoder} | {int(done.stdout) / 1024:.0f} |", flush=True)


def main() -> None:
    """Measure; each row in a process of its own, so that memory is its own as well."""
    parser = argparse.ArgumentParser(description="Measure decisions.")
    parser.add_argument("--entries", type=int, nargs="+", default=[100, 1000, 10000])
    parser.add_argument("--encoder", choices=ENCODERS, nargs="+", default=ENCODERS)
    parser.add_argument("--cache", type=Path, default=ROOT / "data" / "cache")
    parser.add_argument("--put-together", action="store_true", help="vectors of phrasings from those of their words")
    parser.add_argument("--vectors", type=Path, help="a folder with vectors of the made-up phrasings")
    parser.add_argument("--row", action="store_true", help="one row, without a heading")
    options = parser.parse_args()
    if options.row:
        print_size(load(ROOT / "knowledge"), options.entries[0], options.encoder[0], options.vectors)
        return
    print(f"{os.cpu_count()} processor cores, load {os.getloadavg()[0]:.1f}.\n")
    print("| entries | encoder | decision p50 / p99, ms | extractOne p50 / p99, ms | fitted in, s | peak memory, MiB |")
    print("|---|---|---|---|---|---|", flush=True)
    for count in options.entries:
        for encoder in options.encoder:
            row = ["-m", "benchmarks.decisions", "--row", "--entries", str(count), "--encoder", encoder]
            with tempfile.TemporaryDirectory() as folder:
                if options.put_together and encoder != "none":
                    put_together(load(ROOT / "knowledge"), count, Path(folder))
                    row += ["--vectors", folder]
                subprocess.run([sys.executable, *row], check=True, cwd=ROOT)
    print("\n| encoder | console bot at rest, MiB |\n|---|---|", flush=True)
    for encoder in options.encoder:
        print_memory(encoder, options.cache)


if __name__ == "__main__":
    main()
