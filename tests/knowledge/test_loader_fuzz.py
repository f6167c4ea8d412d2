"""Whatever the files hold, the loader gives the knowledge or says what is wrong: nothing else comes out of it."""

from __future__ import annotations

import copy
import shutil
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import KnowledgeError
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.loader import load
from tests.world import ROOT

EXAMPLES = 80
FILES = (
    "topics.yaml", "stages.yaml", "synonyms.yaml", "eligibility.yaml", "pictures/alt.yaml", "entries/regulation.yaml",
    "safety.yaml",
)  # fmt: skip
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | words
    | st.dates()
    | st.datetimes()
    | st.binary(max_size=4)
)
keys = words | st.integers() | st.none() | st.booleans() | st.dates() | st.tuples(words)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=6
)
without_deadline = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder to put one file into: the loader reads each file by itself, and then misses the others."""
    for name in ("entries", "pictures"):
        (tmp_path / name).mkdir()
    return tmp_path


def loads(folder: Path, name: str, content: bytes) -> None:
    for file in folder.rglob("*.yaml"):
        file.unlink()
    (folder / name).write_bytes(content)
    with suppress(KnowledgeError):
        assert isinstance(load(folder), KnowledgeBase)


def _places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401
    """Every place of a file, the first two of each list."""
    found = [path] if path else []
    if isinstance(data, dict):
        for key, inner in data.items():
            found += _places(inner, (*path, key))
    elif isinstance(data, list):
        for place, inner in enumerate(data[:2]):
            found += _places(inner, (*path, place))
    return found


def _with(data: Any, path: tuple[Any, ...], value: Any, *, gone: bool) -> Any:  # noqa: ANN401
    changed = copy.deepcopy(data)
    target = changed
    for step in path[:-1]:
        target = target[step]
    if gone:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    return changed


def short(data: Any) -> Any:  # noqa: ANN401
    """Keep two of each list, so that writing and reading stays quick."""
    if isinstance(data, dict):
        return {key: short(inner) for key, inner in data.items()}
    return [short(inner) for inner in data[:2]] if isinstance(data, list) else data


@cache
def shipped(name: str) -> Any:  # noqa: ANN401
    """Give a file as it is shipped, shortened; nobody changes what is given."""
    return short(yaml.load((ROOT / "knowledge" / name).read_bytes(), yaml.CSafeLoader))


@pytest.mark.parametrize("name", FILES)
@without_deadline
@given(data=st.data())
def test_a_file_with_something_else_somewhere(folder: Path, name: str, data: st.DataObject) -> None:
    content = shipped(name)
    path = data.draw(st.sampled_from(_places(content)), "place")
    gone = data.draw(st.booleans(), "taken out")
    changed = _with(content, path, None if gone else data.draw(values, "instead"), gone=gone)
    loads(folder, name, yaml.dump(changed, Dumper=yaml.CSafeDumper, allow_unicode=True).encode())


@pytest.mark.parametrize("name", FILES)
@without_deadline
@given(value=values)
def test_a_file_that_holds_anything(folder: Path, name: str, value: Any) -> None:  # noqa: ANN401
    loads(folder, name, yaml.safe_dump(value, allow_unicode=True).encode())


@pytest.mark.parametrize("name", ["topics.yaml", "safety.yaml"])
@without_deadline
@given(content=st.binary(max_size=200) | st.text(alphabet="-:?[]{}&*!|>'\"#%@`,\n\t a1", max_size=80).map(str.encode))
def test_a_file_of_noise(folder: Path, name: str, content: bytes) -> None:
    loads(folder, name, content)


def test_the_real_files_load_in_the_same_way(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge")
    assert load(tmp_path / "knowledge").entries
