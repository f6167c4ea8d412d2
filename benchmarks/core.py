"""How much the core and its database cost: python -m benchmarks.core [--messages 600] [--processes 1 2 3 4]

Messages go through intake, decision, outbox and receipt, 50 at a time, from 50 askers; the platform takes everything at
once. Beside them, in the same run, the rows they leave are stored by the bare driver, with a commit for each
message. Both databases wait for the disk at each commit. Matching runs without the encoder: see `benchmarks.decisions`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
from pydantic import SecretStr
from sqlalchemy import Table, and_, func, select
from sqlalchemy.engine import make_url

from bot.adapters.base import Accept
from bot.app import application, build_triage
from bot.config import Settings, TelegramSettings, WebhookSettings
from bot.domain.messages import Address, Attachment, Delivery, MessageReceived, Place, Receipt, Sender
from bot.domain.people import PersonId
from bot.knowledge.loader import load
from bot.logs import set_up
from bot.running import App
from bot.storage.store import Store
from bot.storage.tables import inbox, outbox, turns
from tests.postgres import postgres_server

ROOT = Path(__file__).parent.parent
ASKERS = 50
ANSWERED, ESCALATED = "what is hsct?", "does the hospital shop sell gluten free bread?"
LOOK = 0.05  # seconds between two looks at what has been sent
LIMIT = 1_000_000  # messages an asker may send at once here


@dataclass
class Bench:
    """A platform that asks so many questions and takes every message at once."""

    store: Store
    question: str
    messages: int
    name: str
    platform: str = "telegram"

    def chats(self) -> Sequence[str] | None:
        """Serve every chat."""
        return None

    async def run(self, accept: Accept) -> None:
        """Ask, and wait until every question has its messages."""
        at_a_time = asyncio.Semaphore(ASKERS)

        async def ask(number: int) -> None:
            async with at_a_time:
                await accept(self._event(number))

        await asyncio.gather(*(ask(number) for number in range(self.messages)))
        while await self._sent() < self.messages:  # noqa: ASYNC110 - others may send them
            await asyncio.sleep(LOOK)

    async def _sent(self) -> int:
        """Count those of its questions whose messages have left, by whichever process they were sent."""
        ours = and_(outbox.c.event_id.like(f"{self.platform}:{self.name}-%"), outbox.c.status == "sent")
        async with self.store.transaction() as tx:
            found = await tx.connection.execute(select(func.count(outbox.c.event_id.distinct())).where(ours))
            return int(found.scalar_one())

    def _event(self, number: int) -> MessageReceived:
        who = PersonId(self.platform, f"{self.name}-{number % ASKERS}")
        event_id = f"{self.platform}:{self.name}-{number}"
        return MessageReceived(
            event_id=event_id, at=datetime.now(UTC), sender=Sender(who, "Anna"), address=Address.private_with(who),
            place=Place.PRIVATE, text=self.question, message_id=event_id,
        )  # fmt: skip

    async def send(self, delivery: Delivery) -> Receipt:
        """Take a message."""
        return Receipt(str(delivery.number), f"t{delivery.message.escalation_id}" if delivery.message.on_desk else None)

    async def close(self) -> None:
        """Nothing is open."""

    async def fetch(self, attachment: Attachment) -> bytes:
        """Give an empty file."""
        return b""


def settings(database: str) -> Settings:
    """Give the settings: no limits to asking, and several processes may receive."""
    return Settings.model_validate(
        {
            "database_url": SecretStr(database),
            "knowledge": ROOT / "knowledge",
            "telegram": TelegramSettings(webhook=WebhookSettings(url="https://example.org/hook")),
            "limits": {"per_asker": LIMIT, "per_group": LIMIT},
        }
    )


async def rate(app: App, question: str, messages: int, name: str) -> float:
    """Give messages a second."""
    app.adapters[:] = [Bench(app.store, question, messages, name)]
    begun = time.perf_counter()
    await app.run()
    return messages / (time.perf_counter() - begun)


async def measure(database: str, messages: int) -> tuple[float, float, list[tuple[Table, dict[str, Any]]]]:
    """Give answers and escalations a second, and the rows that a message leaves."""
    triage = build_triage(load(ROOT / "knowledge"), ROOT / "data" / "cache", "none")
    async with application(settings(database), triage=triage, desks=[Address("telegram", "desk")]) as app:
        await rate(app, ANSWERED, ASKERS, "warm-up")
        answered = await rate(app, ANSWERED, messages, "answered")
        rows = await rows_left(app)
        escalated = await rate(app, ESCALATED, messages // 4, "escalated")
    return answered, escalated, rows


async def rows_left(app: App) -> list[tuple[Table, dict[str, Any]]]:
    """Give one row of each table that a message fills, as it is stored."""
    found = []
    async with app.store.transaction() as tx:
        for table in (inbox, turns, outbox):
            row = (await tx.connection.execute(select(table).limit(1))).mappings().one()
            found.append((table, {name: value for name, value in row.items() if name != "id" and value is not None}))
    return found


def statement(table: Table, row: dict[str, Any], placeholder: str) -> str:
    """Write an insert as the driver wants it."""
    places = ", ".join(placeholder.format(number + 1) for number in range(len(row)))
    names = ", ".join(f'"{name}"' for name in row)
    return f"INSERT INTO {table.name} ({names}) VALUES ({places})"  # noqa: S608


def values(row: dict[str, Any], number: int, *, iso: bool) -> list[Any]:
    """Give the values of a row, with an event of its own."""
    plain = [json.dumps(one) if isinstance(one, dict | list) else one for one in row.values()]
    plain = [one.isoformat(" ") if iso and isinstance(one, datetime) else one for one in plain]
    return [f"raw-{number}" if name == "event_id" else one for name, one in zip(row, plain, strict=True)]


def raw_sqlite(file: str, rows: list[tuple[Table, dict[str, Any]]], messages: int) -> float:
    """Give messages a second of the bare driver."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    begun = time.perf_counter()
    for number in range(messages):
        connection.execute("BEGIN IMMEDIATE")
        for table, row in rows:
            connection.execute(statement(table, row, "?"), values(row, number, iso=True))
        connection.execute("COMMIT")
    taken = time.perf_counter() - begun
    connection.close()
    return messages / taken


