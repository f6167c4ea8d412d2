"""Receiving over the wire: nothing lost, nothing twice, nothing from strangers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from bot.adapters.telegram.adapter import TelegramAdapter
from bot.adapters.telegram.receive import MOST_ATTEMPTS
from bot.adapters.telegram.webhook import SECRET_HEADER
from bot.config import TelegramSettings, WebhookSettings
from bot.conversation.catalogue import LiveCatalogue
from bot.domain.messages import ChatMoved, Event, MessageReceived
from bot.errors import ConfigError
from bot.texts import texts_in
from bot.triage.live import LiveTriage
from bot.triage.triage import Triage
from tests.platforms.telegram.server import TOKEN, TelegramServer
from tests.platforms.telegram.stage import DESK, GROUP


class Core:
    """Takes events; can fail as a full disk would, for all or for some words."""

    def __init__(self) -> None:
        self.events: list[Event | ChatMoved] = []
        self.fails = 0
        self.poison = ""

    async def accept(self, event: Event | ChatMoved) -> None:
        text = getattr(event, "text", "")
        if self.fails or (self.poison and self.poison in text):
            self.fails -= bool(self.fails)
            raise OSError("disk full")
        self.events.append(event)

    def texts(self) -> list[str]:
        return [getattr(event, "text", "") for event in self.events]

    async def has(self, number: int) -> None:
        for _ in range(1000):
            if len(self.events) >= number:
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"only {self.texts()}")


@pytest.fixture
def core(monkeypatch: pytest.MonkeyPatch) -> Core:
    monkeypatch.setattr("bot.adapters.telegram.poll.FIRST_WAIT", 0.01)
    monkeypatch.setattr("bot.adapters.telegram.adapter.RETRY_START", (0.01,))
    return Core()


def an_adapter(server: TelegramServer, triage: Triage, *, token: str = TOKEN, webhook: WebhookSettings | None = None,
               ) -> TelegramAdapter:  # fmt: skip
    async def fetch(_: object) -> bytes:
        return b""

    settings = TelegramSettings(
        token=SecretStr(token), api_url=server.url, desk_chat=DESK, webhook=webhook or WebhookSettings()
    )
    return TelegramAdapter(settings, LiveCatalogue(LiveTriage(triage)), fetch, texts_in())


@pytest.fixture
async def polling(server: TelegramServer, triage: Triage, core: Core) -> AsyncIterator[TelegramServer]:
    adapter = an_adapter(server, triage)
    running = asyncio.create_task(adapter.run(core.accept))
    yield server
    running.cancel()
    server.stop_polling()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    await adapter.close()


async def test_an_update_that_could_not_be_stored_comes_again(polling: TelegramServer, core: Core) -> None:
    core.fails = 3
    polling.says(polling.users[1], "first")
    polling.says(polling.users[1], "second")
    await core.has(2)
    assert core.texts() == ["first", "second"], "in order, although the first one failed"


async def test_an_update_is_confirmed_only_when_it_is_stored(polling: TelegramServer, core: Core) -> None:
    core.fails = 10**6
    polling.says(polling.users[1], "kept")
    while not polling.delivered or max(polling.delivered.values()) < 2:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    assert polling.waiting == 1
    core.fails = 0
    await core.has(1)


async def test_one_poisoned_update_does_not_stop_the_others_for_ever(polling: TelegramServer, core: Core) -> None:
    core.poison = "poison"
    polling.says(polling.users[1], "poison")
    for number in range(30):
        polling.says(polling.users[2], f"fine {number}")
        await asyncio.sleep(0.01)
    polling.says(polling.users[1], "after it")
    while "after it" not in core.texts():
        polling.says(polling.users[2], "still fine")
        await asyncio.sleep(0.01)


async def test_what_follows_a_poisoned_update_in_its_chat_is_not_given_up_with_it(
    polling: TelegramServer, core: Core
) -> None:
    core.poison = "poison"
    polling.says(polling.users[1], "poison")
    polling.says(polling.users[1], "after it")
    for _ in range(1000):
        if "after it" in core.texts():
            return
        polling.says(polling.users[2], "fine")
        await asyncio.sleep(0.01)
    raise AssertionError(core.texts())


async def test_what_telegram_cannot_say_at_the_moment_costs_no_update(polling: TelegramServer, core: Core) -> None:
    polling.fail("500", "getChatMember", times=MOST_ATTEMPTS + 2)
    polling.says(polling.users[2], "at the desk", polling.chats[DESK])
    for _ in range(1000):
        if "at the desk" in core.texts():
            return
        polling.says(polling.users[1], "fine", polling.chats[GROUP])  # of people among each other nobody is asked about
        await asyncio.sleep(0.01)
    raise AssertionError("it was given up")


async def test_an_update_that_the_library_cannot_read_holds_up_no_other(polling: TelegramServer, core: Core) -> None:
    polling.says(polling.users[1], "before it")
    polling.update(message={"message_id": "not a message", "poll": {}})
    polling.update(message={"poll": "neither"})
    polling.says(polling.users[2], "after it")
    await core.has(2)
    assert sorted(core.texts()) == ["after it", "before it"]
    polling.says(polling.users[1], "later")
    await core.has(3)
    assert core.texts().count("before it") == 1


@pytest.mark.parametrize("kind", ["500", "502", "before", "429"])
async def test_receiving_goes_on_after_a_failure(polling: TelegramServer, core: Core, kind: str) -> None:
    polling.fail(kind, "getUpdates", times=2, retry_after=0.01)
    polling.says(polling.users[1], "hello")
    await core.has(1)


async def test_a_platform_that_is_down_at_the_start_is_waited_for(
    server: TelegramServer, triage: Triage, core: Core
) -> None:
    server.fail("before", "getMe", times=3)
    adapter = an_adapter(server, triage)
    running = asyncio.create_task(adapter.run(core.accept))
    server.says(server.users[1], "hello")
    await core.has(1)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    await adapter.close()


async def test_a_wrong_token_says_what_to_do_and_is_not_repeated(
    server: TelegramServer, triage: Triage, core: Core
) -> None:
    adapter = an_adapter(server, triage, token="999:wrong")  # noqa: S106
    with pytest.raises(ConfigError, match="BotFather") as raised:
        await adapter.run(core.accept)
    assert "wrong" not in str(raised.value)
    await adapter.close()


async def test_a_webhook_that_was_set_is_removed_without_losing_updates(
    server: TelegramServer, triage: Triage, core: Core
) -> None:
    server.webhook = {"url": "https://old.example/"}
    server.says(server.users[1], "written before the start")
    adapter = an_adapter(server, triage)
    running = asyncio.create_task(adapter.run(core.accept))
    await core.has(1)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    await adapter.close()


async def _status(port: int, secret: bytes, body: bytes = b"{}") -> int:
    """Call the webhook with bytes that no HTTP library would send as a secret, or as an update."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    name = SECRET_HEADER.encode()
    length = f"Content-Length: {len(body)}\r\n".encode()
    writer.write(b"POST /hook HTTP/1.1\r\nHost: x\r\n" + length + name + b": " + secret + b"\r\n\r\n" + body)
    first = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return int(first.split()[1])


