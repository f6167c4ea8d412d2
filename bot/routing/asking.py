"""What every handler needs of an event: who asks what where, and how to answer right there."""

from __future__ import annotations

from bot.conversation.asked import Asked
from bot.domain.messages import Addressed, Block, ButtonPressed, Event, MessageReceived, OutgoingMessage, Place
from bot.domain.people import Person, language_of


def asked_by(event: Event, person: Person) -> Asked:
    """Give an event as a question (its words may be empty)."""
    text = event.text if isinstance(event, MessageReceived) else getattr(event, "argument", "")
    addressed = event.addressed if isinstance(event, MessageReceived) else Addressed.DIRECT
    private = event.place is Place.PRIVATE
    works_the_desk = event.sender.role.works_the_desk
    was_pressed = isinstance(event, ButtonPressed)
    place = (event.address, private, event.message_id)
    files = () if isinstance(event, ButtonPressed) else event.attachments
    language = language_of(event.sender.language)
    return Asked(person, text, *place, addressed, works_the_desk, event.room, was_pressed, files, language)


def here(event: Event, text: str) -> OutgoingMessage:
    """Give a short answer where the event happened."""
    return OutgoingMessage(event.address, (Block(text),), reply_to=event.message_id)
