"""A Bot API server on loopback: strict about what it takes, and able to fail in every way the real one does."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web

from tests.platforms.chaos import Chaos
from tests.platforms.loopback import on_loopback
from tests.platforms.telegram import rules
from tests.platforms.telegram.methods import Asked, Methods
from tests.platforms.telegram.people import BOT_ID, BOT_NAME, Chat, Json, Topic, User
from tests.platforms.telegram.rules import Refused

TOKEN = "999:test-token"  # noqa: S105
DEFAULT_UPDATES = {"message", "edited_message", "callback_query", "inline_query", "my_chat_member", "channel_post"}


@dataclass
class Fault:
    """A failure to come: `429`, `500`, `before` (connection dropped, nothing done), `after` (done, answer lost), `hang`.

    A call that hangs gets no answer for `retry_after` seconds, and does nothing.
    """

    kind: str
    method: str
    times: int = 1
    chat: int | None = None
    retry_after: float = 1


class TelegramServer(Methods):
    """The server, and what people do on it."""

    def __init__(self) -> None:
        super().__init__()
        self.url = ""
        self.calls: Counter[str] = Counter()
        self.faults: list[Fault] = []
        self.chaos: Chaos | None = None
        self.revoked = False  # the token was made anew: the bot's own is refused
        self.unauthorized = 0
        self.allowed = set(DEFAULT_UPDATES)
        self._updates: list[Json] = []
        self._new = asyncio.Event()
        self._ids = itertools.count(1000)
        self.delivered: Counter[int] = Counter()

    # --- HTTP -------------------------------------------------------------------------------------------------

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != TOKEN or self.revoked:
            self.unauthorized += 1
            return web.json_response(Refused("Unauthorized", 401).body, status=401)
        method = request.match_info["method"]
        self.calls[method] += 1
        params, uploads = await _parameters(request)
        try:
            await self._break_before(request, method, params)
            if method == "getUpdates":
                result = await self._get_updates(params)
            else:
                result = self.call(method, params, uploads)
                self._break_after(request, method, params)
        except Refused as refused:
            return web.json_response(refused.body, status=refused.code)
        except _Dropped:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        return web.json_response({"ok": True, "result": _public(result)})

    async def _download(self, request: web.Request) -> web.Response:
        return web.Response(body=self.files[request.match_info["name"]][1])

    def _due(self, method: str, params: Json, when: tuple[str, ...]) -> Fault | None:
        chat = int(params.get("chat_id") or 0)
        for fault in self.faults:
            if fault.kind in when and fault.method in (method, "*") and fault.chat in (None, chat) and fault.times:
                fault.times -= 1
                return fault
        if self.chaos and method.startswith(("send", "edit", "create")):
            kind = self.chaos.strikes(when)
            return Fault(kind, method, retry_after=0.05) if kind else None
        return None

    async def _break_before(self, request: web.Request, method: str, params: Json) -> None:
        fault = self._due(method, params, ("429", "500", "502", "before", "hang"))
        if fault is None:
            return
        if fault.kind == "hang":
            await asyncio.sleep(fault.retry_after)
        if fault.kind == "429":
            raise Refused(f"Too Many Requests: retry after {fault.retry_after}", 429, retry_after=fault.retry_after)
        if fault.kind in ("before", "hang"):
            raise _Dropped
        raise Refused("Internal Server Error", int(fault.kind))

    def _break_after(self, request: web.Request, method: str, params: Json) -> None:
        if self._due(method, params, ("after",)):
            if self.chaos and method.startswith("send"):
                self.chaos.lost_answers.add(len(self.sent) - 1)
            raise _Dropped

    async def _get_updates(self, params: Json) -> list[Json]:
        if self.webhook["url"]:
            raise Refused("Conflict: can't use getUpdates method while webhook is active; use deleteWebhook", 409)
        if params.get("allowed_updates"):
            self.allowed = set(params["allowed_updates"])
        offset = int(params.get("offset") or 0)
        self._updates = [update for update in self._updates if update["update_id"] >= offset]
        until = time.monotonic() + float(params.get("timeout") or 0)
        while not self._updates and not self.revoked and (left := until - time.monotonic()) > 0:
            self._new.clear()
            try:
                await asyncio.wait_for(self._new.wait(), left)
            except TimeoutError:
                break
        given = self._updates[: int(params.get("limit") or 100)]
        self.delivered.update(update["update_id"] for update in given)
        return self._twice(given)

    def _twice(self, updates: list[Json]) -> list[Json]:
        """Some updates come twice, as they do when the answer to getUpdates was lost."""
        return [*updates, *self.chaos.some(updates)] if self.chaos else updates

    def revokes(self) -> None:
        """The token is made anew, in the middle of a request for updates."""
        self.revoked = True
        self._new.set()

    def stop_polling(self) -> None:
        """Let a waiting getUpdates end."""
        self._new.set()

    # --- what people do ---------------------------------------------------------------------------------------

    def user(self, number: int, first_name: str, *, started: bool = True, **more: Any) -> User:  # noqa: ANN401
        self.users[number] = User(number, first_name, started=started, **more)
        return self.users[number]

    def group(self, number: int, title: str, *users: User, forum: bool = False, bot: str = "member") -> Chat:
        members = {user.id: "member" for user in users} | {BOT_ID: bot}
        self.chats[number] = Chat(number, "supergroup", title, forum, members)
        return self.chats[number]

    def open_topic(self, chat: Chat, name: str) -> Topic:
        topic = Topic(next(chat.numbers), name)
        chat.topics[topic.id] = topic
        return topic

    def says(self, user: User, text: str, chat: Chat | None = None, *, topic: int | None = None,
             reply_to: int | None = None, **more: Any) -> Json:  # noqa: ANN401  # fmt: skip
        """Somebody writes; gives the message. Without a chat: to the bot in private."""
        chat = chat or self._private_of(user)
        message: Json = {
            "message_id": next(chat.numbers), "date": int(time.time()), "chat": chat.json(), "from": user.json(),
        }  # fmt: skip
        if chat.type == "private":
            message["chat"] |= {"first_name": user.first_name}
        if text:
            message |= {"text": text, "entities": rules.own_entities(text)}
        if topic:
            start = chat.messages.get(topic) or self._topic_start(chat, chat.topics[topic])
            message |= {"message_thread_id": topic, "is_topic_message": True, "reply_to_message": self.plain(start)}
        if reply_to:
            message["reply_to_message"] = self.plain(chat.messages[reply_to])
        message |= more
        chat.messages[message["message_id"]] = message
        self.update(message=message)
        return message

    def gives_hidden(self, user: User, text: str, chat: Chat, reply_to: Json | None = None) -> Json:
        """Somebody gives a command that the group does not see, or replies to what only they see."""
        assert reply_to or self._is_hidden(text.split()[0].lstrip("/")), "the group would see this command"
        self.asked_at[f"hidden:{chat.id}:{user.id}"] = Asked(user.id, chat.id, self.now())
        message: Json = {
            "message_id": 0, "ephemeral_message_id": next(self._hidden), "date": int(time.time()), "chat": chat.json(),
            "from": user.json(), "receiver_user": self.users[BOT_ID].json(), "text": text,
            "entities": rules.own_entities(text),
        }  # fmt: skip
        self.update(message=message | ({"reply_to_message": self.plain(reply_to)} if reply_to else {}))
        return message

    def _is_hidden(self, command: str) -> bool:
        menu = self.commands.get("all_group_chats", [])
        return any(one["command"] == command and one.get("is_ephemeral") for one in menu)

    def seen_by(self, user: User) -> list[Json]:
        """What only this user sees."""
        return [message for message in self.unseen if message["receiver_user"]["id"] == user.id]

    def _private_of(self, user: User) -> Chat:
        user.started = True
        return self.chats.setdefault(user.id, Chat(user.id, "private"))

    def sends(self, user: User, kind: str, content: bytes, chat: Chat | None = None, **more: Any) -> Json:  # noqa: ANN401
        """Somebody sends a file."""
        return self.says(
            user, "", chat, **self.file_json(kind, self.keep_file(kind, content), more.pop("name", None)), **more
        )

    def upgrades(self, chat: Chat, number: int, by: User, *, told: bool = True) -> Chat:
        """A plain group becomes a supergroup: a new number, and its messages are counted anew."""
        grown = Chat(number, "supergroup", chat.title, members=chat.members, bot_rights=chat.bot_rights)
        self.chats[number], chat.moved_to = grown, number
        for place, told_as in ((chat, {"migrate_to_chat_id": number}), (grown, {"migrate_from_chat_id": chat.id})):
            if told:
                self.says(by, "", place, **told_as)
        return grown

    def edits(self, message: Json, text: str) -> None:
        message |= {"text": text, "entities": rules.own_entities(text), "edit_date": int(time.time())}
        self.update(edited_message=message)

    def presses(self, user: User, message: Json, label: str) -> str:
        """Somebody presses a button by its words; gives the query's id. A link opens the private chat, and starts it."""
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        button = next((button for row in rows for button in row if button["text"] == label), None)
        assert button, f"there is no button {label!r}, only {[b['text'] for row in rows for b in row]}"
        if "url" in button:
            assert f"t.me/{BOT_NAME}?start=" in button["url"]
            self.says(user, f"/start {button['url'].split('start=')[1]}")
            return ""
        return self.press_data(user, message, button["callback_data"])

    def press_data(self, user: User, message: Json, data: str) -> str:
        query = f"query-{next(self._ids)}"
        self.queries[query] = None
        unseen = "ephemeral_message_id" in message
        self.asked_at[query] = Asked(user.id, message["chat"]["id"], self.now(), unseen)
        kept = {key: value for key, value in message.items() if key[0] != "_"}
        self.update(
            callback_query={"id": query, "from": user.json(), "message": kept, "chat_instance": "1", "data": data}
        )
        return query

    def types_inline(self, user: User, query: str) -> str:
        number = f"inline-{next(self._ids)}"
        self.update(inline_query={"id": number, "from": user.json(), "query": query, "offset": ""})
        return number

    def update(self, **content: Json) -> Json:
        """Queue an update, if the bot asked for its kind."""
        update: Json = {"update_id": next(self._ids), **_public(content)}
        if set(content) <= self.allowed:
            self._updates.append(update)
            self._new.set()
        return update

    def again(self, update: Json) -> None:
        """Deliver an update a second time."""
        self._updates.append(update)
        self._new.set()

    @property
    def waiting(self) -> int:
        """How many updates are not confirmed."""
        return len(self._updates)

    async def call_webhook(self, update: Json, secret: str | None = None) -> int:
        """Send an update to the bot's webhook; gives the status it answers."""
        header = {"X-Telegram-Bot-Api-Secret-Token": self.webhook["secret"] if secret is None else secret}
        async with (
            aiohttp.ClientSession() as client,
            client.post(self.webhook["url"], json=update, headers=header) as answer,
        ):
            return answer.status

    def fail(self, kind: str, method: str = "sendMessage", times: int = 1, chat: int | None = None,
             retry_after: float = 1) -> None:  # fmt: skip
        self.faults.append(Fault(kind, method, times, chat, retry_after))

    # --- what can be seen -------------------------------------------------------------------------------------

    def seen(self, chat: Chat | User, topic: int | None = None) -> list[Json]:
        """The bot's messages in a chat, or in one topic of it, as they stand now."""
        messages = self.chats[chat.id].messages.values() if chat.id in self.chats else ()
        return [
            message for message in messages
            if message["from"]["id"] == BOT_ID and "forum_topic_created" not in message
            and (topic is None or message.get("message_thread_id") == topic)
        ]  # fmt: skip

    def words(self, chat: Chat | User, topic: int | None = None) -> list[str]:
        """Their texts."""
        return [message.get("text") or message.get("caption") or "" for message in self.seen(chat, topic)]


