"""Typed words that mean a button: every button also works as text (pure)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.labels import plain
from bot.domain.messages import Button

CHOICES = frozenset({"choose", "show", "topic", "stage", "none"})  # buttons that numbers count
ALL_STAGES = "stages"  # stands below "Stage 7 of 9": numbers are those of stages there
NUMBERS = {
    "first": 1, "one": 1, "second": 2, "two": 2, "third": 3, "three": 3, "fourth": 4, "four": 4, "fifth": 5, "five": 5,
    "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5,
}  # fmt: skip
SAME: dict[str, tuple[str, ...]] = {
    "no": ("none", "not_helped", "forget_no"), "yes": ("more", "helped"), "nope": ("none", "not_helped", "forget_no"),
    "none": ("none",), "none of these": ("none",), "neither": ("none",), "none of them": ("none",),
    "a person": ("person", "none"), "person": ("person", "none"), "human": ("person", "none"),
    "a human": ("person", "none"), "volunteer": ("person", "none"), "a volunteer": ("person", "none"),
    "ask a volunteer": ("person", "none"), "a real person": ("person", "none"),
    "tell me more": ("more",), "more please": ("more",),
    "wrong": ("not_meant",), "thats not what i meant": ("not_meant",), "not that": ("not_meant",),
    "no not that": ("not_meant",), "it helped": ("helped",), "it did not help": ("not_helped",),
    "handback": ("hand_back",), "previous": ("back",), "send": ("send_entry",),
    "share": ("share",), "share it": ("share",), "share with the channel": ("share",),
}  # fmt: skip
YES = frozenset({"yes", "yes please", "yes it is", "yeah", "yep"})  # where one question is offered
FOR_A_PERSON = frozenset(words for words, does in SAME.items() if "person" in does)  # also with no button in sight
_FILLER = {"the", "number", "no", "option", "please", "pls", "one", "answer"}


def pressed(text: str, buttons: Sequence[Button], *, loosely: bool = True) -> Button | None:
    """Give the button that typed words mean, if they mean one of those shown; `loosely` takes "yes" and "no" too."""
    words = plain(text)
    if not words or not buttons:
        return None
    for button in buttons:
        if plain(button.label) == words:
            return button
    number = _number(words)
    if number is not None and any(button.action == ALL_STAGES for button in buttons):
        return Button(text, "stage", str(number))
    choices = [button for button in buttons if button.action in CHOICES]
    if number is not None and choices:
        return choices[number - 1] if number <= len(choices) else None
    offered = [button for button in choices if button.action == "choose"]
    if loosely and words in YES and len(offered) == 1:
        return offered[0]
    meant = SAME.get(words, ()) if loosely else ()
    return next((button for button in buttons if button.action in meant), None)


def beyond(text: str, buttons: Sequence[Button]) -> int:
    """Give how many numbered choices there are, if a number was typed that none of them has; otherwise 0."""
    choices = [button for button in buttons if button.action in CHOICES]
    number = _number(plain(text))
    return len(choices) if number is not None and number > len(choices) else 0


def labelled(text: str, buttons: Sequence[Button]) -> Button | None:
    """Give the button whose label was typed: for messages that stand further up."""
    words = plain(text)
    return next((button for button in buttons if plain(button.label) == words), None)


def is_number(text: str) -> bool:
    """Tell whether words name a choice by its number."""
    return _number(plain(text)) is not None


def is_short(text: str) -> bool:
    """Tell whether words mean something only as an answer to what stands above them: "yes", "none", "the second"."""
    words = plain(text)
    return words in SAME or words in YES or _number(words) is not None


def _number(words: str) -> int | None:
    parts = words.split()
    if len(parts) == 1:
        return _value(parts[0])
    kept = [part for part in parts if part not in _FILLER]
    return _value(kept[0]) if len(kept) == 1 else None


def _value(word: str) -> int | None:
    if word.isdecimal() and 0 < int(word[:4]) < 100:
        return int(word)
    return NUMBERS.get(word)
