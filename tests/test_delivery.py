"""Image, compose files, systemd unit and dashboard: what they name exists, and the image's own steps work.

There is no container engine where these tests run. Instead the steps of the Dockerfile are done in an empty folder, by a
user who may write nowhere but in the data folder; the base image and its `pip install` of the pinned wheels are taken as
given (this interpreter's packages stand in for them).
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.config import PREFIX, all_keys
from bot.metrics import Metrics
from tests.platforms.telegram.server import TOKEN, telegram_server
from tests.platforms.telegram.stage import DESK, populate
from tests.processes import until
from tests.world import ROOT

COMPOSE = ("compose.yaml", "compose.postgres.yaml")
# What the compose specification (compose-spec.io, 05-services.md) allows of what is used here, and of which kind it is.
SERVICE: dict[str, Any] = {
    "build": (str, dict), "image": str, "restart": str, "read_only": bool, "tmpfs": (str, list), "cap_drop": list,
    "security_opt": list, "stop_grace_period": str, "mem_limit": (str, int), "environment": (dict, list), "secrets": list,
    "volumes": list, "depends_on": (list, dict), "healthcheck": dict, "user": str, "init": bool, "ports": list, "command": (str, list),
}  # fmt: skip
HEALTHCHECK: dict[str, Any] = {
    "test": (str, list),
    "interval": str,
    "timeout": str,
    "retries": int,
    "start_period": str,
}
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}
LENGTH_OF_TIME = r"(\d+h)?(\d+m)?(\d+s)?"
NAMES = {PREFIX + key.upper().replace(".", "__") for key in all_keys()}
NOBODY = 65534  # the user that owns nothing
STOPS_WITHIN = 10.0  # seconds


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, continued lines joined."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines]


def last(instruction: str) -> str:
    return [rest for name, rest in instructions() if name == instruction][-1]


def environment() -> dict[str, str]:
    pairs = [pair for name, rest in instructions() if name == "ENV" for pair in shlex.split(rest)]
    return dict(pair.split("=", 1) for pair in pairs)


@pytest.mark.parametrize("name", COMPOSE)
def test_a_compose_file_says_only_what_the_specification_knows(name: str) -> None:
    file = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
    assert set(file) <= {"name", "services", "secrets", "volumes", "networks", "configs"}
    for title, service in file["services"].items():
        assert ("build" in service) or ("image" in service)
        assert service["restart"] in ("no", "always", "on-failure", "unless-stopped")
        for key, value in service.items():
            assert isinstance(value, SERVICE[key]), f"{title}.{key}"
        for key, value in service.get("healthcheck", {}).items():
            assert isinstance(value, HEALTHCHECK[key]), f"{title}.healthcheck.{key}"
        times = [service.get("stop_grace_period"), *_times_of(service.get("healthcheck", {}))]
        assert all(re.fullmatch(LENGTH_OF_TIME, time) for time in times if time)
        for other, how in dict(service.get("depends_on", {})).items():
            assert how["condition"] in CONDITIONS
            assert how["condition"] != "service_healthy" or "healthcheck" in file["services"][other]
        for volume in service.get("volumes", []):
            _, target, *how = volume.split(":")
            assert target.startswith("/")
            assert how in ([], ["ro"], ["rw"])
    bot = file["services"]["bot"]
    assert "user" not in bot, "the image says who runs it"
    writes = {volume.split(":")[1] for volume in bot["volumes"] if not volume.endswith(":ro")} | set(bot["tmpfs"])
    assert writes == {"/app/data", "/tmp"}, "all else is read-only"  # noqa: S108
    assert last("VOLUME") in writes
    assert all("file" in secret for secret in file["secrets"].values())


def _times_of(healthcheck: dict[str, Any]) -> list[str]:
    return [value for key, value in healthcheck.items() if key in ("interval", "timeout", "start_period")]


def ignored() -> list[str]:
    """What the build is not shown, as names."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("**/") for line in lines if not line.startswith("#")]


def known(names: list[str]) -> None:
    for name in names:
        assert name.removesuffix("_FILE") in NAMES, f"{name} is no setting"


def test_the_image_sets_only_settings_that_exist_and_runs_as_nobody_special() -> None:
    known([name for name in environment() if name.startswith(PREFIX)])
    assert last("USER") == "bot"
    assert last("STOPSIGNAL") == "SIGTERM"
    assert json.loads(last("ENTRYPOINT")) == ["hsct-bot"]
    assert environment()[f"{PREFIX}HEALTH__PORT"].isdigit()
    for name, rest in instructions():
        if name == "COPY" and "--from" not in rest:
            for source in rest.split()[:-1]:
                assert (ROOT / source).exists(), source


