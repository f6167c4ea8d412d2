"""What the bot knows about itself and its chats while it translates."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from bot.config import TelegramSettings

SUPERGROUPS = (
    -1_000_000_000_000
)  # their numbers lie below, Telegram Bot API "Chat"; only other groups can get a new one
MOST_REMEMBERED = 20_000  # messages of desks without topics; older ones are found by the receipts in the database


@dataclass(slots=True)
class Here:
    """The bot's own account, the desk, the ask chats, and which groups got a new number."""

    desk: int | None = None
    ask_chats: frozenset[str] = frozenset()
    bot_id: int = 0
    bot_name: str = ""  # without the @
    moved: dict[int, int] = field(default_factory=dict)  # a group's old number -> the supergroup's
    _roots: OrderedDict[tuple[int, int], str] = field(default_factory=OrderedDict)

    @classmethod
    def of(cls, settings: TelegramSettings) -> Here:
        """Give what the settings say; the rest is asked from Telegram."""
        return cls(settings.desk_chat, frozenset(chat.replace(" ", "") for chat in settings.ask_chats))

    def in_settings(self) -> list[int]:
        """Give the groups that the settings name."""
        asks = [chat.partition("/")[0] for chat in self.ask_chats]
        numbers = [int(chat) for chat in asks if chat.lstrip("-").isdecimal()]
        return list(dict.fromkeys([*([] if self.desk is None else [self.desk]), *numbers]))

    def may_move(self) -> list[int]:
        """Give the groups of the settings that may get a new number yet."""
        return [chat for chat in self.in_settings() if chat > SUPERGROUPS and chat not in self.moved]

    def is_ask_chat(self, chat: int, thread: str | None) -> bool:
        """Tell whether every question said there is meant for the bot."""
        numbers = {chat, *(old for old, new in self.moved.items() if new == chat)}  # settings may have the first one
        known = {str(number) for number in numbers} | {f"{number}/{thread}" for number in numbers if thread}
        return not known.isdisjoint(self.ask_chats)

    def known_as(self, chat: int) -> int:
        """Give the number that the database has for a chat: a desk that grew keeps the one in the settings."""
        return self.desk if self.desk is not None and self.moved.get(self.desk) == chat else chat

    def now_at(self, chat: int) -> int:
        """Give the number that Telegram has for a chat now."""
        return self.moved.get(chat, chat)

    def remember(self, chat: int, message_id: int, thread: str) -> None:
        """Keep which thread of replies a message belongs to: Telegram names only the message replied to."""
        self._roots[chat, message_id] = thread
        if len(self._roots) > MOST_REMEMBERED:
            self._roots.popitem(last=False)

    def thread_of(self, chat: int, message_id: int) -> str | None:
        """Give the thread of replies that a message belongs to."""
        return self._roots.get((chat, message_id))
