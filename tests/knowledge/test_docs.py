"""What the guides say is so: sentences quoted from entries stand there, and every command and step works as written."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from bot.cli.kb import app
from bot.knowledge.base import KnowledgeBase
from tests.world import ROOT

CLAIMS = re.findall(
    r"^\| `([\w-]+)` \|[^|]*\| `([\w-]+)` \| \"(.*)\" \|$",
    (ROOT / "docs/knowledge.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)
GUIDE = (ROOT / "docs/curating.md").read_text(encoding="utf-8")


def test_every_claim_of_the_seed_is_answered_once() -> None:
    claims = [claim for claim, _, _ in CLAIMS]
    assert len(claims) == len(set(claims)) == 18


@pytest.mark.parametrize(("claim", "entry_id", "sentence"), CLAIMS, ids=[claim for claim, _, _ in CLAIMS])
def test_the_sentence_that_answers_a_claim_stands_in_its_entry(
    knowledge: KnowledgeBase, claim: str, entry_id: str, sentence: str
) -> None:
    entry = knowledge.entries[entry_id]
    texts = (" ".join(text.split()) for text in (entry.short, entry.full))
    assert any(sentence in text for text in texts), claim


def test_every_command_of_the_curators_guide_exists_with_its_options() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    named = re.findall(r"hsct-bot kb (\w+)([^`\n]*)`", GUIDE)
    assert {name for name, _ in named} >= {"new", "check", "preview", "try", "test", "due", "gaps", "export"}
    for name, rest in named:
        options = {option for parameter in commands[name].params for option in parameter.opts}
        assert set(re.findall(r"--[\w-]+", rest)) <= options, name


def test_the_guides_example_works_as_it_is_written(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge"))
    section = GUIDE.split("## Write a new entry")[1].split("\n## ")[0]
    typed = "".join(re.findall(r"```text\n(.*?)```", section, re.DOTALL)).replace("(empty line)", "")
    result = CliRunner().invoke(app, ["new", "--knowledge", str(folder)], input=typed)
    assert result.exit_code == 0, result.output
    assert "0 remarks" in result.output
    assert "Nothing was saved" in result.output
    assert "cannot be used" not in result.output
