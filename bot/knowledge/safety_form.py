"""Reads one `name: value` mapping of `safety.yaml`, and writes down in plain words what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from bot.knowledge.mistakes import in_words, without_echoes
from bot.knowledge.yaml_lines import line_of

Model = TypeVar("Model", bound=BaseModel)
Step = str | int

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


@dataclass(frozen=True, slots=True)
class Problems:
    """What is wrong with a file, one line each; with its text each of them names the line."""

    where: str
    text: str = ""
    found: list[str] = field(default_factory=list)

    def add(self, what: str, path: tuple[Step, ...] = ()) -> None:
        """Write down what is wrong, behind the place in the file."""
        line = f":{line_of(self.text, path)}" if self.text and path else ""
        self.found.append(f"{self.where}{line}: {what}")

    def near(self, words: str, what: str) -> None:
        """Write down what is wrong with the last line that holds some words."""
        numbers = [number for number, line in enumerate(self.text.splitlines(), 1) if words in line]
        self.found.append(f"{self.where}{f':{numbers[-1]}' if numbers else ''}: {what}")


class Form:
    """One mapping of the file: reads values, and writes down what is wrong with them in plain words."""

    def __init__(self, data: object, problems: Problems, path: tuple[Step, ...] = (), name: str = "") -> None:
        self._data = data if isinstance(data, dict) else {}
        self._path = path
        self._name = name
        self._read: set[str] = set()
        self.problems = problems
        if data is not None and not isinstance(data, dict):
            self.problem("it must be `name: value` pairs.")

    def problem(self, what: str, *steps: Step) -> None:
        """Write down what is wrong with the mapping, or with what stands under `steps` in it."""
        self.problems.add(self._within(what), (*self._path, *steps))

    def _within(self, what: str) -> str:
        return f"{self._name}: {what}" if self._name else what

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
        self.problem(f"`{key}` is {_what_is_there(value)}", key)
        return ""

    def texts(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        """Give a list of texts."""
        value = self._value(key)
        if value is None and not needed:
            return ()
        if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.problem(
            f"`{key}` must be a list of texts, none of them empty. Put numbers, yes, no and on in quotes.",
            *self._first_odd(key, value),
        )
        return ()

    def _first_odd(self, key: str, value: object) -> tuple[Step, ...]:
        """Give the steps to the first item that is no text."""
        items = value if isinstance(value, list) else []
        odd = [place for place, item in enumerate(items) if not isinstance(item, str)]
        return (key, *odd[:1])

    def phrases(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        """Give a list of phrases whose signs are all known."""
        found = self.texts(key, needed=needed)
        for place, phrase in enumerate(found):
            wrong = _what_is_wrong(slots(phrase))
            if wrong:
                self.problem(f"`{key}`: '{phrase}' {wrong}", key, place)
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
                self.problem(f"`{key}`: there is no '{name}'. Use one of: {', '.join(known)}.", key)
        return tuple(name for name in found if name in known)

    def choice(self, key: str, known: Mapping[str, Mapping[str, str]], other: Mapping[str, str]) -> Mapping[str, str]:
        """Give what a name stands for; `other` where the name is wrong."""
        name = self.text(key)
        if name and name not in known:
            self.problem(f"`{key}`: there is no '{name}'. Use one of: {', '.join(known)}.", key)
        return known.get(name, other)

    def switch(self, key: str) -> bool:
        """Give a value of true or false; a missing one is false."""
        value = self._value(key)
        if value not in (None, True, False):
            self.problem(f"`{key}` must be true or false.", key)
        return value is True

    def pairs(self) -> dict[str, str]:
        """Give every key with its text."""
        return {str(key): self.text(key) for key in self._data}

    def form(self, key: str) -> Form:
        """Give the mapping under a key."""
        return Form(self._value(key), self.problems, (*self._path, key), self._within(key))

    def model(self, key: str, kind: type[Model]) -> Model | None:
        """Give what stands under a key in a form of its own; None if it is not there or cannot be used."""
        value = self._value(key)
        return None if value is None else self._validated(value, kind, key)

    def models(self, key: str, kind: type[Model]) -> tuple[Model, ...]:
        """Give a list of such; what cannot be used is left out."""
        value = self._value(key)
        items = value if isinstance(value, list) else []
        if value is not None and not items:
            self.problem(f"`{key}` must be a list with at least one item. Start each item with `- `.", key)
        found = (self._validated(item, kind, key, place) for place, item in enumerate(items))
        return tuple(one for one in found if one is not None)

    def _validated(self, value: object, kind: type[Model], *steps: Step) -> Model | None:
        try:
            return kind.model_validate(value)
        except ValidationError as error:
            for detail in without_echoes(error.errors(), kind):
                path = [step for step in detail["loc"] if step != "[key]"]
                self.problem(f"{' '.join(map(_step, steps))}: {in_words(detail, kind)}", *steps, *path)
            return None

    def forms(self) -> Iterator[tuple[str, Form]]:
        """Give every key with the mapping under it."""
        for key in self._data:
            yield str(key), self.form(key)

    def items(self, key: str, plain_text_as: str = "") -> Iterator[Form]:
        """Give the mappings of a list; a plain text in it stands for a mapping of `plain_text_as` to that text."""
        value = self._value(key)
        if not isinstance(value, list) or not value:
            self.problem(f"`{key}` must be a list with at least one item. Start each item with `- `.", key)
            return
        for number, item in enumerate(value, 1):
            named = item.get("id") if isinstance(item, dict) else None
            name = f"{key} '{named}'" if named else f"{key} number {number}"
            as_form = {plain_text_as: [item]} if plain_text_as and isinstance(item, str) else item
            yield Form(as_form, self.problems, (*self._path, key, number - 1), self._within(name))

    def only_known_keys(self) -> None:
        """Complain of keys that nothing has read."""
        for key in set(self._data) - self._read:
            known = ", ".join(sorted(self._read))
            self.problem(f"unknown key `{key}`. Take it out. Known keys: {known}.", str(key))


def _what_is_there(value: object) -> str:
    """Say why something is no text."""
    says = "missing or not text"
    if value is None or value == "":
        return f"{says}: nothing stands there. Write it behind the colon."
    if isinstance(value, bool):
        return f"{says}: yes, no, on and off without quotes are no words here. Put it in quotes."
    if isinstance(value, dict):
        return f"{says}: it has a colon in it. Put the whole text in quotes."
    return f"{says}. Add it, in quotes if it has a colon or is a number."


def _step(step: Step) -> str:
    return f"number {step + 1}" if isinstance(step, int) else f"`{step}`"
