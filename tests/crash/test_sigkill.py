"""The process is killed (SIGKILL) at random moments of a scripted chat; nothing is lost, nothing is decided twice."""

from __future__ import annotations

import json
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing.process import BaseProcess as Process
from pathlib import Path
from typing import Any

import pytest

from bot.outbox import MOST_UNDER_WAY
from tests.crash import files
from tests.crash.forking import fresh_server

Start = Callable[[], Process]

MESSAGES = 200
KILLS = 50
SEED = 20261123
LONGEST = 120.0  # seconds for one run to start
LATEST = 0.03  # seconds between the event waited for and the kill: a few events' time
QUESTIONS = (
    "how much does hsct cost in mexico?",
    "is hsct approved by the fda for ms?",
    "does the hospital in puebla have wifi in the rooms?",
    "thanks a lot everybody!",
    "please ask a volunteer about my scan",
    "mexico",
    "what happens after the chemo?",
)


def script(folder: Path, messages: int = MESSAGES) -> list[dict[str, str]]:
    """Twenty people ask 200 things; a volunteer claims the first escalations on the way."""
    rng = random.Random(SEED)  # noqa: S311
    events: list[dict[str, str]] = []
    for number in range(messages):
        text = f"{rng.choice(QUESTIONS)}"
        events.append({"id": f"e{number}", "role": "asker", "user": f"anna{number % 20}", "text": text})
        if number >= 60 and number % 10 == 0:
            claim = {"id": f"claim{number}", "role": "volunteer", "user": "ben", "press": "claim"}
            events.append({**claim, "subject": str((number - 50) // 10)})
    (folder / "events.jsonl").write_text("\n".join(json.dumps(event) for event in events), encoding="utf-8")
    return events


@pytest.fixture
def start(small_knowledge: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Start:
    """Start the process in a folder; a server that has imported and fitted everything forks it off in no time."""
    monkeypatch.setenv("HSCTBOT_CRASH_KNOWLEDGE", str(small_knowledge))
    context = fresh_server("tests.crash.process")

    def start() -> Process:
        (tmp_path / "ready").unlink(missing_ok=True)
        process = context.Process(target=in_process, args=(tmp_path,), daemon=True)
        process.start()
        deadline = time.monotonic() + LONGEST
        while not (tmp_path / "ready").exists():
            assert process.is_alive(), "the process died by itself"
            assert time.monotonic() < deadline, "the process did not start"
            time.sleep(0.01)
        return process

    return start


def in_process(folder: Path) -> None:
    """Run in the forked process: import late, so that the test itself does not need the environment."""
    from tests.crash.process import run

    run(folder)


def kill_at_random_moments(start: Start, folder: Path, events: int) -> None:
    """Kill once for about every fourth event handled, a random moment later: the same on quick and slow machines."""
    rng = random.Random(SEED)  # noqa: S311
    for kill in range(KILLS):
        process = start()
        handled = kill * events // (KILLS + 5)
        while rows(folder, "SELECT count(*) FROM inbox")[0][0] < handled:
            assert process.is_alive(), "the process died by itself"
            time.sleep(0.01)
        time.sleep(rng.uniform(0.0, LATEST))
        assert process.is_alive(), "the script is too short for that many kills"
        process.kill()
        process.join()


def rows(folder: Path, query: str) -> list[Any]:
    with sqlite3.connect(folder / "bot.db") as connection:
        return connection.execute(query).fetchall()


def test_nothing_is_lost_and_nothing_is_decided_twice(tmp_path: Path, start: Start) -> None:
    events = script(tmp_path)
    kill_at_random_moments(start, tmp_path, len(events))
    last = start()
    last.join(timeout=LONGEST)
    assert last.exitcode == 0

    decided = dict(rows(tmp_path, "SELECT event_id, outcome FROM inbox"))
    assert set(decided) == {event["id"] for event in events}
    assert all(decided.values()), "each message has exactly one decision"
    assert rows(tmp_path, "SELECT count(*) FROM outbox WHERE status != 'sent'") == [(0,)]

    stored = {number for (number,) in rows(tmp_path, "SELECT id FROM outbox")}
    sent = Counter(line["number"] for line in files.sent(tmp_path))
    assert set(sent) == stored, "no reply is missing, and none was sent that is not stored"
    repeated = sum(sent.values()) - len(sent)
    assert repeated <= KILLS * MOST_UNDER_WAY, "only what was under way at a kill can be repeated"
    silent = [event for event, outcome in decided.items() if not outcome.startswith("silent")]
    answered = {event for (event,) in rows(tmp_path, "SELECT DISTINCT event_id FROM outbox")}
    assert {event for event in silent if event.startswith("e")} <= answered
    print(f"{KILLS} kills, {len(stored)} messages, {repeated} repeated")  # noqa: T201
