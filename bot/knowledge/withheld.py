"""Words that nobody may be told are not shown, wherever they come from; a person gets the question instead.

A live reload refuses such words and goes on with the last good set. A start has none, and what was published from chat
was in order by the rules of its day: there the answer is taken out, and the rest is used.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.knowledge import checks
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks import Placed, forbidden
from bot.knowledge.eligibility import Eligibility
from bot.knowledge.entry import Entry
from bot.knowledge.reviews import STAGES, TABLE
from bot.texts import texts_in

CHECKED = "knowledge-checked"  # the file in the cache that names what was in order


def withheld(base: KnowledgeBase, known: KnowledgeBase | None = None) -> tuple[KnowledgeBase, tuple[str, ...]]:
    """Give what may be shown of a base, and what was found, with file and line.

    What another base holds as well is not asked again.
    """
    found = forbidden(base, known)
    return (_without(base, found), tuple(map(str, found))) if found else (base, ())


def withheld_at_start(base: KnowledgeBase, cache: Path) -> tuple[KnowledgeBase, tuple[str, ...]]:
    """Give the same, without a look at what an earlier start found in order: looking takes a fifth of a second."""
    file, name = cache / CHECKED, _name(base)
    with contextlib.suppress(OSError):
        if file.read_text(encoding="utf-8") == name:
            return base, ()
    shown, found = withheld(base)
    if not found:
        with contextlib.suppress(OSError):  # a read-only folder: the next start looks again
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(name, encoding="utf-8")
    return shown, found


def _name(base: KnowledgeBase) -> str:
    """Name what the outcome depends on: every file, what was published over them, and the rules."""
    rules = hashlib.sha256(base.version.encode())
    for path in sorted(Path(checks.__file__).parent.glob("*.py")):
        rules.update(path.read_bytes())
    return rules.hexdigest()


def _without(base: KnowledgeBase, found: Sequence[Placed]) -> KnowledgeBase:
    """Leave out what was found, except in the safety texts: who is in danger needs the number in them."""
    fields: dict[str, set[str]] = {}
    for one in found:
        fields.setdefault(one.remark.entry, set()).add(one.remark.field)
    files = {one.remark.file for one in found}
    mute = {name: _for_a_person(base.entries[name], where) for name, where in fields.items() if name}
    return replace(
        base,
        entries={**base.entries, **mute},
        withheld=frozenset(mute),
        eligibility=Eligibility() if TABLE in files else base.eligibility,
        stages=() if STAGES in files else base.stages,
        pictures={} if STAGES in files else base.pictures,
    )


def _for_a_person(entry: Entry, fields: set[str]) -> Entry:
    """Give an entry that is still found, and hands over without a word of its answer."""
    texts = texts_in()
    question = texts("knowledge.for_a_person") if "question" in fields else entry.question
    short = texts("knowledge.being_mended")
    return replace(entry, question=question, short=short, full="", by_country={}, by_person=True)