@pytest.mark.parametrize("name", COMPOSE)
def test_a_compose_file_names_settings_secrets_and_volumes_that_exist(name: str) -> None:
    file = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
    bot: dict[str, Any] = file["services"]["bot"]
    known(list(bot["environment"]))
    assert bot["read_only"] is True
    assert float(bot["stop_grace_period"].removesuffix("s")) > STOPS_WITHIN
    for service in file["services"].values():
        assert set(service.get("secrets", [])) <= set(file["secrets"])
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            is_there = (ROOT / source).exists() or source in ("./config.yaml", *file["volumes"])
            assert is_there, f"{source} is neither a volume nor a file"
    for key, value in bot["environment"].items():
        if key.endswith("_FILE"):
            assert value.removeprefix("/run/secrets/") in bot["secrets"]


def test_what_is_secret_or_about_people_is_not_shown_to_the_build() -> None:
    assert {"config.yaml", "secrets", "data", ".git", ".venv", "*.env"} <= set(ignored())


def test_the_unit_names_settings_that_exist_and_drains() -> None:
    text = (ROOT / "deploy" / "hsct-bot.service").read_text(encoding="utf-8")
    known(re.findall(rf"^Environment=({PREFIX}\w+)=", text, re.MULTILINE))
    stop = re.search(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE)
    assert stop
    assert int(stop[1]) > STOPS_WITHIN
    assert "DynamicUser=yes" in text


def test_the_dashboard_asks_only_for_metrics_that_exist() -> None:
    dashboard = json.loads((ROOT / "deploy" / "grafana-dashboard.json").read_text(encoding="utf-8"))
    exprs = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    used = {name for expr in exprs for name in re.findall(r"hsctbot_\w+", expr)}
    assert len(used) > 10
    assert used - Metrics().names() == set()


@pytest.fixture
def image() -> Iterator[Path]:
    """A folder as the Dockerfile fills it: what it copies, the data folder, everything else read-only.

    It is not below pytest's own folder, which each pytest that starts closes to other users again.
    """
    made = Path(tempfile.mkdtemp(prefix="image-"))
    for name, rest in instructions():
        if name != "COPY" or "--from" in rest:
            continue
        for source in rest.split()[:-1]:
            target = made / Path(source).name
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, target, ignore=shutil.ignore_patterns(*ignored()))
            else:
                shutil.copy(ROOT / source, target)
    data = made / "data"
    data.mkdir()
    if os.geteuid() == 0:
        os.chown(data, NOBODY, NOBODY)
    for path in [*made.rglob("*"), made]:
        if path != data:
            path.chmod(0o555 if path.is_dir() else 0o444)
    yield made
    for path in [made, *made.rglob("*")]:
        with suppress(FileNotFoundError):
            path.chmod(0o755)
    shutil.rmtree(made)


def as_nobody() -> list[str]:
    """What runs a command as a user who may write nowhere else; root keeps the right to read its own interpreter."""
    if os.geteuid() != 0:
        return []
    drop = shutil.which("setpriv")
    assert drop, "run the tests as an ordinary user, or install util-linux"
    return [
        drop, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--inh-caps=+dac_read_search",
        "--ambient-caps=+dac_read_search",
    ]  # fmt: skip


async def code_of(command: list[str], env: dict[str, str]) -> int:
    process = await asyncio.create_subprocess_exec(*command, env=env)
    return await process.wait()


async def test_the_images_steps_work_read_only_as_an_ordinary_user_and_stop_in_time(
    image: Path, unused_tcp_port: int
) -> None:
    port, entry, command = str(unused_tcp_port), json.loads(last("ENTRYPOINT")), json.loads(last("CMD"))
    assert entry == ["hsct-bot"], "which is `python -m bot`"
    async with telegram_server() as server:
        populate(server)
        env = {
            **{name: value for name, value in environment().items() if name != "PATH"},
            "PATH": os.environ["PATH"], "PYTHONPATH": str(image), "HOME": "/nonexistent",
            "HSCTBOT_MATCHING__ENCODER": "none", "HSCTBOT_HEALTH__PORT": port,
            "HSCTBOT_TELEGRAM__TOKEN": TOKEN, "HSCTBOT_TELEGRAM__API_URL": server.url, "HSCTBOT_TELEGRAM__DESK_CHAT": str(DESK),
        }  # fmt: skip
        started = [*as_nobody(), sys.executable, "-m", "bot", *command]
        process = await asyncio.create_subprocess_exec(*started, cwd=image, env=env)
        try:
            server.says(server.users[1], "how much is it in mexico?")
            await until(lambda: server.words(server.users[1]) or process.returncode is not None, "an answer")
            assert "Mexico" in "".join(server.words(server.users[1]))
            check = [sys.executable, *json.loads(last("HEALTHCHECK").partition("CMD ")[2])[1:]]
            proxy = "http://127.0.0.1:9"  # takes nothing
            assert await code_of(check, {**env, "http_proxy": proxy, "HTTP_PROXY": proxy}) == 0
            assert await code_of(check, {**env, "HSCTBOT_HEALTH__PORT": "9"}) != 0
            for number in range(20):
                server.says(server.users[1], f"/ask what is hsct? {number}")
            process.terminate()
            assert await asyncio.wait_for(process.wait(), STOPS_WITHIN) == 0
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    written = {path.name for path in (image / "data").iterdir()}
    assert "bot.db" in written
    assert not list((image / "bot").rglob("__pycache__"))
