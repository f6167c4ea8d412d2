"""What tests share: the real knowledge, fitted once, and a fresh world for each story."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import AsyncIterator, Container, Iterator
from functools import partial
from pathlib import Path

import pytest
import structlog
from hypothesis import settings
from structlog.dev import ConsoleRenderer, plain_traceback

from bot.app import build_triage
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.loader import load
from bot.matching.cache import kept_in
from bot.matching.vectors import write_whole
from bot.triage.triage import Triage
from tests.postgres import Server, postgres_server
from tests.tables import made_once
from tests.world import MEMORY, ROOT, World, a_world

# Properties are tried with the same examples each time, so that no unlucky run stops a change that has nothing to do
# with it; `make soak` looks for new ones (HYPOTHESIS_PROFILE=search).
settings.register_profile("steady", derandomize=True)
settings.register_profile("search", print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
# Tracebacks with the values of variables, as structlog prints them unless told otherwise, take longer than the work.
structlog.configure(
    processors=[*structlog.get_config()["processors"][:-1], ConsoleRenderer(exception_formatter=plain_traceback)]
)
NEVER_OLD = 4_102_444_800  # the beginning of 2100


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave uncounted what goes over the same lines again: while lines are counted, a test takes half as long again."""
    for item in items:
        if _goes_over_the_same_lines(item):
            item.add_marker("no_cover")


def _goes_over_the_same_lines(item: pytest.Item) -> bool:
    """Tell a property with its many examples, a crowd, and a story that was told on SQLite already."""
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    database = item.callspec.params.get("database_url") if hasattr(item, "callspec") else None
    is_property = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    return is_property or folder == "simulation" or (database == "postgres" and folder != "storage")


@pytest.fixture(scope="session")
def knowledge() -> KnowledgeBase:
    """The knowledge base as it is shipped."""
    return load(ROOT / "knowledge")


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Path]:
    """One cache for all processes that tests start: the knowledge is fitted once.

    The vectors of phrasings outlive the run, in pytest's own cache: they take half a minute.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "cache"
    os.environ["HSCTBOT_CACHE"] = str(folder)
    kept_by = getattr(pytestconfig, "cache", None)  # not there with `-p no:cacheprovider`
    kept = kept_by.mkdir("vectors") if kept_by else folder
    _copy_vectors(kept, folder)
    yield folder
    _copy_vectors(folder, kept)


def _copy_vectors(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for file in source.glob("vectors-*.npz"):
        if source != target:
            write_whole(target / file.name, file.read_bytes())


@pytest.fixture(scope="session", autouse=True)
def tables() -> Iterator[None]:
    """What is kept in memory gets its tables at once."""
    with made_once():
        yield


@pytest.fixture(scope="session")
def triage(knowledge: KnowledgeBase, cache: Path) -> Triage:
    """The real triage, fitted to it: by the worker that is first, the others read what that one has kept.

    A test whose processes run on the shipped answers uses this as well, or the first of them fits again.
    """
    with (cache / "fitting.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = build_triage(knowledge, cache)
        if kept := kept_in(knowledge, cache, "minilm"):
            os.utime(kept, (NEVER_OLD, NEVER_OLD))  # of other knowledge some is fitted to, and the oldest goes
    return made


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A real PostgreSQL, started when a test first asks for it."""
    with postgres_server() as server:
        yield server


@pytest.fixture
def url(postgres: Server) -> str:
    """The address of an empty database on it."""
    return postgres.emptied()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database of each kind: what uses this runs twice."""
    if request.param == "sqlite":
        return MEMORY
    server: Server = request.getfixturevalue("postgres")
    return server.emptied()


@pytest.fixture
async def world(triage: Triage, database_url: str) -> AsyncIterator[World]:
    """A world of its own for each story, on each kind of database."""
    async with a_world(triage, database_url) as made:
        yield made


@pytest.fixture(scope="session")
def small_knowledge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two topic groups of the real knowledge, for processes that are started often."""
    folder = tmp_path_factory.mktemp("knowledge")
    for name in ("safety.yaml", "synonyms.yaml"):
        shutil.copy(ROOT / "knowledge" / name, folder)
    (folder / "entries").mkdir()
    for name in ("costs.yaml", "regulation.yaml"):
        shutil.copy(ROOT / "knowledge" / "entries" / name, folder / "entries")
    (folder / "topics.yaml").write_text("topics: [{id: costs, title: Costs}, {id: regulation, title: Approvals}]\n")
    (folder / "stages.yaml").write_text("stages: []\n")
    return folder


@pytest.fixture(scope="session")
def few_answers(small_knowledge: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same folder, consistent in itself: its entries name only each other."""
    folder = Path(shutil.copytree(small_knowledge, tmp_path_factory.mktemp("few") / "knowledge"))
    known = load(folder).entries
    for path in (folder / "entries").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"related: \[(.*?)\]", partial(_only, known), text, flags=re.DOTALL), encoding="utf-8")
    return folder


def _only(known: Container[str], related: re.Match[str]) -> str:
    return f"related: [{', '.join(entry for entry in related[1].split(', ') if entry in known)}]"


@pytest.fixture(scope="session")
def few_answers_triage(few_answers: Path, cache: Path) -> Triage:
    """Fitted to it; for stories in which entries change, because fitting to all of them again takes long."""
    return build_triage(load(few_answers), cache)
