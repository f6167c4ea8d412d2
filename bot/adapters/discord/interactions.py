"""Slash commands, presses, choices and forms: acknowledged at once, then handed in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import discord
import structlog

from bot.adapters.base import Standing
from bot.adapters.discord import custom_ids, errors
from bot.adapters.discord.actions import (
    FOR_ASKERS,
    FORMS,
    First,
    first_for_command,
    first_for_press,
    form_argument,
)
from bot.adapters.discord.commands import DESK_NAMES, ENTRY
from bot.adapters.discord.forms import filled, to_modal
from bot.adapters.discord.own import OwnButtons
from bot.adapters.discord.people import People
from bot.adapters.discord.private import Private
from bot.adapters.discord.replies import Replies
from bot.adapters.discord.to_event import (
    Rooms,
    Where,
    command_event,
    interaction_id,
    press_event,
    private,
    where,
)
from bot.adapters.discord.waiting import Waits
from bot.domain.messages import Event, Place
from bot.domain.people import Role
from bot.texts import Texts

TRIES = 2  # to acknowledge: there are three seconds in all
ACKNOWLEDGE_WITHIN = 1.0  # seconds for each try
LOOK_UP_WITHIN = 0.7  # seconds, before that, to learn whether somebody may have a form
READ_WITHIN = 0.3  # seconds, after that, to learn which words it begins with
DONE_AFTER = 2.0  # seconds after which a command without an answer of its own is said to be done
SLOW_AFTER = 8.0  # seconds after which somebody whose event is not stored yet is told so
Accept = Callable[[Event], Awaitable[None]]
log = structlog.get_logger()


class Interactions:
    """Acknowledges first, whatever the database does, and keeps the way to answer."""

    def __init__(
        self,
        texts: Texts,
        replies: Replies,
        own: OwnButtons,
        people_dm: Private,
        hand_in: Accept,
        waits: Waits,
        standing: Standing | None = None,
    ) -> None:
        self._texts = texts
        self._replies = replies
        self._own = own
        self._private = people_dm
        self._hand_in = hand_in
        self._waits = waits
        self._standing = standing
        self._later: set[asyncio.Task[None]] = set()

    def start(self, rooms: Rooms, people: People) -> None:
        """Learn who we are."""
        self._rooms = rooms
        self._people = people

    def room(self, interaction: discord.Interaction) -> Where:
        """Give the room of an interaction; in a group it is between the bot and that one person."""
        room = where(self._rooms, interaction.channel, interaction.user.id)
        if room.place is Place.GROUP:
            self._private.saw(interaction.user.id, room.parent)
            return private(interaction.user.id, room.address)
        return room

    async def commanded(self, interaction: discord.Interaction, name: str, argument: str) -> None:
        """Take a slash command or a context menu."""
        name, _, origin = name.partition(":")
        if origin == "message" and not argument.strip():
            await self._respond(interaction, lambda: self._say(interaction, "discord.no_words"))
            return
        if first_for_command(name, argument) is First.FORM:
            await self._respond(interaction, lambda: self._open_form(interaction, name, "", optional=True))
            return
        room = self.room(interaction)
        await self._thinking(interaction, room)
        role = await self._role(interaction, needed=name in DESK_NAMES)
        chosen, id_ = argument.startswith(ENTRY), argument.removeprefix(ENTRY)
        event: Event
        if chosen and name in ("ask", "faq"):
            event = press_event(interaction, room, role, "show", id_)
        else:
            words = argument.replace(ENTRY, "", 1) if name == "canned" else argument
            event = command_event(interaction, room, role, name, words, hidden=True)
        await self._take(interaction, event)

    async def pressed(self, interaction: discord.Interaction, custom_id: str) -> None:
        """Take a press or a choice from a menu."""
        action, subject = custom_ids.decode(custom_id) or ("unknown", "")
        first = first_for_press(action, subject)
        room = self.room(interaction)
        if first is First.OWN:
            await self._respond(interaction, lambda: self._own.press(interaction))
            return
        if first is First.FORM and (action in FOR_ASKERS or await self._works_the_desk(interaction)):
            words = await self._words_now(action, subject)
            await self._respond(interaction, lambda: self._open_form(interaction, action, subject, words))
            return
        if await self._respond(interaction, interaction.response.defer):
            self._wait(interaction, room, thinking=False)
        role = await self._role(interaction, needed=True)
        await self._take(interaction, press_event(interaction, room, role, action, subject))

    async def filled_in(self, interaction: discord.Interaction) -> None:
        """Take a form that was sent off: it means a command."""
        data: Any = interaction.data
        decoded = custom_ids.decode(data["custom_id"])
        if decoded is None or not decoded[0].startswith(custom_ids.FORM):
            return
        action, subject = decoded[0].removeprefix(custom_ids.FORM), decoded[1]
        if action not in FORMS:
            return
        words, room = filled(data["components"]), self.room(interaction)
        if interaction.message is None:
            await self._thinking(interaction, room)
        elif await self._respond(interaction, interaction.response.defer):
            self._wait(interaction, room, thinking=False, words=words if room.place is Place.DESK else "")
        role = await self._role(interaction, needed=FORMS[action].command in DESK_NAMES)
        argument = form_argument(action, subject, words)
        await self._take(
            interaction, command_event(interaction, room, role, FORMS[action].command, argument, hidden=True)
        )

    async def _works_the_desk(self, interaction: discord.Interaction) -> bool:
        """Tell whether somebody is a volunteer, in time for a form; in a private chat Discord has to be asked."""
        try:
            async with asyncio.timeout(LOOK_UP_WITHIN):
                return (await self._role(interaction, needed=True)).works_the_desk
        except TimeoutError:
            return False

    async def _role(self, interaction: discord.Interaction, *, needed: bool) -> Role:
        try:
            return await self._people.role(interaction.user, look_up=needed)
        except (discord.HTTPException, discord.RateLimited, *errors.NETWORK) as error:
            log.warning("discord.role_unknown", error=type(error).__name__)
            return Role.ASKER

    # Acknowledging.

    async def _thinking(self, interaction: discord.Interaction, room: Where) -> None:
        ephemeral = interaction.guild_id is not None

        async def defer() -> None:
            await interaction.response.defer(ephemeral=ephemeral, thinking=True)

        if await self._respond(interaction, defer):
            self._wait(interaction, room, thinking=True)

    def _wait(self, interaction: discord.Interaction, room: Where, *, thinking: bool, words: str = "") -> None:
        """Keep the way to answer; in a private chat a press is answered like any message."""
        ephemeral = interaction.guild_id is not None
        if ephemeral or thinking:
            self._replies.keep(
                interaction_id(interaction),
                interaction,
                room.address,
                ephemeral=ephemeral,
                thinking=thinking,
                words=words,
            )

    async def _respond(self, interaction: discord.Interaction, act: Callable[[], Awaitable[Any]]) -> bool:
        """Give the first response; False when Discord did not take it, and answers go to the private chat instead."""
        for _ in range(TRIES):
            try:
                async with asyncio.timeout(ACKNOWLEDGE_WITHIN):
                    await act()
                return True
            except discord.InteractionResponded:
                return True
            except discord.HTTPException as error:
                if error.status < 500:
                    log.warning("discord.not_acknowledged", code=error.code)
                    return False
            except errors.NETWORK as error:
                log.warning("discord.not_acknowledged", error=type(error).__name__)
        return False

    async def _say(self, interaction: discord.Interaction, key: str) -> None:
        await interaction.response.send_message(self._texts(key), ephemeral=interaction.guild_id is not None)

    async def _words_now(self, action: str, subject: str) -> str | None:
        """Give the words that a form begins with; an empty form in time is better than a full one too late."""
        if self._standing is None or not FORMS[action].standing:
            return None
        try:
            async with asyncio.timeout(READ_WITHIN):
                return await self._standing(action, subject)
        except TimeoutError:
            return None
        except Exception:
            log.exception("discord.form_begins_empty")
            return None

    async def _open_form(
        self,
        interaction: discord.Interaction,
        action: str,
        subject: str,
        words: str | None = None,
        *,
        optional: bool = False,
    ) -> None:
        modal = to_modal(FORMS[action], action, subject, self._texts, words, optional=optional)
        await interaction.response.send_modal(modal)

    # Handing in.

    async def _take(self, interaction: discord.Interaction, event: Event) -> None:
        if self._waits.full:
            self._waits.let_go()
            self._after(0, lambda: self._tell_to_repeat(interaction, event))
            return
        slow = self._after(SLOW_AFTER, lambda: self._tell_slow(interaction))
        with self._waits.one():
            await self._hand_in(event)
        slow.cancel()
        waiting = self._replies.to(event.event_id)
        if waiting is not None and waiting.thinking:
            self._after(DONE_AFTER, lambda: self._finish(event.event_id))

    def _after(self, seconds: float, act: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        async def later() -> None:
            await asyncio.sleep(seconds)
            try:
                await act()
            except (discord.HTTPException, *errors.NETWORK) as error:
                log.info("discord.not_told", error=type(error).__name__)

        task = asyncio.create_task(later())
        self._later.add(task)
        task.add_done_callback(self._later.discard)
        return task

    async def _tell_slow(self, interaction: discord.Interaction) -> None:
        if self._replies.to(interaction_id(interaction)):
            await interaction.followup.send(self._texts("discord.slow"), ephemeral=interaction.guild_id is not None)

    async def _tell_to_repeat(self, interaction: discord.Interaction, event: Event) -> None:
        """Say that it was let go: unlike a message, it cannot be read again."""
        self._replies.over(event.event_id)
        await interaction.followup.send(self._texts("discord.repeat"), ephemeral=interaction.guild_id is not None)

    async def _finish(self, event_id: str) -> None:
        """End the "is thinking" of a command whose effect shows elsewhere."""
        waiting = self._replies.to(event_id)
        if waiting is not None and waiting.thinking:
            waiting.thinking = False
            await waiting.interaction.edit_original_response(content=self._texts("discord.done"))
