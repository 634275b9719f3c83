"""The audit log: rows are added, and go only when they are old."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

KEPT_DAYS = 180
"""Younger rows cannot be deleted: logs are kept six months (网络安全法, art. 21)."""

SQLITE = (
    """
    create trigger audit_is_never_changed before update on audit
    begin select raise(abort, 'the audit log is append-only'); end
    """,
    f"""
    create trigger audit_is_kept before delete on audit
    when julianday((select max(at) from audit)) - julianday(old.at) < {KEPT_DAYS}
    begin select raise(abort, 'the audit log is append-only'); end
    """,
)

POSTGRESQL = (
    f"""
    create function audit_guard() returns trigger language plpgsql as $$
    begin
        if tg_op = 'DELETE' and old.at <=
            (select max(at) from audit) - interval '{KEPT_DAYS} days'
        then
            return old;
        end if;
        raise exception 'the audit log is append-only';
    end $$
    """,
    """
    create trigger audit_is_append_only before update or delete on audit
    for each row execute function audit_guard()
    """,
)


def upgrade() -> None:
    """Make the table, and what forbids to change it."""
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False, index=True),
        sa.Column("who", sa.String(120), nullable=False, index=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("sees_as", sa.String(120), nullable=False),
        sa.Column("action", sa.String(40), nullable=False, index=True),
        sa.Column("object", sa.String(300), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE if is_sqlite else POSTGRESQL:
        op.execute(statement)
