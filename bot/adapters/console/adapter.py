"""The console: reads lines, prints messages; works on a terminal, in a pipe and in a script."""

from __future__ import annotations

import asyncio
import sys
import uuid
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import TextIO

from bot.adapters.base import Accept
from bot.adapters.console import sides
from bot.adapters.console.render import to_lines
from bot.adapters.console.sides import DESK, GROUP, PLATFORM, Quit, Show, Side, Switch
from bot.domain.messages import Address, Attachment, Delivery, Receipt
from bot.domain.people import PersonId
from bot.errors import DeliveryError

WELCOME = (
    "Ask about HSCT for MS, as in a group chat. /as volunteer switches to the volunteers' desk.\n"
    "/help says more, /? how this terminal works, /quit leaves."
)
ReadLine = Callable[[str], Awaitable[str | None]]


class ConsoleAdapter:
    """One terminal; `settle` waits until everything due to this side has been shown."""

    platform = PLATFORM

    def __init__(self, side: Side, *, plain: bool, settle: Callable[[], Awaitable[None]]) -> None:
        self._side = side
        self._plain = plain
        self._settle = settle
        self._last_seen: str | None = None  # the last message about an escalation that a member was shown

    def chats(self) -> Sequence[str]:
        """Give the chats of the side that is shown; the other side's messages wait until somebody looks."""
        if self._side.role.works_the_desk:
            return [DESK]
        return [GROUP, Address.private_with(PersonId(PLATFORM, self._side.name)).chat]

    async def run(self, accept: Accept) -> None:
        """Read lines until the end of input or /quit."""
        read, screen = await self._input()
        with screen:
            self._print(WELCOME)
            await self._settle()
            while (line := await read("" if self._plain else self._side.prompt)) is not None:
                event_id, now = f"console:{uuid.uuid4()}", datetime.now(UTC)
                meaning = sides.to_event(line, self._side, event_id, now, answers=self._last_seen)
                match meaning:
                    case None:
                        continue
                    case Quit():
                        return
                    case Show(text):
                        self._print(text)
                    case Switch(side):
                        self._side = side
                        self._print(f"You are now {side.name} ({'desk' if side.role.works_the_desk else 'member'}).")
                    case event:
                        if event.address.thread:
                            self._follow(event.address.thread)
                        await accept(event)
                await self._settle()

    async def _input(self) -> tuple[ReadLine, AbstractContextManager[None]]:
        if self._plain:
            return await _pipe_reader(sys.stdin), nullcontext()
        from prompt_toolkit import PromptSession
        from prompt_toolkit.patch_stdout import patch_stdout

        session: PromptSession[str] = PromptSession()

        async def read(prompt: str) -> str | None:
            try:
                return await session.prompt_async(prompt)
            except (EOFError, KeyboardInterrupt):
                return None

        return read, patch_stdout()

    async def send(self, delivery: Delivery) -> Receipt:
        """Print a message."""
        message = delivery.message
        number = str(message.escalation_id) if message.on_desk else None
        if number:
            self._follow(number)
        elif message.escalation_id:
            self._last_seen = str(delivery.number)
        self._print("\n".join(to_lines(message)))
        return Receipt(str(delivery.number), number)

    async def close(self) -> None:
        """There is nothing to let go of."""

    async def fetch(self, attachment: Attachment) -> bytes:
        """A terminal has no files."""
        raise DeliveryError(f"{attachment.name} cannot be shown here", permanent=True)

    def _follow(self, thread: str) -> None:
        """Write to the escalation that was last shown or written to, unless another one is chosen."""
        if self._side.role.works_the_desk and self._side.thread != thread:
            self._side = Side(self._side.role, self._side.name, thread=thread)

    def _print(self, text: str) -> None:
        print(text, flush=True)  # noqa: T201


async def _pipe_reader(stream: TextIO) -> ReadLine:
    loop = asyncio.get_running_loop()

    async def read(_prompt: str) -> str | None:
        line = await loop.run_in_executor(None, stream.readline)
        return line or None

    return read
