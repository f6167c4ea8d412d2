"""A crowd's ground without platforms: events go in at the front door, and recording adapters show what comes out."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator, Sequence

from bot.domain.escalation import card_key
from bot.domain.messages import Address, ButtonPressed, CommandGiven, Delivery, Event, Place
from bot.domain.people import Role
from tests.simulation.ground import PLATFORMS, Actor, Sight
from tests.world import DESK, Person, World

TWICE = 0.05  # of all events: platforms deliver one again now and then
RECENTLY = 400  # messages of a platform, among which an asker looks for the last one to reply to


class FrontDoor:
    """The application of a world."""

    at_once = 1

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.app = world.app
        self.clock = world.clock
        self._random = random.Random(seed)  # noqa: S311 - chance that can be repeated, no secret
        self._read = dict.fromkeys(PLATFORMS, 0)

    def join(self, name: str, platform: str, role: Role) -> Actor:
        return Actor(name.title(), platform, role, name)

    def _person(self, actor: Actor) -> Person:
        return Person(self.world, actor.account, actor.platform, actor.role)

    async def asks(self, asker: Actor, question: str, *, private: bool) -> None:
        person = self._person(asker)
        address, place = (person.dm, Place.PRIVATE) if private else (person.group, Place.GROUP)
        await self._happens(self._command(asker, "person", question, address, place))

    async def adds(self, asker: Actor, number: int, text: str) -> bool:
        adapter = self.world.adapter(asker.platform)
        sent = [one for one in adapter.sent[-RECENTLY:] if not one.message.on_desk]
        about = [one for one in sent if one.message.escalation_id == number]
        if not about:
            return False
        reply_to, private = adapter.ids[about[-1].number], about[-1].message.to.is_private
        await self._happens(self._person(asker).message(text, private=private, reply_to=reply_to))
        return True

    async def asker_presses(self, asker: Actor, number: int, action: str) -> None:
        await self._happens(self._pressed(asker, self._person(asker).dm, Place.PRIVATE, number, action))

    async def press(self, volunteer: Actor, number: int, action: str) -> None:
        await self._happens(self._pressed_at_desk(volunteer, number, action))

    async def press_together(self, volunteers: Sequence[Actor], number: int, action: str) -> None:
        presses = [self._pressed_at_desk(one, number, action) for one in volunteers]
        await asyncio.gather(*(self.app.intake.accept(press) for press in presses))
        await self.world.learn_people()

    async def writes(self, volunteer: Actor, number: int, text: str) -> None:
        await self._person(volunteer).at_desk(number, text)

    async def hands_back(self, volunteer: Actor, number: int, note: str) -> None:
        await self.press(volunteer, number, "hand_back")
        await self.writes(volunteer, number, note)

    async def commands(self, volunteer: Actor, name: str, words: str, number: int | None = None) -> None:
        argument = words if number is None else f"{number} {words}"
        at = Address(volunteer.platform, DESK)
        await self._happens(self._command(volunteer, name, argument, at, Place.DESK))

    async def role_becomes(self, volunteer: Actor, role: Role) -> None:
        volunteer.role = role

    async def settle(self) -> None:
        await self.app.outbox.settle()

    def look(self) -> Sequence[Sight]:
        return [sight for platform in PLATFORMS for sight in self._new(platform)]

    def _new(self, platform: str) -> Iterator[Sight]:
        sent = self.world.adapter(platform).sent
        for delivery in sent[self._read[platform] :]:
            message = delivery.message
            number = message.escalation_id if message.on_desk else _in_thread(message.to)
            if number is not None:
                is_card = message.key == card_key(number)
                yield Sight(platform, message.text(), number, offers=message.buttons[0].action if is_card else None)
            elif message.to.chat != DESK:
                yield Sight(platform, message.text(), reader=self._reader(delivery))
        self._read[platform] = len(sent)

    def _reader(self, delivery: Delivery) -> str | None:
        """Give for whom a message is: whose private chat it goes to, or whom it names in the group."""
        to = delivery.message.to
        if to.is_private:
            return to.chat.removeprefix("dm:")
        accounts = {number: person.user for person, number in self.world.people.items()}
        return accounts.get(delivery.message.person or 0)

    async def _happens(self, event: Event) -> None:
        await self.world.happens(event)
        if self._random.random() < TWICE:
            await self.world.happens(event)

    def _pressed_at_desk(self, actor: Actor, number: int, action: str) -> ButtonPressed:
        return self._pressed(actor, Address(actor.platform, DESK, f"thread-{number}"), Place.DESK, number, action)

    def _pressed(self, actor: Actor, at: Address, place: Place, number: int, action: str) -> ButtonPressed:
        return ButtonPressed(
            event_id=self.world.next_id(), at=self.clock(), sender=self._person(actor)._sender(), address=at,
            place=place, action=action, subject=str(number),
        )  # fmt: skip

    def _command(self, actor: Actor, name: str, argument: str, at: Address, place: Place) -> CommandGiven:
        return CommandGiven(
            event_id=self.world.next_id(), at=self.clock(), sender=self._person(actor)._sender(), address=at,
            place=place, name=name, argument=argument,
        )  # fmt: skip


def _in_thread(at: Address) -> int | None:
    """Give the escalation of a desk's thread."""
    return int(at.thread.removeprefix("thread-")) if at.chat == DESK and at.thread else None
