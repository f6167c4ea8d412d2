"""A Discord server on loopback: REST and gateway in one, with faults and rate limits on demand."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any

from aiohttp import BodyPartReader, web

from tests.platforms.discord.model import BOT, FORUM, GUILD, TEXT, Channel, Json, User, snowflake
from tests.platforms.discord.rest import Files, Rest
from tests.platforms.discord.rules import Refused
from tests.platforms.loopback import on_loopback

TOKEN = "test-token"  # noqa: S105
SENDS = r"(POST|PATCH) /(channels/\d+/(messages|threads).*|webhooks/.*)"  # what fails at random
Handler = Callable[[Json, Json, Json, Files], Any]


@dataclass
class Fault:
    """What happens instead of an answer, or after the work is done: `after` loses only the answer."""

    pattern: str
    status: int | None = None  # None: the connection is cut
    code: int = 0
    times: int = 1
    after: bool = False
    delay: float = 0.0


@dataclass
class Limit:
    """A rate limit of so many calls in so many seconds, by channel."""

    pattern: str
    calls: int
    seconds: float


class DiscordServer(Rest):
    """The whole of it; people act through `tests.platforms.discord.people`."""

    def __init__(self) -> None:
        super().__init__(TOKEN)
        self.faults: list[Fault] = []
        self.limits: list[Limit] = []
        self.calls: Counter[str] = Counter()
        self.log: list[tuple[str, str, Json]] = []
        self.refused: list[tuple[str, Json]] = []
        self.hit_limit = 0
        self.unauthorized = 0
        self.ahead = 0.0  # seconds, of its clock before the machine's
        self.date = ""  # what each answer says instead of the time
        self.shards = 1  # what is advised to those who ask
        self.at_rest: Callable[[], bool] = lambda: True  # people are slower than the bot at storing a receipt
        self._used: dict[str, list[float]] = {}
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []
        self._add_routes()

    # What tests build.

    def add_channel(self, name: str, kind: int = TEXT) -> Channel:
        channel = Channel(snowflake(), kind, name)
        self.channels[channel.id] = channel
        return channel

    def add_forum(self, name: str, tags: tuple[str, ...] = ()) -> Channel:
        channel = self.add_channel(name, FORUM)
        channel.tags = [
            {"id": str(snowflake()), "name": tag, "moderated": False, "emoji_id": None, "emoji_name": None}
            for tag in tags
        ]
        return channel

    def add_user(self, name: str, *roles: int) -> User:
        user = User(snowflake(), name, list(roles))
        self.users[user.id] = user
        return user

    def fails(self, pattern: str, status: int | None = None, **more: Any) -> Fault:  # noqa: ANN401
        """Let calls such as `POST /channels/.*/messages` fail; without a status the connection is cut."""
        fault = Fault(pattern, status, **more)
        self.faults.append(fault)
        return fault

    def limits_to(self, pattern: str, calls: int, seconds: float) -> None:
        self.limits.append(Limit(pattern, calls, seconds))

    def posts_of(self, forum: Channel) -> list[Channel]:
        return [channel for channel in self.channels.values() if channel.parent == forum.id]

    # HTTP.

    async def dated(self, _request: web.Request, answer: web.StreamResponse) -> None:
        answer.headers["Date"] = self.date or formatdate(time.time() + self.ahead, usegmt=True)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix("/api/v10")
        call = f"{request.method} {path}"
        self.calls[re.sub(r"\d{3,}|(?<=/)[0-9a-f]{32}(?=/|$)", "#", call)] += 1
        fault = self._fault(call)
        try:
            if fault:
                fault.times -= 1
                await asyncio.sleep(fault.delay)
                if not fault.after:
                    return self._broken(request, fault)
            headers = self._within_limits(call)
            answer = await self._called(request, path, call)
            if fault:
                self._note_lost(answer)
                return self._broken(request, fault)
            return _json(answer, headers=headers) if answer is not None else web.Response(status=204)
        except Refused as refused:
            if refused.status not in (429,):
                self.refused.append((call, refused.body))
            more = {"Via": "1.1 google", "Retry-After": "1"} if refused.status == 429 else {}
            return _json(refused.body, status=refused.status, headers=more)

    def _fault(self, call: str) -> Fault | None:
        for fault in self.faults:
            if fault.times and re.fullmatch(fault.pattern, call):
                return fault
        if self.chaos is None or not re.fullmatch(SENDS, call):
            return None
        kind = self.chaos.strikes(self.chaos.kinds)
        if kind is None:
            return None
        return Fault(call, int(kind) if kind.isdecimal() else None, after=kind == "after")

    def _note_lost(self, answer: Any) -> None:  # noqa: ANN401
        if self.chaos and isinstance(answer, dict) and "id" in answer:
            self.chaos.lost_answers.add(int(answer["id"]))

    def _broken(self, request: web.Request, fault: Fault) -> web.Response:
        if fault.status is None:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        more = {"retry_after": 0.05, "global": False} if fault.status == 429 else {}
        headers = {"Via": "1.1 google"} if fault.status == 429 else {}
        return _json({"code": fault.code, "message": "fault", **more}, status=fault.status, headers=headers)

    def _within_limits(self, call: str) -> dict[str, str]:
        for limit in self.limits:
            if not re.fullmatch(limit.pattern, call):
                continue
            now = time.monotonic()
            used = [moment for moment in self._used.get(call, []) if now - moment < limit.seconds]
            if len(used) >= limit.calls:
                self.hit_limit += 1
                wait = round(limit.seconds - (now - used[0]), 3)
                raise Refused(429, 0, "You are being rate limited.", retry_after=wait, **{"global": False})
            self._used[call] = [*used, now]
            reset = limit.seconds - (now - (used[0] if used else now))
            return {
                "X-RateLimit-Limit": str(limit.calls),
                "X-RateLimit-Remaining": str(limit.calls - len(used) - 1),
                "X-RateLimit-Reset": str(time.time() + reset),
                "X-RateLimit-Reset-After": str(reset),
                "X-RateLimit-Bucket": str(abs(hash(limit.pattern))),
            }
        return {}

    async def _called(self, request: web.Request, path: str, call: str) -> Any:  # noqa: ANN401
        open_to_all = path.startswith(("/webhooks", "/interactions"))
        if not open_to_all and (self.revoked or request.headers.get("Authorization") != f"Bot {TOKEN}"):
            self.unauthorized += 1
            raise Refused(401, 0, "401: Unauthorized")
        data, files = await _body(request)
        self.log.append((request.method, path, data))
        for method, pattern, handler in self._routes:
            found = pattern.fullmatch(path)
            if method == request.method and found:
                values: Json = {
                    key: int(value) if value.isdigit() else value for key, value in found.groupdict().items()
                }
                result = handler(data, values, dict(request.query), files)
                return await result if isinstance(result, Awaitable) else result
        raise AssertionError(f"this server does not know {call}")

    def _add_routes(self) -> None:
        def route(method: str, path: str, handler: Handler) -> None:
            pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path.replace("@", "@"))
            self._routes.append((method, re.compile(pattern), handler))

        route("GET", "/users/@me", lambda *_: self.bot.payload())
        route("GET", "/oauth2/applications/@me", lambda *_: self.application())
        route("GET", "/applications/@me", lambda *_: self.application())
        route("GET", "/gateway/bot", lambda *_: self._gateway())
        route("GET", "/gateway", lambda *_: {"url": self.url})
        route("POST", "/users/@me/channels", lambda d, v, q, f: self.private_chat(int(d["recipient_id"])).payload())
        route("GET", "/channels/{c}", lambda d, v, q, f: self.shown_channel(v["c"]))
        route("PATCH", "/channels/{c}", lambda d, v, q, f: self.edit_channel(v["c"], d))
        route("DELETE", "/channels/{c}", lambda d, v, q, f: self.delete_channel(v["c"]))
        route("POST", "/channels/{c}/messages", lambda d, v, q, f: self.post_message(v["c"], d, f))
        route("GET", "/channels/{c}/messages", lambda d, v, q, f: self.history(v["c"], q))
        route("GET", "/channels/{c}/messages/{m}", lambda d, v, q, f: self._message(v["c"], v["m"]))
        route("PATCH", "/channels/{c}/messages/{m}", lambda d, v, q, f: self.edit_message(v["c"], v["m"], d))
        route("POST", "/channels/{c}/threads", lambda d, v, q, f: self.start_thread(v["c"], d, f))
        route("GET", "/channels/{c}/threads/archived/public", lambda d, v, q, f: self.archived_threads(v["c"]))
        route("PUT", "/channels/{c}/thread-members/{u}", lambda d, v, q, f: self.add_to_thread(v["c"], v["u"]))
        route("GET", "/guilds/{g}", lambda *_: self.guild())
        route("GET", "/guilds/{g}/channels", lambda *_: self.guild()["channels"])
        route("GET", "/guilds/{g}/threads/active", lambda *_: self.active_threads())
        route("GET", "/guilds/{g}/members/{u}", lambda d, v, q, f: self.member(v["u"]))
        route("GET", "/guilds/{g}/roles", lambda *_: self.roles)
        route("PUT", "/applications/{a}/commands", lambda d, v, q, f: self.register("global", d["list"]))
        route("PUT", "/applications/{a}/guilds/{g}/commands", lambda d, v, q, f: self.register("guild", d["list"]))
        route("GET", "/applications/{a}/commands", lambda *_: self.commands.get("global", []))
        route("GET", "/applications/{a}/guilds/{g}/commands", lambda *_: self.commands.get("guild", []))
        route("POST", "/interactions/{i}/{t}/callback", lambda d, v, q, f: self.respond(str(v["t"]), d, f))
        route("POST", "/webhooks/{a}/{t}", lambda d, v, q, f: self.follow_up(str(v["t"]), d, f))
        route("PATCH", "/webhooks/{a}/{t}/messages/@original", lambda d, v, q, f: self.edit_original(str(v["t"]), d))

    def _gateway(self) -> Json:
        limit = {"total": 1000, "remaining": 999, "reset_after": 1, "max_concurrency": self.shards}
        return {"url": self.url, "shards": self.shards, "session_start_limit": limit}

    def _message(self, channel: int, number: int) -> Json:
        found = self.channel(channel).messages.get(number)
        if found is None:
            raise Refused(404, 10008, "Unknown Message")
        return found

    async def download(self, request: web.Request) -> web.Response:
        return web.Response(body=self.cdn[request.match_info["path"]])


def _json(data: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:  # noqa: ANN401
    """Answer with JSON; discord.py wants the type without a charset."""
    headers = {"Content-Type": "application/json", **(headers or {})}
    return web.Response(body=json.dumps(data).encode(), status=status, headers=headers)


async def _body(request: web.Request) -> tuple[Json, Files]:
    """Read a JSON body, or a form with `payload_json` and files."""
    if request.content_type == "multipart/form-data":
        return await _form(request)
    raw = await request.read()
    data = json.loads(raw) if raw else {}
    return (data if isinstance(data, dict) else {"list": data}), []


async def _form(request: web.Request) -> tuple[Json, Files]:
    data: Json = {}
    files: Files = []
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        if part.name == "payload_json":
            data = json.loads(await part.text())
        else:
            files.append((part.filename or "", bytes(await part.read()), None))
    if any(len(content) > 10 * 1024 * 1024 for _, content, _ in files):
        raise Refused(413, 40005, "Request entity too large")
    message = data.get("message") or data.get("data") or data
    words = {int(one["id"]): one.get("description") for one in message.get("attachments", [])}
    return data, [(name, content, words.get(place)) for place, (name, content, _) in enumerate(files)]


@asynccontextmanager
async def running() -> AsyncIterator[DiscordServer]:
    """Run a server on a free port of loopback."""
    server = DiscordServer()
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.on_response_prepare.append(server.dated)
    app.router.add_get("/gateway", server.serve)
    app.router.add_get("/cdn/{path:.*}", server.download)
    app.router.add_route("*", "/api/v10/{rest:.*}", server.handle)
    async with on_loopback(app, shutdown=0.2) as place:
        server.host = f"http://{place}"
        server.url = f"ws://{place}/gateway"
        try:
            yield server
        finally:
            await server.drop()


__all__ = ["BOT", "GUILD", "TOKEN", "DiscordServer", "running"]
