"""The crowd's half on Discord's test server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.adapters.discord.commands import VOLUNTEERS as COMMANDS
from bot.domain.people import Role
from tests.platforms.discord.model import BOT, DM, Channel, Interaction, Json
from tests.platforms.discord.people import Human
from tests.platforms.discord.wire import LEADS, VOLUNTEERS, Place
from tests.simulation.ground import Actor
from tests.simulation.side import Room, Side, action_of, number_of

ROLES = {Role.ASKER: [], Role.VOLUNTEER: [VOLUNTEERS], Role.LEAD: [LEADS]}


class OnDiscord(Side):
    """Askers in a channel and in private, where they use commands; a forum as the desk."""

    platform = "discord"

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._discord = place
        self._people: dict[str, Human] = {}

    def join(self, name: str, role: Role) -> Actor:
        human = self._discord.human(name.title(), *ROLES[role])
        self._people[str(human.user.id)] = human
        return Actor(human.user.name, self.platform, role, str(human.user.id))

    async def asks(self, asker: Actor, question: str, *, private: bool) -> None:
        human = self._people[asker.account]
        if private:
            self._did(await human.slash(human.dm, "person", question=question))
        else:
            self._said(await human.mentions(self._discord.lounge, question))

    async def _replies(self, asker: Actor, room: Room, message: Json, text: str) -> None:
        assert isinstance(room, Channel)
        self._said(await self._people[asker.account].says(room, text, reply_to=message))

    async def _presses(self, actor: Actor, room: Room, message: Json, data: str, note: str = "") -> None:
        assert isinstance(room, Channel)
        human = self._people[actor.account]
        opened = await human.presses_old(room, message, data)
        self._did(await human.fills_in(opened, note) if opened.modal else opened)

    def _card(self, number: int) -> tuple[Channel, Json]:
        post = self._post(number)
        return post, self._discord.card(post)

    def _post(self, number: int) -> Channel:
        posts = self._discord.server.posts_of(self._discord.desk)
        [found] = [post for post in posts if number_of(post.name) == number]
        return found

    async def writes(self, volunteer: Actor, number: int, text: str) -> None:
        self._said(await self._people[volunteer.account].says(self._post(number), text))

    async def commands(self, volunteer: Actor, name: str, words: str, number: int | None) -> None:
        option = next(one.option for one in COMMANDS if one.name == name)
        options: dict[str, str | int] = {option: words} if option else {}
        options |= {} if number is None else {"number": number}
        self._did(await self._people[volunteer.account].slash(self._discord.lounge, name, **options))

    async def role_becomes(self, volunteer: Actor, role: Role) -> None:
        self._people[volunteer.account].user.roles[:] = ROLES[role]
        volunteer.role = role

    def _said(self, message: Json) -> None:
        self.events.add(f"discord:message:{message['id']}")

    def _did(self, opened: Interaction) -> None:
        self.events.add(f"discord:interaction:{opened.id}")

    def _shown(self) -> Iterator[tuple[Channel, str, Json]]:
        for channel in self._discord.server.channels.values():
            for message in channel.messages.values():
                if message["author"]["id"] == str(BOT):
                    yield channel, message["id"], message

    def _looks(self, message: Json) -> tuple[str, Any]:
        return message["content"], message["components"]

    def _place(self, room: Room, message: Json) -> tuple[int | None, str | None] | None:
        assert isinstance(room, Channel)
        if room.parent == self._discord.desk.id:
            number = number_of(room.name)
            return (number, None) if number is not None else None
        if room.type == DM:
            return None, str(room.recipient.id) if room.recipient else None
        answered = room.messages.get(int(message.get("message_reference", {}).get("message_id", 0)))
        return None, str(answered["author"]["id"]) if answered else None

    def _first_action(self, message: Json) -> str:
        return action_of(message["components"][0]["components"][0]["custom_id"])
