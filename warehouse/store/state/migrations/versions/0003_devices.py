"""Screens: paired ones, and those that ask to be paired."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables of devices and pairings."""
    op.create_table(
        "devices",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("store_id", sa.String(64), nullable=False, index=True),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("former_secret", sa.String(64)),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("approved_by", sa.String(120), nullable=False),
        sa.Column("rotated_at", sa.DateTime, nullable=False),
        sa.Column("seen_at", sa.DateTime),
        sa.Column("address", sa.String(64)),
        sa.Column("painted_at", sa.DateTime),
        sa.Column("page", sa.String(120)),
        sa.Column("batch", sa.String(64)),
        sa.Column("build", sa.String(64)),
        sa.Column("reload_at", sa.DateTime),
        sa.Column("revoked_at", sa.DateTime),
        sa.Column("revoked_by", sa.String(120)),
    )
    op.create_table(
        "pairings",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("code", sa.String(6), nullable=False, unique=True),
        sa.Column("claim", sa.String(64), nullable=False, unique=True),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False, index=True),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("store_id", sa.String(64)),
        sa.Column("name", sa.String(120)),
        sa.Column("approved_by", sa.String(120)),
    )