async def test_the_webhook_takes_what_has_the_secret_and_confirms_what_is_stored(
    server: TelegramServer, triage: Triage, core: Core, unused_tcp_port: int
) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}/hook"
    adapter = an_adapter(server, triage, webhook=WebhookSettings(url=url, port=unused_tcp_port))
    running = asyncio.create_task(adapter.run(core.accept))
    while not server.webhook["url"]:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    update = {"update_id": 1, "message": server.says(server.users[1], "hello")}
    assert await server.call_webhook(update, secret="guessed") == 403  # noqa: S106
    assert await _status(unused_tcp_port, b"\xff\xfe") == 403, "bytes that are no text are no mistake of ours"
    assert await server.call_webhook({"message": {"poll": {}}}) == 400, "Telegram never sends such a thing"
    assert await server.call_webhook({"update_id": 7, "message": {"poll": {}}}) == 200, "or it would come for ever"
    secret = server.webhook["secret"].encode()
    assert await _status(unused_tcp_port, secret, b"[" * 100_000) == 400, "nested so deep that no library reads it"
    nested = b'{"message": {"reply_to_message": ' + b'{"reply_to_message": ' * 400 + b"{}" + b"}" * 402
    assert await _status(unused_tcp_port, secret, nested) == 400
    assert core.events == []
    core.fails = 1
    assert await server.call_webhook(update) == 500, "not stored: Telegram delivers it again"
    assert await server.call_webhook(update) == 200
    assert core.texts() == ["hello"]
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    await adapter.close()


async def test_the_role_is_looked_up_at_each_event(polling: TelegramServer, core: Core) -> None:
    desk, ben, lou = polling.chats[DESK], polling.users[2], polling.users[3]
    polling.says(ben, "one", desk)
    polling.says(lou, "two", desk)
    await core.has(2)
    desk.members[ben.id] = "left"
    old, new = ({"user": ben.json(), "status": status} for status in ("member", "left"))
    change = {"chat": desk.json(), "from": lou.json(), "date": 1, "old_chat_member": old, "new_chat_member": new}
    polling.update(chat_member=change)
    polling.says(ben, "three", desk)
    await core.has(3)
    roles = {event.text: str(event.sender.role) for event in core.events if isinstance(event, MessageReceived)}
    assert roles == {"one": "volunteer", "two": "lead", "three": "asker"}
