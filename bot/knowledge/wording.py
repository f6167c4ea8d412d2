"""What messages are matched by: if that has not changed, nothing has to be fitted again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from bot.knowledge.base import KnowledgeBase


def wording_of(knowledge: KnowledgeBase) -> str:
    """Give a hash of all that a matcher is fitted to; dates, sources and red flags are not part of it."""
    digest = hashlib.sha256()
    for part in _parts(knowledge):
        digest.update(json.dumps(part).encode())
    return digest.hexdigest()[:24]


def _parts(knowledge: KnowledgeBase) -> Iterator[object]:
    yield sorted(knowledge.synonyms.same.items()), sorted(knowledge.synonyms.protected)
    yield sorted((kind, list(texts)) for kind, texts in knowledge.examples.items())
    for name, entry in sorted(knowledge.entries.items()):
        texts = (entry.short, entry.full, *entry.by_country.values())  # their words are known to the speller
        yield name, entry.by_person, entry.question, entry.phrasings, entry.keywords, texts
