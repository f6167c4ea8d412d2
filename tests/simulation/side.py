"""What one platform's half of the wire has to do, and how it remembers what it has shown."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.people import Role
from tests.platforms.discord.model import Channel, Json
from tests.platforms.telegram.people import Chat
from tests.simulation.ground import Actor, Sight, words_in

_NUMBER = re.compile(r"#(\d+)")
Room = Channel | Chat


@dataclass(frozen=True, slots=True)
class Stands:
    """Where a message of the bot stands: in the thread of an escalation, or for a reader."""

    thread: int | None = None
    reader: str | None = None
    private: bool = False


class Side(ABC):
    """A platform's test server, and what the crowd does there; `events` are the ids of what was done."""

    platform: str

    def __init__(self) -> None:
        self.events: set[str] = set()
        self._stood: dict[tuple[int, str], tuple[str, Any]] = {}  # messages as they were at the last look
        self._cards: dict[int, tuple[Room, Json]] = {}  # the first message in an escalation's thread
        self._told: dict[tuple[str, int], tuple[Room, Json]] = {}  # the last one to an asker about an escalation
        self._written: dict[str, tuple[Room, Json, str]] = {}  # by a word in it; what stands before the words

    @abstractmethod
    def join(self, name: str, role: Role) -> Actor: ...
    @abstractmethod
    async def asks(self, asker: Actor, question: str, *, private: bool) -> None: ...
    @abstractmethod
    async def _replies(self, asker: Actor, room: Room, message: Json, text: str) -> None: ...
    @abstractmethod
    async def says(self, asker: Actor, text: str) -> None: ...
    @abstractmethod
    async def _presses(self, actor: Actor, room: Room, message: Json, data: str, note: str = "") -> None: ...
    @abstractmethod
    async def _changes(self, actor: Actor, room: Room, message: Json, text: str) -> None: ...
    @abstractmethod
    async def forgetme(self, actor: Actor) -> None: ...
    @abstractmethod
    async def presses_forget(self, actor: Actor) -> None: ...
    @abstractmethod
    async def writes(self, volunteer: Actor, number: int, text: str) -> None: ...
    @abstractmethod
    async def commands(self, volunteer: Actor, name: str, words: str, number: int | None) -> None: ...
    @abstractmethod
    async def role_becomes(self, volunteer: Actor, role: Role) -> None: ...
    @abstractmethod
    def _changed(self) -> Iterator[tuple[Room, str, Json]]:
        """Give what the bot has written or changed since the last look, each message with its id."""

    @abstractmethod
    def standing(self) -> Iterable[str]: ...
    @abstractmethod
    def _looks(self, message: Json) -> tuple[str, Any]:
        """Give words and buttons of a message."""

    @abstractmethod
    def _place(self, room: Room, message: Json) -> Stands | None:
        """Give where a message stands; None for desk talk."""

    @abstractmethod
    def _first_action(self, message: Json) -> str: ...

    async def adds(self, asker: Actor, number: int, text: str) -> bool:
        last = self._told.get((asker.account, number))
        if last:
            await self._replies(asker, *last, text)
        return last is not None

    async def asker_presses(self, asker: Actor, number: int, action: str) -> bool:
        last = self._told.get((asker.account, number))
        if last:
            await self._presses(asker, *last, data_of(action, number))
        return last is not None

    async def presses_add(self, asker: Actor, number: int) -> bool:
        last = self._told.get((asker.account, number))
        place = self._place(*last) if last else None
        if place is None or not place.private:
            return False
        return await self.asker_presses(asker, number, "add")

    async def edits(self, actor: Actor, word: str, text: str) -> bool:
        if word not in self._written:
            return False
        room, message, before = self._written[word]
        await self._changes(actor, room, message, before + text)
        self._wrote(room, message, before + text, before)
        return True

    def _wrote(self, room: Room, message: Json, text: str, before: str = "") -> None:
        """Note a message that its writer can change."""
        self._written |= dict.fromkeys(words_in(text), (room, message, before))

    async def press(self, volunteer: Actor, number: int, action: str, subject: int | None, note: str) -> None:
        data = data_of(action, number if subject is None else subject)
        await self._presses(volunteer, *self._cards[number], data, note)

    def look(self) -> Sequence[Sight]:
        """Give what is new or has changed."""
        return list(self._new())

    def _new(self) -> Iterator[Sight]:
        for room, message_id, message in self._changed():
            looks, key = self._looks(message), (room.id, message_id)
            if self._stood.get(key) == looks:
                continue
            self._stood[key] = looks
            if (place := self._place(room, message)) is not None:
                yield self._sight(room, message_id, message, place)

    def _sight(self, room: Room, message_id: str, message: Json, place: Stands) -> Sight:
        text, name = self._looks(message)[0], f"{room.id}:{message_id}"
        if place.thread is None:
            told = [int(one) for one in _NUMBER.findall(text)] if place.reader else []
            self._told |= {(place.reader or "", one): (room, message) for one in told}
            return Sight(self.platform, text, name, reader=place.reader, private=place.private)
        is_card = self._cards.setdefault(place.thread, (room, message))[1] is message
        return Sight(self.platform, text, name, place.thread, offers=self._first_action(message) if is_card else None)


def data_of(action: str, subject: int | str) -> str:
    """Give what a button carries on either platform."""
    return f"v1:{action}:{subject}"


def action_of(data: str) -> str:
    return data.split(":")[1]


def number_of(title: str) -> int | None:
    """Give the escalation of a topic or post: `#12 does the hospital have…`."""
    found = re.match(r"#(\d+) ", title)
    return int(found[1]) if found else None
