"""languages"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in batch mode: that would make the table anew, and on SQLite what is about people would go with it.
    op.add_column("people", sa.Column("language_set", sa.Boolean(), server_default=sa.false(), nullable=False))
