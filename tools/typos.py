"""Slips of the fingers, as on a phone: the same for every measurement."""

from __future__ import annotations

import random

SEED = 20261123
SHORTEST = 3  # letters of a word that is mistyped

_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_PLACE = {letter: (row, at) for row, keys in enumerate(_KEYS) for at, letter in enumerate(keys)}
_BESIDE = {
    letter: [
        other
        for other, (other_row, other_at) in _PLACE.items()
        if other != letter and abs(other_row - row) <= 1 and abs(other_at - at) <= 1
    ]
    for letter, (row, at) in _PLACE.items()
}


def mistyped(texts: list[str], seed: int = SEED) -> list[str]:
    """Give the texts with one or two slips in each."""
    chance = random.Random(seed)  # noqa: S311 - typos, not secrets
    return [_with_slips(text, chance) for text in texts]


def _with_slips(text: str, chance: random.Random) -> str:
    for _ in range(chance.choice((1, 2))):
        words = text.split(" ")
        long = [place for place, word in enumerate(words) if sum(map(str.isalpha, word)) >= SHORTEST]
        if not long:
            return text
        place = chance.choice(long)
        words[place] = _slip(words[place], chance)
        text = " ".join(words)
    return text


def _slip(word: str, chance: random.Random) -> str:
    """Hit the key beside, leave a letter out, strike it twice, or swap two."""
    at = chance.choice([place for place, letter in enumerate(word) if letter.isalpha()])
    before, letter, after = word[:at], word[at], word[at + 1 :]
    slips = [
        before + chance.choice(_BESIDE.get(letter.lower(), [letter])) + after,
        before + after,
        before + letter * 2 + after,
    ]
    slips.append(before + after[0] + letter + after[1:] if after else word[:-2] + letter + word[-2:-1])
    return chance.choice(slips)
