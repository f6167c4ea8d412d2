"""The migration for duty keeps what was there: escalations, what was said in them, and the next number."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text

from bot.storage import migrate
from bot.storage.store import Store

OLD = """
INSERT INTO people VALUES (1, 'telegram', 'anna', 'Anna', 'Blue Fox 12', NULL, 'en', '2026-11-01 10:00:00.000000');
INSERT INTO escalations
  (id, asker_id, question, reason, urgent, status, platform, chat, private, considered, opened_at, claimed_at, active_at)
  VALUES (7, 1, 'is there wifi', 'unknown', 0, 'claimed', 'telegram', 'group', 0, '[]',
          '2026-11-01 10:00:00.000000', '2026-11-01 11:00:00.000000', '2026-11-01 11:00:00.000000');
INSERT INTO escalations
  (id, asker_id, question, reason, urgent, status, platform, chat, private, considered, opened_at, active_at)
  VALUES (8, 1, 'gone', 'unknown', 0, 'waiting', 'telegram', 'group', 0, '[]',
          '2026-11-01 10:00:00.000000', '2026-11-01 10:00:00.000000');
INSERT INTO said (id, escalation_id, person_id, "by", "at", text)
  VALUES (1, 7, 1, 'asker', '2026-11-01 10:30:00.000000', 'hello');
DELETE FROM escalations WHERE id = 8;
"""


def at_version(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


async def test_what_was_open_before_goes_on_with_its_times(tmp_path: Path) -> None:
    file = tmp_path / "bot.db"
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        at_version(connection, "0001")
        for statement in OLD.split(";\n"):
            if statement.strip():
                connection.execute(text(statement))
    engine.dispose()
    store = await Store.open(f"sqlite+aiosqlite:///{file}")
    async with store.transaction() as tx:
        escalation = await tx.escalations.get(7)
        assert escalation
        assert escalation.waiting_since == escalation.opened_at == escalation.owed_since
        assert escalation.held_at == escalation.claimed_at
        assert [one.text for one in await tx.said.all(7)] == ["hello"]
        query = text("SELECT seq FROM sqlite_sequence WHERE name = 'escalations'")
        assert (await tx.connection.execute(query)).scalar() == 8, "a number that was given is not given again"
    await store.close()
