"""The process is asked to stop in the middle of its work: it ends soon, and nothing is lost or said twice."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

from tests.crash import files
from tests.crash.test_sigkill import LONGEST, Start, rows, script
from tests.crash.test_sigkill import start as start
from tests.processes import ENDS_WITHIN

STOPS = 4


def sent(folder: Path) -> Counter[int]:
    return Counter(line["number"] for line in files.sent(folder))


def test_being_asked_to_stop_under_load_loses_nothing_and_repeats_nothing(tmp_path: Path, start: Start) -> None:
    events = script(tmp_path)
    for stop in range(STOPS):
        (tmp_path / "over").unlink(missing_ok=True)
        process = start()
        while rows(tmp_path, "SELECT count(*) FROM inbox")[0][0] < (stop + 1) * len(events) // (STOPS + 2):
            assert process.is_alive(), "the process died by itself"
            time.sleep(0.01)
        (tmp_path / "over").touch()
        asked = time.monotonic()
        process.terminate()
        process.join(timeout=ENDS_WITHIN)
        assert process.exitcode == 0, "it ended by itself, and called it no failure"
        assert time.monotonic() - asked < ENDS_WITHIN
        assert set(sent(tmp_path)) == {
            number for (number,) in rows(tmp_path, "SELECT id FROM outbox WHERE status = 'sent'")
        }

    (tmp_path / "over").unlink()
    last = start()
    last.join(timeout=LONGEST)
    assert last.exitcode == 0
    assert dict(rows(tmp_path, "SELECT event_id, outcome FROM inbox")).keys() == {event["id"] for event in events}
    stored = {number for (number,) in rows(tmp_path, "SELECT id FROM outbox")}
    assert sent(tmp_path) == dict.fromkeys(stored, 1), "each message was sent once"
