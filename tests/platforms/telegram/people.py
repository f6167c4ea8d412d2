"""Users, chats and messages as the test server keeps them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
BOT_ID = 999
BOT_NAME = "HsctHelpBot"


@dataclass
class User:
    """An account; `started` once it has written to the bot in private."""

    id: int
    first_name: str
    last_name: str = ""
    username: str | None = None
    started: bool = False
    blocked: bool = False
    deleted: bool = False
    language_code: str | None = None

    def json(self) -> Json:
        data: Json = {"id": self.id, "is_bot": self.id == BOT_ID, "first_name": self.first_name}
        if self.last_name:
            data["last_name"] = self.last_name
        data |= {"language_code": self.language_code} if self.language_code else {}
        return data | ({"username": self.username} if self.username else {})


@dataclass
class Topic:
    """A topic of a forum group."""

    id: int
    name: str
    closed: bool = False


@dataclass
class Chat:
    """A private chat, a group, or a forum group (`is_forum`); `members` maps users to their status."""

    id: int
    type: str
    title: str = ""
    is_forum: bool = False
    members: dict[int, str] = field(default_factory=dict)
    bot_rights: set[str] = field(default_factory=lambda: {"can_manage_topics", "can_delete_messages"})
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Json] = field(default_factory=dict)
    moved_to: int | None = None
    no_reactions: bool = False
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def json(self) -> Json:
        data: Json = {"id": self.id, "type": self.type}
        if self.title:
            data["title"] = self.title
        return data | ({"is_forum": True} if self.is_forum else {})


def bot_user() -> User:
    """The bot's own account."""
    return User(BOT_ID, "HSCT Help", username=BOT_NAME)
