"""ratings"""

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in batch mode: that would make the table anew, and on SQLite what belongs to escalations would go with it.
    op.add_column("escalations", sa.Column("rating", sa.String(20)))
    op.add_column("escalations", sa.Column("rated_at", UtcDateTime()))
