"""The crowd's half on Telegram's test server."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from bot.domain.people import Role
from tests.platforms.telegram.people import Chat, Json
from tests.platforms.telegram.server import TelegramServer
from tests.platforms.telegram.stage import DESK, GROUP
from tests.simulation.ground import Actor
from tests.simulation.side import Room, Side, action_of, number_of

STATUS = {Role.ASKER: "left", Role.VOLUNTEER: "member", Role.LEAD: "administrator"}  # of the desk's group


class OnTelegram(Side):
    """Askers in a group and in private; a desk with topics."""

    platform = "telegram"

    def __init__(self, server: TelegramServer) -> None:
        super().__init__()
        self._server = server
        self._numbers = itertools.count(1_000)
        self._group, self._desk = server.chats[GROUP], server.chats[DESK]

    def join(self, name: str, role: Role) -> Actor:
        user = self._server.user(next(self._numbers), name.title(), username=name)
        self._group.members[user.id] = "member"
        if role.works_the_desk:
            self._desk.members[user.id] = STATUS[role]
        return Actor(user.first_name, self.platform, role, str(user.id))

    async def asks(self, asker: Actor, question: str, *, private: bool) -> None:
        self._server.says(
            self._server.users[int(asker.account)], f"/person {question}", None if private else self._group
        )

    async def _replies(self, asker: Actor, room: Room, message: Json, text: str) -> None:
        assert isinstance(room, Chat)
        chat = None if room.type == "private" else room
        self._server.says(self._server.users[int(asker.account)], text, chat, reply_to=message["message_id"])

    async def _presses(self, actor: Actor, room: Room, message: Json, data: str, note: str = "") -> None:
        self._server.press_data(self._server.users[int(actor.account)], message, data)
        if note:
            self._writes(actor, message["message_thread_id"], note)

    def _card(self, number: int) -> tuple[Chat, Json]:
        return self._desk, self._server.seen(self._desk, self._topic(number))[0]

    def _topic(self, number: int) -> int:
        [found] = [topic.id for topic in self._desk.topics.values() if number_of(topic.name) == number]
        return found

    async def writes(self, volunteer: Actor, number: int, text: str) -> None:
        self._writes(volunteer, self._topic(number), text)

    def _writes(self, volunteer: Actor, topic: int | None, text: str) -> None:
        self._server.says(self._server.users[int(volunteer.account)], text, self._desk, topic=topic)

    async def commands(self, volunteer: Actor, name: str, words: str, number: int | None) -> None:
        self._writes(volunteer, None, f"/{name} {'' if number is None else number} {words}")

    async def role_becomes(self, volunteer: Actor, role: Role) -> None:
        user = self._server.users[int(volunteer.account)]
        old, new = ({"user": user.json(), "status": STATUS[one]} for one in (volunteer.role, role))
        self._desk.members[user.id], volunteer.role = STATUS[role], role
        change = {"chat": self._desk.json(), "from": user.json(), "date": 1}
        self._server.update(chat_member=change | {"old_chat_member": old, "new_chat_member": new})

    def _shown(self) -> Iterator[tuple[Chat, str, Json]]:
        for message in self._server.sent:
            yield self._server.chats[message["chat"]["id"]], str(message["message_id"]), message

    def _looks(self, message: Json) -> tuple[str, Any]:
        return message.get("text") or message.get("caption") or "", message.get("reply_markup")

    def _place(self, room: Room, message: Json) -> tuple[int | None, str | None] | None:
        assert isinstance(room, Chat)
        if room is self._desk:
            topic = room.topics.get(message.get("message_thread_id", 0))
            number = number_of(topic.name) if topic else None
            return (number, None) if number is not None else None
        if room.type == "private":
            return None, str(room.id)
        answered = message.get("reply_to_message")
        return None, str(answered["from"]["id"]) if answered else None

    def _first_action(self, message: Json) -> str:
        return action_of(message["reply_markup"]["inline_keyboard"][0][0]["callback_data"])
