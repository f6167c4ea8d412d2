"""A process that is frozen half-way through a statement: PostgreSQL takes from it what it holds."""

from __future__ import annotations

import asyncio
import struct

import pytest
from sqlalchemy import text

from bot.storage import postgres as postgres_side
from bot.storage.store import Store
from tests.postgres import SHARED, Server

LOCKED = "SELECT pg_try_advisory_xact_lock(4711)"


def said(kind: bytes, *parts: bytes) -> bytes:
    """Give a message of the protocol: its kind, its length, and texts that each end with a zero."""
    body = b"".join(parts)
    return kind + struct.pack("!i", len(body) + 4) + body


async def connected(server: Server) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect as a driver does, by hand, so that a statement can be broken off."""
    reader, writer = await asyncio.open_unix_connection(f"{server.folder}/.s.PGSQL.5432")
    names = f"user\0postgres\0database\0{SHARED}\0\0".encode()
    writer.write(said(b"", struct.pack("!i", 196608), names))
    await until_ready(reader)
    return reader, writer


async def until_ready(reader: asyncio.StreamReader) -> None:
    """Read what the server says until it waits for the next query."""
    while True:
        kind, length = struct.unpack("!ci", await reader.readexactly(5))
        body = await reader.readexactly(length - 4)
        assert kind != b"E", body
        if kind == b"Z":
            return


@pytest.mark.parametrize("half", [b"P", b"B"], ids=["parsed", "bound"])
async def test_what_is_locked_by_who_is_frozen_half_way_through_a_statement_is_free_again(
    postgres: Server, monkeypatch: pytest.MonkeyPatch, half: bytes
) -> None:
    """Its session is not idle: the server waits for the rest of what it began to say."""
    monkeypatch.setattr(postgres_side, "FROZEN_AFTER", 1)
    postgres_url = await asyncio.to_thread(postgres.emptied)
    store = await Store.open(postgres_url)
    try:
        async with store.transaction() as tx:
            limit = (await tx.connection.execute(text("SHOW transaction_timeout"))).scalar_one()
        reader, writer = await connected(postgres)
        for query in (f"SET transaction_timeout = '{limit}'", "BEGIN", LOCKED):
            writer.write(said(b"Q", query.encode() + b"\0"))
            await until_ready(reader)
        writer.write(said(b"P", b"\0SELECT 1\0", struct.pack("!h", 0)))
        if half == b"B":
            writer.write(said(b"B", b"\0\0", struct.pack("!hhh", 0, 0, 0)))
        await writer.drain()
        async with asyncio.timeout(20):
            while True:
                async with store.transaction() as tx:
                    if (await tx.connection.execute(text(LOCKED))).scalar_one():
                        break
                await asyncio.sleep(0.05)
        writer.close()
    finally:
        await store.close()
