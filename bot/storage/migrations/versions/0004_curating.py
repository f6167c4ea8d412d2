"""curating"""

import sqlalchemy as sa
from alembic import op

import bot.storage.tables

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("entry_id", sa.String(length=40), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("basis", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("author_leads", sa.Boolean(), nullable=False),
        sa.Column("asker_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", bot.storage.tables.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["asker_id"], ["people.id"], name=op.f("fk_proposals_asker_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_proposals_person_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposals_asker_id"), ["asker_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposals_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposals_state"), ["state"], unique=False)

    op.create_table(
        "approvals",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_approvals_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_approvals_proposal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("proposal_id", "person_id", name=op.f("pk_approvals")),
    )
    op.create_table(
        "published",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("entry_id", sa.String(length=40), nullable=False),
        sa.Column("fields", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("at", bot.storage.tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("undone_at", bot.storage.tables.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("published")
    op.drop_table("approvals")
    op.drop_table("proposals")
