"""Which letters fingers hit for others on a keyboard."""

from __future__ import annotations

from itertools import takewhile

LONG = 8  # letters of a word from which any slip is believed
SHORT = 5  # letters up to which one vowel is not taken for another: "weak" is not "week"

KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS = frozenset("aeiouy")
_NOWHERE = (-9, -9)
_PLACE = {letter: (row, at) for row, keys in enumerate(KEYS) for at, letter in enumerate(keys)}


def is_likely(written: str, meant: str) -> bool:
    """Tell whether fingers make the one of the other, which is one slip away: "coast" is no slip for "cost".

    Slips are two letters swapped, one left out (not the first), one struck twice or with the key beside, the key beside
    instead, and in words that are not short a vowel for another.
    """
    if len(written) >= LONG:
        return True
    at = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(written, meant, strict=False)))
    if len(written) < len(meant):
        return at > 0
    if len(written) > len(meant):
        return at > 0 and written[at] in (written[at - 1], written[at + 1 : at + 2])
    if written[at + 1 :] != meant[at + 1 :]:
        return True  # these two letters were swapped
    vowels = len(written) > SHORT and {written[at], meant[at]} <= _VOWELS
    return at > 0 and (vowels or are_beside(written[at], meant[at]))


def are_beside(one: str, other: str) -> bool:
    """Tell whether two letters are on one key or on keys that touch."""
    (row, at), (other_row, other_at) = _PLACE.get(one, _NOWHERE), _PLACE.get(other, _NOWHERE)
    return abs(row - other_row) <= 1 and abs(at - other_at) <= 1
