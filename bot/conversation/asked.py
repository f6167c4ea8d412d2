"""A message of an asker, as every handler sees it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.messages import Address, Addressed, Attachment, Block, Button, OutgoingMessage
from bot.domain.people import Person


@dataclass(frozen=True, slots=True)
class Asked:
    """A message of an asker, and where it was said."""

    person: Person
    text: str
    address: Address
    private: bool
    message_id: str | None
    addressed: Addressed = Addressed.DIRECT
    works_the_desk: bool = False
    room: Address | None = None  # the group, where only the bot and the asker see this
    pressed: bool = False  # `message_id` is the message with the button
    attachments: tuple[Attachment, ...] = ()
    language: str | None = None  # of the app it was written with, if the platform tells

    @property
    def wordless(self) -> bool:
        """Tell whether it holds files only."""
        return bool(self.attachments) and not self.text.strip()

    def reply(self, *blocks: Block, buttons: tuple[Button, ...] = ()) -> OutgoingMessage:
        """Give a message to the asker, in the same place, as a reply."""
        person, room = self.person.number, self.room
        return OutgoingMessage(self.address, blocks, buttons, reply_to=self.message_id, person=person, room=room)

    def answer(self, *blocks: Block, buttons: tuple[Button, ...] = (), shareable: bool = True) -> OutgoingMessage:
        """Give a checked text: in a group for the asker alone where the platform can do that, to be shared by them."""
        return replace(self.reply(*blocks, buttons=buttons), discreet=True, shareable=shareable)
