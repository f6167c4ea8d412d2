"""Logs: a whole run is searched for every text, name and token that went through it."""

from __future__ import annotations

import json
import logging
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import structlog
from pydantic import SecretStr

from bot.config import LogSettings, Settings, TelegramSettings
from bot.errors import ConfigError
from bot.logs import set_up, without_words
from tests.platforms.telegram.people import Chat, User
from tests.platforms.telegram.server import TOKEN, TelegramServer, telegram_server
from tests.platforms.telegram.stage import DESK, GROUP
from tests.processes import BotProcess, bot_process, until

POISON = "quinquireme"
# Runs the bot with a mistake of ours in it, whose error holds what the person wrote.
WITH_A_MISTAKE = f"""
from bot.conversation.service import ConversationService
act = ConversationService.act
async def fails(self, tx, asked, *rest):
    if {POISON!r} in asked.text:
        raise ValueError(f"cannot read {{asked.text}} of {{asked.person}}")
    return await act(self, tx, asked, *rest)
ConversationService.act = fails
from bot.cli import main
main()
"""
NAMES = ("Zephyrine", "Quillfeather", "zephy_q", "Bartholomew", "Oglethorpe", "Moonflower Circle", "Lighthouse Desk")
SAID = (
    "does the hydrotherapy basin take mauve swimming caps?",
    f"does my {POISON} have three banks of oars?",
    "I prefer the cobalt wheelchair myself",
    "Yes, in the marmalade annexe.",
    "a note about gooseberries",
)


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with telegram_server() as running:
        asker = running.user(1, "Zephyrine", last_name="Quillfeather", username="zephy_q")
        helper = running.user(2, "Bartholomew", last_name="Oglethorpe")
        running.group(GROUP, "Moonflower Circle", asker, helper)
        running.group(DESK, "Lighthouse Desk", helper, forum=True, bot="administrator")
        yield running


@pytest.fixture
async def bot(server: TelegramServer, tmp_path: Path, small_knowledge: Path) -> AsyncIterator[BotProcess]:
    async with bot_process(
        "run",
        folder=tmp_path,
        code=WITH_A_MISTAKE,
        KNOWLEDGE=str(small_knowledge),
        MATCHING__ENCODER="none",
        TELEGRAM__TOKEN=TOKEN,
        TELEGRAM__API_URL=server.url,
        TELEGRAM__DESK_CHAT=str(DESK),
        LOG__LEVEL="debug",
    ) as running:
        yield running


async def told(server: TelegramServer, user: User, words: str) -> None:
    await until(lambda: any(words in text for text in server.words(user)), f"{words!r} for {user.first_name}")


