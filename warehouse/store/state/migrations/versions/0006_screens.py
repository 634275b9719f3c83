"""How large a screen is and from how far it is read, as its store's manager says."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

TABLES = ("devices", "pairings")


def upgrade() -> None:
    """Add the two numbers; empty: what the screen's own address says."""
    for table in TABLES:
        op.add_column(table, sa.Column("inches", sa.Double))
        op.add_column(table, sa.Column("metres", sa.Double))
