"""What the server holds: people, channels, messages, interactions, as Discord's JSON."""

from __future__ import annotations

import asyncio
import itertools
import time
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
EPOCH = 1420070400000  # milliseconds; Discord's snowflakes count from 2015
TEXT, DM, VOICE, ANNOUNCEMENT, PUBLIC_THREAD, PRIVATE_THREAD, FORUM = 0, 1, 2, 5, 11, 12, 15
THREADS = (PUBLIC_THREAD, PRIVATE_THREAD)
BOT = 900
GUILD = 1 << 22 | 1000  # of two shards it is on the second; private chats are always on the first
EPHEMERAL = 1 << 6
LOADING = 1 << 7
SILENT = 1 << 12
PINNED = 1 << 1  # of a post
REQUIRE_TAG = 1 << 4  # of a forum
_low = itertools.count(1)


def snowflake(ago: float = 0.0) -> int:
    """Give a new id, as of `ago` seconds before now."""
    return (int((time.time() - ago) * 1000) - EPOCH << 22) | (next(_low) & 0x3FFFFF)


def timestamp(moment: float | None = None) -> str:
    """Give a time as Discord writes it."""
    moment = time.time() if moment is None else moment
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(moment)) + f".{int(moment % 1 * 1e6):06d}+00:00"


@dataclass
class User:
    """An account; `roles` are those in the server, `takes_dms` whether the bot may write to it."""

    id: int
    name: str
    roles: list[int] = field(default_factory=list)
    takes_dms: bool = True
    in_guild: bool = True
    bot: bool = False

    def payload(self) -> Json:
        return {
            "id": str(self.id),
            "username": self.name.lower(),
            "global_name": self.name,
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
        }

    def member(self) -> Json:
        return {
            "roles": [str(role) for role in self.roles],
            "joined_at": timestamp(0),
            "deaf": False,
            "mute": False,
            "nick": None,
            "flags": 0,
        }


@dataclass
class Channel:
    """A channel, a thread, or a private chat; `denied` are permissions the bot lacks in it."""

    id: int
    type: int
    name: str = ""
    guild: int | None = GUILD
    parent: int | None = None
    owner: int | None = None
    archived: bool = False
    locked: bool = False
    pinned: bool = False
    requires_tag: bool = False  # of a forum
    tags: list[Json] = field(default_factory=list)  # of a forum
    applied: list[str] = field(default_factory=list)
    recipient: User | None = None
    denied: set[str] = field(default_factory=set)
    members: set[int] = field(default_factory=set)
    messages: dict[int, Json] = field(default_factory=dict)

    @property
    def is_thread(self) -> bool:
        return self.type in THREADS

    def payload(self) -> Json:
        last = str(max(self.messages)) if self.messages else None
        data: Json = {"id": str(self.id), "type": self.type, "name": self.name, "last_message_id": last}
        if self.type == DM:
            assert self.recipient
            return {**data, "recipients": [self.recipient.payload()]}
        data |= {"guild_id": str(self.guild), "flags": 0, "rate_limit_per_user": 0}
        if self.is_thread:
            return data | self._thread()
        data |= {"position": 1, "permission_overwrites": [], "parent_id": None, "nsfw": False, "topic": None}
        if self.type == VOICE:
            data |= {"bitrate": 64000, "user_limit": 0, "rtc_region": None}
        if self.type == FORUM:
            data |= {"flags": REQUIRE_TAG if self.requires_tag else 0}
            data |= {"available_tags": self.tags, "default_reaction_emoji": None, "default_forum_layout": 0}
        return data

    def _thread(self) -> Json:
        return {
            "flags": PINNED if self.pinned else 0,
            "parent_id": str(self.parent),
            "owner_id": str(self.owner),
            "message_count": len(self.messages),
            "member_count": len(self.members),
            "total_message_sent": len(self.messages),
            "applied_tags": self.applied,
            "thread_metadata": {
                "archived": self.archived,
                "locked": self.locked,
                "auto_archive_duration": 10080,
                "archive_timestamp": timestamp(),
                "invitable": False,
            },
        }


@dataclass
class Interaction:
    """Something a person did with a command, a component or a form, and what came of it."""

    id: int
    token: str
    type: int
    user: User
    channel: Channel
    payload: Json
    on_message: Json | None = None
    opened_at: float = field(default_factory=time.monotonic)
    acknowledged_after: float | None = None  # seconds
    response: int | None = None  # type of the first response
    ephemeral: bool = False
    original: Json | None = None
    modal: Json | None = None
    choices: list[Json] | None = None
    answers: list[Json] = field(default_factory=list)
    expired: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def thinking(self) -> bool:
        """Whether the person still sees "is thinking"."""
        return self.response == 5 and self.original is None
