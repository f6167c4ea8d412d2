"""moderation, drafts, the audit log, and who is shown how"""

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INDEXES = {
    "drafts": ("escalation_id", "person_id"),
    "restrictions": ("person_id", "hash", "until"),
    "paces": ("person_id", "since"),
    "audit": ("at", "person_id", "number", "about_id"),
}


def upgrade() -> None:
    # No batch mode: it would copy a table and lose that its numbers are never given twice.
    op.add_column("people", sa.Column("shown_as", sa.String(60)))
    op.add_column("people", sa.Column("cared_at", UtcDateTime(timezone=True)))
    op.add_column("escalations", sa.Column("shows_name", sa.Boolean(), nullable=False, server_default="0"))
    _drafts_and_restrictions()
    _paces_and_audit()
    op.create_table(
        "keys",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("value", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_keys"),
    )
    op.create_table(
        "chores",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("done_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_chores"),
    )
    for table, columns in INDEXES.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column])


def _drafts_and_restrictions() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        _refers("drafts", "escalation_id", "escalations", "CASCADE", nullable=False),
        _refers("drafts", "person_id", "people", "CASCADE", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "restrictions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        _refers("restrictions", "person_id", "people", "SET NULL"),
        sa.Column("hash", sa.String(64)),
        sa.Column("reason", sa.Text(), nullable=False),
        _refers("restrictions", "by_id", "people", "SET NULL"),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("until", UtcDateTime(timezone=True), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name="pk_restrictions"),
        sqlite_autoincrement=True,
    )


def _paces_and_audit() -> None:
    op.create_table(
        "paces",
        sa.Column("key", sa.String(240), nullable=False),
        _refers("paces", "person_id", "people", "CASCADE"),
        sa.Column("since", UtcDateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("key", name="pk_paces"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        _refers("audit", "person_id", "people", "SET NULL"),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer()),
        _refers("audit", "about_id", "people", "SET NULL"),
        sa.Column("note", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )


def _refers(table: str, column: str, other: str, ondelete: str, *, nullable: bool = True) -> sa.Column[int]:
    key = sa.ForeignKey(f"{other}.id", name=f"fk_{table}_{column}", ondelete=ondelete)
    return sa.Column(column, sa.Integer(), key, nullable=nullable)
