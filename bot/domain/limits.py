"""How much of an event is taken in, and which characters (pure): bounds that no platform's own limits exceed.

What is longer is cut, not refused: a question must not get lost because of its end.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.messages import Attachment, ButtonPressed, CommandGiven, Event, MessageReceived, Sender

TEXT = 100_000  # characters; Telegram sends up to 4,096, Discord up to 4,000, a terminal whatever is pasted
ARGUMENT = 10_000  # characters of a command's words
NAME = 200  # characters: of people, files, commands
ACTION, SUBJECT = (
    64,
    200,
)  # characters of what a button carries; Telegram allows 64 bytes in all, Discord 100 characters
FILES = 10  # of one message, as on both platforms
REFERENCE = 500  # characters by which a platform finds a file
_NOTHING = {0: None}  # what PostgreSQL refuses in a text


def clean(text: str, most: int) -> str:
    """Give a text that every database and every platform takes, no longer than `most` characters."""
    text = text[:most].translate(_NOTHING)
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")  # half characters become `?`


def bounded(event: Event) -> Event:
    """Give an event within the bounds."""
    event = replace(event, sender=_sender(event.sender))
    match event:
        case MessageReceived():
            return replace(event, text=clean(event.text, TEXT), attachments=_files(event))
        case ButtonPressed():
            return replace(event, action=clean(event.action, ACTION), subject=clean(event.subject, SUBJECT))
        case CommandGiven():
            name, argument = clean(event.name, NAME), clean(event.argument, ARGUMENT)
            return replace(event, name=name, argument=argument, attachments=_files(event))


def _sender(sender: Sender) -> Sender:
    return replace(sender, name=clean(sender.name, NAME))


def _files(event: MessageReceived | CommandGiven) -> tuple[Attachment, ...]:
    return tuple(_file(file) for file in event.attachments[:FILES])


def _file(file: Attachment) -> Attachment:
    return replace(file, name=clean(file.name, NAME), ref=clean(file.ref, REFERENCE))
