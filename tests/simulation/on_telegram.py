"""The crowd's half on Telegram's test server."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from bot.domain.people import Role
from tests.platforms.telegram.people import BOT_ID, Chat, Json, User
from tests.platforms.telegram.server import TelegramServer
from tests.platforms.telegram.stage import DESK, GROUP
from tests.simulation.ground import Actor
from tests.simulation.side import Room, Side, Stands, action_of, data_of, number_of

STATUS = {Role.ASKER: "left", Role.VOLUNTEER: "member", Role.LEAD: "administrator"}  # of the desk's group
PERSON = "/person "


class OnTelegram(Side):
    """Askers in a group and in private; a desk with topics."""

    platform = "telegram"

    def __init__(self, server: TelegramServer) -> None:
        super().__init__()
        self._server = server
        self._numbers = itertools.count(1_000)
        self._group, self._desk = server.chats[GROUP], server.chats[DESK]
        self._staff: set[int] = set()

    def join(self, name: str, role: Role) -> Actor:
        user = self._server.user(next(self._numbers), name.title(), username=name)
        self._group.members[user.id] = "member"
        if role.works_the_desk:
            self._desk.members[user.id] = STATUS[role]
            self._staff.add(user.id)
        return Actor(user.first_name, self.platform, role, str(user.id))

    def _user(self, actor: Actor) -> User:
        return self._server.users[int(actor.account)]

    async def asks(self, asker: Actor, question: str, *, private: bool) -> None:
        chat = None if private else self._group
        self._says(asker, PERSON + question, chat, before=PERSON)

    async def _replies(self, asker: Actor, room: Room, message: Json, text: str) -> None:
        assert isinstance(room, Chat)
        chat = None if room.type == "private" else room
        self._says(asker, text, chat, reply_to=message["message_id"])

    async def says(self, asker: Actor, text: str) -> None:
        self._says(asker, text, None)

    def _says(self, actor: Actor, text: str, chat: Chat | None, before: str = "", **more: Any) -> None:  # noqa: ANN401
        message = self._server.says(self._user(actor), text, chat, **more)
        self._wrote(self._server.chats[message["chat"]["id"]], message, text, before)

    async def _presses(self, actor: Actor, room: Room, message: Json, data: str, note: str = "") -> None:
        self._server.press_data(self._user(actor), message, data)
        if note:
            self._says(actor, note, self._desk, topic=message["message_thread_id"])

    async def _changes(self, actor: Actor, room: Room, message: Json, text: str) -> None:
        self._server.edits(message, text)

    async def forgetme(self, actor: Actor) -> None:
        self._says(actor, "/forgetme", None)

    async def presses_forget(self, actor: Actor) -> None:
        user = self._user(actor)
        self._server.press_data(user, self._server.seen(user)[-1], data_of("forget_yes", ""))

    async def writes(self, volunteer: Actor, number: int, text: str) -> None:
        topic = self._cards[number][1]["message_thread_id"]
        if topic in self._desk.topics:  # nobody can write in one that was deleted
            self._says(volunteer, text, self._desk, topic=topic)

    async def commands(self, volunteer: Actor, name: str, words: str, number: int | None) -> None:
        before = f"/{name} {'' if number is None else f'{number} '}"
        self._says(volunteer, before + words, self._desk, before=before)

    async def role_becomes(self, volunteer: Actor, role: Role) -> None:
        user = self._user(volunteer)
        old, new = ({"user": user.json(), "status": STATUS[one]} for one in (volunteer.role, role))
        self._desk.members[user.id], volunteer.role = STATUS[role], role
        change = {"chat": self._desk.json(), "from": user.json(), "date": 1}
        self._server.update(chat_member=change | {"old_chat_member": old, "new_chat_member": new})

    def _changed(self) -> Iterator[tuple[Chat, str, Json]]:
        changed, self._server.changed = self._server.changed, []
        for message in changed:
            yield self._server.chats[message["chat"]["id"]], str(message["message_id"]), message

    def standing(self) -> Iterable[str]:
        for chat in [self._desk, *(self._server.chats[one] for one in self._staff if one in self._server.chats)]:
            for message in chat.messages.values():
                topic = message.get("message_thread_id")
                if message["from"]["id"] == BOT_ID and (topic is None or topic in chat.topics):
                    yield self._looks(message)[0]

    def _looks(self, message: Json) -> tuple[str, Any]:
        return message.get("text") or message.get("caption") or "", message.get("reply_markup")

    def _place(self, room: Room, message: Json) -> Stands | None:
        assert isinstance(room, Chat)
        if room is self._desk:
            topic = room.topics.get(message.get("message_thread_id", 0))
            number = number_of(topic.name) if topic else None
            return Stands(number) if number is not None else None
        if room.type == "private":
            return Stands(reader=str(room.id), private=True)
        answered = message.get("reply_to_message")
        return Stands(reader=str(answered["from"]["id"]) if answered else None)

    def _first_action(self, message: Json) -> str:
        return action_of(message["reply_markup"]["inline_keyboard"][0][0]["callback_data"])
