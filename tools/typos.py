"""Slips of the fingers, as on a phone: the same for every measurement."""

from __future__ import annotations

import random

from bot.matching.slips import KEYS, are_beside

SEED = 20261123
SHORTEST = 3  # letters of a word that is mistyped

_LETTERS = "".join(KEYS)
_BESIDE = {one: [other for other in _LETTERS if other != one and are_beside(one, other)] for one in _LETTERS}


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
