"""What one platform's half of the wire has to do, and how it remembers what it has shown."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any

from bot.domain.people import Role
from tests.platforms.discord.model import Channel, Json
from tests.platforms.telegram.people import Chat
from tests.simulation.ground import Actor, Sight

_NUMBER = re.compile(r"#(\d+)")
Room = Channel | Chat


class Side(ABC):
    """A platform's test server, and what the crowd does there; `events` are the ids of what was done."""

    platform: str

    def __init__(self) -> None:
        self.events: set[str] = set()
        self._stood: dict[tuple[int, str], tuple[str, Any]] = {}  # messages as they were at the last look
        self._cards: dict[int, str] = {}  # the first message in an escalation's thread
        self._told: dict[tuple[str, int], tuple[Room, Json]] = {}  # the last one to an asker about an escalation

    @abstractmethod
    def join(self, name: str, role: Role) -> Actor: ...
    @abstractmethod
    async def asks(self, asker: Actor, question: str, *, private: bool) -> None: ...
    @abstractmethod
    async def _replies(self, asker: Actor, room: Room, message: Json, text: str) -> None: ...
    @abstractmethod
    async def _presses(self, actor: Actor, room: Room, message: Json, data: str, note: str = "") -> None: ...
    @abstractmethod
    def _card(self, number: int) -> tuple[Room, Json]: ...
    @abstractmethod
    async def writes(self, volunteer: Actor, number: int, text: str) -> None: ...
    @abstractmethod
    async def commands(self, volunteer: Actor, name: str, words: str, number: int | None) -> None: ...
    @abstractmethod
    async def role_becomes(self, volunteer: Actor, role: Role) -> None: ...
    @abstractmethod
    def _shown(self) -> Iterator[tuple[Room, str, Json]]:
        """Give everything of the bot that stands there now, each with its id."""

    @abstractmethod
    def _looks(self, message: Json) -> tuple[str, Any]:
        """Give words and buttons of a message."""

    @abstractmethod
    def _place(self, room: Room, message: Json) -> tuple[int | None, str | None] | None:
        """Give the escalation in whose thread a message stands, or the asker whom it is for; None for desk talk."""

    @abstractmethod
    def _first_action(self, message: Json) -> str: ...

    async def adds(self, asker: Actor, number: int, text: str) -> bool:
        last = self._told.get((asker.account, number))
        if last:
            await self._replies(asker, *last, text)
        return last is not None

    async def asker_presses(self, asker: Actor, number: int, action: str) -> None:
        if last := self._told.get((asker.account, number)):
            await self._presses(asker, *last, data_of(action, number))

    async def press(self, volunteer: Actor, number: int, action: str, note: str = "") -> None:
        await self._presses(volunteer, *self._card(number), data_of(action, number), note)

    def look(self) -> Sequence[Sight]:
        """Give what is new or has changed."""
        return list(self._changed())

    def _changed(self) -> Iterator[Sight]:
        for room, message_id, message in self._shown():
            looks, key = self._looks(message), (room.id, message_id)
            if self._stood.get(key) == looks:
                continue
            self._stood[key] = looks
            if (place := self._place(room, message)) is not None:
                yield self._sight(room, message_id, message, *place)

    def _sight(self, room: Room, message_id: str, message: Json, number: int | None, reader: str | None) -> Sight:
        text = self._looks(message)[0]
        if number is None:
            told = [int(one) for one in _NUMBER.findall(text)] if reader else []
            self._told |= {(reader or "", one): (room, message) for one in told}
            return Sight(self.platform, text, reader=reader)
        is_card = self._cards.setdefault(number, message_id) == message_id
        return Sight(self.platform, text, number, offers=self._first_action(message) if is_card else None)


def data_of(action: str, number: int) -> str:
    """Give what a button carries on either platform."""
    return f"v1:{action}:{number}"


def action_of(data: str) -> str:
    return data.split(":")[1]


def number_of(title: str) -> int | None:
    """Give the escalation of a topic or post: `#12 does the hospital have…`."""
    found = re.match(r"#(\d+) ", title)
    return int(found[1]) if found else None
