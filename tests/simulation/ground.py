"""Where a crowd acts: what people can do there, and what is to be seen of it. One crowd fits every ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.people import Role
from bot.running import App
from tests.clock import Clock

PLATFORMS = ("telegram", "discord")


@dataclass(eq=False)
class Actor:
    """Somebody with an account; `name` is the one that others see."""

    name: str
    platform: str
    role: Role
    account: str


@dataclass(frozen=True, slots=True)
class Sight:
    """Something that the bot shows: at a desk in the thread of `thread`, or else to the asker with the account `reader`.

    `offers` is the first action on an escalation's card; nothing else has it.
    """

    platform: str
    text: str
    thread: int | None = None
    reader: str | None = None
    offers: str | None = None


class Ground(Protocol):
    """What a crowd needs; nothing of it has to have been handled before `settle`, but for what is said to be.

    `at_once` is how many things may happen before all settles.
    """

    app: App
    clock: Clock
    at_once: int

    def join(self, name: str, platform: str, role: Role) -> Actor:
        """Give somebody an account; its name is that name with a capital letter."""
        ...

    async def asks(self, asker: Actor, question: str, *, private: bool) -> None:
        """Ask what only a person can answer."""
        ...

    async def adds(self, asker: Actor, number: int, text: str) -> bool:
        """Reply to what was said last to an asker about an escalation; False if there is nothing to reply to."""
        ...

    async def asker_presses(self, asker: Actor, number: int, action: str) -> None:
        """Press a button under what an asker was told of an escalation, however old."""
        ...

    async def press(self, volunteer: Actor, number: int, action: str) -> None:
        """Press a button of the card, as a screen that is not up to date still shows it."""
        ...

    async def press_together(self, volunteers: Sequence[Actor], number: int, action: str) -> None:
        """Press it at the same moment."""
        ...

    async def writes(self, volunteer: Actor, number: int, text: str) -> None:
        """Write in an escalation's thread on one's own desk."""
        ...

    async def hands_back(self, volunteer: Actor, number: int, note: str) -> None:
        """Press Hand back, and say why."""
        ...

    async def commands(self, volunteer: Actor, name: str, words: str, number: int | None = None) -> None:
        """Give a command at the desk."""
        ...

    async def role_becomes(self, volunteer: Actor, role: Role) -> None:
        """Give or take somebody's rights; it is so from then on."""
        ...

    async def settle(self) -> None:
        """Wait until all that happened is handled and all that is to be said is said."""
        ...

    def look(self) -> Sequence[Sight]:
        """Give what has come to be seen, or has changed, since the last look; in the order in which it did."""
        ...
