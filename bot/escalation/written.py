"""How what volunteers write is read (pure): which escalation a command names, what is a note, what is passed on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.domain.conversation import Awaiting
from bot.domain.escalation import number_in
from bot.domain.labels import plain
from bot.domain.messages import ButtonPressed, CommandGiven, MessageReceived, Words
from bot.escalation.notices import STARTS_NOTE
from bot.texts import Texts


def numbered(argument: str) -> tuple[int | None, str]:
    """Give the escalation that a command names first, if it does, and the rest of its words.

    A dash in front says that a number at the beginning of the words is one of them.
    """
    first, _, rest = argument.strip().partition(" ")
    number = number_in(first.removeprefix("#"))
    return (None, argument.strip().removeprefix("- ")) if number is None else (number, rest.strip())


def words_of(event: MessageReceived | ButtonPressed | CommandGiven, words: str) -> Words:
    """Give what is passed on, with the files that came along."""
    match event:
        case MessageReceived():
            return replace(event.words, text=words)
        case CommandGiven():
            return event.words(words)
        case ButtonPressed():
            return Words(words)


def is_note(event: MessageReceived) -> bool:
    """Tell whether a message is marked as one that stays among volunteers."""
    return event.text.lstrip().startswith(STARTS_NOTE)


def meaning(event: MessageReceived, awaiting: Awaiting | None, number: int) -> tuple[str, str]:
    """Give the action and the words of what was written in a thread."""
    text = event.text.strip()
    if is_note(event):
        return "note", text.removeprefix(STARTS_NOTE).strip()
    if awaiting and awaiting.subject == str(number):
        return str(awaiting.what), text
    return "reply", text


def desk_words(texts: Texts, actions: Iterable[str], commands: Mapping[str, str]) -> dict[str, str]:
    """Give the word of every button and command of the desk, as it is compared, with the action that it names.

    `commands` gives the action of each command. The buttons of proposals have their labels beside their texts.
    """
    of_proposals = {plain(texts(key)): key for key in texts.names() if key.startswith("curating.button_")}
    labels = {plain(texts(f"button.{action}")): action for action in actions if f"button.{action}" in texts}
    return of_proposals | labels | dict(commands)


def word_in(event: MessageReceived, words: Mapping[str, str]) -> str | None:
    """Give the action that a message names which is nothing but such a word; with a number behind it, none of here."""
    whole = plain(event.text)
    if event.attachments:
        return None
    if whole in words:
        return words[whole]
    named, _, number = whole.rpartition(" ")
    return "" if named in words and number.isdecimal() else None
