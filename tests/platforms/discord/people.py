"""People on the test server: they write, press, choose, fill in forms, and see what they are shown."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Iterator
from typing import Any

from tests.platforms.discord.model import (
    BOT,
    DM,
    EPHEMERAL,
    GUILD,
    PRIVATE_THREAD,
    Channel,
    Interaction,
    Json,
    User,
    snowflake,
    timestamp,
)
from tests.platforms.discord.server import DiscordServer

WAIT = 5.0  # seconds that anything may take


async def until(found: Callable[[], Any], what: str = "it", seconds: float | None = None) -> Any:  # noqa: ANN401
    """Wait until something is true, and give it."""
    seconds = seconds or WAIT
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        result = found()
        if result:
            return result
        await asyncio.sleep(0.005)
    raise AssertionError(f"waited {seconds} s for {what}")


class Human:
    """Somebody with an account."""

    def __init__(self, server: DiscordServer, name: str, *roles: int) -> None:
        self.server = server
        self.user = server.add_user(name, *roles)
        self.locale = "en-GB"

    @property
    def dm(self) -> Channel:
        return self.server.private_chat(self.user.id)

    # Writing.

    async def says(
        self,
        channel: Channel,
        text: str,
        *,
        reply_to: Json | None = None,
        mentions_author: bool = True,
        files: list[tuple[str, bytes, str | None]] | None = None,
        unheard: bool = False,
        ago: float = 0.0,
    ) -> Json:
        """Write a message; `unheard` ones reach nobody now, as if the bot were away."""
        if not unheard:
            await until(self.server.at_rest, "the bot to be at rest")
        data: Json = {"content": text}
        if reply_to:
            data["message_reference"] = {"message_id": reply_to["id"], "channel_id": str(channel.id)}
        message = self.server.new_message(channel, self.user, data, files or [], ago)
        if reply_to and mentions_author:
            author = self.server.users[int(reply_to["author"]["id"])]
            message["mentions"] = [*message["mentions"], author.payload()]
        if not unheard:
            await self.server.publish(channel, message)
        return message

    async def mentions(self, channel: Channel, text: str, *, unheard: bool = False) -> Json:
        return await self.says(channel, f"<@{BOT}> {text}", unheard=unheard)

    async def edits(self, channel: Channel, message: Json, text: str) -> None:
        message |= {"content": text, "edited_timestamp": timestamp()}
        await self.server.publish(channel, message, "MESSAGE_UPDATE")

    # Interactions.

    async def slash(self, channel: Channel, name: str, /, **options: str | int) -> Interaction:
        """Give a slash command."""
        return await self._opens(channel, 2, self._command(name, options))

    def _command(self, name: str, options: dict[str, str | int], focused: str | None = None) -> Json:
        command = next(one for one in self._commands() if one["name"] == name and one["type"] == 1)
        types = {option["name"]: option["type"] for option in command["options"]}
        given = [
            {"name": key, "value": value, "type": types[key], **({"focused": True} if key == focused else {})}
            for key, value in options.items()
        ]
        guild = {} if command in self.server.commands.get("global", []) else {"guild_id": str(GUILD)}
        return {"id": command["id"], "name": name, "type": 1, "options": given, **guild}

    def _commands(self) -> Iterator[Json]:
        for commands in self.server.commands.values():
            yield from commands

    async def types(self, channel: Channel, name: str, option: str, text: str) -> list[Json]:
        """Type into a command's option; give the completions."""
        done = await self._opens(channel, 4, self._command(name, {option: text}, focused=option))
        assert done.choices is not None
        return done.choices

    async def menu(self, channel: Channel, name: str, message: Json) -> Interaction:
        """Choose a context menu on a message."""
        command = next(one for one in self._commands() if one["name"] == name and one["type"] == 3)
        data = {
            "id": command["id"],
            "name": name,
            "type": 3,
            "target_id": message["id"],
            "resolved": {"messages": {message["id"]: message}},
        }
        return await self._opens(channel, 2, data)

    async def presses(self, channel: Channel, message: Json, label: str) -> Interaction:
        """Press a button, or choose from a menu, by its words."""
        for row in message["components"]:
            for component in row["components"]:
                if component["type"] == 2 and component["label"] == label:
                    data = {"custom_id": component["custom_id"], "component_type": 2}
                    return await self._opens(channel, 3, data, message)
                for option in component.get("options", []):
                    if option["label"] == label:
                        custom_id = component["custom_id"]
                        data = {"custom_id": custom_id, "component_type": 3, "values": [option["value"]]}
                        return await self._opens(channel, 3, data, message)
        raise AssertionError(f"no button '{label}' among {labels(message)}")

    async def presses_old(self, channel: Channel, message: Json, custom_id: str) -> Interaction:
        """Press a button that a screen still shows, whether or not the message has it now."""
        button = {"type": 2, "style": 2, "label": "Old", "custom_id": custom_id}
        shown = {**message, "components": [{"type": 1, "components": [button]}]}
        return await self._opens(channel, 3, {"custom_id": custom_id, "component_type": 2}, shown)

    async def fills_in(self, opened: Interaction, text: str) -> Interaction:
        """Send a form off."""
        assert opened.modal
        label = opened.modal["components"][0]
        field = {"type": 4, "custom_id": label["component"]["custom_id"], "value": text, "id": 2}
        data = {
            "custom_id": opened.modal["custom_id"],
            "components": [{"type": 18, "id": 1, "component": field}],
        }
        return await self._opens(opened.channel, 5, data, opened.on_message)

    async def _opens(self, channel: Channel, kind: int, data: Json, message: Json | None = None) -> Interaction:
        token = secrets.token_hex(16)
        opened = Interaction(snowflake(), token, kind, self.user, channel, data, message)
        self.server.interactions[token] = opened
        await self.server.broadcast("INTERACTION_CREATE", self._payload(opened))
        try:
            await asyncio.wait_for(opened.changed.wait(), 3.2)
        except TimeoutError:
            raise AssertionError("the interaction was not acknowledged within three seconds") from None
        return opened

    def _payload(self, opened: Interaction) -> Json:
        channel = opened.channel
        data: Json = {
            "id": str(opened.id),
            "application_id": str(BOT),
            "type": opened.type,
            "data": opened.payload,
            "token": opened.token,
            "version": 1,
            "channel_id": str(channel.id),
            "channel": channel.payload(),
            "locale": self.locale,
            "attachment_size_limit": 10485760,
            "entitlements": [],
            "authorizing_integration_owners": {"0": str(GUILD)},
            "context": 1 if channel.type == DM else 0,
        }
        if opened.on_message is not None:
            data["message"] = opened.on_message
        if channel.type == DM:
            return {**data, "user": self.user.payload()}
        member = {**self.user.member(), "user": self.user.payload(), "permissions": "0"}
        return {**data, "guild_id": str(GUILD), "guild_locale": "en-US", "member": member}

    # Seeing.

    def sees(self, channel: Channel) -> list[Json]:
        """What the bot has written that this person sees in a channel, oldest first."""
        if channel.type == PRIVATE_THREAD and self.user.id not in channel.members:
            return []
        return [one for one in channel.messages.values() if int(one["author"]["id"]) == BOT]

    async def gets(self, channel: Channel, words: str, *, but: int = 0) -> Json:
        """Wait for a message of the bot in a channel that holds some words."""
        found: Json = await until(
            lambda: next((one for one in self.sees(channel)[but:] if words in one["content"]), None),
            f"'{words}' in {channel.name or 'the private chat'}; there is "
            f"{[one['content'][:80] for one in self.sees(channel)]}",
        )
        return found

    async def answered(self, opened: Interaction, words: str = "") -> Json:
        """Wait for an answer to an interaction."""
        found: Json = await until(
            lambda: next((one for one in opened.answers if words in one["content"]), None), f"an answer with '{words}'"
        )
        return found


def labels(message: Json) -> list[str]:
    """Give the words on all buttons and in all menus under a message."""
    found: list[str] = []
    for row in message["components"]:
        for component in row["components"]:
            found += (
                [option["label"] for option in component["options"]] if component["type"] == 3 else [component["label"]]
            )
    return found


def is_ephemeral(message: Json) -> bool:
    return bool(message["flags"] & EPHEMERAL)


__all__ = ["Human", "User", "is_ephemeral", "labels", "until"]
