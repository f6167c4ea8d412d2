"""Every table: the whole answer to "what do we keep about a person?".

Columns that hold a person's words or identity are marked `info=PERSONAL`; `privacy.py` and its tests go by the marks.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
    true,
)

PERSONAL = {"personal": True}

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """A point in time, always UTC: SQLite keeps no zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse times without a zone, store the others as UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored; use datetime.now(UTC)")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ANN401
        """Give the time with its zone."""
        if value is None:
            return None
        stored: datetime = value
        return stored.replace(tzinfo=UTC) if stored.tzinfo is None else stored.astimezone(UTC)


# Who has spoken to the bot or works at a desk.
people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("platform", String(20), nullable=False, info=PERSONAL),
    Column("user", String(64), nullable=False, info=PERSONAL),
    Column("name", String(200), nullable=False, info=PERSONAL),
    Column("pseudonym", String(60), nullable=False),
    Column("country", String(40)),
    Column("language", String(10), nullable=False, server_default="en"),
    # Whether they said so themselves; otherwise it is that of their app.
    Column("language_set", Boolean, nullable=False, server_default=false()),
    Column("created_at", UtcDateTime, nullable=False),
    # Of a volunteer: what askers see instead of the name; empty: "a volunteer", null: the name.
    Column("shown_as", String(60), info=PERSONAL),
    # Of a volunteer: when the bot last wrote that hard questions may weigh on them.
    Column("cared_at", UtcDateTime),
    UniqueConstraint("platform", "user"),
)

# Each event once. Holds no words: only that it was seen, and what was decided.
inbox = Table(
    "inbox",
    metadata,
    Column("event_id", String(160), primary_key=True),
    Column("received_at", UtcDateTime, nullable=False, index=True),
    Column("outcome", String(200)),
)

# What is being waited for from one person at one address.
conversations = Table(
    "conversations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("address", String(200), nullable=False, info=PERSONAL),
    Column("awaiting", JSON, info=PERSONAL),
    Column("profile", JSON, info=PERSONAL),
    Column("updated_at", UtcDateTime, nullable=False, index=True),
    UniqueConstraint("person_id", "address"),
)

