"""duty"""

import sqlalchemy as sa
from alembic import op

import bot.storage.tables

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NEW = ("waiting_since", "owed_since", "held_at")


def upgrade() -> None:
    op.create_table(
        "volunteers",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("seen_at", bot.storage.tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("schedule", sa.JSON(), nullable=False),
        sa.Column("covers", sa.JSON(), nullable=False),
        sa.Column("most_at_once", sa.Integer(), nullable=True),
        sa.Column("hard_topics", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_volunteers_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_volunteers")),
    )
    op.create_table(
        "nudges",
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("since", bot.storage.tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("at", bot.storage.tables.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalations.id"], name=op.f("fk_nudges_escalation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("escalation_id", "kind", "since", "place", name=op.f("pk_nudges")),
    )
    # Not in batch mode: that would make the table anew, and a purged number could be given again.
    for name in NEW:
        op.add_column("escalations", sa.Column(name, bot.storage.tables.UtcDateTime(timezone=True), nullable=True))
    # What was open before: in the queue and owed an answer since it was opened, and held since it was claimed.
    op.execute("UPDATE escalations SET waiting_since = opened_at, held_at = claimed_at")
    op.execute("UPDATE escalations SET owed_since = opened_at WHERE answered_at IS NULL AND reason <> 'spam'")


def downgrade() -> None:
    for name in NEW:
        op.drop_column("escalations", name)
    op.drop_table("nudges")
    op.drop_table("volunteers")
