"""Who may import whom: the arrows point one way."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORDER = [
    "cli",
    "app",
    "running",
    "doctor",
    "intake",
    "outbox",
    "timers",
    "digest",
    "routing",
    "moderation",
    "conversation",
    "curating",
    "escalation",
    "duty",
    "triage",
    "matching",
    "knowledge",
]
BASE = {"domain", "errors", "texts", "safe_yaml", "sparing"}
EVERYWHERE = BASE | {"__init__"}
USES_STORAGE = {
    "cli",
    "app",
    "doctor",
    "intake",
    "outbox",
    "timers",
    "digest",
    "routing",
    "moderation",
    "conversation",
    "curating",
    "escalation",
    "privacy",
    "purging",
    "metrics",
    "watch",
    "health",
    "running",
}
EXTRA = {
    "conversation": {"privacy"},
    "app": {"config", "adapters", "privacy", "purging", "machine", "logs", "watch", "health", "metrics", "meter"},
    "running": {"config", "adapters", "privacy", "purging", "watch"},
    "intake": {"meter"},
    "outbox": {"meter"},
    "cli": {"config", "adapters", "privacy", "logs"},
    "doctor": {"config", "adapters", "machine"},
}
ALLOWED: dict[str, set[str]] = {
    **{name: set(ORDER[place + 1 :]) for place, name in enumerate(ORDER)},
    "privacy": set(),
    "purging": {"privacy"},
    "storage": set(),
    "adapters": {"config"},
    "meter": set(),
    "machine": set(),
    "alerts": set(),
    "progress": set(),
    "metrics": {"meter", "knowledge"},
    "watch": {"alerts", "progress"},
    "health": {"config", "metrics", "watch", "triage"},
    "config": set(),
    "safe_yaml": set(),
    "sparing": set(),
    "logs": {"config"},
    "domain": set(),
    "errors": set(),
    "texts": set(),
    "__init__": set(),
    "__main__": {"cli"},
}


def _part(path: Path) -> str:
    return path.relative_to(ROOT / "bot").parts[0].removesuffix(".py")


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return names


MODULES = sorted((ROOT / "bot").rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    part = _part(path)
    allowed = ALLOWED[part] | EXTRA.get(part, set()) | EVERYWHERE | {part}
    if part in USES_STORAGE:
        allowed.add("storage")
    used = {name.split(".")[1] for name in _imported(path) if name.startswith("bot.")}
    assert used <= allowed, f"{part} may not import {sorted(used - allowed)}"


@pytest.mark.parametrize("library", ["telegram", "discord", "prompt_toolkit"])
def test_only_its_adapter_knows_a_platform_library(library: str) -> None:
    users = {_part(path) for path in MODULES if any(name.split(".")[0] == library for name in _imported(path))}
    assert users <= {"adapters"}


def test_only_storage_speaks_sql() -> None:
    users = {_part(path) for path in MODULES if any(name.split(".")[0] == "sqlalchemy" for name in _imported(path))}
    assert users == {"storage"}


def test_deciding_knows_no_clock_and_no_database() -> None:
    for path in MODULES:
        if _part(path) in ("matching", "triage"):
            assert not _imported(path) & {"asyncio", "datetime.datetime.now", "time", "random"}, path
