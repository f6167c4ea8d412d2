"""Copies and backups: all of it, at one moment, into either kind of database."""

from __future__ import annotations

import asyncio
import resource
import stat
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.domain.conversation import Considered, Turn
from bot.domain.escalation import Reason
from bot.domain.messages import Address, Block, OutgoingMessage, Sender
from bot.domain.people import PersonId
from bot.errors import StorageError
from bot.storage.copy import backup, check, copy, restore
from bot.storage.store import Store
from bot.storage.tables import metadata
from tests.clock import START
from tests.postgres import Server

HERE = Address("telegram", "group")


@pytest.fixture
def urls(tmp_path: Path, postgres: Server) -> dict[str, str]:
    return {"sqlite": f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}", "postgres": postgres.emptied()}


@pytest.fixture
async def stores(urls: dict[str, str]) -> AsyncIterator[dict[str, Store]]:
    opened = {kind: await Store.open(url) for kind, url in urls.items()}
    yield opened
    for store in opened.values():
        await store.close()


async def an_event(store: Store, number: int) -> None:
    """Store what belongs together: an event, the person, what was asked, an escalation and a message."""
    async with store.transaction() as tx:
        await tx.inbox.record(f"e{number}", START)
        person = await tx.people.known(Sender(PersonId("telegram", f"anna{number % 7}"), "Anna"), START)
        turn = Turn(
            0, person.number, HERE, False, f"m{number}", "is there wifi", "handoff", (Considered("wifi", 0.2),), START
        )
        escalation = await tx.escalations.open(turn, Reason.UNKNOWN, START)
        message = OutgoingMessage(HERE, (Block("hello"),), escalation_id=escalation.id, person=person.number)
        await tx.outbox.add(message, START, event_id=f"e{number}")


async def all_rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
    async with store.transaction() as tx:
        return {
            table.name: [tuple(row) for row in await tx.connection.execute(select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
        }


@pytest.mark.parametrize(("source", "target"), [("sqlite", "postgres"), ("postgres", "sqlite")])
async def test_a_copy_holds_every_row_and_goes_on_counting(stores: dict[str, Store], source: str, target: str) -> None:
    old, new = stores[source], stores[target]
    for number in range(1200):
        await an_event(old, number)
    async with old.transaction() as tx:
        await tx.connection.execute(text("DELETE FROM escalations WHERE id > 1190"))
    counts = await copy(old, new)
    assert counts["escalations"] == 1190
    assert await all_rows(new) == await all_rows(old)
    await an_event(new, 1200)
    assert (await all_rows(new))["escalations"][-1][0] == 1201, "a number is never given twice"


async def test_nothing_is_overwritten(stores: dict[str, Store], tmp_path: Path) -> None:
    await an_event(stores["sqlite"], 1)
    await an_event(stores["postgres"], 2)
    before = await all_rows(stores["postgres"])
    with pytest.raises(StorageError, match="not empty"):
        await copy(stores["sqlite"], stores["postgres"])
    assert await all_rows(stores["postgres"]) == before
    (tmp_path / "there.db").touch()
    with pytest.raises(StorageError, match="there already"):
        await backup(stores["sqlite"], tmp_path / "there.db")


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_a_full_disk_is_said_and_nothing_is_left_of_what_did_not_fit(
    stores: dict[str, Store], tmp_path: Path, kind: str
) -> None:
    for number in range(100):
        await an_event(stores[kind], number)
    new = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'new.db'}")
    empty = (tmp_path / "new.db").stat().st_size + (tmp_path / "new.db-wal").stat().st_size
    with files_of_at_most(empty), pytest.raises(StorageError, match="disk has room"):
        await copy(stores[kind], new)
    assert (await all_rows(new))["inbox"] == []
    await new.close()
    with files_of_at_most(8192), pytest.raises(StorageError, match="disk has room"):
        await backup(stores[kind], tmp_path / "backup.db")
    assert left_in(tmp_path, "backup.db") == [], "it would be in the way of the next one, or be taken for one"
    await backup(stores[kind], tmp_path / "backup.db")


async def test_a_database_is_not_copied_into_itself(stores: dict[str, Store]) -> None:
    with pytest.raises(StorageError, match="the same file"):
        await copy(stores["sqlite"], stores["sqlite"])


async def test_a_backup_changes_nothing_of_what_it_saves(stores: dict[str, Store], tmp_path: Path) -> None:
    """Taken by a newer program before an upgrade; the newer tables are made where it is restored."""
    async with older(stores["sqlite"]) as old:
        await backup(old, tmp_path / "backup.db")
        assert await old.version() == "0007"
    async with older(stores["postgres"]) as old:
        with pytest.raises(StorageError, match="version 0007"):
            await backup(old, tmp_path / "other.db")
    assert left_in(tmp_path, "other.db") == []


@asynccontextmanager
async def older(store: Store) -> AsyncIterator[Store]:
    """The same database opened as for a backup, while it seems to be of the version before."""
    version = await store.version()
    change = text("UPDATE alembic_version SET version_num = :version")
    async with store.transaction() as tx:
        await tx.connection.execute(change, {"version": "0007"})
    opened = await Store.open(store.engine.url.render_as_string(hide_password=False), as_it_is=True)
    yield opened
    await opened.close()
    async with store.transaction() as tx:
        await tx.connection.execute(change, {"version": version})


def left_in(folder: Path, name: str) -> list[Path]:
    """The files of a database, those that SQLite keeps beside it included."""
    return list(folder.glob(f"{name}*"))


async def test_a_backup_is_restored_where_there_is_room(
    stores: dict[str, Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await an_event(stores["sqlite"], 1)
    counts = await backup(stores["sqlite"], tmp_path / "backup.db")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "no such place"))  # /tmp is memory in many a container
    assert await restore(tmp_path / "backup.db", stores["postgres"]) == counts


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """As a disk that is full: no file grows beyond this many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_a_backup_taken_under_load_is_sound_and_complete(
    stores: dict[str, Store], tmp_path: Path, kind: str
) -> None:
    source, over = stores[kind], asyncio.Event()
    stored: list[int] = []
    enough = asyncio.Event()

    async def load(first: int) -> None:
        number = first
        while not over.is_set():
            await an_event(source, number)
            stored.append(number)
            number += 4
            if len(stored) >= 100:
                enough.set()

    writers = [asyncio.create_task(load(first)) for first in range(4)]
    await enough.wait()
    before = len(stored)
    other = await Store.open(source.engine.url.render_as_string(hide_password=False))  # as `hsct-bot db backup` does
    counts = await backup(other, tmp_path / "backup.db")
    await other.close()
    over.set()
    await asyncio.gather(*writers)

    assert before <= counts["inbox"] <= len(stored)
    assert counts["inbox"] == counts["outbox"] == counts["escalations"], "an event is in it with all that belongs to it"
    assert stat.S_IMODE((tmp_path / "backup.db").stat().st_mode) == 0o600
    restored = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'restored.db'}")
    assert await restore(tmp_path / "backup.db", restored) == counts == check(tmp_path / "backup.db")
    await restored.close()
    assert check(tmp_path / "restored.db") == counts


async def test_what_is_no_backup_is_refused_in_a_sentence(stores: dict[str, Store], tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no such file"):
        await restore(tmp_path / "none.db", stores["postgres"])
    (tmp_path / "text.db").write_text("not a database, but long enough to be taken for one " * 20)
    with pytest.raises(StorageError, match="no backup"):
        await restore(tmp_path / "text.db", stores["postgres"])
