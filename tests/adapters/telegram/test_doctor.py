"""The doctor names what is wrong, and what to do."""

from __future__ import annotations

from pydantic import SecretStr

from bot.adapters.telegram.doctor import examine
from bot.config import TelegramSettings, WebhookSettings
from tests.platforms.telegram.people import BOT_ID
from tests.platforms.telegram.server import TOKEN, TelegramServer
from tests.platforms.telegram.stage import DESK, GROUP


def settings(server: TelegramServer, *, token: str = TOKEN, desk: int | None = DESK, ask_chats: tuple[str, ...] = (),
             webhook: str | None = None) -> TelegramSettings:  # fmt: skip
    return TelegramSettings(
        token=SecretStr(token),
        api_url=server.url,
        desk_chat=desk,
        ask_chats=ask_chats,
        webhook=WebhookSettings(url=webhook),
    )


async def problems(chosen: TelegramSettings) -> dict[str, str]:
    return {check.what.removeprefix("Telegram: "): check.says for check in await examine(chosen) if not check.good}


async def test_a_good_set_up_has_no_problems(server: TelegramServer) -> None:
    assert await problems(settings(server)) == {}


async def test_a_wrong_token_is_the_only_finding_and_is_not_shown(server: TelegramServer) -> None:
    found = await problems(settings(server, token="999:wrong"))  # noqa: S106
    assert list(found) == ["token"]
    assert "BotFather" in found["token"]
    assert "wrong" not in found["token"]


async def test_a_server_that_is_away(server: TelegramServer) -> None:
    chosen = TelegramSettings(token=SecretStr(TOKEN), api_url="http://127.0.0.1:9")
    assert "cannot be reached" in (await problems(chosen))["token"]


async def test_privacy_mode_hides_ask_chats(server: TelegramServer) -> None:
    chosen = settings(server, ask_chats=(f"{GROUP}/5",))
    assert "/setprivacy" in (await problems(chosen))["privacy mode"]
    server.chats[GROUP].members[BOT_ID] = "administrator"
    assert await problems(chosen) == {}
    server.chats[GROUP].members[BOT_ID] = "member"
    server.privacy = False
    assert await problems(chosen) == {}


async def test_a_desk_without_the_bot_without_rights_without_topics(server: TelegramServer) -> None:
    desk = server.chats[DESK]
    desk.bot_rights.clear()
    assert "manage topics" in (await problems(settings(server)))["topics"]
    assert "/forgetme" in (await problems(settings(server)))["deleting"]
    desk.bot_rights.add("can_delete_messages")
    assert list(await problems(settings(server))) == ["topics"]
    desk.is_forum = False
    assert "Turn topics on" in (await problems(settings(server)))["topics"]
    desk.members[BOT_ID] = "member"
    assert "no admin" in (await problems(settings(server)))["desk"]
    del desk.members[BOT_ID]
    assert "Add it" in (await problems(settings(server)))["desk"]
    desk.moved_to = -1009
    assert "-1009" in (await problems(settings(server)))["desk"]
    assert "desk_chat is empty" in (await problems(settings(server, desk=None)))["desk"]


async def test_a_webhook_of_another_program(server: TelegramServer) -> None:
    ours = settings(server, webhook="https://ours.example/hook")
    server.webhook = {"url": "https://ours.example/hook", "last_error_message": "Connection refused"}
    assert "Connection refused" in (await problems(ours))["webhook"]
    server.webhook = {"url": "https://other.example/hook"}
    assert "another program" in (await problems(settings(server)))["webhook"]
    assert await problems(ours) == {}