class _Dropped(Exception):
    """The connection is cut."""


def _public(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {key: _public(inner) for key, inner in value.items() if not key.startswith("_")}
    return [_public(inner) for inner in value] if isinstance(value, list) else value


async def _parameters(request: web.Request) -> tuple[Json, dict[str, bytes]]:
    """The parameters: JSON within a form, and files beside it."""
    params: Json = {}
    uploads: dict[str, bytes] = {}
    for key, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            uploads[key] = value.file.read()
        elif isinstance(value, str):
            params[key] = _value(key, value)
    return params, uploads


_WORDS = {"text", "caption", "name", "url", "secret_token", "callback_query_id", "inline_query_id", "parse_mode"}


def _value(key: str, value: str) -> Any:  # noqa: ANN401
    if key in _WORDS:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


@asynccontextmanager
async def telegram_server() -> AsyncIterator[TelegramServer]:
    """Run a server on a free port."""
    server = TelegramServer()
    app = web.Application(client_max_size=60_000_000)
    app.router.add_route("*", "/bot{token}/{method}", server._handle)
    app.router.add_get("/file/bot{token}/{kind}/{name}", server._download)
    async with on_loopback(app) as place:
        server.url = f"http://{place}"
        try:
            yield server
        finally:
            server.stop_polling()
