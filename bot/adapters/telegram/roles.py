"""Who is a volunteer: from the settings, and from the desk group as Telegram knows it at that moment."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import structlog
from telegram import Bot, ChatMember
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.adapters.telegram.here import Here
from bot.config import TelegramSettings
from bot.domain.people import Role

KEPT = 5.0  # seconds that an answer of Telegram is believed
ASKER_KEPT = 600.0  # seconds that somebody is believed to be none in private: to join is announced (`forget`)
MOST_KEPT = 5_000
_LEADS = (ChatMember.OWNER, ChatMember.ADMINISTRATOR)
log = structlog.get_logger()


class Roles:
    """Looks roles up; a change that Telegram announces is known at once (`forget`)."""

    def __init__(
        self, bot: Bot, settings: TelegramSettings, here: Here, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._bot = bot
        self._leads = frozenset(settings.leads)
        self._volunteers = frozenset(settings.volunteers)
        self._here = here
        self._clock = clock
        self._known: dict[int, tuple[Role, float]] = {}

    async def of(self, user: int, *, in_private: bool = False) -> Role:
        """Give somebody's role: admins of the desk group are leads, its members volunteers.

        In private, where nearly everybody is an asker, Telegram is not asked about each message of theirs.

        Raises:
            TelegramError: Telegram could not be asked.
        """
        named = self.named(user)
        if named is Role.LEAD:
            return named
        found = await self._at_the_desk(user, ASKER_KEPT if in_private else KEPT)
        return named if found is Role.ASKER else found

    async def now(self, user: int) -> Role | None:
        """Give somebody's role at this moment; None: Telegram cannot say, as when the bot is not in the desk group."""
        named = self.named(user)
        if named is Role.LEAD:
            return named
        try:
            found = await self._asked(user)
        except TelegramError:
            return None
        return named if found is Role.ASKER else found

    def named(self, user: int) -> Role:
        """Give the role that the settings alone give somebody."""
        if user in self._leads or user == self._here.desk:  # writing as the desk group itself takes an admin of it
            return Role.LEAD
        return Role.VOLUNTEER if user in self._volunteers else Role.ASKER

    def forget(self, user: int) -> None:
        """Ask Telegram again the next time."""
        self._known.pop(user, None)

    async def _at_the_desk(self, user: int, asker_kept: float) -> Role:
        role, asked_at = self._known.get(user, (Role.ASKER, -math.inf))
        if self._clock() - asked_at < (KEPT if role.works_the_desk else asker_kept):
            return role
        role = await self._asked(user) or Role.ASKER
        if len(self._known) > MOST_KEPT:
            self._known.clear()
        self._known[user] = (role, self._clock())
        return role

    async def _asked(self, user: int) -> Role | None:
        """Ask about a member of the desk group; None: Telegram does not let the bot look into it."""
        if self._here.desk is None or user <= 0:
            return Role.ASKER
        try:
            member = await self._bot.get_chat_member(self._here.now_at(self._here.desk), user)
        except (BadRequest, Forbidden) as error:
            if "user" not in error.message.lower() and "participant" not in error.message.lower():
                log.error("tg.desk_unreadable", reason=error.message[:100])
                return None
            return Role.ASKER
        return _role(member)


def _role(member: ChatMember) -> Role:
    if member.status in _LEADS:
        return Role.LEAD
    inside = member.status == ChatMember.MEMBER or getattr(member, "is_member", False)
    return Role.VOLUNTEER if inside else Role.ASKER
