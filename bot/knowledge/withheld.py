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
from bot.knowledge.checks.promises import banned
from bot.knowledge.checks.safety_words import TOPICS
from bot.knowledge.checks.texts import names_of, texts_of
from bot.knowledge.eligibility import Eligibility
from bot.knowledge.entry import Entry, Topic
from bot.knowledge.reviews import SAFETY, STAGES, TABLE
from bot.texts import texts_in

CHECKED = "knowledge-checked"  # the file in the cache that names what was in order


def withheld(base: KnowledgeBase, known: KnowledgeBase | None = None) -> tuple[KnowledgeBase, tuple[str, ...]]:
    """Give what may be shown of a base, and what was found, with file and line.

    What another base holds as well is not asked again.
    """
    return _left(base, forbidden(base, known))


def looked_through(shown: KnowledgeBase) -> KnowledgeBase:
    """Give what of a base that is shown needs no second look: not the safety texts, shown whatever was found there.

    Everything else that is withheld differs from what the files say, and so is looked at again.
    """
    return replace(shown, safety=replace(shown.safety, flags=()))


def withheld_at_start(base: KnowledgeBase, cache: Path) -> tuple[KnowledgeBase, tuple[str, ...]]:
    """Give the same, with a look only at what no start before found in order by the same rules.

    Looking takes a tenth of a second for our own knowledge, and some five for 10,000 entries.
    """
    names, seen = _names(base), _seen(cache / CHECKED)
    entries = {name: entry for name, entry in base.entries.items() if names[name] in seen}
    known = replace(
        base,
        entries=entries,
        safety=base.safety if names[SAFETY] in seen else replace(base.safety, flags=()),
        stages=base.stages if names[STAGES] in seen else (),
        topics=base.topics if names[TOPICS] in seen else (),
        eligibility=base.eligibility if names[TABLE] in seen else Eligibility(),
    )
    found = forbidden(base, known)
    wrong = {one.remark.entry or one.remark.file for one in found}
    in_order = {digest for name, digest in names.items() if name not in wrong}
    if in_order != seen:
        _keep(cache / CHECKED, in_order)
    return _left(base, found)


def _left(base: KnowledgeBase, found: Sequence[Placed]) -> tuple[KnowledgeBase, tuple[str, ...]]:
    return (_without(base, found), tuple(map(str, found))) if found else (base, ())


def _names(base: KnowledgeBase) -> dict[str, str]:
    """Name, by a hash of it and of the rules, the words of each entry and of each file beside them."""
    rules = b"".join(path.read_bytes() for path in sorted(Path(checks.__file__).parent.glob("*.py")))
    begun = hashlib.sha256(rules)
    words: dict[str, object] = {name: [*texts_of(entry), *names_of(entry)] for name, entry in base.entries.items()}
    words |= {SAFETY: base.safety.flags, STAGES: base.stages, TOPICS: base.topics, TABLE: base.eligibility}
    names = {}
    for name, said in words.items():
        digest = begun.copy()
        digest.update(repr(said).encode())
        names[name] = digest.hexdigest()[:32]
    return names


def _seen(file: Path) -> set[str]:
    try:
        return set(file.read_text(encoding="utf-8").split())
    except (OSError, ValueError):
        return set()


def _keep(file: Path, names: set[str]) -> None:
    with contextlib.suppress(OSError):  # a read-only folder: the next start looks again
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(sorted(names)), encoding="utf-8")


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
        topics=tuple(map(_called, base.topics)) if TOPICS in files else base.topics,
        stages=() if STAGES in files else base.stages,
        pictures={} if STAGES in files else base.pictures,
    )


def _called(topic: Topic) -> Topic:
    """Give a topic that goes by its id where its title may not be shown: its answers are still found in the list."""
    return replace(topic, title=topic.id.replace("-", " ").capitalize()) if any(banned(topic.title)) else topic


def _for_a_person(entry: Entry, fields: set[str]) -> Entry:
    """Give an entry that is still found, and hands over without a word of its answer."""
    texts = texts_in()
    question = texts("knowledge.for_a_person") if "question" in fields else entry.question
    short = texts("knowledge.being_mended")
    sources = () if "sources" in fields else entry.sources
    return replace(entry, question=question, short=short, full="", by_country={}, sources=sources, by_person=True)