# What was asked and what the bot made of it: the buttons under an answer point here.
turns = Table(
    "turns",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("address", String(200), nullable=False, info=PERSONAL),
    Column("message_id", String(64)),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("question", Text, nullable=False, info=PERSONAL),
    Column("decision", String(200), nullable=False),
    Column("considered", JSON, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("attachments", JSON(none_as_null=True), info=PERSONAL),  # where they lie, for a volunteer asked later
)

# `waiting_since`: in the queue since. `owed_since`: since when the asker waits for words, none while the last ones are
# a volunteer's. `held_at`: the owner's last sign of life.
escalations = Table(
    "escalations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("asker_id", ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("question", Text, nullable=False, info=PERSONAL),
    Column("reason", String(40), nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("status", String(20), nullable=False, index=True),
    Column("owner_id", ForeignKey("people.id", ondelete="SET NULL")),
    Column("platform", String(20), nullable=False),
    Column("chat", String(64), nullable=False, info=PERSONAL),
    Column("thread", String(64)),
    Column("private", Boolean, nullable=False),
    Column("message_id", String(64)),
    Column("turn_id", Integer, index=True),
    Column("considered", JSON, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("claimed_at", UtcDateTime),
    Column("answered_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("active_at", UtcDateTime, nullable=False, index=True),
    Column("waiting_since", UtcDateTime),
    Column("owed_since", UtcDateTime),
    Column("held_at", UtcDateTime),
    Index("ix_escalations_asked_in", "platform", "chat", "message_id"),
    Column("shows_name", Boolean, nullable=False, server_default="0"),
    Column("rating", String(20)),  # the asker's last one, `helped` or `not_helped`, and its time
    Column("rated_at", UtcDateTime),
    # A purged escalation never gives its number to another one: members quote "#142" for a long time.
    sqlite_autoincrement=True,
)

# What was said within an escalation, notes included.
said = Table(
    "said",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("escalation_id", ForeignKey("escalations.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("person_id", ForeignKey("people.id", ondelete="SET NULL"), index=True),
    Column("by", String(20), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False, info=PERSONAL),
    Column("source", String(160), index=True, info=PERSONAL),
)

# Volunteers who would rather not take an unclaimed one.
passes = Table(
    "passes",
    metadata,
    Column("escalation_id", ForeignKey("escalations.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
)

# Where each desk shows an escalation; a cache, made again when the platform has lost it.
desk_threads = Table(
    "desk_threads",
    metadata,
    Column("escalation_id", ForeignKey("escalations.id", ondelete="CASCADE"), primary_key=True),
    Column("platform", String(20), primary_key=True),
    Column("chat", String(64), primary_key=True),
    Column("thread", String(64), nullable=False, index=True),
)

# Messages on their way out, and the receipts of those that left.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("lane", String(240), nullable=False),
    Column("platform", String(20), nullable=False),
    Column("chat", String(64), nullable=False, info=PERSONAL),
    Column("thread", String(64)),
    Column("content", JSON, nullable=False, info=PERSONAL),
    Column("has_buttons", Boolean, nullable=False, server_default=true()),
    Column("key", String(80)),
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE")),
    Column("escalation_id", ForeignKey("escalations.id", ondelete="CASCADE"), index=True),
    Column("event_id", String(160)),
    Column("process", Integer),  # which took it last; see `processes.py`
    Column("status", String(20), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("message_id", String(64)),
    Column("failure", String(300)),
    Index("ix_outbox_waiting", "lane", "id", sqlite_where=text("status IN ('pending', 'sending')"),
          postgresql_where=text("status IN ('pending', 'sending')")),
    Index("ix_outbox_due", "due_at", "id", sqlite_where=text("status IN ('pending', 'sending')"),
          postgresql_where=text("status IN ('pending', 'sending')")),
    Index("ix_outbox_receipt", "platform", "chat", "message_id", sqlite_where=text("message_id IS NOT NULL"),
          postgresql_where=text("message_id IS NOT NULL")),
    Index("ix_outbox_shown", "person_id", "id"),
    Index("ix_outbox_replaced", "lane", "key", "id", sqlite_where=text("key IS NOT NULL"),
          postgresql_where=text("key IS NOT NULL")),
    sqlite_autoincrement=True,
)  # fmt: skip

# Who works at the desks: when, on what, how much at once. `schedule` holds hours in their own zone and days off.
volunteers = Table(
    "volunteers",
    metadata,
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("schedule", JSON, nullable=False, info=PERSONAL),
    Column("covers", JSON, nullable=False, info=PERSONAL),
    Column("most_at_once", Integer),
    Column("hard_topics", Boolean, nullable=False, server_default=true()),
)

# What has been said because time went by, so that each is said once: `since` is when the wait it is about began.
nudges = Table(
    "nudges",
    metadata,
    Column("escalation_id", ForeignKey("escalations.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("since", UtcDateTime, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

# Changes to the knowledge that are being written or wait for the leads. `asker_id`: whose question it came from, until
# it is decided or the retention time is over; `person_id`: who wrote it, until it is decided.
proposals = Table(
    "proposals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("entry_id", String(40), nullable=False),
    Column("fields", JSON, nullable=False, info=PERSONAL),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("basis", String(16), nullable=False),
    Column("person_id", ForeignKey("people.id", ondelete="SET NULL"), index=True),
    Column("author_leads", Boolean, nullable=False),
    Column("asker_id", ForeignKey("people.id", ondelete="CASCADE"), index=True),
    Column("changed_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

# Who has said yes to a proposal as it stands; gone when it is decided.
approvals = Table(
    "approvals",
    metadata,
    Column("proposal_id", ForeignKey("proposals.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
)

# Published changes, laid over the files: the latest of an entry that is not undone counts; no `fields`: retired.
# Holds answers, and nothing of who wrote or approved them.
published = Table(
    "published",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("entry_id", String(40), nullable=False),
    Column("fields", JSON(none_as_null=True)),
    Column("at", UtcDateTime, nullable=False),
    Column("undone_at", UtcDateTime),
    sqlite_autoincrement=True,
)

# What is left of purged rows: numbers by day.
counters = Table(
    "counters",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("name", String(80), primary_key=True),
    Column("value", Integer, nullable=False, server_default="0"),
)

# Replies that a lead looks at before they go out.
drafts = Table(
    "drafts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("escalation_id", ForeignKey("escalations.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("text", Text, nullable=False, info=PERSONAL),
    Column("attachments", JSON, nullable=False, info=PERSONAL),
    Column("status", String(20), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

# Askers who are not answered for a time. A block outlives /forgetme as a keyed hash of the account, without words.
restrictions = Table(
    "restrictions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("person_id", ForeignKey("people.id", ondelete="SET NULL"), index=True),
    Column("hash", String(64), index=True),
    Column("reason", Text, nullable=False, info=PERSONAL),
    Column("by_id", ForeignKey("people.id", ondelete="SET NULL")),
    Column("at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False, index=True),
    Column("told", Boolean, nullable=False, server_default="0"),
    sqlite_autoincrement=True,
)

# How much one person, or one group, has asked within the last minutes.
paces = Table(
    "paces",
    metadata,
    Column("key", String(240), primary_key=True),
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), index=True),
    Column("since", UtcDateTime, nullable=False, index=True),
    Column("count", Integer, nullable=False),
    Column("told", Boolean, nullable=False, server_default="0"),
)

# Who did what at the desk. After /forgetme and after the retention time the act stays, the words do not.
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("person_id", ForeignKey("people.id", ondelete="SET NULL"), index=True),
    Column("role", String(20), nullable=False),
    Column("act", String(40), nullable=False),
    Column("number", Integer, index=True),  # of an escalation, which may have been purged
    Column("about_id", ForeignKey("people.id", ondelete="SET NULL"), index=True),
    Column("note", Text, info=PERSONAL),
)

# Keys made at first use; a hash without its key tells nothing.
keys = Table(
    "keys",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", String(128), nullable=False),
)

# When something that is done from time to time was last done; of a platform: up to when all said on it is handled.
chores = Table(
    "chores",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("done_at", UtcDateTime, nullable=False),
)
