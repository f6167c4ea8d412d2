"""doctor: what is wrong, and what to do."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.main import app
from bot.doctor import examine_all
from bot.knowledge.loader import load
from bot.knowledge.reviews import reviews
from bot.machine import OLDEST, ROOM, clock, disk, permissions
from tests.platforms.telegram.server import telegram_server
from tests.world import ROOT


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HSCTBOT_KNOWLEDGE", str(ROOT / "knowledge"))
    return tmp_path


async def test_all_is_well_on_a_fresh_machine(here: Path) -> None:
    findings = await examine_all(None)
    assert all(finding.good for finding in findings), findings
    assert [finding.what for finding in findings] == [
        "settings",
        "platforms",
        "knowledge",
        "reviews",
        "database",
        "disk",
        "permissions",
        "clock",
    ]


async def test_unusable_settings_are_the_only_finding(here: Path) -> None:
    (here / "config.yaml").write_text("retention_days: soon", encoding="utf-8")
    (finding,) = await examine_all(None)
    assert not finding.good
    assert "retention_days" in finding.says


async def test_each_part_is_looked_at_even_if_another_one_is_broken(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HSCTBOT_KNOWLEDGE", "/nowhere")
    monkeypatch.setenv("HSCTBOT_DATABASE_URL", "sqlite+aiosqlite:////proc/nowhere/bot.db")
    bad = {finding.what: finding.says for finding in await examine_all(None) if not finding.good}
    assert set(bad) == {"knowledge", "database"}
    assert "no such folder" in bad["knowledge"]
    assert "cannot be made" in bad["database"]


async def test_a_clock_that_is_wrong_is_noticed_by_itself_or_by_a_platforms(here: Path) -> None:
    assert "Set the machine's clock" in (await clock([], OLDEST - timedelta(days=1))).says
    async with telegram_server() as server:
        now = datetime.now(UTC)
        assert (await clock([server.url], now)).good
        late = await clock(["http://127.0.0.1:9/", server.url], now - timedelta(minutes=5))
        assert not late.good
        assert "seconds behind" in late.says
        assert "set-ntp" in late.says


def test_a_disk_that_is_nearly_full_is_noticed(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert disk(here / "data" / "bot.db").good

    class Usage:
        free, total = ROOM - 1, ROOM * 5

    monkeypatch.setattr("bot.machine.shutil.disk_usage", lambda _: Usage)
    assert "Make room" in disk(here / "data" / "bot.db").says


@pytest.mark.parametrize(
    ("text", "mode", "good"),
    [
        ("telegram:\n  token: 1:abc\n", 0o644, False),
        ("telegram:\n  token: 1:abc\n", 0o600, True),
        ("telegram:\n  token: null  # none yet\n", 0o644, True),
        ("retention_days: 5\n", 0o644, True),
    ],
)
def test_a_token_that_everybody_may_read_is_noticed(here: Path, text: str, mode: int, good: bool) -> None:
    file = here / "config.yaml"
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    found = permissions(file, here / "cache")
    assert found.good == good
    assert good or f"chmod 600 {file}" in found.says
    assert "abc" not in found.says


def test_a_database_that_others_may_read_is_named(tmp_path: Path) -> None:
    database = tmp_path / "bot.db"
    database.touch(0o644)
    found = permissions(tmp_path / "config.yaml", tmp_path / "cache", database)
    assert not found.good
    assert f"chmod 600 {database}*" in found.says
    database.chmod(0o600)
    assert permissions(tmp_path / "config.yaml", tmp_path / "cache", database).good


async def test_whatever_is_past_its_review_is_counted(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.knowledge.reviews.Review.overdue", lambda *_: True)
    found = {finding.what: finding for finding in await examine_all(None)}
    base = load(ROOT / "knowledge")
    others = len(reviews(base)) - len(base.entries)
    assert others
    assert not found["reviews"].good
    assert f"{len(base.entries)} answers and {others} of the help lines" in found["reviews"].says
    assert "hsct-bot kb due" in found["reviews"].says
    assert found["knowledge"].says == f"{len(base.entries)} entries"  # what is overdue is said once


def test_programs_get_json_and_an_exit_code(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    well = CliRunner().invoke(app, ["doctor", "--json"])
    assert well.exit_code == 0, well.output
    assert json.loads(well.stdout)["good"] is True
    monkeypatch.setenv("HSCTBOT_KNOWLEDGE", "/nowhere")
    ill = CliRunner().invoke(app, ["doctor", "--json"])
    assert ill.exit_code == 1
    checks = {one["check"]: one for one in json.loads(ill.stdout)["checks"]}
    assert checks["knowledge"]["good"] is False
    assert checks["database"]["good"] is True
