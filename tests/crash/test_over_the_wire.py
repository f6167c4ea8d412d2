"""The bot itself on both platforms' test servers, killed at random moments: nothing is lost, repeats are accounted for."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess as Process
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.domain.messages import OutgoingMessage
from bot.storage.outbox import codec
from tests.crash.forking import fresh_server
from tests.crash.test_sigkill import SEED
from tests.platforms.discord.model import BOT, Channel, Json
from tests.platforms.discord.people import Human, until
from tests.platforms.discord.wire import Place, a_place
from tests.platforms.telegram.people import BOT_NAME, Chat
from tests.platforms.telegram.server import TOKEN, TelegramServer, telegram_server
from tests.platforms.telegram.stage import DESK, GROUP, populate

KILLS = int(os.environ.get("HSCTBOT_SOAK_KILLS", "20")) // 2  # on each kind of database
PIECE = int(os.environ.get("HSCTBOT_SOAK_PIECE", "0"))  # of a soak that is run in several: each has other dice
PATIENCE = 60.0  # seconds for the bot to do something, or for all to be done at the end
LATEST = 0.03  # seconds between the call waited for and the kill
MOST_CALLS = 70  # to a platform, after which a kill comes at the latest; about twenty belong to the start
PAUSE = 0.2  # seconds without a call, after which people go on asking
MOST_ROUNDS = 5  # of that in one run
IDLE = 2.0  # seconds without any call: all is done
ASKERS = 5  # on each platform
KNOWN = ("how much does hsct cost in mexico?", "is hsct approved by the fda for ms?")
UNKNOWN = "please ask a volunteer about scan {}"
ALL_SENT = "SELECT count(*) FROM outbox WHERE status NOT IN ('sent', 'superseded')"
ROWS = "SELECT id, platform, chat, CAST(content AS text), event_id, escalation_id, key, status, message_id FROM outbox"


@dataclass
class Row:
    """A message as it is stored."""

    id: int
    platform: str
    chat: str
    content: OutgoingMessage
    event_id: str | None
    escalation_id: int | None
    key: str | None
    status: str
    message_id: str | None

    @property
    def chat_number(self) -> str:
        return self.chat.removeprefix("dm:")

    @property
    def words(self) -> list[str]:
        return [letters(block.text) for block in self.content.body]


def letters(words: str) -> str:
    """Give the letters and digits: what no platform's markup changes."""
    return "".join(one for one in words if one.isalnum())


