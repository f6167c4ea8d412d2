"""The REST side: what the bot calls, checked as the real one checks it."""

from __future__ import annotations

import time
from typing import Any

from tests.platforms.discord import rules
from tests.platforms.discord.gateway import MESSAGE_CONTENT, Gateway
from tests.platforms.discord.model import (
    BOT,
    DM,
    EPHEMERAL,
    FORUM,
    GUILD,
    LOADING,
    PINNED,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    VOICE,
    Channel,
    Interaction,
    Json,
    User,
    snowflake,
    timestamp,
)
from tests.platforms.discord.rules import Refused

BITS = {
    "MANAGE_CHANNELS": 1 << 4,
    "VIEW_CHANNEL": 1 << 10,
    "SEND_MESSAGES": 1 << 11,
    "ATTACH_FILES": 1 << 15,
    "READ_MESSAGE_HISTORY": 1 << 16,
    "MENTION_EVERYONE": 1 << 17,
    "CONNECT": 1 << 20,
    "MANAGE_THREADS": 1 << 34,
    "CREATE_PUBLIC_THREADS": 1 << 35,
    "CREATE_PRIVATE_THREADS": 1 << 36,
    "SEND_MESSAGES_IN_THREADS": 1 << 38,
}
ALL_BITS = sum(BITS.values())
UNKNOWN_CHANNEL = Refused(404, 10003, "Unknown Channel")
Files = list[tuple[str, bytes, str | None]]


