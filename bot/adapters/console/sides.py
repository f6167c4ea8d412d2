"""Who is at the keyboard, and what a typed line means (pure): a group chat and a desk in one terminal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.messages import Address, Addressed, CommandGiven, Event, MessageReceived, Place, Sender
from bot.domain.people import PersonId, Role

PLATFORM = "console"
GROUP = "group"
DESK = "desk"
NAMES = {Role.ASKER: "you", Role.VOLUNTEER: "kim", Role.LEAD: "lou"}  # until another name is given
ROLES = {"member": Role.ASKER, "asker": Role.ASKER, "volunteer": Role.VOLUNTEER, "lead": Role.LEAD}
LONGEST_LINE = 200_000  # characters; more is cut off before it costs memory
HELP = """This terminal is a group chat and the volunteers' desk in one.
/as volunteer   switch to the desk (or: /as volunteer ben, /as lead)
/as member      switch back to the group (or: /as anna)
> words         reply to the last message about your question
/private        write to the bot in private; /group goes back
#3              at the desk: write in the thread of escalation 3 from now on
/quit           leave; nothing is lost
Buttons are shown in brackets: type their words, or the number of a choice."""


@dataclass(frozen=True, slots=True)
class Side:
    """Who is at the keyboard; `thread` is the escalation written to at the desk."""

    role: Role = Role.ASKER
    name: str = NAMES[Role.ASKER]
    private: bool = False
    thread: str | None = None

    @property
    def address(self) -> Address:
        """Give where typed lines appear."""
        if self.role.works_the_desk:
            return Address(PLATFORM, DESK, self.thread)
        person = PersonId(PLATFORM, self.name)
        return Address.private_with(person) if self.private else Address(PLATFORM, GROUP)

    @property
    def place(self) -> Place:
        """Give the kind of room."""
        if self.role.works_the_desk:
            return Place.DESK
        return Place.PRIVATE if self.private else Place.GROUP

    @property
    def prompt(self) -> str:
        """Give what stands before the cursor."""
        thread = f" #{self.thread}" if self.thread and self.role.works_the_desk else ""
        room = "desk" if self.role.works_the_desk else "private" if self.private else "group"
        return f"{room}{thread}, {self.name}> "

    def switched(self, words: str) -> Side:
        """Give the side that `/as WORDS` means: a role, a name, or both."""
        first, _, rest = words.strip().partition(" ")
        role = ROLES.get(first.lower())
        if role is None:
            return Side(Role.ASKER, words.strip()[:40] or NAMES[Role.ASKER])
        return replace(self, role=role, name=rest.strip()[:40] or NAMES[role], private=False)


@dataclass(frozen=True, slots=True)
class Quit:
    """The user wants to leave."""


@dataclass(frozen=True, slots=True)
class Show:
    """Something to show on this terminal only."""

    text: str


@dataclass(frozen=True, slots=True)
class Switch:
    """Another side from now on."""

    side: Side


Meaning = Quit | Show | Switch | Event | None


def to_event(line: str, side: Side, event_id: str, at: datetime, answers: str | None = None) -> Meaning:
    """Give what a typed line means; `answers` is the message that a line starting with `>` replies to."""
    text = line[:LONGEST_LINE].strip()
    if not text:
        return None
    name, _, argument = text[1:].partition(" ") if text.startswith("/") and not text.startswith("//") else ("", "", "")
    if name in ("quit", "exit", "q"):
        return Quit()
    if name == "as":
        return Switch(side.switched(argument))
    if name in ("private", "group") and not side.role.works_the_desk:
        return Switch(replace(side, private=name == "private"))
    if name in ("?", "console"):
        return Show(HELP)
    sender = Sender(PersonId(PLATFORM, side.name), side.name, side.role)
    if name:
        return CommandGiven(
            event_id=event_id, at=at, sender=sender, address=side.address, place=side.place,
            name=name.lower(), argument=argument.strip(),
        )  # fmt: skip
    return _message(text, side, sender, event_id, at, answers)


def _message(text: str, side: Side, sender: Sender, event_id: str, at: datetime, answers: str | None) -> Meaning:
    reply_to = None
    if text.startswith(">") and not side.role.works_the_desk:
        text, reply_to = text[1:], answers
        if answers is None:
            return Show("Nothing about a question of yours was shown on this screen yet. /mine lists what is open.")
    if side.role.works_the_desk and text.startswith("#"):
        number, _, text = text[1:].partition(" ")
        if not number.isdecimal():
            return Show("Write #3 to work on escalation 3.")
        side = replace(side, thread=number)
        if not text.strip():
            return Switch(side)
    return MessageReceived(
        event_id=event_id, at=at, sender=sender, address=side.address, place=side.place,
        text=text.strip(), message_id=event_id, addressed=Addressed.DIRECT, reply_to=reply_to,
    )  # fmt: skip
