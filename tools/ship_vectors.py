"""Writes the vectors of our own phrasings, which spare a first start half a minute: python -m tools.ship_vectors"""

from __future__ import annotations

from pathlib import Path

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.loader import load
from bot.matching.reading import Reader
from bot.matching.scores import Named, rows_of
from bot.matching.vectors import SHIPPED, encoded, name_of, read, write

KNOWLEDGE = Path(__file__).parent.parent / "knowledge"


def texts_of(base: KnowledgeBase) -> list[str]:
    """Give every text whose vector fitting asks for."""
    entries = sorted(base.entries.values(), key=lambda entry: entry.id)
    kinds = [Named(kind, tuple(texts)) for kind, texts in sorted(base.examples.items())]
    return [row.reading.text for row in rows_of([*entries, *kinds], Reader.of(entries, base.synonyms))]


def main() -> None:
    """Encode what is new, and leave out what is gone."""
    wanted = {name_of(text): text for text in texts_of(load(KNOWLEDGE))}
    known = read(SHIPPED)
    missing = {name: text for name, text in wanted.items() if name not in known}
    known |= encoded(missing) if missing else {}
    write(SHIPPED, {name: known[name] for name in sorted(wanted)})
    print(f"{SHIPPED}: {len(wanted)} vectors, {len(missing)} of them new, {SHIPPED.stat().st_size / 1e6:.1f} MB.")


if __name__ == "__main__":
    main()