class Rest(Gateway):
    """Handlers by method and path; each gives JSON, or raises `Refused`."""

    def __init__(self, token: str) -> None:
        super().__init__(token)
        self.bot = User(BOT, "HSCT Helper", [BOT + 1], bot=True)
        self.users: dict[int, User] = {BOT: self.bot}
        self.channels: dict[int, Channel] = {}
        self.interactions: dict[str, Interaction] = {}
        self.commands: dict[str, list[Json]] = {}
        self.roles: list[Json] = [_role(GUILD, "@everyone", 0), _role(BOT + 1, "HSCT Helper", ALL_BITS, managed=True)]
        self.app_flags = 0
        self.unavailable = False  # the server has an outage
        self.nonces: dict[str, Json] = {}
        self.changed: list[tuple[Channel, Json]] = []  # what the bot has written or edited since somebody emptied this
        self.pings: list[tuple[Json, set[str]]] = []  # messages that alerted somebody, and whom
        self.allowed_mentions: list[Json] = []  # of every message that was sent
        self.cdn: dict[str, bytes] = {}
        self.host = ""

    # Messages.

    async def post_message(self, channel_id: int, data: Json, files: Files) -> Json:
        channel = self.channel(channel_id)
        rules.check_message(data, len(files))
        self.may_write(channel)
        reference = data.get("message_reference")
        answered = int(reference["message_id"]) if reference else None
        if reference and reference.get("fail_if_not_exists", True) and answered not in channel.messages:
            raise rules.bad("message_reference", "Unknown message")
        nonce = data.get("nonce")
        if nonce and data.get("enforce_nonce") and nonce in self.nonces:
            return self.nonces[nonce]
        message = self.new_message(channel, self.bot, data, files)
        if nonce and data.get("enforce_nonce"):
            self.nonces[nonce] = message
        await self.publish(channel, message)
        return message

    def may_write(self, channel: Channel) -> None:
        """Refuse what the bot has no permission, and nobody a reason, for."""
        if channel.type == DM:
            assert channel.recipient
            if not channel.recipient.in_guild:
                raise Refused(403, 50278, "Cannot send messages to this user due to having no mutual guilds")
            if not channel.recipient.takes_dms:
                raise Refused(403, 50007, "Cannot send messages to this user")
            return
        self.needs(channel, "SEND_MESSAGES_IN_THREADS" if channel.is_thread else "SEND_MESSAGES")
        if channel.type == FORUM:
            raise Refused(400, 50008, "Cannot send messages in a non-text channel")
        if channel.locked and "MANAGE_THREADS" in channel.denied:
            raise Refused(403, 160005, "Thread is locked")
        channel.archived = False  # writing wakes a thread

    def denied_in(self, channel: Channel) -> set[str]:
        """Give what the bot lacks in a channel, or in the one a thread hangs in."""
        return channel.denied | (self.channels[channel.parent].denied if channel.parent in self.channels else set())

    def needs(self, channel: Channel, permission: str) -> None:
        denied = self.denied_in(channel)
        if "VIEW_CHANNEL" in denied:
            raise Refused(403, 50001, "Missing Access")
        if permission in denied:
            raise Refused(403, 50013, "Missing Permissions")

    def new_message(self, channel: Channel, author: User, data: Json, files: Files = (), ago: float = 0.0) -> Json:  # type: ignore[assignment]
        number = snowflake(ago)
        content = data.get("content") or ""
        message: Json = {
            "id": str(number),
            "channel_id": str(channel.id),
            "author": author.payload(),
            "content": content,
            "timestamp": timestamp(time.time() - ago),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [user.payload() for user in self.users.values() if f"<@{user.id}>" in content],
            "mention_roles": [role["id"] for role in self.roles if f"<@&{role['id']}>" in content],
            "attachments": [self._attachment(file) for file in files],
            "embeds": [],
            "pinned": False,
            "type": 0,
            "flags": data.get("flags") or 0,
            "components": data.get("components") or [],
        }
        reference = data.get("message_reference")
        if reference and int(reference["message_id"]) in channel.messages:
            answered = {**reference, "message_id": str(reference["message_id"]), "type": 0}
            message |= {"type": 19, "message_reference": answered}
            referenced = channel.messages[int(reference["message_id"])]
            message["referenced_message"] = {k: v for k, v in referenced.items() if k != "referenced_message"}
        channel.messages[number] = message
        if author is self.bot:
            self._note_pings(message, data)
        return message

    def _attachment(self, file: tuple[str, bytes, str | None]) -> Json:
        name, content, description = file
        number = snowflake()
        self.cdn[f"{number}/{name}"] = content
        kind = "image/png" if name.endswith(".png") else "text/plain"
        return {
            "id": str(number),
            "filename": name,
            "size": len(content),
            "url": f"{self.host}/cdn/{number}/{name}",
            "proxy_url": f"{self.host}/cdn/{number}/{name}",
            "content_type": kind,
            "description": description,
        }

    def _note_pings(self, message: Json, data: Json) -> None:
        allowed = data.get("allowed_mentions", {"parse": ["users", "roles", "everyone"]})
        self.allowed_mentions.append(allowed)
        content, parse = message["content"], allowed.get("parse", [])
        users, roles = ({str(one) for one in allowed.get(kind, [])} for kind in ("users", "roles"))
        whom = {user["id"] for user in message["mentions"] if "users" in parse or user["id"] in users}
        whom |= {role for role in message["mention_roles"] if "roles" in parse or role in roles}
        if "everyone" in parse and ("@everyone" in content or "@here" in content):
            whom.add("everyone")
        if whom:
            self.pings.append((message, whom))

    async def publish(self, channel: Channel, message: Json, event: str = "MESSAGE_CREATE") -> None:
        data = dict(message)
        author = self.users[int(message["author"]["id"])]
        if author is self.bot:
            self.changed.append((channel, message))
        if channel.guild:
            data |= {"guild_id": str(channel.guild), "member": author.member()}
        await self.broadcast(event, data, content_shown=self.content_shown(channel, message))

    def content_shown(self, channel: Channel, message: Json) -> bool:
        """Tell whether a bot without the intent may read a message."""
        ours = int(message["author"]["id"]) == BOT or any(int(user["id"]) == BOT for user in message["mentions"])
        return channel.type == DM or ours

    async def edit_message(self, channel_id: int, message_id: int, data: Json) -> Json:
        channel = self.channel(channel_id)
        message = channel.messages.get(message_id)
        if message is None:
            raise Refused(404, 10008, "Unknown Message")
        if channel.archived:
            raise Refused(400, 50083, "Thread is archived")
        rules.check_message(data, 0, edit=True)
        if int(message["author"]["id"]) != BOT:
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
        message |= {key: data[key] for key in ("content", "components", "flags") if key in data}
        message["components"] = message["components"] or []
        message["edited_timestamp"] = timestamp()
        await self.publish(channel, message, "MESSAGE_UPDATE")
        return message

    def history(self, channel_id: int, query: Json) -> list[Json]:
        channel = self.channel(channel_id)
        self.needs(channel, "CONNECT" if channel.type == VOICE else "VIEW_CHANNEL")
        if "READ_MESSAGE_HISTORY" in self.denied_in(channel):
            return []
        numbers = sorted(channel.messages)
        limit = int(query.get("limit", 50))
        assert 1 <= limit <= 100
        if "after" in query:
            numbers = [number for number in numbers if number > int(query["after"])][:limit]
        elif "before" in query:
            numbers = [number for number in numbers if number < int(query["before"])][-limit:]
        else:
            numbers = numbers[-limit:]
        return [self._as_read(channel, channel.messages[number]) for number in reversed(numbers)]

    def _as_read(self, channel: Channel, message: Json) -> Json:
        readable = any(session.intents & MESSAGE_CONTENT for session in self.sessions.values())
        if readable or self.content_shown(channel, message):
            return message
        return {**message, "content": "", "attachments": []}

    # Channels and threads.

    def channel(self, number: int) -> Channel:
        channel = self.channels.get(number)
        if channel is None:
            raise UNKNOWN_CHANNEL
        if "VIEW_CHANNEL" in self.denied_in(channel):
            raise Refused(403, 50001, "Missing Access")
        return channel

    async def start_thread(self, parent_id: int, data: Json, files: Files) -> Json:
        parent = self.channel(parent_id)
        if not 1 <= rules.length(data["name"]) <= 100:
            raise rules.bad("name", "Must be between 1 and 100 in length.")
        if data.get("auto_archive_duration", 1440) not in (60, 1440, 4320, 10080):
            raise rules.bad("auto_archive_duration", "not one of the four")
        if parent.type == FORUM:
            return await self._start_post(parent, data, files)
        kind = int(data.get("type", PRIVATE_THREAD))
        self.needs(parent, "CREATE_PRIVATE_THREADS" if kind == PRIVATE_THREAD else "CREATE_PUBLIC_THREADS")
        thread = self._thread(parent, data["name"], kind, [])
        await self.broadcast("THREAD_CREATE", {**thread.payload(), "newly_created": True})
        return thread.payload()

    async def _start_post(self, forum: Channel, data: Json, files: Files) -> Json:
        self.needs(forum, "SEND_MESSAGES")
        rules.check_message(data["message"], len(files))
        tags = [str(tag) for tag in data.get("applied_tags", [])]
        self._check_tags(forum, tags)
        thread = self._thread(forum, data["name"], PUBLIC_THREAD, tags)
        message = self.new_message(thread, self.bot, data["message"], files)
        del thread.messages[int(message["id"])]
        message["id"] = str(thread.id)  # a post's first message has the post's id
        thread.messages[thread.id] = message
        await self.broadcast("THREAD_CREATE", {**thread.payload(), "newly_created": True})
        await self.publish(thread, message)
        return {**thread.payload(), "message": message}

    def _check_tags(self, forum: Channel, tags: list[str]) -> None:
        if len(tags) > 5 or not set(tags) <= {tag["id"] for tag in forum.tags}:
            raise rules.bad("applied_tags", "unknown, or more than 5")
        if forum.requires_tag and not tags:
            raise Refused(400, 40067, "A tag is required to create a forum post in this channel")

    def _thread(self, parent: Channel, name: str, kind: int, tags: list[str]) -> Channel:
        thread = Channel(snowflake(), kind, name, parent=parent.id, owner=BOT, applied=tags, members={BOT})
        self.channels[thread.id] = thread
        return thread

    async def edit_channel(self, number: int, data: Json) -> Json:
        channel = self.channel(number)
        if "available_tags" in data:
            self.needs(channel, "MANAGE_CHANNELS")
            for tag in data["available_tags"]:
                tag.setdefault("id", None)
                tag["id"] = tag["id"] or str(snowflake())
            channel.tags = data["available_tags"]
        if channel.locked:
            self.needs(channel, "MANAGE_THREADS")
        if channel.archived and data.get("archived") is not False:
            raise Refused(400, 50083, "Thread is archived")
        if "applied_tags" in data:
            channel.applied = [str(tag) for tag in data["applied_tags"]]
            self._check_tags(self.channels[channel.parent or 0], channel.applied)
        if "flags" in data:
            self._pin(channel, pinned=bool(data["flags"] & PINNED))
        channel.archived = data.get("archived", channel.archived)
        await self.broadcast("THREAD_UPDATE" if channel.is_thread else "CHANNEL_UPDATE", channel.payload())
        return channel.payload()

    def _pin(self, post: Channel, *, pinned: bool) -> None:
        self.needs(post, "MANAGE_THREADS")
        others = [one for one in self.channels.values() if one.parent == post.parent and one.pinned and one is not post]
        if pinned and others:
            raise Refused(400, 30047, "Maximum number of pinned threads in a forum channel has been reached (1)")
        post.pinned = pinned

    async def delete_channel(self, number: int) -> Json:
        channel = self.channel(number)
        if channel.is_thread:
            self.needs(channel, "MANAGE_THREADS")
        del self.channels[number]
        await self.broadcast(
            "THREAD_DELETE",
            {"id": str(number), "guild_id": str(GUILD), "parent_id": str(channel.parent), "type": channel.type},
        )
        return channel.payload()

    def add_to_thread(self, number: int, user_id: int) -> None:
        thread = self.channel(number)
        if not self.users[user_id].in_guild:
            raise Refused(403, 50001, "Missing Access")
        thread.members.add(user_id)

    def active_threads(self) -> Json:
        return {"threads": self.threads_seen(), "members": [], "has_more": False}

    def threads_seen(self) -> list[Json]:
        threads = [one for one in self.channels.values() if one.is_thread and not one.archived]
        return [one.payload() for one in threads if "VIEW_CHANNEL" not in self.denied_in(one)]

    def archived_threads(self, parent_id: int) -> Json:
        self.needs(self.channel(parent_id), "READ_MESSAGE_HISTORY")
        threads = [one.payload() for one in self.channels.values() if one.parent == parent_id and one.archived]
        return {"threads": threads, "members": [], "has_more": False}

    def private_chat(self, user_id: int) -> Channel:
        for channel in self.channels.values():
            if channel.recipient and channel.recipient.id == user_id:
                return channel
        channel = Channel(snowflake(), DM, guild=None, recipient=self.users[user_id])
        self.channels[channel.id] = channel
        return channel

    # Interactions.

    def interaction(self, token: str) -> Interaction:
        found = self.interactions.get(token)
        if found is None or found.expired:
            raise Refused(401, 50027, "Invalid Webhook Token")
        return found

    async def respond(self, token: str, data: Json, files: Files) -> Json:
        """Take the first response to an interaction."""
        found = self.interactions.get(token)
        late = found is not None and time.monotonic() - found.opened_at > 3.0
        if found is None or found.expired or late:
            raise Refused(404, 10062, "Unknown interaction")
        if found.response is not None:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        kind, inner = data["type"], data.get("data") or {}
        self._check_response(found, kind, inner, len(files))
        found.response, found.acknowledged_after = kind, time.monotonic() - found.opened_at
        found.ephemeral = bool(inner.get("flags", 0) & EPHEMERAL)
        if kind == 4:
            found.original = self._answer(found, inner, files)
        elif kind == 8:
            found.choices = inner["choices"]
        elif kind == 9:
            found.modal = inner
        found.changed.set()
        return {
            "interaction": {"id": str(found.id), "type": found.type, "response_message_loading": kind == 5},
            "resource": {"type": kind},
        }

    def _check_response(self, found: Interaction, kind: int, inner: Json, files: int) -> None:
        component = found.type == 3 or (found.type == 5 and found.on_message is not None)
        if kind == 4:
            rules.check_message(inner, files)
        elif kind in (6, 7) and not component:
            raise rules.bad("type", "only for components")
        elif kind == 8:
            if found.type != 4:
                raise rules.bad("type", "only for autocomplete")
            rules.check_choices(inner["choices"])
        elif kind == 9:
            if found.type not in (2, 3):
                raise rules.bad("type", "no form from a form")
            rules.check_modal(inner)
        if found.type == 4 and kind != 8:
            raise rules.bad("type", "autocomplete takes choices only")

    def follow_up(self, token: str, data: Json, files: Files) -> Json:
        found = self.interaction(token)
        if found.response is None:
            raise Refused(404, 10015, "Unknown Webhook")
        rules.check_message(data, len(files))
        message = self._answer(found, data, files)
        if found.response == 5 and found.original is None:
            message["flags"] = (message["flags"] & ~EPHEMERAL) | (EPHEMERAL if found.ephemeral else 0)
            found.original = message
        return message

    def _answer(self, found: Interaction, data: Json, files: Files) -> Json:
        message = self.new_message(found.channel, self.bot, data, files)
        if message["flags"] & EPHEMERAL:
            del found.channel.messages[int(message["id"])]  # nobody else can see or fetch it
        found.answers.append(message)
        self.changed.append((found.channel, message))
        found.changed.set()
        return message

    def edit_original(self, token: str, data: Json) -> Json:
        found = self.interaction(token)
        if found.response == 6 and found.on_message is not None:
            found.original = found.on_message  # of a button: the message it stands under
        if found.original is None:
            found.original = self._answer(found, {"flags": EPHEMERAL if found.ephemeral else 0, **data}, [])
        found.original |= {key: data[key] for key in ("content", "components") if key in data}
        found.original["flags"] &= ~LOADING
        self.changed.append((found.channel, found.original))
        return found.original

    # Commands.

    def register(self, key: str, commands: list[Json]) -> list[Json]:
        for command in commands:
            rules.check_command(command)
        names = [(command.get("type", 1), command["name"]) for command in commands]
        if len(set(names)) != len(names) or len(names) > 100:
            raise rules.bad("name", "Application command names must be unique")
        self.commands[key] = [
            {
                **command,
                "id": str(snowflake()),
                "application_id": str(BOT),
                "version": "1",
                "type": command.get("type", 1),
                "description": command.get("description", ""),
                "options": command.get("options", []),
                "nsfw": False,
                "default_member_permissions": command.get("default_member_permissions"),
            }
            for command in commands
        ]
        return self.commands[key]

    # Who and where.

    def member(self, user_id: int) -> Json:
        user = self.users.get(user_id)
        if user is None or not user.in_guild:
            raise Refused(404, 10007, "Unknown Member")
        return {**user.member(), "user": user.payload()}

    def application(self) -> Json:
        return {
            "id": str(BOT),
            "name": "HSCT Helper",
            "icon": None,
            "description": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "",
            "flags": self.app_flags,
            "owner": self.bot.payload(),
            "team": None,
            "summary": "",
        }

    def guild(self) -> Json:
        channels = [one for one in self.channels.values() if one.guild == GUILD]
        return {
            "id": str(GUILD),
            "name": "MS support",
            "owner_id": "1",
            "roles": self.roles,
            "emojis": [],
            "stickers": [],
            "features": [],
            "channels": [self._with_overwrites(one) for one in channels if not one.is_thread],
            "threads": self.threads_seen(),
            "members": [self.member(BOT)],
            "member_count": 12,
            "large": False,
            "unavailable": False,
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
            "joined_at": timestamp(0),
            "afk_timeout": 300,
            "verification_level": 1,
            "default_message_notifications": 1,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "premium_tier": 0,
            "premium_progress_bar_enabled": False,
            "nsfw_level": 0,
            "preferred_locale": "en-US",
            "system_channel_flags": 0,
        }

    def _with_overwrites(self, channel: Channel) -> Json:
        deny = sum(BITS[name] for name in channel.denied)
        overwrite = {"id": str(BOT), "type": 1, "allow": "0", "deny": str(deny)}
        return {**channel.payload(), "permission_overwrites": [overwrite] if deny else []}

    def shown_channel(self, number: int) -> Json:
        channel = self.channel(number)
        return channel.payload() if channel.is_thread or channel.type == DM else self._with_overwrites(channel)

    def ready(self, session: Any) -> tuple[Json, list[Json]]:  # noqa: ANN401
        data: Json = {
            "v": 10,
            "user": self.bot.payload(),
            "guilds": [{"id": str(GUILD), "unavailable": True}] if session.hears_of(GUILD) else [],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "application": {"id": str(BOT), "flags": self.app_flags},
            "private_channels": [],
        }
        if session.shard:
            data["shard"] = session.shard
        return data, [self.guild()] if session.hears_of(GUILD) and not self.unavailable else []

    async def is_available(self) -> None:
        """Tell of the server at last, as after an outage of it."""
        self.unavailable = False
        for session in [one for one in self.sessions.values() if one.hears_of(GUILD)]:
            await session.dispatch("GUILD_CREATE", self.guild())

    async def is_unavailable(self) -> None:
        """Tell that the server is out of reach, while the connection lives."""
        self.unavailable = True
        await self.broadcast("GUILD_DELETE", {"id": str(GUILD), "guild_id": str(GUILD), "unavailable": True})


def _role(number: int, name: str, permissions: int, *, managed: bool = False) -> Json:
    return {
        "id": str(number),
        "name": name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": 0 if number == GUILD else 1,
        "permissions": str(permissions),
        "managed": managed,
        "mentionable": False,
        "flags": 0,
        **({"tags": {"bot_id": str(BOT)}} if managed else {}),
    }
