"""A small world for stories: two platforms that record, people who act, a clock that is moved by hand."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import select

from bot.adapters.base import Accept
from bot.app import application
from bot.config import CuratingSettings, HealthSettings, Settings, TelegramSettings
from bot.domain.messages import (
    Address,
    Addressed,
    Attachment,
    Button,
    ButtonPressed,
    CommandGiven,
    Delivery,
    Event,
    MessageReceived,
    OutgoingMessage,
    Place,
    Receipt,
    Sender,
)
from bot.domain.people import PersonId, Role
from bot.errors import DeliveryError
from bot.running import App
from bot.storage.tables import people
from bot.triage.triage import Triage
from tests.clock import Clock

ROOT = Path(__file__).parent.parent
GROUP = "group"
DESPAIR = "The pain is unbearable, I would do anything to make it stop"  # distress by the product rules
DESK = "desk"
MEMORY = "sqlite+aiosqlite:///:memory:"


@dataclass
class RecordingAdapter:
    """A platform at our own port: keeps what it is sent, gives receipts, breaks when told to."""

    platform: str
    sent: list[Delivery] = field(default_factory=list)
    ids: dict[int, str] = field(default_factory=dict)
    failure: DeliveryError | None = None
    roles: dict[str, Role] = field(default_factory=dict)  # by account, as they were last seen or changed

    async def role_of(self, user: str) -> Role | None:
        return self.roles.get(user)

    def chats(self) -> Sequence[str] | None:
        return None

    async def run(self, accept: Accept) -> None:
        raise NotImplementedError("stories hand events in themselves")

    async def close(self) -> None:
        return

    async def fetch(self, attachment: Attachment) -> bytes:
        return attachment.ref.encode()

    async def send(self, delivery: Delivery) -> Receipt:
        if self.failure:
            raise self.failure
        self.sent.append(delivery)
        message_id = f"{self.platform}-{len(self.sent)}"
        self.ids[delivery.number] = message_id
        thread = f"thread-{delivery.message.escalation_id}" if delivery.message.on_desk else None
        return Receipt(message_id, thread)

    def goes_down(self, reason: str = "connection lost", *, permanent: bool = False) -> None:
        self.failure = DeliveryError(reason, permanent=permanent)

    def comes_back(self) -> None:
        self.failure = None


class World:
    """The application with recording platforms."""

    def __init__(
        self, app: App, clock: Clock, telegram: RecordingAdapter, discord: RecordingAdapter, first: int = 1
    ) -> None:
        self.app = app
        self.clock = clock
        self.telegram = telegram
        self.discord = discord
        self.people: dict[PersonId, int] = {}
        self._numbers = itertools.count(first)
        app.adapters.extend([telegram, discord])

    def asker(self, name: str, platform: str = "telegram") -> Person:
        return Person(self, name, platform, Role.ASKER)

    def volunteer(self, name: str, platform: str = "discord") -> Person:
        return Person(self, name, platform, Role.VOLUNTEER)

    def lead(self, name: str, platform: str = "discord") -> Person:
        return Person(self, name, platform, Role.LEAD)

    def adapter(self, platform: str) -> RecordingAdapter:
        return self.telegram if platform == "telegram" else self.discord

    def next_id(self) -> str:
        return f"event-{next(self._numbers)}"

    async def happens(self, event: Event) -> None:
        self.adapter(event.address.platform).roles[event.sender.id.user] = event.sender.role
        await self.app.intake.accept(event)
        await self.learn_people()
        await self.app.outbox.settle()

    async def time_passes(self, **how_long: float) -> None:
        """Let time pass (`hours=4`), and what is due with it be said."""
        self.clock.pass_(**how_long)
        await self.app.timers.look()
        await self.app.outbox.settle()

    async def learn_people(self) -> None:
        """Look up everybody's number, so that stories can say for whom a message in a group is."""
        async with self.app.store.transaction() as tx:
            rows = (await tx.connection.execute(select(people))).all()
        self.people = {PersonId(row.platform, row.user): row.id for row in rows}

    def on_desk(self, number: int, platform: str = "discord") -> list[OutgoingMessage]:
        """Everything in an escalation's thread on a desk, oldest first."""
        sent = [delivery.message for delivery in self.adapter(platform).sent]
        return [message for message in sent if message.on_desk and message.escalation_id == number]

    def card(self, number: int, platform: str = "discord") -> OutgoingMessage:
        """The card as it stands now."""
        return [message for message in self.on_desk(number, platform) if message.key == f"card:{number}"][-1]


