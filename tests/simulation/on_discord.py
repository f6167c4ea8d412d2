"""The crowd's half on Discord's test server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from bot.adapters.discord.commands import VOLUNTEERS as COMMANDS
from bot.domain.people import Role
from tests.platforms.discord.model import BOT, DM, Channel, Interaction, Json
from tests.platforms.discord.people import Human
from tests.platforms.discord.wire import LEADS, VOLUNTEERS, Place
from tests.simulation.ground import Actor
from tests.simulation.side import Room, Side, Stands, action_of, data_of, number_of

ROLES = {Role.ASKER: [], Role.VOLUNTEER: [VOLUNTEERS], Role.LEAD: [LEADS]}
MENTION = f"<@{BOT}> "


class OnDiscord(Side):
    """Askers in a channel and in private, where they use commands; a forum as the desk."""

    platform = "discord"

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._discord = place
        self._people: dict[str, Human] = {}
        self._staff: set[str] = set()
        self._asked_to_forget: dict[str, Interaction] = {}

    def join(self, name: str, role: Role) -> Actor:
        human = self._discord.human(name.title(), *ROLES[role])
        account = str(human.user.id)
        self._people[account] = human
        self._staff |= {account} if role.works_the_desk else set()
        return Actor(human.user.name, self.platform, role, account)

    async def asks(self, asker: Actor, question: str, *, private: bool) -> None:
        human = self._people[asker.account]
        if private:
            self._did(await human.slash(human.dm, "person", question=question))
        else:
            lounge = self._discord.lounge
            self._said(lounge, await human.mentions(lounge, question), question, MENTION)

    async def _replies(self, asker: Actor, room: Room, message: Json, text: str) -> None:
        assert isinstance(room, Channel)
        self._said(room, await self._people[asker.account].says(room, text, reply_to=message), text)

    async def says(self, asker: Actor, text: str) -> None:
        human = self._people[asker.account]
        self._said(human.dm, await human.says(human.dm, text), text)

    async def _presses(self, actor: Actor, room: Room, message: Json, data: str, note: str = "") -> None:
        assert isinstance(room, Channel)
        human = self._people[actor.account]
        opened = await human.presses_old(room, message, data)
        self._did(await human.fills_in(opened, note) if opened.modal else opened)

    async def _changes(self, actor: Actor, room: Room, message: Json, text: str) -> None:
        assert isinstance(room, Channel)
        await self._people[actor.account].edits(room, message, text)
        edited_at = datetime.fromisoformat(message["edited_timestamp"])
        self.events.add(f"discord:message:{message['id']}:edit:{edited_at.timestamp():.3f}")

    async def forgetme(self, actor: Actor) -> None:
        human = self._people[actor.account]
        opened = self._asked_to_forget[actor.account] = await human.slash(human.dm, "forgetme")
        self._did(opened)

    async def presses_forget(self, actor: Actor) -> None:
        asked = self._asked_to_forget.pop(actor.account)
        await self._presses(actor, asked.channel, asked.answers[-1], data_of("forget_yes", ""))

    async def writes(self, volunteer: Actor, number: int, text: str) -> None:
        post = self._cards[number][0]
        assert isinstance(post, Channel)
        if post.id in self._discord.server.channels:  # nobody can write in one that was deleted
            self._said(post, await self._people[volunteer.account].says(post, text), text)

    async def commands(self, volunteer: Actor, name: str, words: str, number: int | None) -> None:
        option = next(one.option for one in COMMANDS if one.name == name)
        options: dict[str, str | int] = {option: words} if option else {}
        options |= {} if number is None else {"number": number}
        self._did(await self._people[volunteer.account].slash(self._discord.lounge, name, **options))

    async def role_becomes(self, volunteer: Actor, role: Role) -> None:
        self._people[volunteer.account].user.roles[:] = ROLES[role]
        volunteer.role = role

    def _said(self, room: Channel, message: Json, text: str, before: str = "") -> None:
        self.events.add(f"discord:message:{message['id']}")
        self._wrote(room, message, text, before)

    def _did(self, opened: Interaction) -> None:
        self.events.add(f"discord:interaction:{opened.id}")

    def _changed(self) -> Iterator[tuple[Channel, str, Json]]:
        server = self._discord.server
        changed, server.changed = server.changed, []
        for channel, message in changed:
            if channel.messages.get(int(message["id"])) is message:  # no answer that only its reader sees
                yield channel, message["id"], message

    def standing(self) -> Iterable[str]:
        for channel in self._discord.server.channels.values():
            to_staff = channel.recipient and str(channel.recipient.id) in self._staff
            if channel.parent == self._discord.desk.id or to_staff:
                ours = (one for one in channel.messages.values() if one["author"]["id"] == str(BOT))
                yield from (one["content"] for one in ours)

    def _looks(self, message: Json) -> tuple[str, Any]:
        return message["content"], message["components"]

    def _place(self, room: Room, message: Json) -> Stands | None:
        assert isinstance(room, Channel)
        if room.parent == self._discord.desk.id:
            number = number_of(room.name)
            return Stands(number) if number is not None else None
        if room.type == DM:
            return Stands(reader=str(room.recipient.id) if room.recipient else None, private=True)
        answered = room.messages.get(int(message.get("message_reference", {}).get("message_id", 0)))
        return Stands(reader=str(answered["author"]["id"]) if answered else None)

    def _first_action(self, message: Json) -> str:
        return action_of(message["components"][0]["components"][0]["custom_id"])
