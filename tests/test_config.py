"""Settings: file, environment, secret files; the example is complete."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.config import Settings, all_keys, load_settings
from bot.domain.escalation import Reason
from bot.errors import ConfigError
from tests.world import ROOT


def flat(data: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in data.items():
        found |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return found


@pytest.fixture(autouse=True)
def without_the_tests_own_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HSCTBOT_CACHE", raising=False)


def test_the_example_names_every_setting_with_its_default() -> None:
    example = flat(yaml.safe_load((ROOT / "config.example.yaml").read_text(encoding="utf-8")))
    assert set(example) == set(all_keys())
    settings = load_settings(ROOT / "config.example.yaml")
    assert settings == Settings()


def test_the_example_names_every_reason_for_which_a_lead_can_be_asked_to_check() -> None:
    comments = (ROOT / "config.example.yaml").read_text(encoding="utf-8")
    listed = comments.partition("any of unknown")[2].partition("check_reasons:")[0]
    assert set(re.findall(r"[a-z_]+", "unknown" + listed)) >= {*Reason} - {Reason.SPAM}


def test_each_setting_of_the_example_is_explained() -> None:
    lines = (ROOT / "config.example.yaml").read_text(encoding="utf-8").splitlines()
    for before, line in pairwise(lines):
        if ":" in line and not line.lstrip().startswith("#") and not line.endswith(":"):
            sibling = not before.lstrip().startswith("#") and before.strip() and not before.endswith(":")
            assert before.lstrip().startswith("#") or sibling, f"nothing explains: {line}"


def test_without_a_file_at_the_default_place_defaults_serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings().retention_days == 30


def test_a_folder_in_the_place_of_the_file_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").mkdir()
    with pytest.raises(ConfigError, match=r"is a folder.*copy config\.example\.yaml"):
        load_settings(tmp_path / "config.yaml")


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("telegram: {token: from-file, desk_chat: -100123}\nretention_days: 7\n", encoding="utf-8")
    monkeypatch.setenv("HSCTBOT_TELEGRAM__TOKEN", "from-environment")
    settings = load_settings(file)
    assert settings.telegram.token
    assert settings.telegram.token.get_secret_value() == "from-environment"
    assert settings.telegram.desk_chat == -100123
    assert settings.retention_days == 7


def test_a_secret_can_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text("s3cret\n", encoding="utf-8")
    monkeypatch.setenv("HSCTBOT_DISCORD__TOKEN_FILE", str(tmp_path / "token"))
    monkeypatch.chdir(tmp_path)
    settings = load_settings()
    assert settings.discord.token
    assert settings.discord.token.get_secret_value() == "s3cret"


def test_an_empty_file_or_word_is_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compose file and systemd unit need the file of a platform that is not used to be there."""
    (tmp_path / "token").write_text("\n", encoding="utf-8")
    monkeypatch.setenv("HSCTBOT_DISCORD__TOKEN_FILE", str(tmp_path / "token"))
    monkeypatch.setenv("HSCTBOT_TELEGRAM__TOKEN", "")
    monkeypatch.chdir(tmp_path)
    settings = load_settings()
    assert settings.discord.token is settings.telegram.token is None


def test_secrets_are_masked_wherever_settings_are_shown(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(
        "database_url: postgresql+asyncpg://u:s3cret@h/n\ntelegram: {token: s3cret, webhook: {secret_token: s3cret}}\n",
        encoding="utf-8",
    )
    settings = load_settings(file)
    assert "s3cret" not in repr(settings) + str(settings) + settings.model_dump_json()


@pytest.mark.parametrize("text", ["telegram: {token: 5}", "telegram: {desk_chat: abc}", "discord: {ask_channels: x}"])
def test_wrong_types_are_named_and_a_token_is_never_shown(tmp_path: Path, text: str) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load_settings(file)
    assert str(file) in str(refused.value)
    assert "HSCTBOT_" in str(refused.value)


def test_a_webhook_on_postgresql_wants_a_secret_that_all_processes_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(
        "database_url: postgresql+asyncpg://bot@localhost/bot\ntelegram: {webhook: {url: 'https://example.org/hook'}}\n"
    )
    with pytest.raises(ConfigError, match="secret_token` is needed"):
        load_settings(file)
    monkeypatch.setenv("HSCTBOT_TELEGRAM__WEBHOOK__SECRET_TOKEN", "one-for-all")
    assert load_settings(file).telegram.webhook.secret_token
