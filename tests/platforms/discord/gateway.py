"""The gateway: HELLO, IDENTIFY, READY, heartbeats, RESUME, and every way a connection ends."""

from __future__ import annotations

import asyncio
import json
import secrets
import zlib
from typing import Any

from aiohttp import WSMsgType, web

from tests.platforms.chaos import Chaos
from tests.platforms.discord.model import Json

MESSAGE_CONTENT = 1 << 15
CAN_COME_TWICE = ("MESSAGE_CREATE", "INTERACTION_CREATE")
KNOWN_FAILURES = {"token": 4004, "intents": 4014}


class Session:
    """What can be resumed: everything sent, by number."""

    def __init__(self, intents: int, shard: list[int] | None) -> None:
        self.id = secrets.token_hex(8)
        self.intents = intents
        self.shard = shard
        self.sequence = 0
        self.sent: list[Json] = []
        self.socket: Socket | None = None

    def hears_of(self, guild: int) -> bool:
        """Tell whether this shard has a server; private chats (0) are the first one's."""
        number, count = self.shard or (0, 1)
        return (guild >> 22) % count == number

    async def dispatch(self, event: str, data: Json) -> None:
        self.sequence += 1
        frame = {"op": 0, "t": event, "s": self.sequence, "d": data}
        self.sent.append(frame)
        if self.socket is not None:
            await self.socket.send(frame)


class Socket:
    """One connection, compressed as the client asked."""

    def __init__(self, ws: web.WebSocketResponse, *, compressed: bool) -> None:
        self.ws = ws
        self._compressor = zlib.compressobj() if compressed else None

    async def send(self, frame: Json) -> None:
        text = json.dumps(frame)
        try:
            if self._compressor is None:
                await self.ws.send_str(text)
            else:
                data = self._compressor.compress(text.encode()) + self._compressor.flush(zlib.Z_SYNC_FLUSH)
                await self.ws.send_bytes(data)
        except (ConnectionError, RuntimeError):
            return  # the client is gone: what was sent stays in the session


class Gateway:
    """All sessions, and the switches tests turn."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.sessions: dict[str, Session] = {}
        self.allowed_intents = ~0
        self.heartbeat_interval = 41250  # milliseconds
        self.chaos: Chaos | None = None
        self.revoked = False  # the token was made anew: the bot's own is refused
        self.silent = False  # heartbeats stay unanswered
        self.refuses_resume = False
        self.refused_shards: set[int] = set()  # their sessions cannot be resumed, the others' can
        self.identified = asyncio.Event()  # until it is set, nobody new is let in
        self.identified.set()
        self.identifies = 0
        self.resumes = 0
        self.gateway_readies = 0
        self.url = ""

    def ready(self, session: Session) -> tuple[Json, list[Json]]:
        """Give READY and the GUILD_CREATEs after it."""
        raise NotImplementedError

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        socket = Socket(ws, compressed=request.query.get("compress") == "zlib-stream")
        await socket.send({"op": 10, "d": {"heartbeat_interval": self.heartbeat_interval}, "s": None, "t": None})
        async for message in ws:
            if message.type is WSMsgType.TEXT:
                await self._received(socket, json.loads(message.data))
        for session in self.sessions.values():
            if session.socket is socket:
                session.socket = None
        return ws

    async def _received(self, socket: Socket, frame: Json) -> None:
        op, data = frame["op"], frame.get("d") or {}
        if op == 1 and not self.silent:
            await socket.send({"op": 11, "d": None, "s": None, "t": None})
        elif op == 2:
            await self._identify(socket, data)
        elif op == 6:
            await self._resume(socket, data)

    async def _identify(self, socket: Socket, data: Json) -> None:
        self.identifies += 1
        if data["token"] != self.token or self.revoked:
            await socket.ws.close(code=KNOWN_FAILURES["token"])
            return
        if data["intents"] & ~self.allowed_intents:
            await socket.ws.close(code=KNOWN_FAILURES["intents"])
            return
        await self.identified.wait()
        session = Session(data["intents"], data.get("shard"))
        session.socket = socket
        self.sessions[session.id] = session
        ready, guilds = self.ready(session)
        await session.dispatch("READY", ready)
        for guild in guilds:
            await session.dispatch("GUILD_CREATE", guild)
        self.gateway_readies += 1

    async def _resume(self, socket: Socket, data: Json) -> None:
        if self.revoked:
            await socket.ws.close(code=KNOWN_FAILURES["token"])
            return
        session = self.sessions.get(data["session_id"])
        refused = self.refuses_resume or (session and session.shard and session.shard[0] in self.refused_shards)
        if session is None or refused:
            self.sessions.pop(data["session_id"], None)
            await socket.send({"op": 9, "d": False, "s": None, "t": None})
            return
        self.resumes += 1
        session.socket = socket
        for frame in [frame for frame in session.sent if frame["s"] > data["seq"]]:
            await socket.send(frame)
        await session.dispatch("RESUMED", {"_trace": []})

    async def broadcast(self, event: str, data: Json, *, content_shown: bool = True) -> None:
        """Send an event to every session whose shard it is; message texts only to those that may read them."""
        guild = int(data.get("guild_id") or 0)
        for session in [one for one in self.sessions.values() if one.hears_of(guild)]:
            shown = data
            if not content_shown and not session.intents & MESSAGE_CONTENT:
                shown = {**data, "content": "", "attachments": [], "embeds": [], "components": []}
            await session.dispatch(event, shown)
            if self.chaos and event in CAN_COME_TWICE and self.chaos.some([event]):
                await session.dispatch(event, shown)

    # What tests do to connections.

    async def drop(self) -> None:
        """Cut every connection without a word."""
        for session in self.sessions.values():
            socket, session.socket = session.socket, None
            if socket is not None:
                transport: Any = socket.ws._req.transport if socket.ws._req else None
                if transport is not None:
                    transport.abort()

    async def revokes(self) -> None:
        """The token is made anew: each connection is closed, and REST refuses it."""
        self.revoked = True
        for session in list(self.sessions.values()):
            socket, session.socket = session.socket, None
            if socket is not None:
                await socket.ws.close(code=KNOWN_FAILURES["token"])
        self.sessions.clear()

    async def ask_to_reconnect(self) -> None:
        await self._to_all({"op": 7, "d": None, "s": None, "t": None})

    async def invalidate(self, *, resumable: bool) -> None:
        await self._to_all({"op": 9, "d": resumable, "s": None, "t": None})

    async def _to_all(self, frame: Json) -> None:
        for session in list(self.sessions.values()):
            socket, session.socket = session.socket, None
            if socket is not None:
                await socket.send(frame)