@dataclass
class Load:
    """What people do on both platforms, and where the bot was killed meanwhile."""

    place: Place
    telegram: TelegramServer
    database: str
    settings: dict[str, Any]
    dice: random.Random = field(default_factory=lambda: random.Random(SEED + PIECE))  # noqa: S311
    events: list[str] = field(default_factory=list)  # of every question
    being_sent: Counter[str] = field(default_factory=Counter)  # Telegram's messages at each kill, by place
    claimed: set[int] = field(default_factory=set)  # topics
    replied: set[int] = field(default_factory=set)
    numbers: Iterator[int] = field(default_factory=count)
    server: ForkServerContext = field(default_factory=lambda: fresh_server("tests.crash.wire_process"))

    def __post_init__(self) -> None:
        populate(self.telegram)
        self.rooms = [self.place.ask, *(self.place.server.add_channel(f"ask-{one}") for one in range(ASKERS - 1))]
        self.people = [self.place.human(f"Dora {one}") for one in range(ASKERS)]
        for one in range(ASKERS):
            self.telegram.user(100 + one, f"Tom {one}")
            self.telegram.chats[GROUP].members[100 + one] = "member"
        self.settings |= {
            "telegram": {"token": TOKEN, "api_url": self.telegram.url, "desk_chat": DESK},
            "discord": self.place.settings(ask_channels=tuple(room.id for room in self.rooms)).model_dump(),
        }

    @property
    def desk(self) -> Chat:
        return self.telegram.chats[DESK]

    async def some_more(self) -> None:
        """A few questions on either platform, known ones and others; the volunteer works on what has reached the desk."""
        for _ in range(self.dice.randint(1, 3)):
            await self._asked_on_discord()
            self._asked_on_telegram()
        self._desk_works()

    def _question(self) -> str:
        return self.dice.choice([*KNOWN, UNKNOWN.format(next(self.numbers))])

    async def _asked_on_discord(self) -> None:
        message = await self._room_and_person()
        self.events.append(f"discord:message:{message['id']}")

    async def _room_and_person(self) -> Json:
        asker: Human = self.dice.choice(self.people)
        return await asker.mentions(self.dice.choice(self.rooms), self._question())

    def _asked_on_telegram(self) -> None:
        asker = self.telegram.users[100 + self.dice.randrange(ASKERS)]
        group = self.dice.choice([self.telegram.chats[GROUP], None])
        self.telegram.says(asker, f"@{BOT_NAME} {self._question()}" if group else self._question(), group)
        self.events.append(f"telegram:update:{self.telegram._updates[-1]['update_id']}")

    def _desk_works(self) -> None:
        """Ben claims what has a card, and replies to what he had claimed before."""
        ben = self.telegram.users[2]
        for topic in list(self.desk.topics):
            cards = [one for one in self.telegram.seen(self.desk, topic) if "reply_markup" in one]
            if topic in self.claimed - self.replied:
                self.telegram.says(ben, f"Yes, I think so ({topic}).", self.desk, topic=topic)
                self.replied.add(topic)
            elif cards and topic not in self.claimed and "Claim" in str(cards[0]["reply_markup"]):
                self.telegram.presses(ben, cards[0], "Claim")
                self.claimed.add(topic)

    # The bot's process.

    def start(self) -> Process:
        process: Process = self.server.Process(target=in_process, args=(self.settings,), daemon=True)
        process.start()
        return process

    @property
    def calls(self) -> int:
        """How often the bot has called either platform."""
        return self.telegram.calls.total() + self.place.server.calls.total()

    @property
    def deeds(self) -> int:
        """How often it has done more than ask for what is new."""
        return self.calls - self.telegram.calls["getUpdates"]

    async def begins(self) -> None:
        """Have one question handled on Discord: what was said there before the bot's very first start is not for it."""
        process = self.start()
        await until(lambda: self.place.server.gateway_readies, "Discord", PATIENCE)
        await self._asked_on_discord()
        while await self.missing():  # noqa: ASYNC110 - the bot is another process
            await asyncio.sleep(0.05)
        process.kill()
        process.join()

    async def killed_at_a_random_moment(self) -> None:
        """Start the bot, give it something to do whenever it pauses, and kill it a while after some call or other."""
        last = before = self.calls
        process, wanted = self.start(), before + self.dice.randint(1, MOST_CALLS)
        latest, quiet_since, rounds = time.monotonic() + PATIENCE, 0.0, 0
        while self.calls < wanted:
            assert process.is_alive(), "the bot died by itself"
            assert time.monotonic() < latest, "the bot does nothing"
            if self.calls != last:
                last, quiet_since = self.calls, time.monotonic()
            elif self.calls == before:
                pass  # it is starting
            elif time.monotonic() > quiet_since + PAUSE and rounds < MOST_ROUNDS:
                quiet_since, rounds = time.monotonic(), rounds + 1
                await self.some_more()
            elif time.monotonic() > quiet_since + IDLE:
                break
            await asyncio.sleep(0.005)
        await asyncio.sleep(self.dice.uniform(0.0, LATEST))
        process.kill()
        process.join()
        rows = await self.rows("WHERE status = 'sending'")
        self.being_sent.update(self.place_for(row) for row in rows if row.platform == "telegram")

    async def ends(self) -> None:
        """Run without a kill until all is said; the more kills there were, the more is left to say."""
        process, latest, last = self.start(), time.monotonic() + PATIENCE, self.deeds
        try:
            while not await self.rests():
                assert process.is_alive(), "the bot died by itself"
                if self.deeds != last:
                    latest, last = time.monotonic() + PATIENCE, self.deeds
                assert time.monotonic() < latest, f"not at rest: {await self.missing()} not handled"
                self._desk_works()
                await asyncio.sleep(0.2)
        finally:
            process.terminate()
            await asyncio.to_thread(process.join)

    async def missing(self) -> set[str]:
        return set(self.events) - {event for (event,) in await self.ask("SELECT event_id FROM inbox")}

    async def rests(self) -> bool:
        """Tell whether every question is decided, all of the bot's messages are out, and the desk has nothing to do."""
        try:
            waiting = (await self.ask(ALL_SENT))[0][0] + self.telegram.waiting
            return not waiting and not await self.missing() and self.claimed == self.replied
        except Exception:  # noqa: BLE001 - the tables are not there yet
            return False

    async def ask(self, query: str) -> list[Any]:
        engine = create_async_engine(self.database, poolclass=NullPool)
        try:
            async with engine.connect() as connection:
                return [tuple(row) for row in await connection.execute(text(query))]
        finally:
            await engine.dispose()

    async def rows(self, which: str = "") -> list[Row]:
        found = await self.ask(f"{ROWS} {which}")
        return [Row(row[0], row[1], row[2], codec.validate_json(row[3]), *row[4:]) for row in found]

    # What can be seen at the end.

    def topic_name(self, topic: int | str) -> str:
        return self.desk.topics[int(topic)].name.split()[0]

    def place_for(self, row: Row) -> str:
        """Where a message to Telegram will be, as `place_of` says it.

        What a volunteer is told where they pressed is in the topic, though not as one of the escalation's own messages.
        """
        if row.content.on_desk:
            return f"desk #{row.escalation_id}"
        if row.content.to.thread and row.chat == str(DESK):
            return f"desk {self.topic_name(row.content.to.thread)}"
        return row.chat_number if row.content.to.is_private else f"{row.chat} {row.content.reply_to}"

    def place_of(self, message: Json) -> str:
        """Where a message on Telegram is: a topic of the desk, a private chat, or under the message it answers."""
        if message["chat"]["id"] == DESK and "message_thread_id" in message:
            return f"desk {self.topic_name(message['message_thread_id'])}"
        if message["chat"]["type"] == "private":
            return str(message["chat"]["id"])
        return f"{message['chat']['id']} {message.get('reply_to_message', {}).get('message_id')}"

    def on_discord(self) -> list[tuple[Channel, Json]]:
        channels = self.place.server.channels.values()
        return [(channel, one) for channel in channels for one in channel.messages.values() if _by_bot(one)]


