"""Bad input: one line that says what to do, exit code not 0, never a traceback."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.storage.store import Store
from tests.world import ROOT

ENTRIES = "entries/costs.yaml"


def run(
    *arguments: str, given: str = "", env: dict[str, str] | None = None, cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", *arguments]
    where = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
    return subprocess.run(
        command, input=given, capture_output=True, text=True, cwd=cwd, env=where, timeout=120, check=False
    )


def refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode != 0
    assert "Traceback" not in done.stderr + done.stdout
    assert done.stderr.strip()
    for word in words:
        assert word in done.stderr


@pytest.fixture
def broken(small_knowledge: Path, tmp_path: Path) -> Path:
    """A copy of a knowledge folder, to be broken."""
    return Path(shutil.copytree(small_knowledge, tmp_path / "knowledge"))


def replace(folder: Path, old: str, new: str) -> None:
    file = folder / ENTRIES
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_named_config_that_is_missing(tmp_path: Path) -> None:
    refused(run("run", "--config", str(tmp_path / "none.yaml")), "there is no such file", "config.example.yaml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("databse_url: x", ["databse_url", "did you mean `database_url`"]),
        ("telegram:\n  tokn: x", ["telegram.tokn", "did you mean `telegram.token`"]),
        ("retention_days: soon", ["retention_days", "HSCTBOT_RETENTION_DAYS"]),
        ("retention_days: 0", ["retention_days"]),
        ("telegram: [\nx: y", ["config.yaml:", "not valid YAML"]),
        ("- a\n- b", ["name: value"]),
        ("database_url: nonsense", ["database_url", "sqlite+aiosqlite"]),
        ("database_url: sqlite:///x.db", ["sqlite+aiosqlite"]),
        ("database_url: sqlite+aiosqlite:////proc/nowhere/bot.db", ["/proc/nowhere", "cannot be made"]),
        ("1: x", ["name: value"]),
        ("database_url: postgresql+asyncpg://u@h/n", ["database_url"]),
        ("knowledge: /nowhere/at/all", ["/nowhere/at/all", "no such folder"]),
    ],
)
def test_a_config_that_cannot_be_used(tmp_path: Path, text: str, words: list[str]) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(text, encoding="utf-8")
    refused(run("console", "--plain", "--config", str(file)), *words)


def test_a_secret_file_that_is_missing() -> None:
    done = run("doctor", env={"HSCTBOT_TELEGRAM__TOKEN_FILE": "/nowhere/token"})
    assert done.returncode != 0
    assert "/nowhere/token" in done.stdout


def test_broken_yaml_names_file_and_line(broken: Path) -> None:
    replace(broken, "    question:", "   question: [")
    refused(run("kb", "check", "--knowledge", str(broken)), f"{ENTRIES}:", "not valid YAML")


def test_an_unknown_key_is_named_with_the_one_that_was_meant(broken: Path) -> None:
    replace(broken, "    phrasings:", "    phrasing:")
    refused(
        run("kb", "check", "--knowledge", str(broken)), "unknown key `phrasing`; did you mean `phrasings`?", "entry '"
    )


def test_a_missing_source_names_the_entry(broken: Path) -> None:
    file = broken / "entries" / "more.yaml"
    file.write_text(
        "entries:\n  - id: new-one\n    topic: costs\n    question: What?\n    phrasings: [what]\n    short: That.\n"
        "    full: That.\n    reviewed_on: 2026-11-23\n    reviewed_by: our editors\n    review_after: 2027-11-23\n",
        encoding="utf-8",
    )
    refused(run("kb", "check", "--knowledge", str(broken)), "more.yaml:2", "entry 'new-one'", "`sources` is missing")


def test_two_entries_with_one_id_are_both_named(broken: Path) -> None:
    shutil.copy(broken / ENTRIES, broken / "entries" / "copy.yaml")
    refused(run("kb", "check", "--knowledge", str(broken)), "entry 'cost-mexico'", "stands already in", "costs.yaml")


def test_an_alias_bomb_is_refused(broken: Path) -> None:
    (broken / ENTRIES).write_text("a: &a [x, x]\nb: &b [*a, *a]\nentries: [*b, *b]\n", encoding="utf-8")
    refused(run("kb", "check", "--knowledge", str(broken)), "alias")


def test_an_unwritable_database(tmp_path: Path) -> None:
    folder = tmp_path / "bot.db"
    folder.mkdir()
    done = run("console", "--plain", env={"HSCTBOT_DATABASE_URL": f"sqlite+aiosqlite:///{folder}"})
    refused(done, "cannot be used", "Check")


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "bot.db"
    file.write_text("this is not a database, and long enough to be looked at as one" * 100)
    refused(run("console", "--plain", env={"HSCTBOT_DATABASE_URL": f"sqlite+aiosqlite:///{file}"}), "not a database")


def test_a_database_of_a_newer_version(tmp_path: Path) -> None:
    import sqlite3

    with sqlite3.connect(tmp_path / "bot.db") as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")
    done = run("console", "--plain", env={"HSCTBOT_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"})
    refused(done, "9999", "newer")


def test_lines_that_are_not_in_the_format_are_named_and_the_others_answered(small_knowledge: Path) -> None:
    given = (
        '{"id": 1, "text": "price in mexico"}\nnonsense\n{"id": 3, "text": 5}\n{"id": 4, "text": ""}\n' + "[" * 100_000
    )
    done = run("triage", "--jsonl", "--knowledge", str(small_knowledge), given=given)
    lines = done.stdout.splitlines()
    assert done.returncode == 1
    assert len(lines) == 5
    assert '"line 2: not JSON"' in lines[1]
    assert '"line 3: not an object' in lines[2]
    assert '"silent"' in lines[3]
    assert '"line 5: not JSON"' in lines[4], "nested so deep that nothing reads it"


async def made(url: str) -> None:
    await (await Store.open(url)).close()


@pytest.mark.parametrize("account", ["nonsense", "telegram:999"])
def test_a_person_nobody_knows(tmp_path: Path, account: str) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    env = {"HSCTBOT_DATABASE_URL": url}
    asyncio.run(made(url))
    refused(run("forget", account, env=env), account)
    refused(run("export", account, env=env), account)


@pytest.mark.parametrize("name", ["HSCTBOT_TELEGRAM", "HSCTBOT_TELEGRAM__VOLUNTEERS"])
def test_an_environment_variable_that_cannot_be_read(name: str) -> None:
    done = run("kb", "due", env={name: "1,2"})
    assert "Traceback" not in done.stderr + done.stdout
