"""Who somebody is at this moment, where an event does not say."""

from __future__ import annotations

from time import monotonic

import discord

from bot.adapters.discord import errors
from bot.adapters.discord.to_event import Rooms, roles_of
from bot.domain.people import Role

KEPT = 10.0  # seconds that a looked-up role holds


class People:
    """Looks roles up: along with an event, else by a call."""

    def __init__(self, client: discord.Client, rooms: Rooms) -> None:
        self._client = client
        self._rooms = rooms
        self._known: dict[int, tuple[float, Role]] = {}
        self.guild: int | None = None  # the desk's server, once it is known

    async def role(self, user: discord.abc.User, *, look_up: bool = False) -> Role:
        """Give what somebody may do; only with `look_up` is Discord asked where the event does not tell.

        Raises:
            discord.HTTPException: Discord could not say. Taking a volunteer for a stranger would lose their words.
        """
        if isinstance(user, discord.Member):
            return self._rooms.role(roles_of(user))
        if not look_up or self.guild is None:
            return Role.ASKER
        at, role = self._known.get(user.id, (-KEPT, Role.ASKER))
        if monotonic() - at < KEPT:
            return role
        role = await self._looked_up(user.id, self.guild)
        if len(self._known) > 1000:
            self._known.clear()
        self._known[user.id] = (monotonic(), role)
        return role

    async def now(self, user: int) -> Role | None:
        """Ask what somebody may do at this moment; None: Discord cannot say, as when the bot is not in the server."""
        if self.guild is None:
            return None
        try:
            member = await self._client.http.get_member(self.guild, user)
        except discord.NotFound as error:
            return Role.ASKER if error.code in errors.NOBODY_THERE else None
        except (discord.HTTPException, *errors.NETWORK):
            return None
        return self._rooms.role(int(role) for role in member["roles"])

    async def _looked_up(self, user: int, guild: int) -> Role:
        try:
            member = await self._client.http.get_member(guild, user)
        except discord.NotFound:
            return Role.ASKER
        return self._rooms.role(int(role) for role in member["roles"])
