"""Lengths as the Bot API counts them: in UTF-16 units (pure)."""

from __future__ import annotations

from itertools import accumulate


def length(text: str) -> int:
    """Count UTF-16 units; a character outside the basic plane, such as most emoji, counts twice."""
    return len(text) + sum(char > "\uffff" for char in text)


def offsets(text: str) -> list[int]:
    """Give where each character starts, and at the end where the text ends."""
    return list(accumulate((1 + (char > "\uffff") for char in text), initial=0))


def cut(text: str, offset: int, size: int) -> tuple[str, str, str]:
    """Give what is before, in and after a stretch that is counted in UTF-16 units."""
    data = text.encode("utf-16-le", "surrogatepass")
    parts = data[: offset * 2], data[offset * 2 : (offset + size) * 2], data[(offset + size) * 2 :]
    before, inside, after = (part.decode("utf-16-le", "surrogatepass") for part in parts)
    return before, inside, after


def shorten(text: str, limit: int) -> str:
    """Give a text of at most `limit` units; what is cut off is shown by an ellipsis."""
    if length(text) <= limit:
        return text
    kept, used = [], 1
    for char in text:
        used += 1 + (char > "\uffff")
        if used > limit:
            break
        kept.append(char)
    return "".join(kept).rstrip() + "…"
