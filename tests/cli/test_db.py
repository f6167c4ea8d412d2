"""`hsct-bot db`: what an operator does with the database, and what is refused in plain words."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.main import app
from bot.errors import StorageError
from bot.storage.store import Store
from tests.cli.test_bad_input import refused, run
from tests.clock import START
from tests.world import ROOT


def db(*arguments: str, at: Path) -> subprocess.CompletedProcess[str]:
    return run("db", *arguments, env={"HSCTBOT_DATABASE_URL": url(at)})


def url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def filled(file: Path) -> Path:
    """A database in which one event was handled."""

    async def fill() -> None:
        store = await Store.open(url(file))
        async with store.transaction() as tx:
            await tx.inbox.record("telegram:update:1", START)
            await tx.inbox.decided("telegram:update:1", "answer")
        await store.close()

    asyncio.run(fill())
    return file


def test_upgrade_makes_the_tables(tmp_path: Path) -> None:
    done = db("upgrade", at=tmp_path / "new.db")
    assert (done.returncode, done.stdout) == (0, "The tables are up to date.\n")
    assert (tmp_path / "new.db").exists()


def test_a_backup_is_restored_into_an_empty_database_and_the_counts_are_said(tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    saved = db("backup", str(backup), at=filled(tmp_path / "bot.db"))
    assert f"Saved in {backup}: 1 rows (1 inbox)." in saved.stdout, saved.stderr
    restored = db("restore", str(backup), at=tmp_path / "other.db")
    assert "Restored: 1 rows (1 inbox)." in restored.stdout, restored.stderr


def test_nothing_is_restored_over_what_is_there(tmp_path: Path) -> None:
    bot = filled(tmp_path / "bot.db")
    db("backup", str(tmp_path / "backup.db"), at=bot)
    refused(db("restore", str(tmp_path / "backup.db"), at=bot), "not empty (inbox)", "nothing is overwritten")


@pytest.mark.parametrize(
    "command",
    [
        ("db", "backup", "backup.db"),
        ("db", "copy", "sqlite+aiosqlite:///copy.db"),
        ("kb", "gaps"),
        ("kb", "export"),
        ("digest",),
        ("export", "telegram:1"),
        ("forget", "telegram:1"),
    ],
    ids=" ".join,
)
def test_what_needs_a_database_makes_none_in_a_wrong_folder(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    env = {"HSCTBOT_DATABASE_URL": "sqlite+aiosqlite:///data/bot.db", "HSCTBOT_KNOWLEDGE": str(ROOT / "knowledge")}
    says = CliRunner().invoke(app, command, env=env).exception
    assert isinstance(says, StorageError)
    assert f"There is no database of this bot at {tmp_path / 'data/bot.db'}." in str(says)
    assert "Run the command in the folder where the bot runs, correct `database_url`" in str(says)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_no_database_to_back_up(tmp_path: Path) -> None:
    (tmp_path / "bot.db").touch()
    refused(db("backup", str(tmp_path / "backup.db"), at=tmp_path / "bot.db"), "There is no database of this bot at")
    assert not (tmp_path / "backup.db").exists()


def test_a_copy_wants_an_empty_database(tmp_path: Path) -> None:
    bot, other = filled(tmp_path / "bot.db"), filled(tmp_path / "other.db")
    refused(db("copy", url(other), at=bot), "not empty (inbox)")
    assert "Copied and counted: 1 rows" in db("copy", url(tmp_path / "new.db"), at=bot).stdout


def test_what_cannot_be_used_is_said_in_a_line(tmp_path: Path) -> None:
    bot = filled(tmp_path / "bot.db")
    refused(db("copy", "mysql://nonsense", at=bot), "`database_url`")
    refused(db("restore", str(tmp_path / "missing.db"), at=tmp_path / "new.db"), "missing.db")
    (tmp_path / "letter.txt").write_text("Dear all, this is no database. " * 50)
    refused(db("restore", str(tmp_path / "letter.txt"), at=tmp_path / "new.db"), "letter.txt")
    refused(db("backup", str(bot), at=bot), "bot.db")
