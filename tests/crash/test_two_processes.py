"""Two processes on one PostgreSQL, one of them killed again and again: nothing is lost, decided twice or out of order."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import combinations
from multiprocessing.process import BaseProcess as Process
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from bot.outbox import MOST_UNDER_WAY
from bot.storage.deliveries import LEASE
from bot.storage.peers import ALIVE, LEADER, RETURN_WITHIN
from tests.crash import files
from tests.crash.forking import fresh_server
from tests.crash.test_sigkill import SEED, script
from tests.postgres import SHARED, Server, postgres_server

MESSAGES = int(os.environ.get("HSCTBOT_SOAK_MESSAGES", "200"))
KILL_EVERY = 0.05  # seconds between looks
KILLS = MESSAGES // 40
HOW = (signal.SIGINT, signal.SIGQUIT, signal.SIGQUIT)  # how the database is stopped: `fast` and `immediate`
AWAY = 6.0  # seconds: what was taken before is older than what a living process is given
PATIENT = 60.0  # seconds to come back after an outage, however little of the processor a process gets
HANGS = 4  # seconds after which a process that gives no sign of life has lost what it holds
LOCKS = "SELECT DISTINCT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = {}"
ALIVE_ONES, LEADERS = LOCKS.format(ALIVE), LOCKS.replace("DISTINCT pid", "objid, pid").format(LEADER) + " ORDER BY 1"
LONGEST = 600.0 + MESSAGES / 5  # seconds for all of it: no measure of speed, but the end of a test that hangs
Rows = Callable[[str], list[Any]]


def rows_of(server: Server) -> Rows:
    async def ask(query: str) -> list[Any]:
        connection = await asyncpg.connect(user="postgres", database=SHARED, host=server.folder)
        try:
            return [tuple(row) for row in await connection.fetch(query)]
        finally:
            await connection.close()

    return lambda query: asyncio.run(ask(query))


@pytest.fixture
def rows(postgres: Server) -> Rows:
    return rows_of(postgres)


def in_process(folder: Path, database: str, number: int, patience: float, frozen_after: int | None) -> None:
    """Run in the forked process: import late, so that the test itself does not need the environment."""
    from tests.crash.process import run_worker

    run_worker(folder, database, number, patience, frozen_after)


class Workers:
    """Two workers; `kill` ends one of them without warning and starts another in its place."""

    def __init__(
        self, folder: Path, database: str, patience: float = RETURN_WITHIN, frozen_after: int | None = None
    ) -> None:
        self._settings = folder, database
        self._patience = patience, frozen_after
        self._context = fresh_server("tests.crash.process")
        self.running = [self._start(number) for number in range(2)]
        self.kills = 0

    def _start(self, number: int) -> Process:
        settings = (*self._settings, number, *self._patience)
        process = self._context.Process(target=in_process, args=settings, daemon=True)
        process.start()
        return process

    def kill(self) -> None:
        number = self.kills % 2
        assert self.running[number].is_alive(), "a worker died by itself"
        self.running[number].kill()
        self.running[number].join()
        self.running[number] = self._start(number)
        self.kills += 1

    def end(self) -> None:
        (self._settings[0] / "over").touch()
        for process in self.running:
            process.join(timeout=30)
            process.kill()


def decided(rows: Rows) -> int:
    return int(rows("SELECT count(*) FROM inbox")[0][0])


def still_to_do(rows: Rows, events: int) -> bool:
    waiting = rows("SELECT count(*) FROM outbox WHERE status IN ('pending', 'sending')")[0][0]
    return decided(rows) < events or waiting > 0


class Order:
    """What is promised of a lane (docs/architecture.md): a message goes before those with greater numbers.

    Only one that was not stored yet when a greater number was taken to be sent comes after that, and it is of another
    chat: two events that are handled side by side are stored in either order, those of one chat one after the other.
    """

    def __init__(self, folder: Path, rows: Rows, events: list[dict[str, str]]) -> None:
        self._chats = {event["id"]: "desk" if "press" in event else event["user"] for event in events}
        self._taken = {number: due - LEASE for number, due in rows("SELECT id, due_at FROM outbox")}
        self._stored: dict[str, datetime] = {}  # by event: when at the latest
        for event, at in files.confirmed(folder):
            self._stored.setdefault(event, at)

    def is_kept(self, sent: list[dict[str, Any]]) -> None:
        """Compare each two messages of a lane; one may be there twice, one after the other."""
        lanes: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for line in sent:
            lanes[line["lane"]].append(line)
        last = {line["number"]: place for lane in lanes.values() for place, line in enumerate(lane)}
        for lane in lanes.values():
            for (place, first), (_, later) in combinations(enumerate(lane), 2):
                if first["number"] <= later["number"]:
                    continue
                two = f"{first} came before {later}"
                assert self._chats[first["event"]] != self._chats[later["event"]], two
                # Of one that was sent twice only the last taking is known.
                taken = self._taken[first["number"]]
                assert last[first["number"]] != place or taken < self._stored[later["event"]], two


def test_two_processes_share_the_work_and_survive_each_others_death(
    small_knowledge: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, postgres: Server, rows: Rows
) -> None:
    monkeypatch.setenv("HSCTBOT_CRASH_KNOWLEDGE", str(small_knowledge))
    database, events = postgres.emptied(), script(tmp_path, MESSAGES)
    workers, chance, begun = Workers(tmp_path, database), random.Random(SEED), time.monotonic()  # noqa: S311
    try:
        while still_to_do(rows, len(events)):
            assert time.monotonic() < begun + LONGEST, "it does not come to an end"
            time.sleep(KILL_EVERY * chance.uniform(0.5, 1.5))
            if decided(rows) > workers.kills * len(events) / (KILLS + 3):  # the same on quick and slow machines
                workers.kill()
    finally:
        workers.end()

    sent, repeated = nothing_is_lost(tmp_path, rows, events)
    assert workers.kills >= KILLS
    assert repeated <= workers.kills * MOST_UNDER_WAY, "only what was under way at a kill can be repeated"
    print(f"{workers.kills} kills, {len(events)} events, {sent} messages, {repeated} repeated")  # noqa: T201


def nothing_is_lost(folder: Path, rows: Rows, events: list[dict[str, str]]) -> tuple[int, int]:
    """Compare what was asked, stored and sent; give how many messages there are, and how many came again."""
    outcomes = dict(rows("SELECT event_id, outcome FROM inbox"))
    assert set(outcomes) == {event["id"] for event in events}
    assert all(outcomes.values()), "each message has exactly one decision"
    assert not rows("SELECT id FROM outbox WHERE status != 'sent'")
    stored = {number for (number,) in rows("SELECT id FROM outbox")}
    sent = files.sent(folder)
    times = Counter(line["number"] for line in sent)
    assert set(times) == stored, "no reply is missing, and none was sent that is not stored"
    Order(folder, rows, events).is_kept(sent)
    return len(stored), sum(times.values()) - len(times)


def test_a_process_that_hangs_is_taken_over_and_goes_on_when_it_can(
    small_knowledge: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, postgres: Server, rows: Rows
) -> None:
    """Its machine answers for it, so only the database can notice; what was its goes to the other one meanwhile."""
    monkeypatch.setenv("HSCTBOT_CRASH_KNOWLEDGE", str(small_knowledge))
    database, events = postgres.emptied(), script(tmp_path, 200)
    workers, begun, hung = Workers(tmp_path, database, frozen_after=HANGS), time.monotonic(), 0
    try:
        while still_to_do(rows, len(events)):
            assert time.monotonic() < begun + LONGEST, "it does not come to an end"
            if hung == 0 and decided(rows) > len(events) // 4:
                hung = workers.running[0].pid or 0
                os.kill(hung, signal.SIGSTOP)
            time.sleep(KILL_EVERY)
        leader = rows(LEADERS)
        os.kill(hung, signal.SIGCONT)
        while len(rows(ALIVE_ONES)) < 2:
            assert time.monotonic() < begun + LONGEST, "it does not come back"
            time.sleep(KILL_EVERY)
        assert rows(LEADERS) == leader, "it is none any more"
    finally:
        if hung:
            os.kill(hung, signal.SIGCONT)
        workers.end()
    sent, repeated = nothing_is_lost(tmp_path, rows, events)
    assert len(leader) == 2, "timers and watch are led"
    assert repeated <= MOST_UNDER_WAY, "only what was on its way when it hung"
    print(f"hung once, {len(events)} events, {sent} messages, {repeated} repeated")  # noqa: T201


@pytest.fixture
def durable() -> Iterator[Server]:
    """A server of its own, which keeps what it has said to be stored even if it dies."""
    with postgres_server(durable=True) as server:
        yield server


def test_when_the_database_was_away_no_process_takes_the_other_for_dead(
    small_knowledge: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, durable: Server
) -> None:
    """Both have receipts to store when it is back, and nobody judges while another one may still be on its way."""
    monkeypatch.setenv("HSCTBOT_CRASH_KNOWLEDGE", str(small_knowledge))
    events, rows = script(tmp_path, 200), rows_of(durable)
    workers, begun, restarts = Workers(tmp_path, durable.url(SHARED), PATIENT), time.monotonic(), 0
    try:
        while still_to_do(rows, len(events)):
            assert time.monotonic() < begun + LONGEST, "it does not come to an end"
            assert all(process.is_alive() for process in workers.running)
            if restarts < len(HOW) and decided(rows) > (restarts + 1) * len(events) // (len(HOW) + 2):
                durable.stops(HOW[restarts])
                time.sleep(AWAY)
                durable.starts()
                restarts += 1
            time.sleep(KILL_EVERY)
    finally:
        workers.end()
    sent, repeated = nothing_is_lost(tmp_path, rows, events)
    assert restarts == len(HOW)
    assert repeated == 0, "no process died"
    print(f"{restarts} restarts, {len(events)} events, {sent} messages, {repeated} repeated")  # noqa: T201
