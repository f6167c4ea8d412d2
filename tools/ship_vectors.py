"""Writes what spares a first start its minute: the vectors of our own phrasings, and what our examples teach.

python -m tools.ship_vectors
"""

from __future__ import annotations

from pathlib import Path

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.loader import load
from bot.matching import learnt
from bot.matching.matcher import reader_of
from bot.matching.ngrams import Floats
from bot.matching.reading import Reader
from bot.matching.scores import Named, indexes_of, rows_of
from bot.matching.tone import learn, rows_to_learn
from bot.matching.vectors import SHIPPED, Vectors, encoded, name_of, read, write

KNOWLEDGE = Path(__file__).parent.parent / "knowledge"


def texts_of(base: KnowledgeBase) -> list[str]:
    """Give every text whose vector fitting asks for."""
    entries = sorted(base.entries.values(), key=lambda entry: entry.id)
    kinds = [Named(kind, tuple(texts)) for kind, texts in sorted(base.examples.items())]
    return [row.reading.text for row in rows_of([*entries, *kinds], Reader.of(entries, base.synonyms))]


def taught(base: KnowledgeBase) -> dict[str, Floats]:
    """Give what the examples teach with the sentence encoder and without, each under its name."""
    rows = rows_to_learn(base.examples, reader_of(base.entries.values(), base.synonyms, base.examples))
    indexes, points = indexes_of(rows), Vectors(None).of([row.reading.text for row in rows])
    return {
        learnt.name_of(rows, by_meaning=there is not None): learn(rows, len(base.examples), indexes, there)
        for there in (points, None)
    }


def main() -> None:
    """Encode what is new, leave out what is gone, and learn."""
    base = load(KNOWLEDGE)
    wanted = {name_of(text): text for text in texts_of(base)}
    known = read(SHIPPED)
    missing = {name: text for name, text in wanted.items() if name not in known}
    known |= encoded(missing) if missing else {}
    write(SHIPPED, {name: known[name] for name in sorted(wanted)})
    print(f"{SHIPPED}: {len(wanted)} vectors, {len(missing)} of them new, {SHIPPED.stat().st_size / 1e6:.1f} MB.")
    learnt.write(taught(base))
    for file in (SHIPPED, learnt.SHIPPED):
        file.chmod(0o644)  # an image built from here is run by another user
    print(f"{learnt.SHIPPED}: {learnt.SHIPPED.stat().st_size / 1e6:.1f} MB.")


if __name__ == "__main__":
    main()
