"""The process that gets killed: the real application, with a platform made of two files.

Two of them may share a PostgreSQL, as workers behind one webhook. `events.jsonl` stands for a platform that delivers
every update again until it is confirmed (to a single process: for ever), `sent.jsonl` for what the platform has taken.
Importing it builds what is slow (see `test_sigkill.py`).
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog
from pydantic import SecretStr

from bot import outbox
from bot.adapters.base import Accept
from bot.app import application, build_triage
from bot.config import Settings, TelegramSettings, WebhookSettings
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
from bot.running import until_told
from bot.storage import peers, postgres
from bot.storage.outbox import lane_of
from tests.crash.files import CONFIRMED, SENT, confirmed

PLATFORM = "telegram"  # by name only
DESK = Address(PLATFORM, "desk")
FINISHED = "finished"
KNOWLEDGE = Path(os.environ["HSCTBOT_CRASH_KNOWLEDGE"])  # the same that is watched for changes
TRIAGE = build_triage(load(KNOWLEDGE), encoder="none")
# Tracebacks with the values of variables, as structlog prints them unless told otherwise, take longer than the work.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


@dataclass
class FilesAdapter:
    """Reads every event from the start, each time; writes what is sent before giving the receipt."""

    folder: Path
    platform: str = PLATFORM
    backwards: bool = False  # the second worker begins at the other end, so that both have something to do
    stays: bool = False  # reads only what was not confirmed yet, and goes on sending until the file `over` is there

    def chats(self) -> Sequence[str] | None:
        return None

    async def run(self, accept: Accept) -> None:
        lines = (self.folder / "events.jsonl").read_text(encoding="utf-8").splitlines()
        events = [json.loads(line) for line in (reversed(lines) if self.backwards else lines)]
        seen = self._confirmed() if self.stays else set()
        for event in events:
            if event["id"] not in seen:
                await accept(to_event(event))
                self._confirm(event["id"])
            await asyncio.sleep(0)
        while self.stays and not (self.folder / "over").exists():  # noqa: ASYNC110 - a file is what the test can reach
            await asyncio.sleep(0.1)

    def _confirm(self, event_id: str) -> None:
        with (self.folder / CONFIRMED).open("a", encoding="utf-8") as file:
            file.write(f"\n{event_id} {datetime.now(UTC).isoformat()}\n")

    def _confirmed(self) -> set[str]:
        return {event_id for event_id, _ in confirmed(self.folder)}

    async def send(self, delivery: Delivery) -> Receipt:
        message = delivery.message
        line = {
            "number": delivery.number,
            "lane": lane_of(message),
            "event": delivery.event_id,
            "text": message.text()[:80],
        }
        with (self.folder / SENT).open("a", encoding="utf-8") as file:
            file.write(f"\n{json.dumps(line)}\n")
            file.flush()
            os.fsync(file.fileno())
        await asyncio.sleep(0.002)  # a crash here has sent and not stored the receipt
        return Receipt(f"m{delivery.number}", f"t{message.escalation_id}" if message.on_desk else None)

    async def close(self) -> None:
        return

    async def fetch(self, attachment: Attachment) -> bytes:
        raise NotImplementedError


def to_event(data: dict[str, str]) -> Event:
    role = Role(data["role"])
    sender = Sender(PersonId(PLATFORM, data["user"]), data["user"], role)
    at, event_id = datetime.now(UTC), data["id"]
    if data.get("press"):
        return ButtonPressed(
            event_id=event_id, at=at, sender=sender, address=DESK, place=Place.DESK,
            action=data["press"], subject=data["subject"],
        )  # fmt: skip
    address = Address.private_with(sender.id)
    return MessageReceived(
        event_id=event_id, at=at, sender=sender, address=address, place=Place.PRIVATE,
        text=data["text"], message_id=event_id,
    )  # fmt: skip


def run_worker(
    folder: Path, database: str, number: int, patience: float = peers.RETURN_WITHIN, frozen_after: int | None = None
) -> None:
    """Run as one of several workers on a PostgreSQL, until the file `over` is there.

    `patience` is for the others, in seconds, after the database was away; `frozen_after` for one that hangs.
    """
    peers.RETURN_WITHIN = patience
    if frozen_after:
        postgres.FROZEN_AFTER, peers.CHECK_EVERY, outbox.STALE_AFTER = frozen_after, frozen_after / 4, frozen_after / 2
    # By a webhook several processes receive at a time.
    webhook = WebhookSettings(url="https://example.org/hook", secret_token=SecretStr("one-for-all"))
    settings = Settings(
        database_url=SecretStr(database), knowledge=KNOWLEDGE, telegram=TelegramSettings(webhook=webhook)
    )
    asyncio.run(_worker(folder, settings, number))


async def _worker(folder: Path, settings: Settings, number: int) -> None:
    async with application(settings, triage=TRIAGE, desks=[DESK]) as app:
        app.adapters.append(FilesAdapter(folder, backwards=number % 2 == 1, stays=True))
        await app.run()


def run(folder: Path) -> None:
    """Run until every event is handled and every message is sent."""
    asyncio.run(_run(folder))


async def _run(folder: Path) -> None:
    database = SecretStr(f"sqlite+aiosqlite:///{folder / 'bot.db'}")
    settings = Settings(database_url=database, knowledge=KNOWLEDGE)
    async with application(settings, triage=TRIAGE, desks=[DESK]) as app:
        app.adapters.append(FilesAdapter(folder))
        (folder / "ready").touch()
        await until_told(app)
        if not (folder / "over").exists():
            await app.outbox.settle()
            (folder / FINISHED).touch()
