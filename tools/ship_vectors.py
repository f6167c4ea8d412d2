"""Writes what spares a first start its minute: the vectors of our own texts, and what these teach.

python -m tools.ship_vectors
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.loader import load
from bot.matching import learnt
from bot.matching.learnt import MEANING, WORDS, Learnt
from bot.matching.matcher import reader_of
from bot.matching.ngrams import Floats
from bot.matching.reading import Reader
from bot.matching.scores import Named, indexes_of, likeness_of, rows_of, weights_of
from bot.matching.softmax import Alike
from bot.matching.tone import kept_as, learn, rows_to_learn
from bot.matching.vectors import SHIPPED, Vectors, encoded, name_of, read, write

DIGITS = 2  # of a weight
KNOWLEDGE = Path(__file__).parent.parent / "knowledge"


def texts_of(base: KnowledgeBase) -> list[str]:
    """Give every text whose vector fitting asks for."""
    entries = sorted(base.entries.values(), key=lambda entry: entry.id)
    kinds = [Named(kind, tuple(texts)) for kind, texts in sorted(base.examples.items())]
    return [row.reading.text for row in rows_of([*entries, *kinds], Reader.of(entries, base.synonyms))]


def taught(base: KnowledgeBase) -> Iterator[tuple[str, Learnt]]:
    """Give what entries and examples teach, by words and by meaning."""
    entries = sorted(base.entries.values(), key=lambda entry: entry.id)
    reader = reader_of(entries, base.synonyms, base.examples)
    rows = rows_of(entries, reader)
    by_words, by_meaning = likeness_of(rows), Alike(Vectors(None).of([row.reading.text for row in rows]))
    yield WORDS, Learnt.of(rows, _roughly(weights_of(rows, by_words, len(entries))), by_meaning=False)
    yield MEANING, Learnt.of(rows, _roughly(weights_of(rows, by_meaning, len(entries))), by_meaning=True)
    told = rows_to_learn(base.examples, reader)
    indexes, points = indexes_of(told), Vectors(None).of([row.reading.text for row in told])
    for there in (points, None):
        weights, is_there = learn(told, len(base.examples), indexes, there), there is not None
        yield kept_as(by_meaning=is_there), Learnt.of(told, weights, by_meaning=is_there)


def _roughly(weights: Floats) -> Floats:
    """Give as much of them as fitting needs to begin with: a tenth of the bytes when they are packed."""
    return weights.round(DIGITS)


def main() -> None:
    """Encode what is new, leave out what is gone, and learn."""
    base = load(KNOWLEDGE)
    wanted = {name_of(text): text for text in texts_of(base)}
    known = read(SHIPPED)
    missing = {name: text for name, text in wanted.items() if name not in known}
    known |= encoded(missing) if missing else {}
    write(SHIPPED, {name: known[name] for name in sorted(wanted)})
    print(f"{SHIPPED}: {len(wanted)} vectors, {len(missing)} of them new, {SHIPPED.stat().st_size / 1e6:.1f} MB.")
    learnt.write(dict(taught(base)))
    for file in (SHIPPED, learnt.SHIPPED):
        file.chmod(0o644)  # an image built from here is run by another user
    print(f"{learnt.SHIPPED}: {learnt.SHIPPED.stat().st_size / 1e6:.1f} MB.")


if __name__ == "__main__":
    main()
