"""The store: one transaction or nothing, UTC times, migrations, races."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError, StatementError

from bot.domain.conversation import Turn
from bot.domain.escalation import Reason, Status, Voice
from bot.domain.messages import Address, Sender, Words
from bot.domain.people import PersonId, Role
from bot.errors import StorageError
from bot.storage import migrate
from bot.storage.store import Store, Transaction
from bot.storage.tables import metadata
from tests.clock import START

HERE = Address("telegram", "group")


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(database_url)
    yield opened
    await opened.close()


async def somebody(tx: Transaction, name: str = "anna") -> int:
    return (await tx.people.known(Sender(PersonId("telegram", name), name, Role.ASKER), START)).number


async def an_escalation(tx: Transaction, asker: int) -> int:
    turn = Turn(0, asker, HERE, False, "m1", "is there wifi", "handoff", (), START)
    return (await tx.escalations.open(turn, Reason.UNKNOWN, START)).id


async def test_an_error_leaves_nothing_behind(store: Store) -> None:
    with suppress(ZeroDivisionError):
        async with store.transaction() as tx:
            await tx.inbox.record("e1", START)
            raise ZeroDivisionError
    async with store.transaction() as tx:
        assert await tx.inbox.record("e1", START), "the event was not seen before"


async def test_an_event_is_recorded_once(store: Store) -> None:
    async with store.transaction() as tx:
        assert await tx.inbox.record("e1", START)
    async with store.transaction() as tx:
        assert not await tx.inbox.record("e1", START)


async def test_times_come_back_in_utc_whatever_zone_they_had(store: Store) -> None:
    tokyo = datetime(2026, 11, 23, 21, 0, tzinfo=timezone(timedelta(hours=9)))
    async with store.transaction() as tx:
        number = await an_escalation(tx, await somebody(tx))
        await tx.escalations.claim(number, await somebody(tx, "ben"), tokyo)
    async with store.transaction() as tx:
        escalation = await tx.escalations.get(number)
    assert escalation
    assert escalation.claimed_at == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert escalation.claimed_at.tzinfo is UTC


async def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        async with store.transaction() as tx:
            await tx.inbox.record("e1", datetime(2026, 11, 23))  # noqa: DTZ001


async def test_of_many_volunteers_at_once_exactly_one_gets_it(store: Store) -> None:
    async with store.transaction() as tx:
        number = await an_escalation(tx, await somebody(tx))
        volunteers = [await somebody(tx, f"v{place}") for place in range(10)]

    async def claim(volunteer: int) -> bool:
        async with store.transaction() as tx:
            return await tx.escalations.claim(number, volunteer, START)

    won = await asyncio.gather(*(claim(volunteer) for volunteer in volunteers))
    assert sum(won) == 1
    async with store.transaction() as tx:
        escalation = await tx.escalations.get(number)
    assert escalation
    assert escalation.owner == volunteers[won.index(True)]


async def test_only_its_owner_hands_back(store: Store) -> None:
    async with store.transaction() as tx:
        anna, ben = await somebody(tx), await somebody(tx, "ben")
        number = await an_escalation(tx, anna)
        await tx.escalations.claim(number, ben, START)
        assert not await tx.escalations.hand_back(number, anna, START)
        assert await tx.escalations.hand_back(number, ben, START)
        escalation = await tx.escalations.get(number)
    assert escalation
    assert escalation.status is Status.WAITING
    assert escalation.owner is None


async def test_what_a_volunteer_wrote_outlives_the_volunteer_without_a_name(store: Store) -> None:
    async with store.transaction() as tx:
        number = await an_escalation(tx, await somebody(tx))
        ben = await somebody(tx, "ben")
        await tx.said.keep(number, ben, Voice.VOLUNTEER, Words("yes"), START)
        await tx.personal.forget(ben)
        (said,) = await tx.said.all(number)
    assert (said.text, said.name) == ("yes", "")


async def test_foreign_keys_are_enforced(store: Store) -> None:
    with pytest.raises(IntegrityError):
        async with store.transaction() as tx:
            await an_escalation(tx, 999)


async def test_sqlite_is_set_up_to_survive_crashes(tmp_path: Path) -> None:
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'new' / 'bot.db'}")
    async with store.engine.connect() as connection:
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1)):
            assert (await connection.execute(text(f"PRAGMA {pragma}"))).scalar() == value
    await store.close()


async def test_a_database_is_for_the_user_alone_who_runs_the_bot(tmp_path: Path) -> None:
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}")
    async with store.transaction() as tx:
        await somebody(tx)
    for name in ("bot.db", "bot.db-wal", "bot.db-shm"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600, name
    await store.close()


async def test_the_migrations_lead_to_the_tables_in_the_code(store: Store) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with store.engine.begin() as connection:
        assert await connection.run_sync(differences) == []
        assert await connection.run_sync(migrate.version) == migrate.HEAD
    assert ScriptDirectory(str(Path(migrate.__file__).parent / "migrations")).get_current_head() == migrate.HEAD


async def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    for _ in range(2):
        store = await Store.open(url)
        async with store.transaction() as tx:
            person = await somebody(tx)
        await store.close()
    assert person == 1


async def test_a_task_cancelled_while_it_begins_gives_the_only_connection_back(store: Store) -> None:
    async def transact() -> None:
        async with store.transaction():
            await asyncio.sleep(0)

    for pause in range(12):
        task = asyncio.create_task(transact())
        for _ in range(pause):
            await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    async with asyncio.timeout(5), store.transaction() as tx:
        assert await tx.inbox.record("e1", START)


async def test_migrations_that_are_missing_are_named_as_what_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "_FOLDER", tmp_path / "gone")
    with pytest.raises(StorageError, match="Install the bot again"):
        await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}")
