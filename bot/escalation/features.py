"""What a part of the desk offers beside an escalation's own life: duty, moderation, digests, curating.

Such a part is a class in a module of its own that gives a `DeskFeature`; `app.py` hands all of them to the desk room
and to the timers. Nothing here decides: it finds the handler for what a volunteer gave, pressed or wrote.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.conversation import Waiting
from bot.domain.messages import (
    Address,
    Block,
    Button,
    ButtonPressed,
    CommandGiven,
    Event,
    Handled,
    MessageReceived,
    OutgoingMessage,
    Place,
)
from bot.domain.people import Person, Role
from bot.storage.store import Transaction

Command = Callable[[Transaction, CommandGiven, Person, datetime], Awaitable[Handled]]
Press = Callable[[Transaction, ButtonPressed | MessageReceived, str, Person, datetime], Awaitable[Handled]]
Write = Callable[[Transaction, MessageReceived, str, Person, datetime], Awaitable[Handled]]
Due = Callable[[Transaction, datetime], Awaitable[Sequence[OutgoingMessage]]]


@dataclass(frozen=True, slots=True)
class DeskFeature:
    """Handlers by what calls for them; a press and a write are handed the subject of the button or of the waiting.

    `due` gives what is to be said at a time, and is called again and again; `for_leads` names the commands and
    actions that only leads may use.
    """

    name: str
    commands: Mapping[str, Command] = field(default_factory=dict)
    presses: Mapping[str, Press] = field(default_factory=dict)
    writes: Mapping[Waiting, Write] = field(default_factory=dict)
    for_leads: frozenset[str] = frozenset()
    due: Due | None = None


class Features:
    """Every feature of the desk, found by command, action, or what was waited for."""

    def __init__(self, features: Sequence[DeskFeature] = ()) -> None:
        self.all = tuple(features)
        self.commands = {name: command for one in features for name, command in one.commands.items()}
        self.presses = {action: press for one in features for action, press in one.presses.items()}
        self.writes = {waiting: write for one in features for waiting, write in one.writes.items()}
        self._for_leads = frozenset(name for one in features for name in one.for_leads)

    def allows(self, name: str, role: Role) -> bool:
        """Tell whether somebody at the desk may use a command or an action."""
        return role is Role.LEAD or name not in self._for_leads


def for_them_only(event: Event, person: Person, *blocks: Block, buttons: tuple[Button, ...] = ()) -> OutgoingMessage:
    """Give what only this volunteer may read: to their private chat, wherever it was asked for."""
    here = event.message_id if event.place is Place.PRIVATE else None
    return OutgoingMessage(Address.private_with(person.id), blocks, buttons, reply_to=here, person=person.number)


def where_answered(event: Event) -> Address:
    """Give where a volunteer is answered: where they are, unless members read there; then in private."""
    return Address.private_with(event.sender.id) if event.place is Place.GROUP else event.address


def answer(
    event: Event, *blocks: Block, buttons: tuple[Button, ...] = (), person: int | None = None
) -> OutgoingMessage:
    """Give an answer to a volunteer.

    With `person` its buttons can be typed by that volunteer; at a desk only what stands in a thread can.
    """
    if event.place is Place.GROUP:
        return OutgoingMessage(where_answered(event), blocks, buttons, person=person)
    own = person if event.place is Place.PRIVATE else None
    return OutgoingMessage(event.address, blocks, buttons, reply_to=event.message_id, person=own)
