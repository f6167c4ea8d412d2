"""Reads one `name: value` mapping of `safety.yaml`, and writes down in plain words what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_WORD = r"(?:(?:[^\W_]|')+\*?|<[a-z ]+>)"
_SLOT = re.compile(rf"\^|\.\.\.|{_WORD}(?:/{_WORD})*\??", re.IGNORECASE)
_SPACE = re.compile(r"\s+(?![a-z ]*>)", re.IGNORECASE)  # a list's name in angle brackets may have spaces
_WAYS = "Use words, a/b, word*, word?, ..., <list>, or ^ in front."


def slots(phrase: str) -> list[str]:
    """Give the parts of a phrase: words, `<lists>` (whose names may have spaces) and gaps."""
    return _SPACE.split(phrase.strip())


def _what_is_wrong(parts: list[str]) -> str:
    unknown = [part for part in parts if not _SLOT.fullmatch(part)] or [part for part in parts[1:] if part == "^"]
    if unknown:
        return f"cannot be read at '{unknown[0]}'. {_WAYS}"
    if "..." in (parts[0], parts[-1]) or parts[-1] == "^" or all(part.endswith("?") for part in parts):
        return "matches almost anything. Start and end it with a word."
    return ""


class Form:
    """One mapping of the file: reads values, and writes down what is wrong with them in plain words."""

    def __init__(self, data: object, where: str, problems: list[str]) -> None:
        self._data = data if isinstance(data, dict) else {}
        self._where = where
        self._read: set[str] = set()
        self.problems = problems
        if data is not None and not isinstance(data, dict):
            self.problem("it must be `name: value` pairs.")

    def problem(self, what: str) -> None:
        """Write down what is wrong, behind the place in the file."""
        self.problems.append(f"{self._where}: {what}")

    def has(self, key: str) -> bool:
        """Tell whether the key is there at all."""
        return key in self._data

    def _value(self, key: str) -> object:
        self._read.add(key)
        return self._data.get(key)

    def text(self, key: str) -> str:
        """Give a text that must be there."""
        value = self._value(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.problem(f"`{key}` is missing or not text. Add it, in quotes if it has a colon or is a number.")
        return ""

    def texts(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        """Give a list of texts."""
        value = self._value(key)
        if value is None and not needed:
            return ()
        if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.problem(f"`{key}` must be a list of texts, none of them empty. Put numbers, yes, no and on in quotes.")
        return ()

    def phrases(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        """Give a list of phrases whose signs are all known."""
        found = self.texts(key, needed=needed)
        for phrase in found:
            wrong = _what_is_wrong(slots(phrase))
            if wrong:
                self.problem(f"`{key}`: '{phrase}' {wrong}")
        return found

    def phrase_lists(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Give every key with its list of phrases."""
        for key in self._data:
            yield key, self.phrases(key, needed=True)

    def names(self, key: str, known: Mapping[str, object]) -> tuple[str, ...]:
        """Give a list of names, each of which must be known."""
        found = self.texts(key) if self._data.get(key) else ()
        self._read.add(key)
        for name in found:
            if name not in known:
                self.problem(f"`{key}`: there is no '{name}'. Use one of: {', '.join(known)}.")
        return tuple(name for name in found if name in known)

    def choice(self, key: str, known: Mapping[str, Mapping[str, str]], other: Mapping[str, str]) -> Mapping[str, str]:
        """Give what a name stands for; `other` where the name is wrong."""
        name = self.text(key)
        if name and name not in known:
            self.problem(f"`{key}`: there is no '{name}'. Use one of: {', '.join(known)}.")
        return known.get(name, other)

    def switch(self, key: str) -> bool:
        """Give a value of true or false; a missing one is false."""
        value = self._value(key)
        if value not in (None, True, False):
            self.problem(f"`{key}` must be true or false.")
        return value is True

    def pairs(self) -> dict[str, str]:
        """Give every key with its text."""
        return {str(key): self.text(key) for key in self._data}

    def form(self, key: str) -> Form:
        """Give the mapping under a key."""
        return Form(self._value(key), f"{self._where}: {key}", self.problems)

    def forms(self) -> Iterator[tuple[str, Form]]:
        """Give every key with the mapping under it."""
        for key in self._data:
            yield str(key), self.form(key)

    def items(self, key: str, plain_text_as: str = "") -> Iterator[Form]:
        """Give the mappings of a list; a plain text in it stands for a mapping of `plain_text_as` to that text."""
        value = self._value(key)
        if not isinstance(value, list) or not value:
            self.problem(f"`{key}` must be a list with at least one item. Start each item with `- `.")
            return
        for number, item in enumerate(value, 1):
            named = item.get("id") if isinstance(item, dict) else None
            where = f"{self._where}: {key} '{named}'" if named else f"{self._where}: {key} number {number}"
            as_form = {plain_text_as: [item]} if plain_text_as and isinstance(item, str) else item
            yield Form(as_form, where, self.problems)

    def only_known_keys(self) -> None:
        """Complain of keys that nothing has read."""
        for key in set(self._data) - self._read:
            self.problem(f"unknown key `{key}`. Take it out. Known keys: {', '.join(sorted(self._read))}.")