@dataclass
class Person:
    """Somebody who acts through the front door."""

    world: World
    name: str
    platform: str
    role: Role
    language: str | None = None  # of their app, as the platform tells it

    @property
    def id(self) -> PersonId:
        return PersonId(self.platform, self.name)

    @property
    def group(self) -> Address:
        return Address(self.platform, GROUP)

    @property
    def dm(self) -> Address:
        return Address.private_with(PersonId(self.platform, self.name))

    def becomes(self, role: Role) -> None:
        """Get or lose rights on the platform; the bot is not told."""
        self.role = self.world.adapter(self.platform).roles[self.name] = role

    def _sender(self) -> Sender:
        return Sender(self.id, self.name.title(), self.role, self.language)

    def message(self, text: str, *, private: bool = False, reply_to: str | None = None,
                addressed: Addressed = Addressed.DIRECT, event_id: str | None = None) -> MessageReceived:  # fmt: skip
        event_id = event_id or self.world.next_id()
        return MessageReceived(
            event_id=event_id,
            at=self.world.clock(),
            sender=self._sender(),
            address=self.dm if private else self.group,
            place=Place.PRIVATE if private else Place.GROUP,
            text=text,
            message_id=f"m-{event_id}",
            addressed=addressed,
            reply_to=reply_to,
        )

    async def asks(self, text: str, *, private: bool = False, reply_to: str | None = None,
                   addressed: Addressed = Addressed.DIRECT) -> list[OutgoingMessage]:  # fmt: skip
        """Write a message; give what this person got in answer."""
        before = len(self.got())
        await self.world.happens(self.message(text, private=private, reply_to=reply_to, addressed=addressed))
        return self.got()[before:]

    async def commands(
        self, name: str, argument: str = "", *, private: bool = False, message_id: str | None = None,
        edited: bool = False,
    ) -> list[OutgoingMessage]:  # fmt: skip
        """Give a command, or edit it; give what this person got in answer."""
        before = len(self.got())
        event = CommandGiven(
            event_id=self.world.next_id(),
            at=self.world.clock(),
            sender=self._sender(),
            address=self.dm if private else self.group,
            place=Place.PRIVATE if private else Place.GROUP,
            name=name,
            argument=argument,
            message_id=message_id,
            edited=edited,
        )
        await self.world.happens(event)
        return self.got()[before:]

    async def presses(self, label: str, on: OutgoingMessage | None = None) -> list[OutgoingMessage]:
        """Press a button by its words, on the newest message that has it."""
        button, message = self._find(label, on)
        before = len(self.got())
        await self.world.happens(self.button_pressed(button, message))
        return self.got()[before:]

    def button_pressed(self, button: Button, on: OutgoingMessage, *, message_id: str | None = None) -> ButtonPressed:
        """The press of a button, as an event."""
        return ButtonPressed(
            event_id=self.world.next_id(),
            at=self.world.clock(),
            sender=self._sender(),
            address=on.to,
            place=Place.PRIVATE if on.to.is_private else Place.DESK if on.to.chat == DESK else Place.GROUP,
            action=button.action,
            subject=button.subject,
            message_id=message_id,
        )

    def _find(self, label: str, on: OutgoingMessage | None) -> tuple[Button, OutgoingMessage]:
        messages = [on] if on else list(reversed(self.got()))
        for message in messages:
            for button in message.buttons:
                if button.label == label:
                    return button, message
        raise AssertionError(f"{self.name} was shown no button '{label}'")

    def got(self) -> list[OutgoingMessage]:
        """What this person has been sent, as an asker, oldest first."""
        found = []
        for delivery in self.world.adapter(self.platform).sent:
            message = delivery.message
            if not message.on_desk and message.to in (self.dm, self.group) and self._is_mine(delivery):
                found.append(message)
        return found

    def _is_mine(self, delivery: Delivery) -> bool:
        person = delivery.message.person
        return person is None or person == self.world.people.get(PersonId(self.platform, self.name))

    def got_at_desk(self, number: int) -> str:
        """Everything that was said in an escalation's thread on this person's desk, cards and all."""
        address = Address(self.platform, DESK, f"thread-{number}")
        sent = [delivery.message for delivery in self.world.adapter(self.platform).sent]
        here = [one for one in sent if one.to == address or (one.on_desk and one.escalation_id == number)]
        return "\n".join(message.text() for message in here)

    async def commands_desk(self, name: str, argument: str = "") -> list[OutgoingMessage]:
        """Give a command in the volunteers' room itself; give what was said there in answer."""
        sent = self.world.adapter(self.platform).sent
        before = len(sent)
        event = CommandGiven(
            event_id=self.world.next_id(), at=self.world.clock(), sender=self._sender(),
            address=Address(self.platform, DESK), place=Place.DESK, name=name, argument=argument,
        )  # fmt: skip
        await self.world.happens(event)
        return [delivery.message for delivery in sent[before:] if delivery.message.to.chat == DESK]

    async def at_desk(
        self, number: int, text: str = "", *, press: str | None = None, button: Button | None = None,
        message_id: str | None = None, edited: bool = False, attachments: tuple[Attachment, ...] = (),
        command: str | None = None, argument: str = "",
    ) -> None:  # fmt: skip
        """Write in, or press a button of, an escalation's thread."""
        address = Address(self.platform, DESK, f"thread-{number}")
        event_id, at, sender = self.world.next_id(), self.world.clock(), self._sender()
        if press:
            button = next(one for one in self.world.card(number, self.platform).buttons if one.label == press)
        event: Event
        if command:
            event = CommandGiven(
                event_id=event_id, at=at, sender=sender, address=address, place=Place.DESK,
                name=command, argument=argument, message_id=message_id, edited=edited, attachments=attachments,
            )  # fmt: skip
        elif button:
            event = ButtonPressed(
                event_id=event_id, at=at, sender=sender, address=address, place=Place.DESK,
                action=button.action, subject=button.subject,
            )  # fmt: skip
        else:
            event = MessageReceived(
                event_id=event_id, at=at, sender=sender, address=address, place=Place.DESK,
                text=text, message_id=message_id or event_id, edited=edited, attachments=attachments,
            )  # fmt: skip
        await self.world.happens(event)


@asynccontextmanager
async def a_world(
    triage: Triage | None,
    database: str = MEMORY,
    first: int = 1,
    health: HealthSettings | None = None,
    desks: Sequence[Address] = (Address("telegram", DESK), Address("discord", DESK)),
    curating: CuratingSettings | None = None,
    telegram: TelegramSettings | None = None,
    knowledge: Path = ROOT / "knowledge",
) -> AsyncIterator[World]:
    """Build a world on a database; `first` is the number of its first event (higher after a restart).

    `knowledge` is the folder that a reload reads, and the triage is fitted to; without a triage it is read at the start.
    """
    settings = Settings(
        database_url=SecretStr(database),
        knowledge=knowledge,
        health=health or HealthSettings(),
        curating=curating or CuratingSettings(),
        telegram=telegram or TelegramSettings(),
    )
    clock = Clock()
    async with application(settings, triage=triage, desks=desks, clock=clock) as app:
        world = World(app, clock, RecordingAdapter("telegram"), RecordingAdapter("discord"), first)
        await world.learn_people()
        yield world
