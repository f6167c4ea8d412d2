"""Files that would hurt whoever reads them are refused, with the line and what to do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot.config import LARGEST, load_settings
from bot.errors import ConfigError, KnowledgeError
from bot.knowledge.yaml_lines import read_yaml
from bot.safe_yaml import DEEPEST, Refused, read
from tests.world import ROOT

BOMB = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}, *{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
DEEP = ["[" * 100_000, "- " * 100_000 + "a", "{a: " * 50_000, "".join(" " * n + "a:\n" for n in range(2000))]


@pytest.mark.parametrize("text", [BOMB, *DEEP, "a: !!python/object:os.system x", "a: !!timestamp b", "!!int ''"])
def test_it_is_refused(text: str) -> None:
    with pytest.raises((Refused, yaml.YAMLError)) as raised:
        read(text)
    assert len(str(raised.value)) < 500


@pytest.mark.parametrize("text", [BOMB, *DEEP])
def test_so_is_a_file_of_settings_or_of_knowledge(tmp_path: Path, text: str) -> None:
    file = tmp_path / "file.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"file\.yaml"):
        load_settings(file)
    with pytest.raises(KnowledgeError, match=r"file\.yaml"):
        read_yaml(file, str(file))


def test_what_the_reader_alone_does_with_it_is_why() -> None:
    """The C reader ends the process; if that ever changes, the bound is still right."""
    code = f"import yaml; yaml.load({'['!r} * 100000, Loader=yaml.CSafeLoader)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode != 0


@pytest.mark.parametrize("text", ["a: 'not a *name & more!'", "- see [x](https://a.b) !\n- '*em* & more'"])
def test_signs_within_words_are_no_reason_to_refuse(text: str) -> None:
    assert read(text)


def test_a_little_depth_is_fine() -> None:
    assert read("[" * DEEPEST + "]" * DEEPEST)
    with pytest.raises(Refused, match="levels deep"):
        read("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1))


def test_every_file_of_ours_is_read() -> None:
    for file in [*(ROOT / "knowledge").rglob("*.yaml"), ROOT / "config.example.yaml"]:
        assert read(file.read_text(encoding="utf-8")), file


def test_a_file_of_settings_that_is_too_large_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("# " + "x" * LARGEST, encoding="utf-8")
    with pytest.raises(ConfigError, match="larger than"):
        load_settings(file)


@pytest.mark.parametrize(
    ("text", "line", "name"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "a"),
        ("entries:\n  - id: x\nentries:\n  - id: y\n", 3, "entries"),
        ("lines:\n  UK: call 999\n  US: call 911\n  UK: call 911\n", 4, "UK"),
        ("{a: 1, 'a': 2}", 1, "a"),
        ("- {1: a}\n- {1: a,\n   1: b}\n", 3, "1"),
    ],
)
def test_a_key_that_would_swallow_an_earlier_one_is_refused(text: str, line: int, name: str) -> None:
    with pytest.raises(Refused, match="Keep one") as raised:
        read(text)
    assert raised.value.line == line
    assert f"`{name}`" in raised.value.problem


def test_the_same_key_in_two_places_is_fine() -> None:
    assert read("- {a: 1}\n- {a: 2}\n") == [{"a": 1}, {"a": 2}]
