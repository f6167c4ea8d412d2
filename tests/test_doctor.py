"""doctor: what is wrong, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.doctor import examine_all
from tests.world import ROOT


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HSCTBOT_KNOWLEDGE", str(ROOT / "knowledge"))
    return tmp_path


async def test_all_is_well_on_a_fresh_machine(here: Path) -> None:
    findings = await examine_all(None)
    assert all(finding.good for finding in findings), findings
    assert [finding.what for finding in findings] == ["settings", "platforms", "knowledge", "database"]


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
