"""Where a crowd acts: what people can do there, and what is to be seen of it. One crowd fits every ground."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.people import Role
from bot.running import App
from tests.clock import Clock

PLATFORMS = ("telegram", "discord")
_WORD = re.compile(r"\b(?:ask|rep|not)x\d{6}\b")


@dataclass(eq=False)
class Actor:
    """Somebody with an account; `name` is the one that others see."""

    name: str
    platform: str
    role: Role
    account: str


@dataclass(frozen=True, slots=True)
class Sight:
    """Something that the bot shows: at a desk in the thread of `thread`, or else to the one with the account `reader`.

    `id` names the message, which may be seen again when it has changed; `offers` is the first action on an escalation's
    card, nothing else has it; `private` is whether it stands in a private chat.
    """

    platform: str
    text: str
    id: str
    thread: int | None = None
    reader: str | None = None
    offers: str | None = None
    private: bool = False


def words_in(text: str) -> list[str]:
    """Give the words that people of the crowd have for themselves: `askx…` of askers, `repx…` and `notx…` of volunteers."""
    return _WORD.findall(text)


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

    async def says(self, asker: Actor, text: str) -> None:
        """Write to the bot in private, as a reply to nothing."""
        ...

    async def asker_presses(self, asker: Actor, number: int, action: str) -> bool:
        """Press a button under what an asker was told of an escalation, however old; False if they were told nothing."""
        ...

    async def presses_add(self, asker: Actor, number: int) -> bool:
        """Press what lets an asker add to a question in private; False where they were told nothing in private."""
        ...

    async def edits(self, actor: Actor, word: str, text: str) -> bool:
        """Change the message that a word stands in; False if what was given cannot be changed."""
        ...

    async def is_forgotten(self, actor: Actor) -> None:
        """Give /forgetme, which is handled then, and press that it is meant, which need not be."""
        ...

    async def press(
        self, volunteer: Actor, number: int, action: str, *, subject: int | None = None, note: str = ""
    ) -> None:
        """Press a button of the card, as a screen that is not up to date still shows it; `note` is written after it.

        `subject` is what the button is about, if that is not the escalation itself.
        """
        ...

    async def press_together(
        self, volunteers: Sequence[Actor], number: int, action: str, *, subject: int | None = None
    ) -> None:
        """Press it at the same moment."""
        ...

    async def writes(self, volunteer: Actor, number: int, text: str) -> None:
        """Write in an escalation's thread on one's own desk."""
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

    def standing(self) -> Iterable[str]:
        """Give every text of the bot that stands on a desk, or in a private chat of somebody who works there."""
        ...
