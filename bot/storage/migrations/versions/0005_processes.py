"""processes"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def partial(condition: str) -> dict[str, sa.TextClause]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.add_column(sa.Column("has_buttons", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("process", sa.Integer(), nullable=True))
        batch_op.drop_index(batch_op.f("ix_outbox_person_id"))
        waiting = partial("status IN ('pending', 'sending')")
        batch_op.create_index("ix_outbox_due", ["due_at", "id"], unique=False, **waiting)
        batch_op.create_index("ix_outbox_shown", ["person_id", "id"], unique=False)
        batch_op.drop_index("ix_outbox_receipt")
        receipt = ["platform", "chat", "message_id"]
        batch_op.create_index("ix_outbox_receipt", receipt, unique=False, **partial("message_id IS NOT NULL"))
        batch_op.create_index("ix_outbox_replaced", ["lane", "key", "id"], unique=False, **partial("key IS NOT NULL"))
    with op.batch_alter_table("escalations") as batch_op:
        batch_op.create_index("ix_escalations_asked_in", ["platform", "chat", "message_id"], unique=False)
