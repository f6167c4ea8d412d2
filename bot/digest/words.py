"""A digest in words: short lines that a screen reader reads well, and what its picture shows (pure)."""

from __future__ import annotations

from collections.abc import Mapping

from bot.digest.numbers import Digest
from bot.domain.messages import Block, Style
from bot.escalation.notices import in_words
from bot.texts import Texts


def blocks(texts: Texts, digest: Digest) -> tuple[Block, ...]:
    """Give the digest as a message."""
    lines = [texts("digest.opened", opened=digest.opened, answered=digest.answered)]
    if digest.median is not None and digest.slowest_tenth is not None:
        shown = {"median": in_words(digest.median), "slowest": in_words(digest.slowest_tenth)}
        lines.append(texts("digest.waits", **shown))
    lines.append(texts("digest.rated", helped=digest.helped, not_helped=digest.not_helped))
    lines.append(texts("digest.reviews", count=digest.reviews_due))
    found = [Block(texts("digest.title", days=digest.days, until=f"{digest.until:%d %B %Y}"), Style.TITLE)]
    found.append(Block("\n".join(lines)))
    for key, counts in _groups(digest):
        if any(counts.values()):
            found.append(Block(texts(f"digest.{key}", list=_listed(counts))))
    return (*found, Block(texts("digest.small"), Style.SMALL))


def alt(texts: Texts, digest: Digest) -> str:
    """Give what the picture shows, for those who cannot see it."""
    groups = [(key, counts) for key, counts in _groups(digest)[:3] if any(counts.values())]
    shown = [texts(f"digest.{key}", list=_listed(counts)) for key, counts in groups]
    return " ".join([texts("digest.picture", opened=digest.opened, answered=digest.answered), *shown])


def drawn(texts: Texts, digest: Digest) -> dict[str, object]:
    """Give what `draw.py` draws: a title, and groups of bars."""
    groups = [(texts(f"digest.bars_{key}"), counts) for key, counts in _groups(digest)[:3] if any(counts.values())]
    return {
        "title": texts("digest.title", days=digest.days, until=f"{digest.until:%d %B %Y}"),
        "groups": [{"title": title, "bars": list(counts.items())} for title, counts in groups],
    }


def _groups(digest: Digest) -> list[tuple[str, Mapping[str, int]]]:
    return [("ages", digest.ages), ("topics", digest.topics), ("countries", digest.countries), ("gaps", digest.gaps)]


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) + "."
