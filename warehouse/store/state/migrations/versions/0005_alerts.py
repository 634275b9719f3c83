"""Alerts: instances, history, deeds, messages, and lines set on screen."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

SQLITE = (
    """
    create trigger alert_history_is_never_changed before update on alert_history
    begin select raise(abort, 'the history of alerts is append-only'); end
    """,
    """
    create trigger alert_history_is_kept before delete on alert_history
    begin select raise(abort, 'the history of alerts is append-only'); end
    """,
)

POSTGRESQL = (
    """
    create function alert_history_guard() returns trigger language plpgsql as $$
    begin
        raise exception 'the history of alerts is append-only';
    end $$
    """,
    """
    create trigger alert_history_is_append_only before update or delete
    on alert_history for each row execute function alert_history_guard()
    """,
)


def upgrade() -> None:
    """Make the tables, and what forbids to change the history."""
    _alerts()
    _alert_history()
    _alert_batches()
    _alert_silences()
    _alert_actions()
    _alert_judgements()
    _alert_deliveries()
    _alert_delivered()
    _metric_lines()
    _alert_cursors()
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE if is_sqlite else POSTGRESQL:
        op.execute(statement)


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(300), nullable=False, unique=True),
        sa.Column("metric", sa.String(80), nullable=False),
        sa.Column("severity", sa.String(16), nullable=False),
        sa.Column("basis", sa.String(16), nullable=False),
        sa.Column("base", sa.String(16), nullable=False, index=True),
        sa.Column("cover", sa.String(16)),
        sa.Column("is_resting", sa.Boolean, nullable=False),
        sa.Column("inhibited_by", sa.String(300), nullable=False),
        sa.Column("since", sa.DateTime),
        sa.Column("breaches", sa.Integer, nullable=False),
        sa.Column("fired_at", sa.DateTime),
        sa.Column("breached_at", sa.DateTime),
        sa.Column("clear_since", sa.DateTime),
        sa.Column("alarmed_at", sa.DateTime),
        sa.Column("episode", sa.Integer, nullable=False),
        sa.Column("value", sa.Double),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("line", sa.Double),
        sa.Column("target", sa.Double),
        sa.Column("lines_from", sa.String(10), nullable=False),
        sa.Column("peak", sa.Double),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("batch", sa.String(64), nullable=False),
        sa.Column("noted_at", sa.DateTime),
        sa.Column("acknowledged_by", sa.String(120), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime),
        sa.Column("owner", sa.String(120), nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("cause", sa.String(40), nullable=False),
        sa.Column("escalated", sa.Integer, nullable=False),
    )


def _alert_history() -> None:
    op.create_table(
        "alert_history",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "alert_id",
            sa.Integer,
            sa.ForeignKey("alerts.id"),
            nullable=False,
            index=True,
        ),
        sa.Column("episode", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("noted_at", sa.DateTime, nullable=False, index=True),
        sa.Column("batch", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("was", sa.String(16), nullable=False),
        sa.Column("became", sa.String(16), nullable=False),
        sa.Column("value", sa.Double),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("line", sa.Double),
        sa.Column("lines_from", sa.String(10), nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )


def _alert_batches() -> None:
    op.create_table(
        "alert_batches",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("batch", sa.String(64), nullable=False, unique=True),
        sa.Column("as_of", sa.DateTime, nullable=False),
        sa.Column("evaluated_at", sa.DateTime, nullable=False),
        sa.Column("seconds", sa.Double, nullable=False),
        sa.Column("alerts", sa.Integer, nullable=False),
        sa.Column("active", sa.Integer, nullable=False),
        sa.Column("is_full", sa.Boolean, nullable=False),
    )


def _alert_silences() -> None:
    op.create_table(
        "alert_silences",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("rule", sa.String(120), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("scope_id", sa.String(160), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("begins_at", sa.DateTime, nullable=False),
        sa.Column("ends_at", sa.DateTime, nullable=False, index=True),
    )


def _alert_actions() -> None:
    op.create_table(
        "alert_actions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "alert_id",
            sa.Integer,
            sa.ForeignKey("alerts.id"),
            nullable=False,
            index=True,
        ),
        sa.Column("episode", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("owner", sa.String(120), nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("cause", sa.String(40), nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("effect_days", sa.Integer, nullable=False),
        *[
            sa.Column(f"{side}_{part}", sa.Integer if part == "n" else sa.Double)
            for side in ("before", "after")
            for part in ("value", "low", "high", "n")
        ],
        sa.Column("measured_at", sa.DateTime),
    )


def _alert_judgements() -> None:
    op.create_table(
        "alert_judgements",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("alert_id", sa.Integer, sa.ForeignKey("alerts.id"), nullable=False),
        sa.Column("rule", sa.String(120), nullable=False, index=True),
        sa.Column("episode", sa.Integer, nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("is_right", sa.Boolean, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.UniqueConstraint("alert_id", "episode", "who", name="uq_alert_judgements"),
    )


def _alert_deliveries() -> None:
    op.create_table(
        "alert_deliveries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(300), nullable=False, unique=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("channel", sa.String(80), nullable=False),
        sa.Column("recipient", sa.String(120), nullable=False, index=True),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("link", sa.String(500), nullable=False),
        sa.Column("status", sa.String(16), nullable=False, index=True),
        sa.Column("created_at", sa.DateTime, nullable=False, index=True),
        sa.Column("due_at", sa.DateTime, nullable=False),
        sa.Column("sent_at", sa.DateTime),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
    )


def _alert_delivered() -> None:
    op.create_table(
        "alert_delivered",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "delivery_id",
            sa.Integer,
            sa.ForeignKey("alert_deliveries.id"),
            nullable=False,
            index=True,
        ),
        sa.Column(
            "alert_id",
            sa.Integer,
            sa.ForeignKey("alerts.id"),
            nullable=False,
            index=True,
        ),
        sa.Column("episode", sa.Integer, nullable=False),
    )


def _metric_lines() -> None:
    op.create_table(
        "metric_lines",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("metric", sa.String(80), nullable=False, index=True),
        sa.Column("applies_to", sa.Text, nullable=False),
        sa.Column("green", sa.Double, nullable=False),
        sa.Column("red", sa.Double, nullable=False),
        sa.Column("green_high", sa.Double),
        sa.Column("red_high", sa.Double),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("decided_at", sa.DateTime, nullable=False),
        sa.Column("decided_by", sa.String(120), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )


def _alert_cursors() -> None:
    op.create_table(
        "alert_cursors",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("history_id", sa.Integer, nullable=False),
    )