def waiting(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        query = "SELECT count(*) FROM outbox WHERE status IN ('pending', 'sending')"
        return int(connection.execute(query).fetchone()[0])


async def topic_of_first(desk: Chat) -> int:
    await until(lambda: any(topic.name.startswith("#1 ") for topic in desk.topics.values()), "a topic")
    return next(topic.id for topic in desk.topics.values() if topic.name.startswith("#1 "))


async def test_a_whole_run_with_failures_logs_no_text_no_name_and_no_token(
    server: TelegramServer, bot: BotProcess, tmp_path: Path
) -> None:
    asker, helper, desk = server.users[1], server.users[2], server.chats[DESK]
    question, poison, statement, answer, note = SAID
    for kind in ("429", "500", "before", "after"):
        server.fail(kind, "sendMessage", retry_after=0.05)
    server.says(asker, f"/person {question}")
    await told(server, asker, "question is #1")
    server.fail("502", "getUpdates")
    server.says(asker, f"/ask {poison}")
    await bot.logs("event.failed")
    server.says(asker, statement)
    topic = await topic_of_first(desk)
    await until(lambda: bool(server.seen(desk, topic)), "the card in it")
    server.press_data(helper, server.seen(desk, topic)[0], "v1:claim:1")
    await told(server, asker, "has your question #1")
    await until(lambda: not waiting(tmp_path / "data" / "bot.db"), "every message to be sent")
    server.says(helper, f"//{note}", desk, topic=topic)
    server.says(helper, answer, desk, topic=topic)
    await told(server, asker, answer)
    with closing(sqlite3.connect(tmp_path / "data" / "bot.db")) as database:
        database.execute("DROP TABLE turns")  # the disk has lost something: handling fails, and so does the last resort
    server.says(asker, f"/ask {question}")
    await bot.logs("tg.update_failed")
    await bot.stops()
    is_clean(bot.log, [*SAID, *NAMES, TOKEN, TOKEN.split(":")[1], POISON])
    for expected in (
        "event.handled",
        "outbox.sent",
        "outbox.not_sent",
        "tg.no_updates",
        "ValueError",
        "OperationalError",
    ):
        assert expected in bot.log, "what could have held words was provoked, at debug level"


def is_clean(log: str, needles: list[str]) -> None:
    """Check that no text of a run is in its log, however it was written."""
    lines = [json.loads(line) for line in log.splitlines()]
    assert len(lines) > 10
    shown = log.lower() + "\n".join(str(line) for line in lines).lower()
    for needle in needles:
        assert needle.lower() not in shown, needle


class Shown:
    """What has been logged."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def getvalue(self) -> str:
        return self._capsys.readouterr().err


@pytest.fixture
def log(capsys: pytest.CaptureFixture[str]) -> Iterator[Shown]:
    """What is logged, with everything put back afterwards."""
    root = logging.getLogger()
    kept, configured = (root.handlers[:], root.level, sys.excepthook), structlog.get_config()
    yield Shown(capsys)
    root.handlers[:], root.level, sys.excepthook = kept
    structlog.configure(**configured)


FRUIT = "gooseberries"
SECRET = "1234:verysecret"  # noqa: S105


def settings(form: str) -> Settings:
    chosen = LogSettings.model_validate({"format": form, "level": "debug"})
    return Settings(log=chosen, telegram=TelegramSettings(token=SecretStr(SECRET)))


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_token_is_masked_wherever_it_gets_into_a_line(log: Shown, form: str) -> None:
    set_up(settings(form), quiet=False)
    structlog.get_logger().error(f"at {SECRET}", url=f"https://host/bot{SECRET}/getMe")
    logging.getLogger("library").warning(f"asked https://host/bot{SECRET}/getMe")
    shown = log.getvalue()
    assert shown.count("[secret]") == 3
    assert "verysecret" not in shown


@pytest.mark.parametrize("form", ["json", "console"])
def test_an_error_is_logged_with_its_place_and_kind_but_without_its_words(log: Shown, form: str) -> None:
    set_up(settings(form), quiet=False)
    try:
        _fails(FRUIT)
    except RuntimeError:
        structlog.get_logger().exception("event.failed")
        logging.getLogger("asyncio").exception(f"Task exception was never retrieved\nfuture: {FRUIT}")
    shown = log.getvalue()
    assert shown.count("builtins.KeyError") == shown.count("builtins.RuntimeError") == 2
    assert "test_logs.py" in shown
    assert "Task exception was never retrieved" in shown
    assert FRUIT not in shown


def _fails(word: str) -> None:
    try:
        raise KeyError(word)
    except KeyError as error:
        raise RuntimeError(f"about {word}") from error


def test_what_a_library_fills_in_is_left_out_but_for_numbers(log: Shown) -> None:
    set_up(settings("json"), quiet=False)
    logging.getLogger("library").warning("%s waits %.1f seconds", "Anna", 2.5)
    assert json.loads(log.getvalue())["event"] == "… waits 2.5 seconds"


def test_our_own_errors_and_the_systems_keep_their_words() -> None:
    assert "choose another" in without_words(ConfigError("the port is taken; choose another"))
    assert "No space left" in without_words(OSError(28, "No space left on device"))


def test_errors_of_a_group_are_all_named() -> None:
    group = ExceptionGroup("anna", [ValueError("anna"), ExceptionGroup("anna", [KeyError("anna")])])
    shown = without_words(group)
    assert "builtins.ValueError" in shown
    assert "builtins.KeyError" in shown
    assert "anna" not in shown


def test_what_nobody_catches_is_logged_in_the_same_way(log: Shown) -> None:
    set_up(settings("json"), quiet=False)
    error = ValueError("gooseberries")
    sys.excepthook(ValueError, error, None)
    line = json.loads(log.getvalue())
    assert line["event"] == "process.failed"
    assert line["exception"] == "builtins.ValueError"
