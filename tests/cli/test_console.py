"""The console as a new user has it: real processes, a pipe, one database."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.world import ROOT

pytestmark = pytest.mark.usefixtures("triage")  # the processes find it in the cache
NOT_KNOWN = "does the hospital in puebla have wifi in the rooms?"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "data" / "bot.db"


def talk(database: Path, *lines: str, side: str = "member") -> str:
    env = {**os.environ, "HSCTBOT_DATABASE_URL": f"sqlite+aiosqlite:///{database}"}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "console", "--plain", "--as", side],
        input="\n".join(lines) + "\n", capture_output=True, text=True, env=env, cwd=ROOT, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def test_asked_handed_over_answered_and_read_in_one_terminal(database: Path) -> None:
    shown = talk(
        database,
        "how much is it in mexico?",
        f"/person {NOT_KNOWN}",
        "/as volunteer",
        "claim",
        "Yes, it has. I was there in 2024.",
        "/as member",
        "/quit",
    )
    steps = ["Sources: ", "Your question is #1.", "#1 ", "kim has #1.", "kim, a volunteer, about #1:", "> Yes, it has."]
    positions = [shown.index(step) for step in steps]
    assert positions == sorted(positions)


def test_stopped_and_started_between_each_two_steps_nothing_is_gone(database: Path) -> None:
    assert "Your question is #1." in talk(database, f"/person {NOT_KNOWN}")
    assert NOT_KNOWN in talk(database, side="volunteer")
    assert "kim has #1." in talk(database, "#1 claim", side="volunteer")
    talk(database, "#1 Yes, it has.", side="volunteer")
    assert "> Yes, it has." in talk(database, "> and how fast is it?")
    assert "> and how fast is it?" in talk(database, side="volunteer")


def test_two_terminals_share_one_database(database: Path) -> None:
    talk(database, f"/person {NOT_KNOWN}")
    desk = talk(database, "#1 claim", "#1 Yes.", side="volunteer")
    assert "about #1:" not in desk, "what is for the asker is shown on the asker's side"
    assert "> Yes." in talk(database)


def test_input_without_end_of_line_and_control_characters(database: Path) -> None:
    shown = talk(database, "\x1b[31mhow much\u202e is it in mexico?\x07")
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_the_readme_shows_what_the_program_prints(database: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    transcript = re.search(r"```text\n(.*?)```", readme, re.DOTALL)
    assert transcript
    typed = [line[2:] for line in transcript[1].splitlines() if line.startswith("$ ")]
    expected = [line for line in transcript[1].splitlines() if not line.startswith("$ ")]
    shown = talk(database, *typed)
    assert comparable("\n".join(expected)) == comparable(shown)


def comparable(text: str) -> str:
    """Leave out what differs each time: pseudonyms, the clock, where a line is wrapped because of them."""
    text = re.sub(r"Nearest answers: .*?(?=Handed over)", "", text, flags=re.DOTALL)  # changes with the answers
    changing = re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]+ \d\d\b|\d\d [A-Z][a-z]{2} \d\d:\d\d")
    return " ".join(changing.sub("*", " ".join(text.split())).split())


def printed_by(code: str) -> list[str]:
    """Run some lines in a process of their own; give the words that they print."""
    done = subprocess.run([sys.executable, "-uc", code], capture_output=True, text=True, cwd=ROOT, check=True)
    return done.stdout.split()


def test_what_a_bot_never_uses_is_not_kept_in_memory() -> None:
    code = (
        "import sys; from bot.sparing import undecorated\n"
        "with undecorated(): import httpx, bot.app, bot.adapters.telegram.adapter, bot.adapters.discord.adapter\n"
        "print({'rich', 'pygments', 'sqlalchemy.orm', 'aiohttp.web'} & set(sys.modules))\n"
        "import rich, pygments; from sqlalchemy.ext.asyncio.session import AsyncSession; print(AsyncSession.__name__)"
    )
    assert printed_by(code) == ["set()", "AsyncSession"]


def test_what_is_left_out_is_there_for_whoever_asks_for_it_after_all() -> None:
    code = (
        "import sys, bot.storage; from importlib import import_module; from bot.sparing import OF_THE_ORM\n"
        "package = import_module('sqlalchemy.ext.asyncio')\n"
        "print('sqlalchemy.orm' in sys.modules, hasattr(package, 'no_such_name'))\n"
        "real = {name: import_module(f'sqlalchemy.ext.asyncio.{of}') for of, names in OF_THE_ORM.items() for name in names}\n"
        "print(all(getattr(package, name) is getattr(module, name) for name, module in real.items()))\n"
        "from sqlalchemy.ext.asyncio import AsyncSession; print(AsyncSession.__name__)"
    )
    assert printed_by(code) == ["False", "False", "True", "AsyncSession"]


def test_a_version_that_takes_more_of_the_orm_is_imported_with_it() -> None:
    code = (
        "from bot import sparing\n"
        "sparing.OF_THE_ORM = {'scoping': ('async_scoped_session',), 'session': ('AsyncSession',)}\n"
        "import bot.storage; from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker\n"
        "print(AsyncEngine.__name__, AsyncSession.__name__, async_sessionmaker.__name__)"
    )
    assert printed_by(code) == ["AsyncEngine", "AsyncSession", "async_sessionmaker"]


def test_bringing_tables_up_to_date_leaves_no_colours_in_memory(tmp_path: Path) -> None:
    code = (
        "import asyncio, sys; from bot.sparing import undecorated\n"
        "with undecorated(): from bot.storage.store import Store\n"
        f"store = asyncio.run(Store.open('sqlite+aiosqlite:///{tmp_path / 'bot.db'}'))\n"
        "print('alembic' in sys.modules, {'rich', 'pygments'} & set(sys.modules)); import os; os._exit(0)"
    )
    assert printed_by(code) == ["True", "set()"]
