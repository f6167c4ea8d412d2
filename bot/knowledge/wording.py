"""What messages are matched by: if that has not changed, nothing has to be fitted again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator

from bot.knowledge.base import KnowledgeBase

# Bytes hashed at a time. For more, hashlib lets go of the interpreter's lock and takes it again at once, thousands of
# times in a row, which kept a message being decided in another thread from it for 0.2 s among 10,000 entries.
PIECE = 2047


def wording_of(knowledge: KnowledgeBase) -> str:
    """Give a hash of all that a matcher is fitted to; dates, sources and red flags are not part of it."""
    return "-".join(parts_of_wording(knowledge))


def parts_of_wording(knowledge: KnowledgeBase) -> tuple[str, str, str]:
    """Give it in three parts.

    What the classifier of alarms and chatter learns from, which no entry is part of; what each entry is asked by; and
    the answers, whose words only the speller has to know.
    """
    return _hash(_heard(knowledge)), _hash(_asked(knowledge)), _hash(_answered(knowledge))


def _hash(parts: Iterable[object]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        text = json.dumps(part).encode()
        for start in range(0, len(text), PIECE):
            digest.update(text[start : start + PIECE])
    return digest.hexdigest()[:24]


def _heard(knowledge: KnowledgeBase) -> Iterator[object]:
    yield sorted(knowledge.synonyms.same.items()), sorted(knowledge.synonyms.protected)
    yield sorted((kind, list(texts)) for kind, texts in knowledge.examples.items())


def _asked(knowledge: KnowledgeBase) -> Iterator[object]:
    for name, entry in sorted(knowledge.entries.items()):
        yield name, entry.by_person, *entry.asked_by, entry.keywords


def _answered(knowledge: KnowledgeBase) -> Iterator[object]:
    for name, entry in sorted(knowledge.entries.items()):
        yield name, entry.short, entry.full, *entry.by_country.values()
