"""A crowd's ground without platforms: events go in at the front door, and recording adapters show what comes out."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.domain.escalation import card_key
from bot.domain.messages import Address, ButtonPressed, CommandGiven, Delivery, Event, MessageReceived, Place
from bot.domain.people import Role
from tests.simulation.ground import PLATFORMS, Actor, Sight, words_in
from tests.world import DESK, Person, RecordingAdapter, World

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
        self._written: dict[str, MessageReceived | CommandGiven] = {}  # by the word in it
        self._desks: set[str] = {DESK}  # the desk, and the private chats of those who work there

    def join(self, name: str, platform: str, role: Role) -> Actor:
        self._desks |= {f"dm:{name}"} if role.works_the_desk else set()
        return Actor(name.title(), platform, role, name)

    def _person(self, actor: Actor) -> Person:
        return Person(self.world, actor.account, actor.platform, actor.role)

    # What people do

    async def asks(self, asker: Actor, question: str, *, private: bool) -> None:
        person = self._person(asker)
        address, place = (person.dm, Place.PRIVATE) if private else (person.group, Place.GROUP)
        await self._happens(self._command(asker, "person", question, address, place))

    async def adds(self, asker: Actor, number: int, text: str) -> bool:
        adapter = self.world.adapter(asker.platform)
        sent = [one for one in adapter.sent[-RECENTLY:] if not one.message.on_desk and self._is_for(asker, one)]
        about = [one for one in sent if one.message.escalation_id == number]
        if not about:
            return False
        reply_to, private = adapter.ids[about[-1].number], about[-1].message.to.is_private
        await self._happens(self._person(asker).message(text, private=private, reply_to=reply_to))
        return True

    def _is_for(self, asker: Actor, delivery: Delivery) -> bool:
        return delivery.message.person == self.world.people.get(self._person(asker).id)

    async def says(self, asker: Actor, text: str) -> None:
        await self._happens(self._person(asker).message(text, private=True))

    async def asker_presses(self, asker: Actor, number: int, action: str) -> bool:
        await self._happens(self._pressed(asker, self._person(asker).dm, Place.PRIVATE, number, action))
        return True

    async def presses_add(self, asker: Actor, number: int) -> bool:
        return await self.asker_presses(asker, number, "add")

    async def edits(self, actor: Actor, word: str, text: str) -> bool:
        first = self._written[word]
        edit = replace(first, event_id=self.world.next_id(), at=self.clock(), edited=True)
        edited = replace(edit, text=text) if isinstance(edit, MessageReceived) else replace(edit, argument=text)
        await self._happens(replace(edited, sender=self._person(actor)._sender()))
        return True

    async def is_forgotten(self, actor: Actor) -> None:
        private = self._person(actor).dm
        await self._happens(self._command(actor, "forgetme", "", private, Place.PRIVATE))
        await self._happens(self._pressed(actor, private, Place.PRIVATE, "", "forget_yes"))

    async def press(
        self, volunteer: Actor, number: int, action: str, *, subject: int | None = None, note: str = ""
    ) -> None:
        await self._happens(self._pressed_at_desk(volunteer, number, action, subject))
        if note:
            await self.writes(volunteer, number, note)

    async def press_together(
        self, volunteers: Sequence[Actor], number: int, action: str, *, subject: int | None = None
    ) -> None:
        presses = [self._pressed_at_desk(one, number, action, subject) for one in volunteers]
        await asyncio.gather(*(self.app.intake.accept(press) for press in presses))
        await self.world.learn_people()

    async def writes(self, volunteer: Actor, number: int, text: str) -> None:
        event_id = self.world.next_id()
        message = MessageReceived(
            event_id=event_id, at=self.clock(), sender=self._person(volunteer)._sender(),
            address=_thread(volunteer, number), place=Place.DESK, text=text, message_id=event_id,
        )  # fmt: skip
        await self._happens(message)

    async def commands(self, volunteer: Actor, name: str, words: str, number: int | None = None) -> None:
        argument = words if number is None else f"{number} {words}"
        at = Address(volunteer.platform, DESK)
        await self._happens(self._command(volunteer, name, argument, at, Place.DESK))

    async def role_becomes(self, volunteer: Actor, role: Role) -> None:
        volunteer.role = role

    async def _happens(self, event: Event) -> None:
        if isinstance(event, MessageReceived | CommandGiven):
            text = event.text if isinstance(event, MessageReceived) else event.argument
            self._written |= dict.fromkeys(words_in(text), event)
        await self.world.happens(event)
        if self._random.random() < TWICE:
            await self.world.happens(event)

    def _pressed_at_desk(self, actor: Actor, number: int, action: str, subject: int | None) -> ButtonPressed:
        return self._pressed(actor, _thread(actor, number), Place.DESK, number if subject is None else subject, action)

    def _pressed(self, actor: Actor, at: Address, place: Place, subject: int | str, action: str) -> ButtonPressed:
        return ButtonPressed(
            event_id=self.world.next_id(), at=self.clock(), sender=self._person(actor)._sender(), address=at,
            place=place, action=action, subject=str(subject),
        )  # fmt: skip

    def _command(self, actor: Actor, name: str, argument: str, at: Address, place: Place) -> CommandGiven:
        event_id = self.world.next_id()
        return CommandGiven(
            event_id=event_id, at=self.clock(), sender=self._person(actor)._sender(), address=at,
            place=place, name=name, argument=argument, message_id=f"m-{event_id}",
        )  # fmt: skip

    # What is to be seen

    async def settle(self) -> None:
        await self.app.outbox.settle()

    def look(self) -> Sequence[Sight]:
        accounts = {number: person.user for person, number in self.world.people.items()}
        return [sight for platform in PLATFORMS for sight in self._new(platform, accounts)]

    def _new(self, platform: str, accounts: dict[int, str]) -> Iterator[Sight]:
        sent = self.world.adapter(platform).sent
        for delivery in sent[self._read[platform] :]:
            message, name = delivery.message, str(delivery.number)
            number = message.escalation_id if message.on_desk else _in_thread(message.to)
            if number is not None and not message.deletes_thread:
                offers = message.buttons[0].action if message.key == card_key(number) else None
                yield Sight(platform, message.text(), name, number, offers=offers)
            elif message.to.chat != DESK:
                private = message.to.is_private
                reader = message.to.chat.removeprefix("dm:") if private else accounts.get(message.person or 0)
                yield Sight(platform, message.text(), name, reader=reader, private=private)
        self._read[platform] = len(sent)

    def standing(self) -> Iterable[str]:
        for platform in PLATFORMS:
            left = _standing(self.world.adapter(platform))
            yield from (text for (chat, _, _), text in left.items() if chat in self._desks)


def _thread(actor: Actor, number: int) -> Address:
    return Address(actor.platform, DESK, f"thread-{number}")


def _in_thread(at: Address) -> int | None:
    """Give the escalation of a desk's thread."""
    return int(at.thread.removeprefix("thread-")) if at.chat == DESK and at.thread else None


def _standing(adapter: RecordingAdapter) -> dict[tuple[str, int | None, str], str]:
    """Give what was not deleted or replaced by something newer, by its place and the key or number it has there."""
    left: dict[tuple[str, int | None, str], str] = {}
    names = {message_id: str(number) for number, message_id in adapter.ids.items()}
    for delivery in adapter.sent:
        message = delivery.message
        thread = message.escalation_id if message.on_desk else _in_thread(message.to)
        if message.deletes_thread:
            left = {place: text for place, text in left.items() if place[:2] != (DESK, thread)}
            continue
        name = names.get(message.in_place_of or "") or message.key or str(delivery.number)
        left[message.to.chat, thread, name] = message.text()
    return left
