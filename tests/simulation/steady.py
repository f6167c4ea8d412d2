"""Very many messages, as fast as they are taken, and how much memory that leaves: a process of its own.

`python -m tests.simulation.steady DATABASE_URL MESSAGES` prints a line of JSON for every hundredth part (of 100 messages
at least).
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import random
import re
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from bot.adapters.base import Accept
from bot.app import application, build_triage
from bot.config import Settings
from bot.domain.messages import (
    Address,
    Attachment,
    ButtonPressed,
    Delivery,
    Event,
    MessageReceived,
    Place,
    Receipt,
    Sender,
)
from bot.domain.people import PersonId, Role
from bot.knowledge.loader import load
from bot.logs import set_up
from bot.running import App
from bot.storage.levels import Levels
from bot.storage.outbox import Fate

ROOT = Path(__file__).parents[2]
PLATFORM = "telegram"  # by name only
DESK = Address(PLATFORM, "desk")
ASKERS, AT_A_TIME = 3000, 50
LOOK_EVERY, MOST_WAITING = 100, 200  # messages: it goes no faster than what is said can be sent
SEED = 20261128
UNKNOWN = "does the hospital in {} have wifi?"
CHATTER = ("thanks a lot everybody!", "my neighbour {} went there last year.")
NO_LIMIT = 1_000_000


class Steady:
    """A group that never stops talking to the bot, and a volunteer who answers whatever is handed over."""

    platform = PLATFORM

    def __init__(self, app: App, questions: Sequence[str], messages: int) -> None:
        self._app = app
        self._questions = questions
        self._messages = messages
        self._chance = random.Random(SEED)  # noqa: S311
        self._numbers = itertools.count()
        self._at_a_time = asyncio.Semaphore(AT_A_TIME)
        self._begun = time.monotonic()
        self._seen: set[int] = set()
        self._opened: list[int] = []
        self.sent = self.answered = 0

    def chats(self) -> Sequence[str] | None:
        """Serve every chat."""
        return None

    async def run(self, accept: Accept) -> None:
        """Ask until all is asked, answered and sent."""
        for part in range(0, self._messages, LOOK_EVERY):
            opened, self._opened = self._opened, []
            asked = [self._event(part + number) for number in range(min(LOOK_EVERY, self._messages - part))]
            await asyncio.gather(*(self._hand_in(accept, [event]) for event in asked))
            await asyncio.gather(*(self._hand_in(accept, self._answering(number)) for number in opened))
            await self._until_sent(MOST_WAITING)
            self._report(part + len(asked))
        await self._until_sent(0)

    async def _hand_in(self, accept: Accept, events: Sequence[Event]) -> None:
        async with self._at_a_time:
            for event in events:
                await accept(event)

    async def _until_sent(self, most: int) -> None:
        while True:
            async with self._app.store.transaction() as tx:
                levels = await Levels(tx.connection).outbox()
            if sum(level.count for fate, level in levels.items() if fate in (Fate.PENDING, Fate.SENDING)) <= most:
                return
            await asyncio.sleep(0.02)

    def _report(self, asked: int) -> None:
        if asked % max(self._messages // 100, LOOK_EVERY):
            return
        seconds = round(time.monotonic() - self._begun, 1)
        line = {"messages": asked, "seconds": seconds, "MiB": memory(), "sent": self.sent, "answered": self.answered}
        print(json.dumps(line), flush=True)  # noqa: T201

    def _event(self, number: int) -> MessageReceived:
        who = PersonId(PLATFORM, f"asker{self._chance.randrange(ASKERS)}")
        return self._said(f"m{number}", Sender(who, "Anna"), Address.private_with(who), Place.PRIVATE, self._text())

    def _text(self) -> str:
        kind = self._chance.random()
        if kind < 0.02:
            return UNKNOWN.format(self._word())
        if kind < 0.1:
            return self._chance.choice(CHATTER).format(self._word())
        question = self._chance.choice(self._questions)
        return f"{question} {self._word()}" if kind > 0.7 else question

    def _word(self) -> str:
        return "".join(self._chance.choices("abcdefghijklmnoprstuvwz", k=self._chance.randint(4, 9)))

    def _answering(self, number: int) -> Sequence[Event]:
        """Claim, answer and close an escalation."""
        kim = Sender(PersonId(PLATFORM, f"kim{number % 5}"), "Kim", Role.VOLUNTEER)
        thread = Address(DESK.platform, DESK.chat, f"t{number}")
        reply = self._said(f"r{number}", kim, thread, Place.DESK, f"I have been there. {self._word()}.")
        presses = (
            ButtonPressed(
                event_id=f"{action}{number}", at=datetime.now(UTC), sender=kim, address=thread, place=Place.DESK,
                action=action, subject=str(number),
            )
            for action in ("claim", "close")
        )  # fmt: skip
        claim, close = presses
        self.answered += 1
        return (claim, reply, close)

    def _said(self, event_id: str, sender: Sender, address: Address, place: Place, text: str) -> MessageReceived:
        return MessageReceived(
            event_id=event_id, at=datetime.now(UTC), sender=sender, address=address, place=place,
            text=text, message_id=event_id,
        )  # fmt: skip

    async def send(self, delivery: Delivery) -> Receipt:
        """Take a message; a card that is new is somebody's to answer."""
        self.sent += 1
        message = delivery.message
        number = message.escalation_id
        if message.on_desk and number is not None and number not in self._seen:
            self._seen.add(number)
            self._opened.append(number)
        return Receipt(str(delivery.number), f"t{number}" if message.on_desk else None)

    async def close(self) -> None:
        """Nothing is open."""

    async def fetch(self, attachment: Attachment) -> bytes:
        """Give an empty file."""
        return b""


def memory() -> float:
    """Give what of the process is in memory, in MiB."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return round(int(found[1]) / 1024, 1)


async def run(database: str, messages: int) -> None:
    """Ask so many questions of a bot as it is shipped, but without the encoder and the limits to asking."""
    settings = Settings.model_validate(
        {
            "database_url": SecretStr(database),
            "knowledge": ROOT / "knowledge",
            "limits": {"per_asker": NO_LIMIT, "per_group": NO_LIMIT},
            "matching": {"encoder": "none"},
            "cache": os.environ.get("HSCTBOT_CACHE", str(ROOT / "data" / "cache")),
        }
    )
    knowledge = load(settings.knowledge)
    triage = build_triage(knowledge, settings.cache, settings.matching.encoder)
    answered = [entry for entry in knowledge.entries.values() if not entry.by_person]
    questions = [phrasing for entry in answered for phrasing in entry.phrasings]
    async with application(settings, triage=triage, desks=[DESK]) as app:
        app.adapters.append(Steady(app, questions, messages))
        await app.run()


if __name__ == "__main__":
    set_up(Settings.model_validate({"log": {"level": "error"}}), quiet=True)
    asyncio.run(run(sys.argv[1], int(sys.argv[2])))
