"""The red flags as they are shipped, read once."""

from __future__ import annotations

import pytest

from bot.knowledge.safety import Safety, parse_safety
from bot.knowledge.yaml_lines import read_yaml
from tests.world import ROOT


@pytest.fixture(scope="session")
def safety() -> Safety:
    path = ROOT / "knowledge" / "safety.yaml"
    return parse_safety(read_yaml(path, path.name)[1], path.name)