def _by_bot(message: Json) -> bool:
    return int(message["author"]["id"]) == BOT


def in_process(settings: dict[str, Any]) -> None:
    """Run in the forked process: import late, so that the test itself does not need the libraries."""
    from tests.crash.wire_process import run

    run(settings)


@asynccontextmanager
async def load_on(database: str, knowledge: Path, cache: Path) -> AsyncIterator[Load]:
    settings = {
        "database_url": database,
        "knowledge": str(knowledge),
        "cache": str(cache),
        "matching": {"encoder": "none"},
        "limits": {"per_asker": 100_000, "per_group": 100_000},
    }
    async with a_place() as place, telegram_server() as telegram:
        yield Load(place, telegram, database, settings)


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> str:
    """A database that outlives its process: a file, or a server's."""
    return f"sqlite+aiosqlite:///{tmp_path}/bot.db" if database_url.startswith("sqlite") else database_url


async def test_a_kill_loses_nothing_and_repeats_only_what_had_left(
    database: str, small_knowledge: Path, tmp_path: Path
) -> None:
    async with load_on(database, small_knowledge, tmp_path / "cache") as load:
        await load.begins()
        for _ in range(KILLS):
            await load.killed_at_a_random_moment()
        await load.ends()
        rows = await load.rows()
        assert load.claimed, "some were for a volunteer"
        await every_question_is_decided(load, rows)
        everything_stored_was_said(load, rows)
        repeated = repeats_are_accounted_for(load, rows)
        nothing_came_twice_on_discord(load, rows)
        print(  # noqa: T201
            f"{KILLS} kills, {len(load.events)} questions, {len(load.claimed)} claimed and answered, {len(rows)} messages, "
            f"{load.being_sent.total()} being sent to Telegram at a kill, {repeated} repeated there, none on Discord"
        )


async def every_question_is_decided(load: Load, rows: list[Row]) -> None:
    decided = dict(await load.ask("SELECT event_id, outcome FROM inbox"))
    assert set(load.events) <= set(decided), "no question is missing"
    assert all(decided.values()), "each has exactly one decision"
    answered = {row.event_id for row in rows}
    assert set(load.events) <= answered, "each was answered or handed over"


def everything_stored_was_said(load: Load, rows: list[Row]) -> None:
    """Each receipt names a message that is there, with the words that were stored."""
    on_discord = {one["id"]: one["content"] for _, one in load.on_discord()}
    for row in rows:
        if row.status != "sent" or row.key or not row.words:
            continue  # what has a key was changed afterwards
        if row.platform == "discord":
            shown = on_discord[str(row.message_id)]
        else:
            message = load.telegram.chats[int(row.chat_number)].messages[int(row.message_id or 0)]
            assert load.place_of(message) == load.place_for(row), "it is where copies of it are looked for"
            shown = message["text"]
        assert row.words[-1] in letters(shown), "it is said exactly as stored"


def repeats_are_accounted_for(load: Load, rows: list[Row]) -> int:
    """What no receipt names is a copy of something that was being sent to the same place when the bot was killed."""
    receipts = {(row.chat_number, row.message_id) for row in rows if row.platform == "telegram"}
    sent = [(one, (str(one["chat"]["id"]), str(one["message_id"]))) for one in load.telegram.sent]
    extra = Counter(load.place_of(message) for message, receipt in sent if receipt not in receipts)
    assert extra <= load.being_sent, f"a message came twice without a kill to excuse it: {extra - load.being_sent}"
    topics = Counter(topic.name.split()[0] for topic in load.desk.topics.values())
    for number, times in topics.items():
        assert times - 1 <= load.being_sent[f"desk {number}"], "a topic was opened twice without a kill to excuse it"
    return extra.total()


def nothing_came_twice_on_discord(load: Load, rows: list[Row]) -> None:
    """The same words stand there twice only where they were stored twice: each time with a receipt of its own."""
    receipts = {row.message_id for row in rows if row.platform == "discord"}
    said: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for channel, one in load.on_discord():
        said[channel.id, one["content"], str(one.get("message_reference"))].append(one["id"])
    assert [words for words, ids in said.items() if len(ids) > 1 and not receipts.issuperset(ids)] == []
    posts = Counter(post.name.split()[0] for post in load.place.server.posts_of(load.place.desk))
    assert [post for post, times in posts.items() if times > 1] == []