async def raw_postgres(database: str, rows: list[tuple[Table, dict[str, Any]]], messages: int) -> float:
    """Give messages a second of the bare driver."""
    url = make_url(database)
    connection = await asyncpg.connect(user=url.username, database=url.database, host=str(url.query["host"]))
    begun = time.perf_counter()
    for number in range(messages):
        async with connection.transaction():
            for table, row in rows:
                await connection.execute(statement(table, row, "${}"), *values(row, number, iso=False))
    taken = time.perf_counter() - begun
    await connection.close()
    return messages / taken


async def several(database: str, processes: int, messages: int) -> float:
    """Give messages a second of so many processes together, each with a share of the messages."""
    share = messages // processes
    command = (sys.executable, "-m", "benchmarks.core", "--worker", database, "--messages", str(share))
    pipe = asyncio.subprocess.PIPE
    workers = [
        await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=pipe, stdout=pipe) for _ in range(processes)
    ]
    for worker in workers:
        await heard(worker, b"ready")
    begun = time.perf_counter()
    for worker in workers:
        if worker.stdin:
            worker.stdin.write(b"go\n")
    for worker in workers:
        await heard(worker, b"done")
    taken = time.perf_counter() - begun
    for worker in workers:
        await worker.communicate()
    return share * processes / taken


async def heard(worker: asyncio.subprocess.Process, word: bytes) -> None:
    """Wait for a word of a worker."""
    said = await worker.stdout.readline() if worker.stdout else b""
    if said.strip() != word:
        raise RuntimeError(f"a worker said {said!r} instead of {word!r}")


async def work(database: str, messages: int) -> None:
    """Be one of several processes: say when ready, begin when told."""
    triage = build_triage(load(ROOT / "knowledge"), ROOT / "data" / "cache", "none")
    async with application(settings(database), triage=triage, desks=[Address("telegram", "desk")]) as app:
        name = f"worker-{os.getpid()}"
        await rate(app, ANSWERED, ASKERS, f"{name}-warm-up")
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        await rate(app, ANSWERED, messages, name)
        print("done", flush=True)


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """Give a fresh database of each kind, both as safe as in earnest."""
    folder = ROOT / "data"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as place, postgres_server(durable=True) as server:
        yield {"SQLite": f"sqlite+aiosqlite:///{place}/bench.db", "PostgreSQL": server.url("shared")}


def main() -> None:
    """Measure, and print Markdown tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=600)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2, 3, 4])
    parser.add_argument("--worker", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.environ.setdefault("HSCTBOT_LOG__LEVEL", "error")
    set_up(Settings.model_validate({"log": {"level": "error"}}), quiet=True)
    if options.worker:
        asyncio.run(work(options.worker, options.messages))
        return
    print(f"{os.cpu_count()} processor cores, load {os.getloadavg()[0]:.1f}.\n")
    print(
        "| database | messages a second | bare inserts | ratio | escalations a second |\n|---|---|---|---|---|",
        flush=True,
    )
    with databases() as urls:
        for name, url in urls.items():
            answered, escalated, rows = asyncio.run(measure(url, options.messages))
            if name == "SQLite":
                raw = raw_sqlite(str(make_url(url).database), rows, options.messages)
            else:
                raw = asyncio.run(raw_postgres(url, rows, options.messages))
            print(f"| {name} | {answered:.0f} | {raw:.0f} | {answered / raw:.2f} | {escalated:.0f} |", flush=True)
        print("\n| processes on PostgreSQL | messages a second |\n|---|---|", flush=True)
        for processes in options.processes:
            together = asyncio.run(several(urls["PostgreSQL"], processes, options.messages))
            print(f"| {processes} | {together:.0f} |", flush=True)


if __name__ == "__main__":
    main()
